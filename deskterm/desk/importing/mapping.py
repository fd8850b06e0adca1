"""Mapping: what a mapping file says, ready to be used. docs/guide/import.md is its reference."""

from collections.abc import Iterator, Mapping
from dataclasses import field, fields
from types import MappingProxyType
from typing import Final

from deskterm.desk.importing.cells import Cell
from deskterm.rules.facts import nothing
from deskterm.rules.frozen import frozen
from deskterm.rules.terms import CHANNELS, LEVELS, PRIORITIES, STATUSES

__all__ = [
    "CLOSED",
    "COUNTS",
    "TEXTS",
    "TIMES",
    "FileForm",
    "ImportMapping",
    "Person",
    "Place",
    "Rows",
    "Talk",
]

CLOSED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "status": tuple(each for each in STATUSES if each != "merged"),
        "priority": tuple(reversed(PRIORITIES)),
        "impact": tuple(reversed(LEVELS)),
        "urgency": tuple(reversed(LEVELS)),
        "channel": CHANNELS,
    }
)
"""The fields of [ticket] that know only certain values."""

TEXTS: Final = (
    *("subject", "body", "type", "category", "region", "lang", "vendor", "reason", "cause", "solution"),
    "tags",
)
TIMES: Final = ("created_at", "updated_at", "resolved_at", "closed_at")
COUNTS: Final = ("reopen_count", "reassign_count")


@frozen
class FileForm:
    """How the export is written; `format` is "csv", "jsonl" or "" (as its name ends)."""

    format: str = ""
    member: str = ""
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    null: frozenset[str] = frozenset()
    times: tuple[str, ...] = ("iso",)
    zone: str = "UTC"


@frozen
class Rows:
    """What a row is: a ticket, or (`states`) how a ticket stood at `at`; `order` breaks ties of time."""

    key: Cell
    states: bool = False
    at: Cell | None = None
    order: Cell | None = None


@frozen
class Person:
    """Somebody: an agent, known by his login, or else a contact, known by key or address."""

    agent: bool
    login: Cell | None = None
    key: Cell | None = None
    name: Cell | None = None
    address: Cell | None = None
    phone: Cell | None = None
    lang: Cell | None = None
    tz: Cell | None = None
    role: str = "agent"
    active: bool = True

    @property
    def identity(self) -> Cell:
        """What makes him the same person in two rows."""
        first = next((each for each in (self.login, self.key, self.address, self.name) if each), None)
        return first or Cell()


@frozen
class Place:
    """A group, a queue or an organization: known by name, shown by title."""

    name: Cell
    title: Cell | None = None


@frozen
class Talk:
    """The messages: one in each row, or (`each`) a list of objects in one of its cells."""

    body: Cell
    each: Cell | None = None
    public: Cell | None = None
    at: Cell | None = None
    author: Cell | None = None
    login: Cell | None = None

    def columns(self) -> tuple[str, ...]:
        """The columns of one message."""
        cells = (each for each in _cells_of(self) if each is not self.each)
        return tuple(dict.fromkeys(name for cell in cells for name in cell.columns()))


@frozen
class ImportMapping:
    """The whole file; `ticket` and `custom` are cells by field, `digest` is the SHA-256 of its bytes."""

    source: str
    rows: Rows
    file: FileForm = FileForm()
    ticket: Mapping[str, Cell] = field(default_factory=nothing)
    custom: Mapping[str, Cell] = field(default_factory=nothing)
    requester: Person | None = None
    submitter: Person | None = None
    actor: Person | None = None
    assignee: Person | None = None
    group: Place | None = None
    queue: Place | None = None
    organization: Place | None = None
    messages: Talk | None = None
    digest: str = ""

    def columns(self) -> tuple[str, ...]:
        """The columns that are needed, each once, in the order in which they are mentioned."""
        found: dict[str, None] = {}
        for cell in self._cells():
            found |= dict.fromkeys(cell.columns())
        return tuple(found)

    def _cells(self) -> Iterator[Cell]:
        yield from (each for each in (self.rows.key, self.rows.at, self.rows.order) if each)
        yield from self.ticket.values()
        yield from self.custom.values()
        for part in (self.requester, self.submitter, self.actor, self.assignee):
            yield from _cells_of(part)
        for place in (self.group, self.queue, self.organization):
            yield from _cells_of(place)
        if self.messages is not None and self.messages.each is not None:
            yield self.messages.each  # the others stand in the objects of its list
        else:
            yield from _cells_of(self.messages)


def _cells_of(part: Person | Place | Talk | None) -> Iterator[Cell]:
    for each in fields(part) if part is not None else ():
        value = getattr(part, each.name)
        if isinstance(value, Cell):
            yield value
