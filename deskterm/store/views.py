"""Views: pages of the queue by keyset, and counts that stop early."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, func, literal, or_, select
from sqlalchemy.sql import ColumnElement

from deskterm.rules.problems import N_, Problem
from deskterm.store.rows import Page, TicketRow
from deskterm.store.search import Selection
from deskterm.store.tables import (
    agents,
    contact_addresses,
    contacts,
    groups,
    organizations,
    queues,
    ticket_tags,
    tickets,
)

__all__ = ["count", "each", "page", "rank"]

CHUNK = 1000

_PLAIN = (
    "id",
    "version",
    "subject",
    "status",
    "priority",
    "type",
    "category",
    "channel",
    "created_at",
    "updated_at",
    "next_due_at",
    "sla_state",
    "reopen_count",
    "occurrences",
)

# names, not ids, by subselects that run for the rows of the page alone
_NAMES: dict[str, Any] = {
    "queue": select(queues.c.name).where(queues.c.id == tickets.c.queue_id).scalar_subquery(),
    "group": select(groups.c.name).where(groups.c.id == tickets.c.group_id).scalar_subquery(),
    "assignee": select(agents.c.login).where(agents.c.id == tickets.c.assignee_id).scalar_subquery(),
    "assignee_name": select(agents.c.name).where(agents.c.id == tickets.c.assignee_id).scalar_subquery(),
    "requester": select(contact_addresses.c.address)
    .where((contact_addresses.c.contact_id == tickets.c.requester_id) & (contact_addresses.c.rank == 0))
    .scalar_subquery(),
    "requester_name": select(contacts.c.name)
    .where(contacts.c.id == tickets.c.requester_id)
    .scalar_subquery(),
    "organization": select(organizations.c.name)
    .where(organizations.c.id == tickets.c.organization_id)
    .scalar_subquery(),
    "tier": select(organizations.c.tier)
    .where(organizations.c.id == tickets.c.organization_id)
    .scalar_subquery(),
}

_COLUMNS = [*(tickets.c[name] for name in _PLAIN), *(sub.label(name) for name, sub in _NAMES.items())]


def page(
    connection: Connection,
    selection: Selection,
    *,
    limit: int,
    after: str | None = None,
    before: str | None = None,
) -> Page:
    """The `limit` rows behind `after` (or in front of `before`) in the order of `selection`."""
    backwards = before is not None
    cursor = _decode(before if backwards else after, selection)
    keys = [*selection.order]
    query = select(*_COLUMNS, *(column.label(f"key{place}") for place, (column, _) in enumerate(keys)))
    query = query.where(selection.where)
    if cursor is not None:
        query = query.where(_beyond(keys, cursor, backwards=backwards))
    query = query.order_by(*(_direction(column, down != backwards) for column, down in keys))
    found = list(connection.execute(query.limit(limit + 1)))
    more = len(found) > limit
    found = found[:limit][::-1] if backwards else found[:limit]
    first, last = (_encode(found[0], keys), _encode(found[-1], keys)) if found else (None, None)
    return Page(
        rows=_rows(connection, found),
        after=last if backwards or more else None,
        before=first if (more if backwards else after is not None) else None,
    )


def each(connection: Connection, selection: Selection) -> Iterator[TicketRow]:
    """All rows, fetched by keyset: no cursor stays open between chunks."""
    after: str | None = None
    while True:
        part = page(connection, selection, limit=CHUNK, after=after)
        yield from part.rows
        if part.after is None:
            return
        after = part.after


def count(connection: Connection, selection: Selection, cap: int) -> int:
    """How many tickets there are, at most cap + 1 are counted; cap 0 counts all."""
    if cap:
        inner = select(literal(1)).select_from(tickets).where(selection.where).limit(cap + 1).subquery()
        return int(connection.execute(select(func.count()).select_from(inner)).scalar_one())
    return int(
        connection.execute(select(func.count()).select_from(tickets).where(selection.where)).scalar_one()
    )


def rank(connection: Connection, selection: Selection, ticket: int, cap: int = 1000) -> int | None:
    """How many rows stand before `ticket`, counting to `cap`; None when it is not in the selection."""
    keys = selection.order
    place = select(*(column for column, _ in keys)).where(selection.where & (tickets.c.id == ticket))
    row = connection.execute(place).one_or_none()
    if row is None:
        return None
    earlier = select(literal(1)).select_from(tickets).where(selection.where)
    inner = earlier.where(_beyond(keys, list(row), backwards=True)).limit(cap).subquery()
    return int(connection.execute(select(func.count()).select_from(inner)).scalar_one())


def _beyond(
    keys: Sequence[tuple[ColumnElement[Any], bool]], cursor: Sequence[Any], *, backwards: bool
) -> ColumnElement[bool]:
    """The rows behind `cursor`: a row comparison where all keys run one way, else its long form."""
    downs = [down != backwards for _, down in keys]
    columns = [column for column, _ in keys]
    if len(set(downs)) == 1:
        from sqlalchemy import tuple_

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
    return or_(*steps)


def _direction(column: ColumnElement[Any], down: bool) -> ColumnElement[Any]:
    return column.desc() if down else column.asc()


def _encode(row: Any, keys: Sequence[Any]) -> str:
    values = [getattr(row, f"key{place}") for place in range(len(keys))]
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


def _rows(connection: Connection, found: Sequence[Any]) -> tuple[TicketRow, ...]:
    tags = _tags(connection, [row.id for row in found])
    return tuple(TicketRow(**_plain(row), tags=tags.get(row.id, ())) for row in found)


def _plain(row: Any) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _PLAIN}
    return values | {name: getattr(row, name) or "" for name in _NAMES}


def _tags(connection: Connection, numbers: list[int]) -> dict[int, tuple[str, ...]]:
    if not numbers:
        return {}
    query: Select[Any] = select(ticket_tags).where(ticket_tags.c.ticket_id.in_(numbers))
    kept: dict[int, list[str]] = {}
    for row in connection.execute(query.order_by(ticket_tags.c.ticket_id, ticket_tags.c.tag)):
        kept.setdefault(row.ticket_id, []).append(row.tag)
    return {number: tuple(tags) for number, tags in kept.items()}
