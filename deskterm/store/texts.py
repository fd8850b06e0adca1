"""The searchable words of tickets, kept beside them in the same transaction."""

from sqlalchemy import Connection, insert, select, update

from deskterm.rules.words import norm
from deskterm.store.tables import messages, ticket_texts

__all__ = ["add", "begin", "rebuild"]


def begin(connection: Connection, ticket: int, subject: str) -> None:
    """The words of a new ticket: its subject."""
    connection.execute(insert(ticket_texts).values(ticket_id=ticket, public_n=norm(subject), internal_n=""))


def add(connection: Connection, ticket: int | None, body: str, *, public: bool) -> None:
    """The words of one more message; the doubled space between two keeps phrases from spanning them."""
    column = ticket_texts.c.public_n if public else ticket_texts.c.internal_n
    query = update(ticket_texts).where(ticket_texts.c.ticket_id == ticket)
    connection.execute(query.values({column: column.concat(norm(body))}))


def rebuild(connection: Connection, ticket: int, subject: str) -> None:
    """All words anew, after the subject changed."""
    query = select(messages.c.public, messages.c.body).where(messages.c.ticket_id == ticket)
    words = {True: norm(subject), False: ""}
    for public, body in connection.execute(query.order_by(messages.c.id)):
        words[bool(public)] += norm(body)
    target = update(ticket_texts).where(ticket_texts.c.ticket_id == ticket)
    connection.execute(target.values(public_n=words[True], internal_n=words[False]))
