"""Openings: which tickets came in between two instants, and what people said on them."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, select, tuple_

from deskterm.store.tables import messages, tickets

__all__ = ["opened_between", "said_on"]

_OPENED: Final = (
    select(tickets.c.created_at, tickets.c.id)
    .where(
        (tickets.c.created_at >= bindparam("since"))
        & (tickets.c.created_at < bindparam("until"))
        & (tuple_(tickets.c.created_at, tickets.c.id) > tuple_(bindparam("at"), bindparam("id")))
    )
    .order_by(tickets.c.created_at, tickets.c.id)
    .limit(bindparam("most"))
)
_SAID: Final = select(messages.c.ticket_id, messages.c.event_id, messages.c.body).where(
    messages.c.auto.is_(False)
)


def opened_between(connection: Connection, since: int, until: int, size: int) -> Iterator[tuple[int, ...]]:
    """The numbers of the tickets that were opened from `since` until before `until`, some at a time."""
    last = {"at": since, "id": 0}
    while rows := connection.execute(_OPENED, {**last, "since": since, "until": until, "most": size}).all():
        yield tuple(row.id for row in rows)
        last = {"at": rows[-1].created_at, "id": rows[-1].id}


def said_on(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[int, str]]:
    """The words of every message that no machine wrote, by ticket and by the number of its event."""
    found: dict[int, dict[int, str]] = {}
    for ticket, event, body in connection.execute(_SAID.where(messages.c.ticket_id.in_(numbers))):
        found.setdefault(ticket, {})[event] = body
    return found
