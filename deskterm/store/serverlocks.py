"""Locks of actions on Postgres; see `locks.hold`."""

from typing import Final

from sqlalchemy import Connection, Text, bindparam, case, exists, func, select

from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.store.tables import agents, contact_addresses, settings, tickets

__all__ = ["SHARED", "hold"]

_BY_THE_BOOK: Final = 0x626F6F6B  # "book", the number of the lock
_SHARING: Final = select(func.pg_advisory_xact_lock_shared(_BY_THE_BOOK))
_ALONE: Final = select(func.pg_advisory_xact_lock(_BY_THE_BOOK))

SHARED: Final = _SHARING.scalar_subquery().is_not(None)
"""Whoever decides by the book shares it until that is written: whoever changes the book then sees all of it.

It is asked for within the condition, in front of the ticket, or two might wait for each other.
"""

_TICKET: Final = select(tickets.c.id).where((tickets.c.id == bindparam("key")) & SHARED).with_for_update()
_ALIKE: Final = (
    select(tickets.c.id)
    .where((tickets.c.dedupe_key == bindparam("key")) & (tickets.c.dedupe_key != "") & tickets.c.is_open)
    .with_for_update()
)
_BOOK: Final = select(settings.c.name).where(settings.c.name == "book").with_for_update()
_AGENT: Final = select(agents.c.id).where(agents.c.id == bindparam("key")).with_for_update(key_share=True)
_BY_WORD: Final = func.pg_advisory_xact_lock(func.hashtextextended(bindparam("word", type_=Text), 0))
_WORD: Final = select(_BY_WORD)
# whoever is a contact already is made no second time: his tickets are opened side by side
_IS_NEW: Final = ~exists().where(contact_addresses.c.address == bindparam("key")).correlate(None)
_NEWCOMER: Final = select(func.pg_advisory_xact_lock_shared(_BY_THE_BOOK), case((_IS_NEW, _BY_WORD)))


def hold(connection: Connection, action: a.Action, actor: Actor) -> None:
    """Lock what `action` by `actor` is about."""
    if isinstance(action, a.OpenTicket):
        _hold_opening(connection, action, actor)
    elif not isinstance(action, a.TicketAction):
        connection.execute(_ALONE)
        connection.execute(_BOOK)
    elif 0 < action.ticket < 2**63:
        connection.execute(_TICKET, {"key": action.ticket})


def _hold_opening(connection: Connection, action: a.OpenTicket, actor: Actor) -> None:
    if requester := action.requester.strip().lower():
        connection.execute(_NEWCOMER, {"key": requester, "word": _storable(requester)})
    else:
        connection.execute(_SHARING)
    if action.dedupe_key:
        connection.execute(_WORD, {"word": _storable(action.dedupe_key)})
        connection.execute(_ALIKE, {"key": action.dedupe_key})
    if not action.requester.strip() and actor.kind == "agent":  # who may become a contact on the way
        connection.execute(_AGENT, {"key": actor.id})


def _storable(word: str) -> str:
    return word.encode("utf-8", "replace").decode().replace("\0", "")
