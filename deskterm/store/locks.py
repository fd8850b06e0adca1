"""Locks on Postgres: what an action decides on is held until it is written. SQLite has one writer anyway."""

from sqlalchemy import Connection, func, select

from deskterm.rules import actions as a
from deskterm.store.tables import settings, tickets

__all__ = ["hold"]


def hold(connection: Connection, action: a.Action) -> None:
    """Lock the ticket, the dedupe key or the book of people that `action` is about."""
    if connection.dialect.name != "postgresql":
        return
    if isinstance(action, a.TicketAction) and 0 < action.ticket < 2**63:
        connection.execute(select(tickets.c.id).where(tickets.c.id == action.ticket).with_for_update())
    elif isinstance(action, a.OpenTicket):
        for word in (action.dedupe_key, action.requester.strip().lower()):
            if word:
                number = func.hashtextextended(word.encode("utf-8", "replace").decode().replace("\0", ""), 0)
                connection.execute(select(func.pg_advisory_xact_lock(number)))
    elif not isinstance(action, a.TicketAction):
        connection.execute(select(settings.c.name).where(settings.c.name == "book").with_for_update())
