"""Masses: facts of many tickets at once, and what follows from the words of the desk."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from deskterm.rules.facts import Actor, Book, Contact, Event, Facts, Organization, Ticket
from deskterm.store.snapshot import with_activations
from deskterm.store.tables import (
    contact_addresses,
    contacts,
    events,
    firings,
    organizations,
    ticket_fields,
    ticket_tags,
    ticket_texts,
    tickets,
)

__all__ = ["facts_of", "last_ticket", "misworded", "reword"]

_NAMES: Final = tuple(name for name in Ticket.__dataclass_fields__ if name not in ("tags", "custom"))
_TICKETS: Final = select(*(tickets.c[name] for name in _NAMES))
_LAST: Final = select(func.max(tickets.c.id))


def facts_of(connection: Connection, numbers: Sequence[int], book: Book) -> Iterator[Facts]:
    """What a decision may ask about each of the tickets, without who could take them; in any order."""
    rows = connection.execute(_TICKETS.where(tickets.c.id.in_(numbers))).all()
    tags = _sets(connection, ticket_tags.c.ticket_id, ticket_tags.c.tag, numbers)
    custom = _maps(connection, numbers)
    timelines = _timelines(connection, numbers)
    fired = _sets(connection, firings.c.ticket_id, firings.c.key, numbers)
    people = _people(connection, {row.requester_id for row in rows if row.requester_id is not None})
    homes = _homes(connection, {row.organization_id for row in rows if row.organization_id is not None})
    words = _words(connection, numbers) if _asks_words(book) else {}
    for row in rows:
        number = row.id
        yield Facts(
            ticket=_ticket(row, tags.get(number, ()), custom.get(number, {})),
            history=with_activations(tuple(timelines.get(number, ())), book.activated),
            requester=people.get(row.requester_id),
            organization=homes.get(row.organization_id),
            fired=frozenset(fired.get(number, ())),
            words=words.get(number, ""),
        )


def _ticket(row: Any, tags: Iterable[str], custom: Mapping[str, str]) -> Ticket:
    values: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    return Ticket(**values, tags=frozenset(tags), custom=custom)


def last_ticket(connection: Connection) -> int:
    """The highest number that a ticket has; 0 where there is none."""
    return connection.execute(_LAST).scalar_one() or 0


def misworded(connection: Connection, book: Book, first: int, last: int) -> list[dict[str, Any]]:
    """What the words of the desk say otherwise of the tickets numbered `first` to `last`."""
    terms = book.terms
    known: dict[tuple[str, str], tuple[bool, int]] = {}
    rows: list[dict[str, Any]] = []
    for number, status, priority, *kept in connection.execute(_WORDED, {"first": first, "last": last}):
        words = status, priority
        if words not in known:
            known[words] = terms.is_open(status), terms.rank(priority)
        if known[words] != tuple(kept):
            rows.append({"number": number, "open": known[words][0], "rank": known[words][1]})
    return rows


def reword(connection: Connection, book: Book, first: int, last: int) -> int:
    """Derive anew what follows from the words of the desk, for the tickets numbered `first` to `last`."""
    rows = misworded(connection, book, first, last)
    if rows:
        connection.execute(_REWORD, rows)
    return len(rows)


_WORDED: Final = select(
    tickets.c.id, tickets.c.status, tickets.c.priority, tickets.c.is_open, tickets.c.priority_rank
).where(tickets.c.id.between(bindparam("first"), bindparam("last")))
_REWORD: Final = (
    update(tickets)
    .where(tickets.c.id == bindparam("number"))
    .values(is_open=bindparam("open"), priority_rank=bindparam("rank"))
)


def _asks_words(book: Book) -> bool:
    if book.rules is None:
        return False
    from deskterm.rules.needs import needs_of

    return needs_of(book.rules).words


def _sets(
    connection: Connection, owner: ColumnElement[Any], value: ColumnElement[Any], numbers: Sequence[int]
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, each in connection.execute(select(owner, value).where(owner.in_(numbers))):
        found.setdefault(number, []).append(each)
    return found


def _maps(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    query = select(ticket_fields.c.ticket_id, ticket_fields.c.name, ticket_fields.c.value)
    for number, name, value in connection.execute(query.where(ticket_fields.c.ticket_id.in_(numbers))):
        found.setdefault(number, {})[name] = value
    return found


_EVENT: Final = tuple(
    events.c[name]
    for name in ("ticket_id", "id", "at", "kind", "actor_kind", "actor_id", "data", "because", "version")
)


def _timelines(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    query = select(*_EVENT).where(events.c.ticket_id.in_(numbers)).order_by(events.c.at, events.c.id)
    loads = json.loads
    for number, seq, at, kind, who, person, data, because, version in connection.execute(query):
        event = Event(seq, at, kind, Actor(who, person), loads(data), because, version)
        found.setdefault(number, []).append(event)
    return found


def _people(connection: Connection, numbers: Iterable[int]) -> dict[int, Contact]:
    wanted = tuple(numbers)
    addresses: dict[int, list[tuple[int, str]]] = {}
    query = select(contact_addresses.c.contact_id, contact_addresses.c.rank, contact_addresses.c.address)
    for number, rank, address in connection.execute(query.where(contact_addresses.c.contact_id.in_(wanted))):
        addresses.setdefault(number, []).append((rank, address))
    rows = connection.execute(select(contacts).where(contacts.c.id.in_(wanted)))
    return {
        row.id: Contact(
            id=row.id,
            name=row.name,
            addresses=tuple(address for _, address in sorted(addresses.get(row.id, ()))),
            vip=row.vip,
            lang=row.lang,
            tz=row.tz,
            phone=row.phone,
        )
        for row in rows
    }


def _homes(connection: Connection, numbers: Iterable[int]) -> dict[int, Organization]:
    query = select(organizations.c.id, organizations.c.name, organizations.c.tier)
    rows = connection.execute(query.where(organizations.c.id.in_(tuple(numbers))))
    return {row.id: Organization(row.id, row.name, row.tier) for row in rows}


def _words(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    query = select(ticket_texts.c.ticket_id, ticket_texts.c.public_n, ticket_texts.c.internal_n)
    rows = connection.execute(query.where(ticket_texts.c.ticket_id.in_(numbers)))
    return {number: public + internal for number, public, internal in rows}
