"""Portable: everything on a desk as records, read in an order that depends on nothing but what is there.

A record is a mapping of JSON values. Columns have their own names; those at their defaults are left out.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, collate, select
from sqlalchemy.sql import ColumnElement

from deskterm.store import tables as t
from deskterm.store.columns import DERIVED
from deskterm.store.engine import Store

__all__ = ["JSON_COLUMNS", "KINDS", "SETTINGS_LEFT_OUT", "digests", "records", "still"]

Record = dict[str, Any]

KINDS: Final[Mapping[str, Table]] = {
    "setting": t.settings,
    "organization": t.organizations,
    "contact": t.contacts,
    "agent": t.agents,
    "group": t.groups,
    "queue": t.queues,
    "ticket": t.tickets,
    "event": t.events,
    "rules": t.rule_revisions,
    "firing": t.firings,
    "receipt": t.receipts,
    "outbox": t.outbox,
    "import": t.import_marks,
}
"""What kinds of records there are, in their order, and where the columns of each are from."""

SETTINGS_LEFT_OUT: Final = ("book", "brought")
"""What counts for this very database; another one has its own."""

JSON_COLUMNS: Final = ("data", "payload", "receipt", "report", "skills", "holidays")
"""Columns that hold JSON objects; in a record they are objects too."""

_CHUNK: Final = 200


@contextmanager
def still(store: Store) -> Iterator[Connection]:
    """A connection that sees the desk as it is now, however long it reads and whatever others write."""
    with store.read() as connection:
        if store.dialect == "postgresql":
            connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        else:
            connection.exec_driver_sql("BEGIN")
        try:
            connection.execute(select(t.settings.c.name).limit(1))  # the first look decides what is seen
            yield connection
        finally:
            connection.rollback()


def records(connection: Connection) -> Iterator[tuple[str, Record]]:
    """Every kind with its records, in the order in which they can be loaded again."""
    for kind, read in _READERS.items():
        for record in read(connection):
            yield kind, record


def digests(connection: Connection) -> Iterator[str]:
    """The contents that attachments have, each once."""
    column = t.attachments.c.digest
    query = select(column).group_by(column).order_by(_by_points(connection, column))
    yield from (row.digest for row in _streamed(connection, query))


def _settings(connection: Connection) -> Iterator[Record]:
    for row in _ordered(connection, t.settings, "name"):
        if row.name not in SETTINGS_LEFT_OUT:
            yield _record(t.settings, row)


def _organizations(connection: Connection) -> Iterator[Record]:
    for rows in _chunks(connection, t.organizations):
        domains = _grouped(connection, t.organization_domains, "organization_id", rows)
        for row in rows:
            found = sorted(each.domain for each in domains.get(row.id, ()))
            yield _with(_record(t.organizations, row), domains=found)


def _contacts(connection: Connection) -> Iterator[Record]:
    for rows in _chunks(connection, t.contacts):
        addresses = _grouped(connection, t.contact_addresses, "contact_id", rows)
        links = _grouped(connection, t.contact_organizations, "contact_id", rows)
        for row in rows:
            ranked = sorted((each.rank, each.address) for each in addresses.get(row.id, ()))
            yield _with(
                _record(t.contacts, row),
                addresses=[list(each) for each in ranked],
                organizations=sorted(each.organization_id for each in links.get(row.id, ())),
            )


def _groups(connection: Connection) -> Iterator[Record]:
    for rows in _chunks(connection, t.groups):
        members = _grouped(connection, t.group_members, "group_id", rows)
        for row in rows:
            found = sorted((each.agent_id, each.lead, each.turn) for each in members.get(row.id, ()))
            yield _with(
                _record(t.groups, row),
                members=[member for member, _, _ in found],
                leads=[member for member, lead, _ in found if lead],
                turns=[[member, turn] for member, _, turn in found if turn],
            )


def _plain(table: Table) -> Any:
    def read(connection: Connection) -> Iterator[Record]:
        for rows in _chunks(connection, table):
            yield from (_record(table, row) for row in rows)

    return read


def _tickets(connection: Connection) -> Iterator[Record]:
    for rows in _chunks(connection, t.tickets):
        tags = _grouped(connection, t.ticket_tags, "ticket_id", rows)
        fields = _grouped(connection, t.ticket_fields, "ticket_id", rows)
        timeline = _timeline(connection, rows)
        for row in rows:
            yield _with(
                _record(t.tickets, row, (*DERIVED, "clocks")),
                tags=sorted(each.tag for each in tags.get(row.id, ())),
                custom={each.name: each.value for each in sorted(fields.get(row.id, ()))},
                events=timeline.get(row.id, []),
            )


def _timeline(connection: Connection, rows: list[Row[Any]]) -> dict[int, list[Record]]:
    """The events of some tickets, each with its words and files."""
    words = {
        row.event_id: row
        for found in _grouped(connection, t.messages, "ticket_id", rows).values()
        for row in found
    }
    files: dict[int, list[Row[Any]]] = {}
    for found in _grouped(connection, t.attachments, "ticket_id", rows).values():
        for row in found:
            files.setdefault(row.event_id, []).append(row)
    nested = ("ticket_id", "event_id")
    kept: dict[int, list[Record]] = {}
    for ticket, events in _grouped(connection, t.events, "ticket_id", rows).items():
        kept[ticket] = [
            _with(
                _record(t.events, event, nested),
                message=_record(t.messages, words[event.id], nested) if event.id in words else None,
                files=[_record(t.attachments, file, nested) for file in files.get(event.id, ())],
            )
            for event in events
        ]
    return kept


def _events(connection: Connection) -> Iterator[Record]:
    for rows in _chunks(connection, t.events, t.events.c.ticket_id.is_(None)):
        yield from (_record(t.events, row) for row in rows)


def _keyed(table: Table, key: str) -> Any:
    def read(connection: Connection) -> Iterator[Record]:
        yield from (_record(table, row) for row in _ordered(connection, table, key))

    return read


_READERS: Final = {
    "setting": _settings,
    "organization": _organizations,
    "contact": _contacts,
    "agent": _plain(t.agents),
    "group": _groups,
    "queue": _plain(t.queues),
    "ticket": _tickets,
    "event": _events,
    "rules": _plain(t.rule_revisions),
    "firing": _keyed(t.firings, "key"),
    "receipt": _keyed(t.receipts, "key"),
    "outbox": _plain(t.outbox),
    "import": _keyed(t.import_marks, "source"),
}


def _record(table: Table, row: Row[Any], without: Iterable[str] = ()) -> Record:
    defaults = _DEFAULTS[table]
    return {
        name: json.loads(value) if name in JSON_COLUMNS else value
        for name, value in row._mapping.items()
        if value != defaults[name] and name not in without
    }


def _with(record: Record, **more: Any) -> Record:
    """The record with what belongs to it and is not empty."""
    return record | {name: value for name, value in more.items() if value}


_DEFAULTS: Final = {
    table: {column.name: getattr(column.default, "arg", None) for column in table.columns}
    for table in (*KINDS.values(), t.messages, t.attachments)
}


def _chunks(
    connection: Connection, table: Table, *conditions: ColumnElement[bool]
) -> Iterator[list[Row[Any]]]:
    """The rows by id, some at a time: nothing that is read at once grows with the desk."""
    last = 0
    while True:
        query = select(table).where(table.c.id > last, *conditions).order_by(table.c.id).limit(_CHUNK)
        rows = list(connection.execute(query))
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _grouped(
    connection: Connection, table: Table, owner: str, rows: list[Row[Any]]
) -> dict[int, list[Row[Any]]]:
    """The rows of `table` that belong to `rows`, by owner, each owner's in the order of their keys."""
    column = table.c[owner]
    query = select(table).where(column.between(rows[0].id, rows[-1].id))
    found = connection.execute(query.order_by(column, *table.primary_key.columns))
    return {number: list(group) for number, group in groupby(found, lambda row: getattr(row, owner))}


def _ordered(connection: Connection, table: Table, key: str) -> Iterator[Row[Any]]:
    """The rows by a text, by its code points on every database."""
    yield from _streamed(connection, select(table).order_by(_by_points(connection, table.c[key])))


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    yield from connection.execute(query, execution_options={"yield_per": _CHUNK})


def _by_points(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    return collate(column, "C") if connection.dialect.name == "postgresql" else column
