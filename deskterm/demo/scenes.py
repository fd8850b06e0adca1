"""Scenes: the tickets of scenes.toml, played to the minute."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from deskterm.demo.house import House, package_text
from deskterm.demo.play import Beat, Play
from deskterm.rules import actions as a
from deskterm.rules.facts import SYSTEM

__all__ = ["scenes"]

MINUTE = 60


def scenes(house: House, now: int, number: int) -> Iterator[Play]:
    """Every scene, numbered from `number` on."""
    rows: list[Mapping[str, Any]] = tomllib.loads(package_text("scenes.toml"))["scene"]
    for place, row in enumerate(rows, number):
        play = Play(place, house.book, house.caller(row["requester"]))
        opened = now - row["minutes"] * MINUTE
        play.perform(_opened(row, house), opened)
        for beat in _filed(row, place):
            play.perform(beat, opened)
        for minutes, login, words in row["steps"]:
            for beat in _beats(words, login, row, house, place):
                play.perform(beat, now - minutes * MINUTE)
        yield play


def _opened(row: Mapping[str, Any], house: House) -> Beat:
    by = house.crew[row["by"]].actor if "by" in row else house.caller(row["requester"]).actor
    action = a.OpenTicket(
        subject=row["subject"],
        body=row["body"],
        requester=row["requester"],
        queue=row["queue"],
        channel=row["channel"],
    )
    return Beat(by, action, "arrive")


def _filed(row: Mapping[str, Any], number: int) -> Iterator[Beat]:
    """What the desk makes of it in the same second."""
    if "fields" in row:
        yield Beat(SYSTEM, a.SetFields(number, row["fields"]), "scene")
    if "tags" in row:
        yield Beat(SYSTEM, a.Tag(number, add=tuple(row["tags"].split())), "scene")


def _beats(words: str, login: str, row: Mapping[str, Any], house: House, number: int) -> Iterator[Beat]:
    sign, text = words[0], words[1:].strip()
    actor = house.crew[login].actor if login else house.caller(row["requester"]).actor
    channel = "tui" if login else row["channel"]
    action: a.Action
    match sign:
        case "#":
            action = a.Note(number, text, channel=channel)
        case "*":
            action = a.SetFields(number, dict(pair.split("=", 1) for pair in text.split()))
        case "+":
            action = a.Tag(number, add=tuple(text.split()))
        case "&":
            action = a.Assign(number, agent=text)
        case _:
            action = a.Reply(number, text, channel=channel)
    yield Beat(actor, action, "scene")
    if sign == "?":
        yield Beat(actor, a.Pend(number, "等待客户测试确认"), "scene")
