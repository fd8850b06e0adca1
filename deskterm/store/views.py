"""Views: pages of the queue by keyset, and counts that stop early."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, and_, literal, or_, select, true, tuple_
from sqlalchemy.sql import ColumnElement

from deskterm.rules.facts import Book
from deskterm.rules.problems import N_, Problem
from deskterm.store import finding
from deskterm.store.listing import lines, ticket_rows
from deskterm.store.rows import Page, TicketRow
from deskterm.store.search import Selection
from deskterm.store.tables import tickets

__all__ = ["count", "each", "page", "rank"]

CHUNK = 1000


def page(
    connection: Connection,
    selection: Selection,
    book: Book,
    *,
    limit: int,
    after: str | None = None,
    before: str | None = None,
) -> Page:
    """The `limit` rows behind `after`, or in front of `before` ("" is the end), in the selection's order."""
    backwards = before is not None
    cursor = _decode(before or None if backwards else after, selection)
    keys = selection.order
    beyond = true() if cursor is None else _beyond(keys, cursor, backwards=backwards)
    order = [_direction(column, down != backwards) for column, down in keys]
    where = finding.page(connection, selection, beyond, order, limit + 1)
    query = lines(connection.dialect.name, [column for column, _ in keys]).where(where)
    found = list(connection.execute(query.order_by(*order).limit(limit + 1)))
    more = len(found) > limit
    found = found[:limit][::-1] if backwards else found[:limit]
    first, last = (_encode(found[0], len(keys)), _encode(found[-1], len(keys))) if found else (None, None)
    return Page(
        rows=ticket_rows(found, book, internal=selection.internal),
        after=last if (before if backwards else more) else None,
        before=first if (more if backwards else after is not None) else None,
    )


def each(connection: Connection, selection: Selection, book: Book) -> Iterator[TicketRow]:
    """All rows, fetched by keyset: no cursor stays open between chunks."""
    after: str | None = None
    while True:
        part = page(connection, selection, book, limit=CHUNK, after=after)
        yield from part.rows
        if part.after is None:
            return
        after = part.after


def count(connection: Connection, selection: Selection, cap: int) -> int:
    """How many tickets there are, at most cap + 1 are counted; cap 0 counts all."""
    return finding.count(connection, selection, None, cap + 1 if cap else None)


def rank(connection: Connection, selection: Selection, ticket: int, cap: int = 1000) -> int | None:
    """How many rows stand before `ticket`, counting to `cap`; None when it is not in the selection."""
    keys = selection.order
    place = select(*(column for column, _ in keys)).where(selection.where & (tickets.c.id == ticket))
    row = connection.execute(place).one_or_none()
    if row is None:
        return None
    return finding.count(connection, selection, _beyond(keys, list(row), backwards=True), cap)


def _beyond(
    keys: Sequence[tuple[ColumnElement[Any], bool]], cursor: Sequence[Any], *, backwards: bool
) -> ColumnElement[bool]:
    """The rows behind `cursor`: a row comparison where all keys run one way, else its long form."""
    downs = [down != backwards for _, down in keys]
    columns = [column for column, _ in keys]
    if len(set(downs)) == 1:
        left, right = (
            tuple_(*columns),
            tuple_(*(literal(value, column.type) for value, column in zip(cursor, columns, strict=True))),
        )
        return left < right if downs[0] else left > right
    steps = []
    for place, (column, down) in enumerate(zip(columns, downs, strict=True)):
        same = [each == value for each, value in zip(columns[:place], cursor, strict=False)]
        further = column < cursor[place] if down else column > cursor[place]
        steps.append(and_(*same, further))
    # said once more for the first key alone, so that its index leads to the place
    first = columns[0] <= cursor[0] if downs[0] else columns[0] >= cursor[0]
    return and_(first, or_(*steps))


def _direction(column: ColumnElement[Any], down: bool) -> ColumnElement[Any]:
    return column.desc() if down else column.asc()


def _encode(row: Any, keys: int) -> str:
    values = list(row[-keys:])
    return urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(cursor: str | None, selection: Selection) -> list[Any] | None:
    if cursor is None:
        return None
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        values = None
    keys = len(selection.order)
    if (
        isinstance(values, list)
        and len(values) == keys
        and all(isinstance(each, int | str) for each in values)
    ):
        return values
    raise Problem(
        "page.cursor",
        N_("This is not a place in this list: take the cursor that the last page gave."),
        kind="usage",
        field="after",
    )
