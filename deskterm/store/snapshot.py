"""Snapshot: the facts of an action, loaded inside its transaction. Rows never leave; frozen values do."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)

from deskterm.rules import actions as a
from deskterm.rules.facts import Actor, Book, Contact, Event, Facts, Organization, Ticket
from deskterm.store.rawtext import RawText
from deskterm.store.tables import (
    contact_addresses,
    contact_organizations,
    contacts,
    events,
    organization_domains,
    organizations,
    ticket_fields,
    ticket_tags,
    tickets,
)

__all__ = ["contact_by", "history_of", "load", "ticket_by_id", "with_activations"]

# statements made once: SQLAlchemy takes longer to build one than SQLite to answer it
_KEY: Final[BindParameter[Any]] = bindparam("key")
_TICKET: Final = select(*(column for column in tickets.c if column.name in Ticket.__dataclass_fields__))
_TICKET_BY_ID: Final = _TICKET.where(tickets.c.id == _KEY)
_OPEN_DUPLICATE: Final = _TICKET.where(
    (tickets.c.dedupe_key == _KEY) & (tickets.c.dedupe_key != "") & tickets.c.is_open
)
_EVENT: Final = ("id", "at", "kind", "actor_kind", "actor_id", "data", "because", "version")
_HISTORY: Final = (
    select(*(events.c[name] for name in _EVENT))
    .where(events.c.ticket_id == _KEY)
    .order_by(events.c.at, events.c.id)
)
_CONTACT: Final = select(contacts).where(contacts.c.id == _KEY)
_CONTACT_AT: Final = (
    select(contacts).join(contact_addresses, contact_addresses.c.contact_id == contacts.c.id)
).where(contact_addresses.c.address == _KEY)
_BY_DOMAIN: Final = (
    select(organization_domains.c.organization_id)
    .where(organization_domains.c.domain.in_(bindparam("key", expanding=True)))
    .order_by(func.length(organization_domains.c.domain).desc())
    .limit(1)
)
_NOTHING: Final = literal_column("''", RawText).label("value")
_ZERO: Final = literal_column("0", BigInteger).label("rank")
_OF_TICKET: Final[BindParameter[Any]] = bindparam("ticket")
_OF_CONTACT: Final[BindParameter[Any]] = bindparam("contact")
# one trip to the server for what belongs to a ticket and to whoever asks; each trip costs more than its rows
_BELONGINGS: Final = union_all(
    select(literal_column("'tag'").label("kind"), ticket_tags.c.tag.label("name"), _NOTHING, _ZERO).where(
        ticket_tags.c.ticket_id == _OF_TICKET
    ),
    select(literal_column("'field'"), ticket_fields.c.name, ticket_fields.c.value, _ZERO).where(
        ticket_fields.c.ticket_id == _OF_TICKET
    ),
    select(
        literal_column("'address'"), contact_addresses.c.address, _NOTHING, contact_addresses.c.rank
    ).where(contact_addresses.c.contact_id == _OF_CONTACT),
    select(literal_column("'home'"), _NOTHING, _NOTHING, contact_organizations.c.organization_id).where(
        contact_organizations.c.contact_id == _OF_CONTACT
    ),
)


class _Belongings(NamedTuple):
    """What belongs to a ticket: tags, fields of its own; and to a contact: addresses, organizations."""

    tags: frozenset[str]
    custom: dict[str, str]
    addresses: tuple[str, ...]
    organizations: tuple[int, ...]


def load(connection: Connection, action: a.Action, actor: Actor, book: Book) -> Facts:
    """Everything `action` by `actor` may need; whoever will write it has locked it before."""
    if isinstance(action, a.TicketAction):
        facts = _about_ticket(connection, action.ticket, book)
        return _with_rules(connection, facts, book) if facts.ticket else facts
    if isinstance(action, a.OpenTicket):
        return _with_rules(connection, _for_opening(connection, action, actor, book), book)
    if isinstance(action, a.AddContact | a.SetContact):
        return _about_contact(connection, action)
    if type(action).__name__ in ("OpenRecurring", "ActivateRules"):
        from deskterm.store.circumstances import of_upkeep

        return of_upkeep(connection, action, book)
    if isinstance(action, a.AddOrganization | a.SetOrganization):
        return _about_organization(connection, action)
    return Facts()


def _with_rules(connection: Connection, facts: Facts, book: Book) -> Facts:
    if book.rules is None:
        return facts
    from deskterm.store.circumstances import with_circumstances

    return with_circumstances(connection, facts, book.rules)


def _about_ticket(connection: Connection, number: int, book: Book) -> Facts:
    row = _one(connection, _TICKET_BY_ID, number) if 0 < number < 2**63 else None
    if row is None:
        return Facts()
    belongings = _belongings(connection, number, row.requester_id)
    ticket = _ticket(row, belongings)
    person = _one(connection, _CONTACT, row.requester_id) if row.requester_id is not None else None
    requester = _contact(person, belongings) if person is not None else None
    alike = _duplicate(connection, ticket.dedupe_key) if ticket.dedupe_key else None
    return Facts(
        ticket=ticket,
        history=with_activations(history_of(connection, number), book.activated),
        requester=requester,
        duplicate=alike if alike and alike.id != number else None,
    )


def ticket_by_id(connection: Connection, number: int) -> Ticket | None:
    """The ticket with that number, None when there is none."""
    if not 0 < number < 2**63:
        return None
    row = _one(connection, _TICKET_BY_ID, number)
    return _ticket(row, _belongings(connection, number, None)) if row is not None else None


def _ticket(row: Any, belongings: _Belongings) -> Ticket:
    return Ticket(**row._mapping, tags=belongings.tags, custom=belongings.custom)


def _belongings(connection: Connection, ticket: int | None, contact: int | None) -> _Belongings:
    found: dict[str, list[Any]] = {"tag": [], "field": [], "address": [], "home": []}
    keys = {"ticket": ticket or 0, "contact": contact or 0}
    for kind, name, value, rank in connection.execute(_BELONGINGS, keys):
        found[kind].append((rank, name, value))
    return _Belongings(
        frozenset(name for _, name, _ in found["tag"]),
        {name: value for _, name, value in found["field"]},
        tuple(name for _, name, _ in sorted(found["address"])),
        tuple(sorted(number for number, _, _ in found["home"])),
    )


def _one(connection: Connection, query: Select[Any], key: int | str) -> Any:
    """The row, None when there is none."""
    return connection.execute(query, {"key": key}).one_or_none()


def history_of(connection: Connection, number: int) -> tuple[Event, ...]:
    """The timeline of a ticket, oldest first, without the words of its messages."""
    decoded = json.loads  # the names of a row's columns would cost as much again as the row
    return tuple(
        Event(seq, at, kind, Actor(who, person), decoded(told), because, version)
        for seq, at, kind, who, person, told, because, version in connection.execute(
            _HISTORY, {"key": number}
        )
    )


def with_activations(history: tuple[Event, ...], activated: tuple[Event, ...]) -> tuple[Event, ...]:
    """The timeline with the changes of the desk's rules since the ticket was opened, each in its place."""
    first = (history[0].at, history[0].seq) if history else (0, 0)
    later = [_behind(history, event) for event in activated if (event.at, event.seq) > first]
    if not later:
        return history
    return tuple(sorted((*history, *later), key=lambda event: (event.at, event.seq)))


def _behind(history: tuple[Event, ...], event: Event) -> Event:
    """An activation behind all that was written before it, also where a clock was set back in between."""
    if not history or history[-1].at <= event.at:
        return event
    before = max((own.at for own in history if own.seq < event.seq), default=event.at)
    return event if before <= event.at else replace(event, at=before)


def _for_opening(connection: Connection, action: a.OpenTicket, actor: Actor, book: Book) -> Facts:
    duplicate = _duplicate(connection, action.dedupe_key) if action.dedupe_key else None
    known_as = action.requester.strip().lower()
    requester = contact_by(connection, known_as) if known_as else _actor_contact(connection, actor, book)
    addresses = (known_as,) if known_as else requester.addresses if requester else _own(actor, book)
    organizations = _organizations(connection, requester.organizations) if requester else ()
    by_domain = () if organizations else _organizations_by_domain(connection, addresses)
    return Facts(
        duplicate=duplicate,
        history=history_of(connection, duplicate.id) if duplicate else (),
        requester=requester,
        organizations=organizations,
        domain_organizations=by_domain,
    )


def _own(actor: Actor, book: Book) -> tuple[str, ...]:
    agent = book.agents.get(actor.id or 0) if actor.kind == "agent" else None
    return (agent.email,) if agent and agent.email else ()


def _duplicate(connection: Connection, key: str) -> Ticket | None:
    row = _one(connection, _OPEN_DUPLICATE, key)
    return _ticket(row, _belongings(connection, row.id, None)) if row is not None else None


def _actor_contact(connection: Connection, actor: Actor, book: Book) -> Contact | None:
    if actor.kind == "requester" and actor.id is not None:
        return _contact_of(connection, _CONTACT, actor.id)
    agent = book.agents.get(actor.id or 0) if actor.kind == "agent" else None
    if agent is None:
        return None
    if agent.contact_id is not None:
        return _contact_of(connection, _CONTACT, agent.contact_id)
    return contact_by(connection, agent.email) if agent.email else None


def contact_by(connection: Connection, who: str) -> Contact | None:
    """The contact with that address (any case) or number."""
    if who.isascii() and who.isdigit():
        return _contact_of(connection, _CONTACT, int(who)) if len(who) < 19 else None
    return _contact_of(connection, _CONTACT_AT, who.strip().lower())


def _contact_of(connection: Connection, query: Select[Any], key: int | str) -> Contact | None:
    row = _one(connection, query, key)
    return _contact(row, _belongings(connection, None, row.id)) if row is not None else None


def _contact(row: Any, belongings: _Belongings) -> Contact:
    return Contact(
        id=row.id,
        name=row.name,
        addresses=belongings.addresses,
        organizations=belongings.organizations,
        vip=row.vip,
        lang=row.lang,
        tz=row.tz,
        phone=row.phone,
    )


def _about_contact(connection: Connection, action: a.AddContact | a.SetContact) -> Facts:
    if isinstance(action, a.AddContact):
        name = action.organization.strip()
        organization = _organization(connection, name) if name else None
        return Facts(taken=_addresses_taken(connection, action.addresses), organization=organization)
    contact = contact_by(connection, action.contact)
    names = (*action.add_organizations, *action.remove_organizations)
    named = [found for each in names if (found := _organization(connection, each))]
    kept = _organizations(connection, contact.organizations) if contact else ()
    return Facts(
        contact=contact,
        organizations=tuple({each.id: each for each in (*kept, *named)}.values()),
        taken=_addresses_taken(connection, action.add_addresses),
    )


def _about_organization(connection: Connection, action: a.AddOrganization | a.SetOrganization) -> Facts:
    adding = isinstance(action, a.AddOrganization)
    name = action.name if isinstance(action, a.AddOrganization) else action.organization
    domains = action.domains if isinstance(action, a.AddOrganization) else action.add_domains
    wanted = [each.strip().lower().removeprefix("@") for each in domains]
    query = select(organization_domains.c.domain, organization_domains.c.organization_id).where(
        organization_domains.c.domain.in_(wanted)
    )
    taken: dict[str, int] = dict(connection.execute(query).all())
    if not adding and action.name:
        other = _organization(connection, action.name.strip())
        taken |= {other.name: other.id} if other else {}
    return Facts(organization=_organization(connection, (name or "").strip()), taken=taken)


def _addresses_taken(connection: Connection, addresses: Iterable[str]) -> Mapping[str, int]:
    wanted = [each.strip().lower() for each in addresses]
    if not wanted:
        return {}
    query = select(contact_addresses.c.address, contact_addresses.c.contact_id).where(
        contact_addresses.c.address.in_(wanted)
    )
    return dict(connection.execute(query).all())


def _organization(connection: Connection, name: str) -> Organization | None:
    number = connection.execute(
        select(organizations.c.id).where(organizations.c.name == name)
    ).scalar_one_or_none()
    return _organizations(connection, (number,))[0] if number is not None else None


def _organizations(connection: Connection, numbers: Iterable[int]) -> tuple[Organization, ...]:
    wanted = tuple(numbers)
    if not wanted:
        return ()
    domains: dict[int, set[str]] = {}
    owned = select(organization_domains.c.organization_id, organization_domains.c.domain).where(
        organization_domains.c.organization_id.in_(wanted)
    )
    for owner, domain in connection.execute(owned):
        domains.setdefault(owner, set()).add(domain)
    rows = connection.execute(
        select(organizations).where(organizations.c.id.in_(wanted)).order_by(organizations.c.id)
    )
    return tuple(Organization(row.id, row.name, row.tier, frozenset(domains.get(row.id, ()))) for row in rows)


def _organizations_by_domain(connection: Connection, addresses: Iterable[str]) -> tuple[Organization, ...]:
    """The organization that owns the domain of the first address, or the nearest domain above it."""
    for each in addresses:
        parts = each.rpartition("@")[2].split(".")
        domains = [".".join(parts[start:]) for start in range(len(parts) - 1)]
        owner = connection.execute(_BY_DOMAIN, {"key": domains}).scalar_one_or_none() if domains else None
        return _organizations(connection, (owner,)) if owner is not None else ()
    return ()
