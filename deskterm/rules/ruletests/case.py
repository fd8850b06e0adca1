"""What a test says, read."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from deskterm.rules.facts import EMPTY
from deskterm.rules.ruletests.instants import Written

__all__ = ["FIELDS", "LISTS", "METRICS", "Case", "Expected", "Seat", "Step"]

METRICS: Final = ("first_response", "next_response", "update", "resolution")
FIELDS: Final = (
    *("status", "priority", "type", "category", "region", "lang", "impact", "urgency", "vendor", "channel"),
    *("queue", "group", "assignee", "sla", "route", "stage", "state"),
)
"""What is expected as one text."""

LISTS: Final = (
    *("tags", "breached", "met", "fired", "failed", "replies", "notified", "webhooks", "children", "why"),
)
"""What is expected as several texts."""


class Seat(NamedTuple):
    """An agent of a test."""

    id: str
    name: str = ""
    groups: tuple[str, ...] = ()
    skills: Mapping[str, int] = EMPTY
    presence: str = "online"
    load: int = 0
    cap: int = 0
    last_seq: int = 0
    shift: str = ""
    out: bool = False
    lang: str = ""
    substitute: str = ""
    role: str = "agent"


class Step(NamedTuple):
    """Something that happens at `at`; `words` are the keys that belong to its event."""

    at: int
    event: str
    by: str = ""
    refused: str = ""
    words: Mapping[str, Any] = EMPTY


class Expected(NamedTuple):
    """What has to be so at `at`: texts by field, lists by name, dues by metric (None: none)."""

    at: int
    texts: Mapping[str, str] = EMPTY
    lists: Mapping[str, tuple[str, ...]] = EMPTY
    dues: Mapping[str, Written | None] = EMPTY


class Case(NamedTuple):
    """A test: a ticket of the fields `ticket` opens at `at`, `then` something happens."""

    at: int
    ticket: Mapping[str, Any]
    agents: tuple[Seat, ...]
    then: tuple[Step, ...]
    expect: Expected
