"""States: a row, understood: how a ticket stood at one time, in the words of the desk."""

import marshal
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any, Final, NamedTuple

from deskterm.config import zone
from deskterm.desk.importing.faults import BadRow
from deskterm.desk.importing.mapping import ImportMapping
from deskterm.desk.importing.readings import (
    LONGEST_NUMBER,
    field_of,
    messages_of,
    person_of,
    place_of,
    timed,
    worded,
)
from deskterm.desk.importing.times import reader_of
from deskterm.rules.names import LIMIT, LISTED
from deskterm.rules.problems import N_

__all__ = ["Converter", "Message", "State", "Who"]

_PEOPLE: Final = ("requester", "submitter", "actor", "assignee")
_PLACES: Final = ("group", "queue", "organization")
_SILENT: Final = ("", None)


class Who(NamedTuple):
    """Somebody as a row names him; `identity` tells two of them apart."""

    identity: str
    name: str = ""
    address: str = ""
    key: str = ""
    phone: str = ""
    lang: str = ""
    tz: str = ""


class Message(NamedTuple):
    """Words that were said: by the requester if he is called `author`, else by the agent `login`, if any."""

    at: int | None
    public: bool
    author: str
    login: str
    body: str


class State(NamedTuple):
    """A ticket at one time. `fields` holds texts, times and counts by field; people and places by role."""

    line: int
    key: str
    at: int | None
    fields: dict[str, Any]
    custom: tuple[str, ...]
    people: dict[str, tuple[str, ...]]
    places: dict[str, tuple[str, str]]
    messages: tuple[tuple[Any, ...], ...]

    def pack(self) -> bytes:
        """The state as bytes, for the spool."""
        return marshal.dumps(tuple(self))

    @classmethod
    def unpack(cls, packed: bytes) -> "State":
        """The state that was packed."""
        return cls._make(marshal.loads(packed))

    def who(self, role: str) -> Who | None:
        """The requester, submitter, actor or assignee."""
        found = self.people.get(role)
        return Who._make(found) if found else None

    def known_as(self, role: str) -> str:
        """What tells him apart, "" when the row names nobody."""
        found = self.people.get(role)
        return found[0] if found else ""


class Converter:
    """Turns the values of a row, in the order of `mapping.columns()`, into a State. Raises BadRow."""

    def __init__(self, mapping: ImportMapping) -> None:
        place = {name: number for number, name in enumerate(mapping.columns())}
        read_time = reader_of(mapping.file.times, zone(mapping.file.zone) or UTC)
        people = ((role, getattr(mapping, role)) for role in _PEOPLE)
        places = ((role, getattr(mapping, role)) for role in _PLACES)
        self._states = mapping.rows.states
        self._key = mapping.rows.key.bind(place)
        self._at = timed(mapping.rows.at, place, read_time)
        self._order = mapping.rows.order.bind(place) if mapping.rows.order else None
        self._fields = [
            (name, field_of(name, cell, place, read_time)) for name, cell in mapping.ticket.items()
        ]
        self._custom = [worded(cell, place, f"custom.{name}") for name, cell in mapping.custom.items()]
        self._people = [(role, person_of(person, place)) for role, person in people if person]
        self._places = [
            (role, place_of(each, place, free=role == "organization")) for role, each in places if each
        ]
        self._messages = messages_of(mapping.messages, mapping.file.null, place, read_time)

    def state(self, line: int, values: Sequence[str]) -> State:
        """How the ticket stood."""
        key = self._key(values).strip()
        if not key:
            raise BadRow(N_("this row names no ticket."))
        at = self._at(values)
        fields = {name: found for name, read in self._fields if (found := read(values)) not in _SILENT}
        if self._states and at is None:
            raise BadRow(N_("this row does not tell its time."))
        if not self._states and "created_at" not in fields:
            raise BadRow(N_("this row does not tell when the ticket was opened."))
        return _fitting(
            State(
                line,
                key,
                at,
                fields,
                tuple(read(values) for read in self._custom),
                {role: who for role, read in self._people if (who := read(values)) is not None},
                {role: found for role, read in self._places if (found := read(values)) is not None},
                self._messages(values),
            )
        )

    def rank(self, values: Sequence[str]) -> tuple[int, str]:
        """What breaks a tie of time: numbers by size, before words by their letters."""
        word = self._order(values).strip() if self._order else ""
        if word.isascii() and word.isdigit() and len(word) < LONGEST_NUMBER:
            return int(word), ""
        return (2**63 if word else -1), word


def _fitting(state: State) -> State:
    """The state, unless a value that lists are asked by is longer than an index of any database takes."""
    for name, word in _listed(state):
        if len(word) > LIMIT:
            sentence = N_("%(field)s can have up to %(limit)d characters, not %(length)d.")
            raise BadRow(sentence, field=name, limit=LIMIT, length=len(word))
    return state


def _listed(state: State) -> Iterator[tuple[str, str]]:
    yield "key", state.key
    yield from ((name, state.fields[name]) for name in LISTED if name in state.fields)
    yield from (("custom", word) for word in state.custom)
    yield from ((place, found[0]) for place, found in state.places.items())
    yield from ((role, who[0]) for role, who in state.people.items())
