"""The searchable words of tickets, kept beside them in the same transaction."""

from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from deskterm.rules.words import norm
from deskterm.store.rawtext import RawText
from deskterm.store.tables import messages, ticket_texts

__all__ = ["add", "begin", "rebuild"]


_BEGIN: Final = insert(ticket_texts)
_OF_ONE: Final = update(ticket_texts).where(ticket_texts.c.ticket_id == bindparam("number"))
_WORDS: Final = bindparam("words", type_=RawText)
_ADD_PUBLIC: Final = _OF_ONE.values(public_n=ticket_texts.c.public_n.concat(_WORDS))
_ADD_INTERNAL: Final = _OF_ONE.values(internal_n=ticket_texts.c.internal_n.concat(_WORDS))


def begin(connection: Connection, ticket: int, subject: str) -> None:
    """The words of a new ticket: its subject."""
    connection.execute(_BEGIN, {"ticket_id": ticket, "public_n": norm(subject), "internal_n": ""})


def add(connection: Connection, ticket: int | None, body: str, *, public: bool) -> None:
    """The words of one more message; the doubled space between two keeps phrases from spanning them."""
    if words := norm(body):
        connection.execute(_ADD_PUBLIC if public else _ADD_INTERNAL, {"number": ticket, "words": words})


def rebuild(connection: Connection, ticket: int, subject: str) -> None:
    """All words anew, after the subject changed."""
    query = select(messages.c.public, messages.c.body).where(messages.c.ticket_id == ticket)
    words = {True: norm(subject), False: ""}
    for public, body in connection.execute(query.order_by(messages.c.id)):
        words[bool(public)] += norm(body)
    target = update(ticket_texts).where(ticket_texts.c.ticket_id == ticket)
    connection.execute(target.values(public_n=words[True], internal_n=words[False]))
