"""Locks on Postgres: what an action decides on is held until it is written. SQLite has one writer anyway."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Text, bindparam, exists, func, select

from deskterm.rules import actions as a
from deskterm.rules.changes import Decision
from deskterm.rules.facts import Actor, Ticket
from deskterm.store.tables import agents, contact_addresses, groups, settings, tickets

__all__ = ["hold", "hold_turn", "hold_unmoved"]

_STANDING: Final = (
    select(tickets.c.id, tickets.c.version, tickets.c.next_change_at)
    .where(tickets.c.id.in_(bindparam("numbers", expanding=True)))
    .with_for_update(skip_locked=True)
)
_TICKET: Final = select(tickets.c.id).where(tickets.c.id == bindparam("key")).with_for_update()
_ALIKE: Final = (
    select(tickets.c.id)
    .where((tickets.c.dedupe_key == bindparam("key")) & (tickets.c.dedupe_key != "") & tickets.c.is_open)
    .with_for_update()
)
_BOOK: Final = select(settings.c.name).where(settings.c.name == "book").with_for_update()
_AGENT: Final = select(agents.c.id).where(agents.c.id == bindparam("key")).with_for_update(key_share=True)
_WORD: Final = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("word", type_=Text), 0)))
# whoever is a contact already is made no second time: his tickets are opened side by side
_NEWCOMER: Final = _WORD.where(
    ~exists().where(contact_addresses.c.address == bindparam("key")).correlate(None)
)


def hold(connection: Connection, action: a.Action, actor: Actor) -> None:
    """Lock the ticket, the dedupe key, the requester or the book of people that `action` by `actor` is about.

    To be called before anything is read that is decided on, the book included.
    """
    if connection.dialect.name != "postgresql":
        return
    if isinstance(action, a.OpenTicket):
        _hold_opening(connection, action, actor)
    elif not isinstance(action, a.TicketAction):
        connection.execute(_BOOK)
    elif 0 < action.ticket < 2**63:
        connection.execute(_TICKET, {"key": action.ticket})


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
    rows = connection.execute(_STANDING, {"numbers": [each.id for each in seen]})
    held = {number: (version, due) for number, version, due in rows}
    return frozenset(each.id for each in seen if held.get(each.id) == (each.version, each.next_change_at))


def _hold_opening(connection: Connection, action: a.OpenTicket, actor: Actor) -> None:
    if requester := action.requester.strip().lower():
        connection.execute(_NEWCOMER, {"key": requester, "word": _storable(requester)})
    if action.dedupe_key:
        connection.execute(_WORD, {"word": _storable(action.dedupe_key)})
        connection.execute(_ALIKE, {"key": action.dedupe_key})
    if not action.requester.strip() and actor.kind == "agent":  # who may become a contact on the way
        connection.execute(_AGENT, {"key": actor.id})


def _storable(word: str) -> str:
    return word.encode("utf-8", "replace").decode().replace("\0", "")
