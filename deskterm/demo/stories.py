"""Stories: what people write to a desk and how it goes on, read from stories/*.toml.

A talk is one step a line; the first character says what happens:

    >  public reply             <  reply of the requester      ?  public reply, then pending
    #  internal note            @  note of a light agent       ~  on hold with the story's vendor: reason
    !  hand over "group: note"  *  set a field "name=value"
    =  resolve "cause | solution | reply"                      x  cancel: reason

The n-th subject and body belong to the n-th talk; what is more than there are talks fits every talk.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any

__all__ = ["Step", "Story", "Telling", "stories"]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a talk."""

    sign: str
    text: str


Talk = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """A story in one language."""

    subjects: tuple[str, ...]
    bodies: tuple[str, ...]
    talks: tuple[Talk, ...]

    def subject(self, talk: int, rng: Random) -> str:
        """A subject that fits the talk with that index."""
        return rng.choice(_fitting(self.subjects, talk, len(self.talks)))

    def body(self, talk: int, rng: Random) -> str:
        """A body that fits the talk with that index."""
        return rng.choice(_fitting(self.bodies, talk, len(self.talks)))


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of trouble; `levels` are pairs of impact and urgency, `again` why a solution does not hold."""

    id: str
    desks: tuple[str, ...]
    queue: str
    category: str
    type: str
    levels: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    tags: tuple[str, ...]
    custom: tuple[str, ...]
    vendor: str
    season: str
    again: str
    weight: int
    tellings: Mapping[str, Telling]


LEVELS = {"l": "low", "m": "medium", "h": "high"}
COMMON_CHANNELS = "mail mail mail mail mail web web web phone phone chat"


def stories() -> tuple[Story, ...]:
    """Every story, in the order of file names and files."""
    pages = sorted(files("deskterm.demo").joinpath("stories").iterdir(), key=lambda page: page.name)
    rows = [row for page in pages for row in tomllib.loads(page.read_text("utf-8"))["story"]]
    return tuple(_story(row) for row in rows)


def _story(row: Mapping[str, Any]) -> Story:
    return Story(
        id=row["id"],
        desks=tuple(row["desk"].split()),
        queue=row["queue"],
        category=row["category"],
        type=row["type"],
        levels=tuple((LEVELS[each[0]], LEVELS[each[1]]) for each in row["levels"].split()),
        channels=tuple(row.get("channels", COMMON_CHANNELS).split()),
        tags=tuple(row.get("tags", "").split()),
        custom=tuple(row.get("custom", "").split()),
        vendor=row.get("vendor", ""),
        season=row.get("season", ""),
        again=row.get("again", ""),
        weight=row["weight"],
        tellings={lang: _telling(row[lang]) for lang in ("en", "zh") if lang in row},
    )


def _telling(row: Mapping[str, Any]) -> Telling:
    talks = tuple(
        tuple(Step(line[0], line[1:].strip()) for line in talk.splitlines() if line.strip())
        for talk in row["talks"]
    )
    return Telling(tuple(row["subjects"]), tuple(row["bodies"]), talks)


def _fitting(texts: Sequence[str], talk: int, talks: int) -> Sequence[str]:
    own = texts[talk : talk + 1] if talk < talks else ()
    return (*own, *texts[talks:]) or texts
