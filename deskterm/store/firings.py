"""Firings: what the timer did for a ticket, in the order in which it was due."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from deskterm.store.tables import firings

__all__ = ["Firing", "firings_of"]

_OF_TICKET: Final = (
    select(firings)
    .where(firings.c.ticket_id == bindparam("ticket"))
    .order_by(firings.c.nominal_at, firings.c.fired_at, firings.c.key)
)


class Firing(NamedTuple):
    """An act of `rule` that was due at `nominal_at` and done, or left out (`outcome`), at `fired_at`."""

    key: str
    rule: str
    nominal_at: int
    fired_at: int
    outcome: str


def firings_of(connection: Connection, ticket: int) -> tuple[Firing, ...]:
    """All of a ticket."""
    rows = connection.execute(_OF_TICKET, {"ticket": ticket})
    return tuple(Firing(row.key, row.rule, row.nominal_at, row.fired_at, row.outcome) for row in rows)
