"""Directory: contacts and organizations, agents, groups and queues as lists."""

from typing import Any

from sqlalchemy import Connection, Select, Table, func, or_, select

from deskterm.rules.facts import Book
from deskterm.store.rows import AgentRow, ContactRow, GroupRow, OrganizationRow, QueueRow
from deskterm.store.tables import (
    contact_addresses,
    contact_organizations,
    contacts,
    organization_domains,
    organizations,
    tickets,
)

__all__ = ["agent_rows", "contact_rows", "group_rows", "organization_rows", "queue_rows"]


def agent_rows(connection: Connection, book: Book) -> tuple[AgentRow, ...]:
    """All agents by login, with their groups and open tickets."""
    load = _open_by(connection, "assignee_id")
    rows = []
    for agent in sorted(book.agents.values(), key=lambda each: each.login):
        teams = tuple(sorted(group.name for group in book.groups.values() if agent.id in group.members))
        values = {
            name: getattr(agent, name)
            for name in AgentRow.__dataclass_fields__
            if name not in ("groups", "open_tickets")
        }
        rows.append(AgentRow(**values, groups=teams, open_tickets=load.get(agent.id, 0)))
    return tuple(rows)


def group_rows(connection: Connection, book: Book) -> tuple[GroupRow, ...]:
    """All groups by name, with their people and open tickets."""
    load = _open_by(connection, "group_id")
    return tuple(
        GroupRow(
            id=group.id,
            name=group.name,
            title=group.title,
            active=group.active,
            members=tuple(sorted(book.agents[each].login for each in group.members)),
            leads=tuple(sorted(book.agents[each].login for each in group.leads)),
            open_tickets=load.get(group.id, 0),
        )
        for group in sorted(book.groups.values(), key=lambda each: each.name)
    )


def queue_rows(connection: Connection, book: Book) -> tuple[QueueRow, ...]:
    """All queues by name, with their group and open tickets."""
    load = _open_by(connection, "queue_id")
    return tuple(
        QueueRow(
            id=queue.id,
            name=queue.name,
            title=queue.title,
            group=book.groups[queue.group_id].name if queue.group_id is not None else "",
            active=queue.active,
            open_tickets=load.get(queue.id, 0),
        )
        for queue in sorted(book.queues.values(), key=lambda each: each.name)
    )


def _open_by(connection: Connection, column: str) -> dict[int, int]:
    key = tickets.c[column]
    query = select(key, func.count()).where(tickets.c.is_open & key.is_not(None)).group_by(key)
    return dict(connection.execute(query).all())


def contact_rows(
    connection: Connection, text: str = "", limit: int = 50, number: int | None = None
) -> tuple[ContactRow, ...]:
    """Contacts whose name or address contains `text` (any case), by name; or the one with `number`."""
    query = select(contacts).order_by(contacts.c.name, contacts.c.id)
    if number is not None:
        query = query.where(contacts.c.id == number)
    elif text:
        needle = text.strip().lower()
        by_address = select(contact_addresses.c.contact_id).where(
            contact_addresses.c.address.contains(needle, autoescape=True)
        )
        named = func.lower(contacts.c.name).contains(needle, autoescape=True)
        query = query.where(or_(named, contacts.c.id.in_(by_address)))
    found = list(connection.execute(query.limit(limit) if limit else query))
    return tuple(_contact_row(connection, row) for row in found)


def _contact_row(connection: Connection, row: Any) -> ContactRow:
    addresses = select(contact_addresses.c.address).where(contact_addresses.c.contact_id == row.id)
    teams = (
        select(organizations.c.name)
        .join(contact_organizations, contact_organizations.c.organization_id == organizations.c.id)
        .where(contact_organizations.c.contact_id == row.id)
    )
    working = select(func.count()).where(tickets.c.is_open & (tickets.c.requester_id == row.id))
    return ContactRow(
        id=row.id,
        name=row.name,
        addresses=_column(connection, addresses.order_by(contact_addresses.c.rank)),
        organizations=_column(connection, teams.order_by(organizations.c.name)),
        vip=row.vip,
        lang=row.lang,
        tz=row.tz,
        phone=row.phone,
        open_tickets=connection.execute(working).scalar_one(),
    )


def organization_rows(connection: Connection, text: str = "", limit: int = 50) -> tuple[OrganizationRow, ...]:
    """Organizations whose name or domain contains `text` (any case), by name."""
    query = select(organizations).order_by(organizations.c.name, organizations.c.id)
    if text:
        needle = text.strip().lower()
        by_domain = select(organization_domains.c.organization_id).where(
            organization_domains.c.domain.contains(needle, autoescape=True)
        )
        named = func.lower(organizations.c.name).contains(needle, autoescape=True)
        query = query.where(or_(named, organizations.c.id.in_(by_domain)))
    found = list(connection.execute(query.limit(limit) if limit else query))
    return tuple(
        OrganizationRow(
            id=row.id,
            name=row.name,
            tier=row.tier,
            domains=_column(
                connection,
                select(organization_domains.c.domain)
                .where(organization_domains.c.organization_id == row.id)
                .order_by(organization_domains.c.domain),
            ),
            contacts=_members(connection, contact_organizations, row.id),
        )
        for row in found
    )


def _members(connection: Connection, table: Table, organization: int) -> int:
    query = select(func.count()).where(table.c.organization_id == organization)
    return connection.execute(query).scalar_one()


def _column(connection: Connection, query: Select[Any]) -> tuple[Any, ...]:
    return tuple(connection.execute(query).scalars())
