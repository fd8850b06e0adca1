"""Arrivals: the day the rules came into force, half an hour ago, and what came in since then."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from deskterm.demo.house import House, house, package_text
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.rules.upkeep import ActivateRules

__all__ = ["RULES", "Deed", "arrivals", "rules_text"]

MINUTE = 60
RULES = "rules.toml"
IN_FORCE = 38 * MINUTE  # that long ago
GIVEN = ("queue", "priority", "type")


class Deed(NamedTuple):
    """What somebody does at the instant `at`; `action` makes it for a ticket by its number.

    `arrival` counts the new tickets from 1 on (0: it is about none), the first deed on one opens it.
    """

    at: int
    arrival: int
    actor: Actor
    action: Callable[[int], a.Action]


def rules_text() -> str:
    """The rule file of the demo desk."""
    return package_text(RULES)


def arrivals(now: int) -> list[Deed]:
    """All deeds from the activation of the rules until `now`, in the order of time."""
    home, text = house(), rules_text()
    lead = home.crew["dana"].actor
    deeds = [Deed(now - IN_FORCE, 0, lead, lambda _: ActivateRules(RULES, text, note="Our own rules."))]
    rows: list[Mapping[str, Any]] = tomllib.loads(package_text("arrivals.toml"))["arrival"]
    for number, row in enumerate(rows, 1):
        deeds += _deeds(row, number, home, now)
    return sorted(deeds, key=lambda deed: deed.at)


def _deeds(row: Mapping[str, Any], number: int, home: House, now: int) -> Iterator[Deed]:
    requester = home.caller(row["requester"])
    opened = a.OpenTicket(
        subject=row["subject"],
        body=row["body"],
        requester=row["requester"],
        channel=row["channel"],
        **{name: row[name] for name in GIVEN if name in row},
    )
    by = home.crew[row["by"]].actor if "by" in row else requester.actor
    yield Deed(now - row["minutes"] * MINUTE, number, by, lambda _: opened)
    for minutes, login, words in row["steps"]:
        actor = home.crew[login].actor if login else requester.actor
        channel = "tui" if login else row["channel"]
        for make in _actions(words, channel):
            yield Deed(now - minutes * MINUTE, number, actor, make)


def _actions(words: str, channel: str) -> Iterator[Callable[[int], a.Action]]:
    sign, text = words[0], words[1:].strip()
    match sign:
        case "#":
            yield lambda ticket: a.Note(ticket, text, channel=channel)
        case "~":
            vendor, _, reason = text.partition(" ")
            yield lambda ticket: a.Hold(ticket, reason, vendor)
        case "=":
            cause, solution, reply = (each.strip() for each in text.split("|"))
            yield lambda ticket: a.Resolve(ticket, cause, solution, reply)
        case _:
            yield lambda ticket: a.Reply(ticket, text, channel=channel)
    if sign == "?":
        yield lambda ticket: a.Pend(ticket, "等待客户回复")
