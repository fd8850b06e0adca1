"""The searchable words of tickets, kept beside them in the same transaction; the database indexes them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from deskterm.rules.words import norm
from deskterm.store.rawtext import RawText
from deskterm.store.tables import fulltext, messages, ticket_texts, tickets

__all__ = ["add", "begin", "rebuild", "renew"]

_CHUNK: Final = 2000

_BEGIN: Final = insert(ticket_texts)
_OF_ONE: Final = update(ticket_texts).where(ticket_texts.c.ticket_id == bindparam("number"))
_WORDS: Final = bindparam("words", type_=RawText)
_ADD_PUBLIC: Final = _OF_ONE.values(public_n=ticket_texts.c.public_n.concat(_WORDS))
_ADD_INTERNAL: Final = _OF_ONE.values(internal_n=ticket_texts.c.internal_n.concat(_WORDS))


def begin(connection: Connection, ticket: int, subject: str, said: Iterable[tuple[bool, str]]) -> None:
    """The words of a new ticket: its subject and what is said at once (public or not, text); indexed once."""
    row = _row(ticket, subject)
    for public, body in said:
        row["public_n" if public else "internal_n"] += norm(body)
    connection.execute(_BEGIN, row)


def add(connection: Connection, ticket: int | None, body: str, *, public: bool) -> None:
    """The words of one more message; the doubled space between two keeps phrases from spanning them."""
    if words := norm(body):
        connection.execute(_ADD_PUBLIC if public else _ADD_INTERNAL, {"number": ticket, "words": words})


def rebuild(connection: Connection, ticket: int, subject: str) -> None:
    """All words of one ticket anew, after its subject changed."""
    words = _words(connection, {ticket: subject})[0]
    target = update(ticket_texts).where(ticket_texts.c.ticket_id == ticket)
    connection.execute(target.values(words))


def renew(connection: Connection) -> None:
    """All words of all tickets and their index anew, from the subjects and messages as they were written."""
    fulltext.drop(connection)
    connection.execute(delete(ticket_texts))
    fulltext.create(connection)
    last = 0
    subjects = select(tickets.c.id, tickets.c.subject).order_by(tickets.c.id).limit(_CHUNK)
    while part := {row.id: row.subject for row in connection.execute(subjects.where(tickets.c.id > last))}:
        connection.execute(_BEGIN, _words(connection, part))
        last = max(part)


def _words(connection: Connection, subjects: Mapping[int, str]) -> list[dict[str, Any]]:
    """The rows of tickets that lie next to each other, by number and subject."""
    rows = {number: _row(number, subject) for number, subject in subjects.items()}
    wanted = messages.c.ticket_id.between(min(rows), max(rows))
    query = select(messages.c.ticket_id, messages.c.public, messages.c.body).where(wanted)
    for number, public, body in connection.execute(query.order_by(messages.c.ticket_id, messages.c.id)):
        rows[number]["public_n" if public else "internal_n"] += norm(body)
    return list(rows.values())


def _row(ticket: int, subject: str) -> dict[str, Any]:
    words = norm(subject)
    return {"ticket_id": ticket, "subject_n": words, "public_n": words, "internal_n": ""}
