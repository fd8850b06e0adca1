"""Bulk: many rows at once, as they are. No rule, no notice: the past only becomes readable."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.exc import DBAPIError

from deskterm.rules.past import PastEvent, PastTicket
from deskterm.rules.words import norm
from deskterm.store import tables as t
from deskterm.store.columns import DERIVED, PLAIN, encode, values_of
from deskterm.store.feed import announce
from deskterm.store.rawtext import RawText, encode_raw
from deskterm.store.records import touch_book

__all__ = ["ORDER", "Bulk", "count_on", "link", "seize"]

# whoever is referred to comes first
ORDER: Final[Mapping[Table, tuple[str, ...]]] = {
    t.organizations: ("id", "name", "tier", "created_at"),
    t.organization_domains: ("domain", "organization_id"),
    t.contacts: ("id", "name", "vip", "lang", "tz", "phone", "source", "external_id", "created_at"),
    t.contact_addresses: ("address", "contact_id", "rank"),
    t.contact_organizations: ("contact_id", "organization_id"),
    t.agents: (
        *("id", "login", "name", "role", "email", "active", "tz", "lang", "contact_id", "presence"),
        *("capacity", "skills", "shift", "out_from", "out_until", "substitute", "load", "created_at"),
    ),
    t.groups: ("id", "name", "title", "active", "turn", "created_at"),
    t.group_members: ("group_id", "agent_id", "lead", "turn"),
    t.queues: ("id", "name", "title", "group_id", "active", "created_at"),
    t.tickets: ("id", *PLAIN, *DERIVED),
    t.ticket_texts: ("ticket_id", "subject_n", "public_n", "internal_n"),
    t.ticket_tags: ("ticket_id", "tag"),
    t.ticket_fields: ("ticket_id", "name", "value"),
    t.events: (
        *("id", "ticket_id", "about", "version", "at", "kind", "actor_kind", "actor_id", "data"),
        "because",
    ),
    t.messages: ("id", "ticket_id", "event_id", "public", "auto", "channel", "body"),
    t.attachments: ("id", "ticket_id", "event_id", "name", "media_type", "size", "digest", "internal"),
    t.rule_revisions: ("id", "at", "agent_id", "event_id", "name", "body", "holidays"),
    t.firings: ("key", "ticket_id", "rule", "nominal_at", "fired_at", "worker", "rev", "outcome"),
    t.receipts: ("key", "at", "receipt"),
    t.outbox: (
        *("id", "key", "kind", "ticket_id", "event_id", "to", "payload", "because", "created_at"),
        *("delivered_at", "tries"),
    ),
    t.import_marks: ("source", "position", "done", "report"),
}
"""The tables in the order in which they can be filled, and the columns of the rows that `Bulk.add` takes."""

_BOOK: Final = (t.agents, t.groups, t.group_members, t.queues)
_OTHERS: Final = tuple((name, 1 + PLAIN.index(name)) for name in ("merged_into", "parent_id", "follows"))
_SUBJECT: Final = 1 + len(PLAIN) + DERIVED.index("subject_n")


class Bulk:
    """Collects rows and writes them with one statement per table; `flush` may be called many times.

    Every id is given, except those of messages and attachments of past tickets, which go on from the last.
    `links` are tickets, columns and the tickets they name, to be told `link` when all are there.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._rows: dict[Table, list[Sequence[Any]]] = {table: [] for table in ORDER}
        self.links: list[tuple[int, str, int]] = []
        self._staffed = False
        self._message = self.next_id("messages")
        self._file = self.next_id("attachments")

    def next_id(self, noun: str) -> int:
        """The first free id of the table `noun`; on Postgres only after `seize`."""
        table: Table = getattr(t, noun)
        last = self.connection.execute(select(func.max(table.c.id))).scalar_one()
        return 1 if last is None else int(last) + 1

    def add(self, table: Table, row: Sequence[Any]) -> None:
        """One row, its values in the order of ORDER."""
        self._rows[table].append(row)

    def ticket(self, past: PastTicket) -> None:
        """A ticket with its timeline, tags, fields and words."""
        ticket = past.ticket
        row = (ticket.id, *values_of(ticket))
        self.ticket_row(row)
        for tag in sorted(ticket.tags):
            self.add(t.ticket_tags, (ticket.id, tag))
        for name, value in ticket.custom.items():
            self.add(t.ticket_fields, (ticket.id, name, value))
        words = {True: row[_SUBJECT], False: ""}
        for each in past.events:
            self._event(ticket.id, each, words)
        self.add(t.ticket_texts, (ticket.id, row[_SUBJECT], words[True], words[False]))

    def ticket_row(self, row: Sequence[Any]) -> None:
        """The row of a ticket; those it names (merged into, part of, follows) may come later."""
        for name, place in _OTHERS:
            if row[place] is not None:
                self.links.append((row[0], name, row[place]))
                row = (*row[:place], None, *row[place + 1 :])
        self._rows[t.tickets].append(row)

    def _event(self, ticket: int, past: PastEvent, words: dict[bool, str]) -> None:
        event, data = past.event, past.event.data
        who = (event.actor.kind, event.actor.id)
        self.add(
            t.events,
            (event.seq, ticket, "", event.version, event.at, event.kind, *who, encode(data), event.because),
        )
        if past.body is None and not past.attachments:
            return
        public = bool(data.get("public"))
        if past.body is not None:
            row = (public, bool(data.get("auto")), str(data.get("channel", "")), past.body)
            self.add(t.messages, (self._message, ticket, event.seq, *row))
            self._message += 1
            words[public] += norm(past.body)
        internal = bool(data.get("internal", not public))
        for file in past.attachments:
            kept = (file.name, file.media_type, file.size, file.digest, internal)
            self.add(t.attachments, (self._file, ticket, event.seq, *kept))
            self._file += 1

    def flush(self) -> None:
        """Write what was collected since the last time."""
        for table, rows in self._rows.items():
            if rows:
                _insert(self.connection, table, rows)
                self._rows[table] = []
                self._staffed = self._staffed or table in _BOOK

    def settle(self) -> None:
        """Write the rest, and tell everybody: the database how to count on, other processes to look again."""
        self.flush()
        count_on(self.connection)
        if self._staffed:
            touch_book(self.connection)
        announce(self.connection)


def seize(connection: Connection) -> None:
    """Keep other writers out of all tables until the end of the transaction; on SQLite they are anyway."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(_quoted(table.name) for table in ORDER)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def link(connection: Connection, links: Iterable[tuple[int, str, int]]) -> None:
    """Tell tickets which others they name."""
    for ticket, column, target in links:
        query = t.tickets.update().where(t.tickets.c.id == ticket)
        connection.execute(query.values({column: target}))


def count_on(connection: Connection) -> None:
    """On Postgres, let every sequence go on behind the largest id; on SQLite each insert looks itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in (table for table, columns in ORDER.items() if columns[0] == "id"):
        name = _quoted(table.name)
        connection.execute(
            text(
                "SELECT setval(seq, top) FROM (SELECT CAST(pg_get_serial_sequence(:name, 'id') AS regclass)"
                f" AS seq, max(id) AS top FROM {name}) AS found"
                " WHERE top > coalesce(pg_sequence_last_value(seq), 0)"
            ),
            {"name": name},
        )


def _insert(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    columns = ORDER[table]
    raw = [place for place, name in enumerate(columns) if isinstance(table.c[name].type, RawText)]
    safe = [_encoded(row, raw) for row in rows]
    names = ", ".join(map(_quoted, columns))
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {_quoted(table.name)} ({names}) FROM STDIN", safe)
        return
    marks = ", ".join("?" * len(columns))
    connection.exec_driver_sql(f"INSERT INTO {_quoted(table.name)} ({names}) VALUES ({marks})", safe)


def _copy(connection: Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Let the driver copy the rows; what it raises leaves as if SQLAlchemy had executed it."""
    driver: Any = connection.connection.dbapi_connection
    errors: Any = connection.dialect.loaded_dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except errors.Error as error:
        lost = connection.dialect.is_disconnect(error, driver, None)
        raise DBAPIError.instance(
            statement,
            None,
            error,
            errors.Error,
            connection_invalidated=lost,
            dialect=connection.dialect,
        ) from error


def _encoded(row: Sequence[Any], raw: list[int]) -> Sequence[Any]:
    """The row as the database can hold it: nearly always itself."""
    if all((text := row[place]) is None or (text.isascii() and "\0" not in text) for place in raw):
        return row
    values = list(row)
    for place in raw:
        if values[place] is not None:
            values[place] = encode_raw(values[place])
    return tuple(values)


def _quoted(name: str) -> str:
    return f'"{name}"'
