"""Refill: portable records become rows again, with the ids that they had. Nothing fires."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Integer, Table

from deskterm.rules.frozen import frozen
from deskterm.rules.problems import N_, Problem
from deskterm.rules.terms import CATEGORY
from deskterm.rules.words import norm
from deskterm.store import tables as t
from deskterm.store.bulk import ORDER, Bulk, link
from deskterm.store.columns import DERIVED, derived, encode
from deskterm.store.portable import JSON_COLUMNS, KINDS, SETTINGS_LEFT_OUT

__all__ = ["Refill"]

_NESTED: Final[Mapping[str, tuple[str, ...]]] = {
    "organization": ("domains",),
    "contact": ("addresses", "organizations"),
    "group": ("members", "leads", "turns"),
    "ticket": ("tags", "custom", "events"),
}
_MISFIT: Final = N_('"%(name)s" is not what it should be.')
_WHOLE: Final = 2**63


@frozen
class _Column:
    name: str
    fits: Callable[[Any], bool]
    default: Any
    json: bool


class Refill:
    """Takes records in the order of `portable.records` and gives their rows to `bulk`. Raises Problem."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    def take(self, kind: str, record: Mapping[str, Any]) -> None:
        """One record; it is written with the next flush of the bulk."""
        if kind not in KINDS:
            raise _wrong(N_('"%(name)s" is no kind of record that this deskterm knows.'), name=kind)
        nested = _NESTED.get(kind, ())
        _only(record, {*(column.name for column in _COLUMNS[KINDS[kind]]), *nested})
        _TAKERS.get(kind, _plain)(self._bulk, kind, record)

    def finish(self) -> None:
        """Write what is left."""
        self._bulk.settle()
        link(self._bulk.connection, self._bulk.links)


def _plain(bulk: Bulk, kind: str, record: Mapping[str, Any]) -> None:
    table = KINDS[kind]
    bulk.add(table, _row(table, record))


def _setting(bulk: Bulk, _kind: str, record: Mapping[str, Any]) -> None:
    name, value = _row(t.settings, record)
    if name in SETTINGS_LEFT_OUT:
        raise _wrong(N_('"%(name)s" is no setting that can be imported.'), name=name)
    bulk.connection.execute(t.settings.delete().where(t.settings.c.name == name))
    bulk.connection.execute(t.settings.insert().values(name=name, value=value))


def _organization(bulk: Bulk, kind: str, record: Mapping[str, Any]) -> None:
    _plain(bulk, kind, record)
    for domain in _list(record, "domains", str):
        bulk.add(t.organization_domains, (domain, record["id"]))


def _contact(bulk: Bulk, kind: str, record: Mapping[str, Any]) -> None:
    _plain(bulk, kind, record)
    for each in _list(record, "addresses", list):
        if len(each) != 2 or not _is_int(each[0]) or not isinstance(each[1], str):
            raise _wrong(_MISFIT, name="addresses")
        bulk.add(t.contact_addresses, (each[1], record["id"], each[0]))
    for organization in _list(record, "organizations", int):
        bulk.add(t.contact_organizations, (record["id"], organization))


def _group(bulk: Bulk, kind: str, record: Mapping[str, Any]) -> None:
    _plain(bulk, kind, record)
    leads = _list(record, "leads", int)
    turns = _turns(record)
    for member in _list(record, "members", int):
        bulk.add(t.group_members, (record["id"], member, member in leads, turns.get(member, 0)))


def _turns(record: Mapping[str, Any]) -> dict[int, int]:
    found = _list(record, "turns", list)
    if not all(len(each) == 2 and all(map(_is_int, each)) for each in found):
        raise _wrong(_MISFIT, name="turns")
    return dict(found)


def _ticket(bulk: Bulk, _kind: str, record: Mapping[str, Any]) -> None:
    row = _row(t.tickets, record)
    told = dict(zip((column.name for column in _COLUMNS[t.tickets]), row, strict=True))
    if told["status"] not in CATEGORY:
        raise _wrong(_MISFIT, name="status")
    number = told["id"]
    bulk.ticket_row(
        (*row, *derived(*(told[name] for name in ("subject", "status", "priority", "next_due_at"))))
    )
    for tag in _list(record, "tags", str):
        bulk.add(t.ticket_tags, (number, tag))
    for name, value in _mapping(record, "custom").items():
        if not isinstance(value, str):
            raise _wrong(_MISFIT, name=f"custom.{name}")
        bulk.add(t.ticket_fields, (number, name, value))
    subject = norm(told["subject"])
    words = {True: subject, False: ""}
    for event in _list(record, "events", dict):
        _event(bulk, number, event, words)
    bulk.add(t.ticket_texts, (number, subject, words[True], words[False]))


def _event(bulk: Bulk, ticket: int, record: Mapping[str, Any], words: dict[bool, str]) -> None:
    _only(record, {*(column.name for column in _COLUMNS[t.events]), "message", "files"} - {"ticket_id"})
    row = _row(t.events, {**record, "ticket_id": ticket})
    bulk.add(t.events, row)
    owner = {"ticket_id": ticket, "event_id": row[0]}
    if message := _mapping(record, "message"):
        kept = _row(t.messages, {**message, **owner})
        bulk.add(t.messages, kept)
        told = dict(zip(ORDER[t.messages], kept, strict=True))
        words[told["public"]] += norm(told["body"])
    for file in _list(record, "files", dict):
        bulk.add(t.attachments, _row(t.attachments, {**file, **owner}))


_TAKERS: Final[Mapping[str, Callable[[Bulk, str, Mapping[str, Any]], None]]] = {
    "setting": _setting,
    "organization": _organization,
    "contact": _contact,
    "group": _group,
    "ticket": _ticket,
}


def _row(table: Table, record: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values of the columns; every one is of its type, what is not told is at its default."""
    row = []
    for column in _COLUMNS[table]:
        value = record.get(column.name, column.default)
        if column.json and column.name in record:
            value = encode(value) if isinstance(value, dict) else None
        if not column.fits(value):
            raise _wrong(_MISFIT, name=column.name)
        row.append(value)
    return tuple(row)


def _list(record: Mapping[str, Any], name: str, kind: type) -> list[Any]:
    found = record.get(name, [])
    fits = _is_int if kind is int else lambda value: isinstance(value, kind)
    if not isinstance(found, list) or not all(map(fits, found)):
        raise _wrong(_MISFIT, name=name)
    return found


def _mapping(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = record.get(name, {})
    if not isinstance(found, dict):
        raise _wrong(_MISFIT, name=name)
    return found


def _only(record: Mapping[str, Any], known: set[str]) -> None:
    for name in record:
        if name not in known:
            raise _wrong(N_('"%(name)s" is nothing that this deskterm knows.'), name=name)


def _wrong(template: str, **values: Any) -> Problem:
    return Problem("export.record", template, kind="usage", **values)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -_WHOLE <= value < _WHOLE


def _fitting(column: Any) -> Callable[[Any], bool]:
    if isinstance(column.type, Boolean):
        fits: Callable[[Any], bool] = lambda value: isinstance(value, bool)  # noqa: E731
    elif isinstance(column.type, BigInteger | Integer):
        fits = _is_int
    else:
        fits = lambda value: isinstance(value, str)  # noqa: E731
    return (lambda value: value is None or fits(value)) if column.nullable else fits


def _columns(table: Table) -> list[_Column]:
    names = ORDER.get(table, tuple(table.columns.keys()))
    return [
        _Column(name, _fitting(column), getattr(column.default, "arg", None), name in JSON_COLUMNS)
        for name in names
        if name not in (DERIVED if table is t.tickets else ())
        for column in (table.c[name],)
    ]


_COLUMNS: Final = {table: _columns(table) for table in (*KINDS.values(), t.messages, t.attachments)}
