"""Readings: functions that take one thing out of a row, made once for a mapping. All of them raise BadRow."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from deskterm.desk.importing.cells import Cell, Take
from deskterm.desk.importing.faults import BadRow
from deskterm.desk.importing.jsonrows import value_at
from deskterm.desk.importing.mapping import CLOSED, COUNTS, TIMES, Person, Place, Talk
from deskterm.desk.importing.slugs import slugged, tagged
from deskterm.rules.names import address
from deskterm.rules.problems import N_, Problem

__all__ = ["LONGEST_NUMBER", "field_of", "messages_of", "person_of", "place_of", "timed", "worded"]

LONGEST_NUMBER: Final = 18
"""Digits; more is no count and fits no column."""

_REMEMBERED: Final = 20_000
_TRUE: Final = ("true", "yes", "y", "1")
_FALSE: Final = ("false", "no", "n", "0", "")

Reading = Callable[[Sequence[str]], Any]
ReadTime = Callable[[str], int]


def timed(cell: Cell | None, place: Mapping[str, int], read_time: ReadTime) -> Reading:
    """The instant in a cell, None when it is empty."""
    if cell is None:
        return lambda _values: None
    take = cell.bind(place)
    return lambda values: read_time(word) if (word := take(values).strip()) else None


def field_of(name: str, cell: Cell, place: Mapping[str, int], read_time: ReadTime) -> Reading:
    """A field of [ticket]: a text, a time, a count or tags."""
    if name in TIMES:
        return timed(cell, place, read_time)
    if name in COUNTS:
        return _count(name, cell.bind(place))
    if name == "tags":
        take = cell.bind(place)
        return lambda values: _tags(take(values)) or None
    return worded(cell, place, name, CLOSED.get(name, ()))


def _count(name: str, take: Take) -> Reading:
    def read(values: Sequence[str]) -> int | None:
        word = take(values).strip()
        if not word:
            return None
        if not (word.isascii() and word.isdigit() and len(word) < LONGEST_NUMBER):
            raise BadRow(N_('%(name)s: "%(value)s" is no count.'), name=name, value=word)
        return int(word)

    return read


def _tags(text: str) -> tuple[str, ...]:
    """Tags from a JSON list, or parted by commas."""
    found = _list(text) if text.startswith("[") else text.split(",")
    return tuple(dict.fromkeys(tag for each in found if (tag := tagged(str(each)))))


def _list(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise BadRow(N_('"%(text)s" is no JSON list.'), text=text[:100])
    return found


def worded(cell: Cell, place: Mapping[str, int], name: str, valid: tuple[str, ...] = ()) -> Take:
    """A text, through the table of its cell; `valid` are the only words that are taken."""
    take, table, otherwise = cell.bind(place), cell.table, cell.otherwise
    if not table and not valid:
        return take

    def read(values: Sequence[str]) -> str:
        word = take(values)
        found = table.get(word.strip()) if table else word if word in valid else None
        if found is None and not word:
            return ""
        if found is None:
            found = otherwise
        if found is None:
            known = ", ".join(table or valid)
            sentence = N_('%(name)s: "%(value)s" is unknown, known: %(known)s.')
            raise BadRow(sentence, name=name, value=word, known=known)
        return found

    return read


def person_of(person: Person, place: Mapping[str, int]) -> Callable[[Sequence[str]], tuple[str, ...] | None]:
    """Somebody as the values of a Who, None when the row names nobody."""
    names = ("name", "address", "key", "phone", "lang", "tz")
    cells = [getattr(person, name) for name in names]
    takes = [cell.bind(place) if cell else _nothing for cell in cells]
    identity = person.identity.bind(place)

    def read(values: Sequence[str]) -> Any:
        known_as = identity(values).strip()
        if not known_as:
            return None
        name, mail, *others = (take(values) for take in takes)
        login = slugged(known_as) if person.agent else _address(known_as) or known_as
        return (login, name or mail or known_as, _address(mail), *others)

    return _remembered(read, place, (person.identity, *cells))


def _remembered(read: Reading, place: Mapping[str, int], cells: Iterable[Cell | None]) -> Reading:
    """The same reading, which looks at `cells` alone, made once for the same values."""
    columns = sorted({place[name] for cell in cells if cell for name in cell.columns()})
    if not columns:
        return read
    key, kept = itemgetter(*columns), dict[Any, Any]()

    def find(values: Sequence[str]) -> Any:
        values_read = key(values)
        if values_read not in kept:
            if len(kept) >= _REMEMBERED:
                kept.clear()
            kept[values_read] = read(values)
        return kept[values_read]

    return find


def _nothing(_values: Sequence[str]) -> str:
    return ""


def _address(text: str) -> str:
    """The address, "" for what is none: the person is imported all the same."""
    try:
        return address(text)
    except Problem:
        return ""


def place_of(place: Place, columns: Mapping[str, int], *, free: bool) -> Callable[[Sequence[str]], Any]:
    """Name and title; the name of an organization is `free` to be anything."""
    name, title = place.name.bind(columns), place.title.bind(columns) if place.title else _nothing

    def read(values: Sequence[str]) -> tuple[str, str] | None:
        found = name(values).strip()
        return (found if free else slugged(found), title(values) or found) if found else None

    return _remembered(read, columns, (place.name, place.title))


def messages_of(
    talk: Talk | None, null: frozenset[str], place: Mapping[str, int], read_time: ReadTime
) -> Callable[[Sequence[str]], tuple[tuple[Any, ...], ...]]:
    """The messages of a row, each as the values of a Message."""
    if talk is None:
        return lambda _values: ()
    if talk.each is None:
        read = _message(talk, place, read_time)
        return lambda values: (found,) if (found := read(values)) else ()
    columns = list(talk.columns())
    paths = [tuple(name.split(".")) for name in columns]
    take = talk.each.bind(place)
    read_one = _message(talk, {name: number for number, name in enumerate(columns)}, read_time)

    def read_all(values: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
        text = take(values)
        rows = [
            [value_at(each, name, path) for name, path in zip(columns, paths, strict=True)]
            for each in (_list(text) if text else ())
            if isinstance(each, dict)
        ]
        cleared = ([("" if cell in null else cell) for cell in row] for row in rows)
        return tuple(found for row in cleared if (found := read_one(row)))

    return read_all


def _message(
    talk: Talk, place: Mapping[str, int], read_time: ReadTime
) -> Callable[[Sequence[str]], tuple[Any, ...] | None]:
    body, at = talk.body.bind(place), timed(talk.at, place, read_time)
    public = worded(talk.public, place, "messages.public") if talk.public else _nothing
    author = talk.author.bind(place) if talk.author else _nothing
    login = talk.login.bind(place) if talk.login else author

    def read(values: Sequence[str]) -> tuple[Any, ...] | None:
        words = body(values)
        if not words:
            return None
        staff = login(values).strip()
        return (at(values), _truth(public(values)), author(values).strip(), staff and slugged(staff), words)

    return read


def _truth(word: str) -> bool:
    """Whether everybody may read it; nobody may when nothing is said."""
    folded = word.strip().casefold()
    if folded in _TRUE:
        return True
    if folded in _FALSE:
        return False
    raise BadRow(N_('messages.public: "%(value)s" is neither true nor false.'), value=word)
