"""Loads: the counters of everybody's open work, counted anew where tickets came in without a decision."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update

from deskterm.store.tables import agents, tickets

__all__ = ["count_loads", "recount"]

Weigh = Callable[[str, str, str, str], int]
"""The weight of a ticket by its status, priority, channel and policy."""

_KINDS: Final = (tickets.c.status, tickets.c.priority, tickets.c.channel, tickets.c.policy)
_WORK: Final = (
    select(tickets.c.assignee_id, *_KINDS, func.count().label("tickets"))
    .where(tickets.c.is_open & tickets.c.assignee_id.is_not(None))
    .group_by(tickets.c.assignee_id, *_KINDS)
)
_KEPT: Final = select(agents.c.id, agents.c.load).order_by(agents.c.id)
_SET: Final = update(agents).where(agents.c.id == bindparam("agent")).values(load=bindparam("weight"))


def count_loads(connection: Connection, weigh: Weigh) -> dict[int, tuple[int, int]]:
    """The agents (ids) whose counter is wrong: what it says, and what their open tickets weigh."""
    counted: dict[int, int] = {}
    for row in connection.execute(_WORK):
        weight = weigh(row.status, row.priority, row.channel, row.policy) * row.tickets
        counted[row.assignee_id] = counted.get(row.assignee_id, 0) + weight
    kept = connection.execute(_KEPT).all()
    return {agent: (load, right) for agent, load in kept if load != (right := counted.get(agent, 0))}


def recount(connection: Connection, weigh: Weigh) -> int:
    """Put all counters right; returns how many were not."""
    wrong = count_loads(connection, weigh)
    for agent, (_load, right) in wrong.items():
        connection.execute(_SET, {"agent": agent, "weight": right})
    return len(wrong)
