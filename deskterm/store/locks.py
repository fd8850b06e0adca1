"""Locks on Postgres: what an action decides on is held until it is written. SQLite has one writer anyway."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, select

from deskterm.rules import actions as a
from deskterm.rules.changes import Decision
from deskterm.rules.facts import Actor, Ticket
from deskterm.store.tables import agents, groups, tickets

__all__ = ["hold", "hold_turn", "hold_unmoved"]

_STANDING: Final = (
    select(tickets.c.id, tickets.c.version, tickets.c.next_change_at)
    .where(tickets.c.id.in_(bindparam("numbers", expanding=True)))
    .with_for_update(skip_locked=True)
)


def hold(connection: Connection, action: a.Action, actor: Actor) -> None:
    """Lock the ticket, the dedupe key, the requester or the book of people that `action` by `actor` is about.

    To be called before anything is read that is decided on, the book included.
    """
    if connection.dialect.name != "postgresql":
        return
    from deskterm.store import serverlocks  # a desk in a file never needs it

    serverlocks.hold(connection, action, actor)


def hold_turn(connection: Connection, decision: Decision) -> bool:
    """Lock the group whose next agent `decision` chose; True when it has to be chosen again under the lock.

    Who decides twice meets nobody in between: on Postgres two that choose at once would see the same loads.
    """
    if decision.turn is None or connection.dialect.name != "postgresql":
        return False
    group, agent = decision.turn
    table, number = (groups, group) if group is not None else (agents, agent)
    connection.execute(select(table.c.id).where(table.c.id == number).with_for_update())
    return True


def hold_unmoved(connection: Connection, seen: Sequence[Ticket]) -> frozenset[int]:
    """Lock those of the tickets that are as they were `seen`, and that nobody else has locked.

    An act of the timer need not give a ticket another version, but what it did is due no more.
    """
    query = _STANDING
    if connection.dialect.name == "postgresql":
        from deskterm.store.serverlocks import SHARED

        query = query.where(SHARED)
    rows = connection.execute(query, {"numbers": [each.id for each in seen]})
    held = {number: (version, due) for number, version, due in rows}
    return frozenset(each.id for each in seen if held.get(each.id) == (each.version, each.next_change_at))
