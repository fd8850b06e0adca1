"""Loads: the counters of everybody's open work, counted anew where tickets came in without a decision."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, func, null, select, union_all, update

from deskterm.store.tables import agents, tickets

__all__ = ["correct", "count_loads", "recount"]

Weigh = Callable[[str, str, str, str], int]
"""The weight of a ticket by its status, priority, channel and policy."""

_KINDS: Final = ("status", "priority", "channel", "policy")
_WORK: Final = (
    select(tickets.c.assignee_id.label("agent"), *(tickets.c[name] for name in _KINDS), func.count())
    .where(tickets.c.is_open & tickets.c.assignee_id.is_not(None))
    .group_by(tickets.c.assignee_id, *(tickets.c[name] for name in _KINDS))
)
_KEPT: Final = select(agents.c.id, *(null() for _ in _KINDS), agents.c.load)
_BOTH: Final = union_all(_WORK, _KEPT)  # one statement sees both as they were at one moment
_ADD: Final = (
    update(agents).where(agents.c.id == bindparam("agent")).values(load=agents.c.load + bindparam("more"))
)


def count_loads(connection: Connection, weigh: Weigh) -> dict[int, tuple[int, int]]:
    """The agents (ids) whose counter is wrong: what it says, and what their open tickets weigh."""
    counted: dict[int, int] = {}
    kept: dict[int, int] = {}
    for agent, status, priority, channel, policy, number in connection.execute(_BOTH):
        if status is None:
            kept[agent] = number
        else:
            counted[agent] = counted.get(agent, 0) + weigh(status, priority, channel, policy) * number
    found = {agent: (load, counted.get(agent, 0)) for agent, load in sorted(kept.items())}
    return {agent: (load, right) for agent, (load, right) in found.items() if load != right}


def recount(connection: Connection, weigh: Weigh) -> None:
    """Put all counters right in the transaction of `connection`."""
    correct(connection, count_loads(connection, weigh))


def correct(connection: Connection, wrong: Mapping[int, tuple[int, int]]) -> None:
    """Put counters right by their difference, whatever else was added to them since they were counted."""
    for agent, (load, right) in wrong.items():
        connection.execute(_ADD, {"agent": agent, "more": right - load})
