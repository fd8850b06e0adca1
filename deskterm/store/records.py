"""Records: people, groups and queues on their way into the tables."""

import os
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Insert, Table, insert, update

from deskterm.rules.changes import NEW, Record
from deskterm.store.columns import encode
from deskterm.store.tables import (
    agents,
    contact_addresses,
    contact_organizations,
    contacts,
    group_members,
    groups,
    organization_domains,
    organizations,
    queues,
    settings,
)

__all__ = ["inserted", "touch_book", "write_record"]

_TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {"contact": contacts, "organization": organizations, "agent": agents, "group": groups, "queue": queues}
)
_IN_BOOK: Final = ("agent", "group", "queue")


def write_record(connection: Connection, change: Record, made: dict[str, int], now: int) -> int:
    """Insert or update one record with its links; returns its number, kept in `made` by noun."""
    table = _TABLES[change.noun]
    values: dict[str, Any] = {
        name: made["contact"] if name == "contact_id" and value == NEW else value
        for name, value in change.values.items()
    }
    if "skills" in values:
        values["skills"] = encode(values["skills"])
    number = change.id
    if number == NEW:
        number = inserted(connection, insert(table), {**values, "created_at": now})
    elif values:
        connection.execute(update(table).where(table.c.id == number).values(values))
    for kind, members in change.links.items():
        _LINKS[change.noun, kind](connection, number, members)
    made[change.noun] = number
    made["id"] = number
    if change.noun in _IN_BOOK:
        touch_book(connection)
    return number


def inserted(connection: Connection, statement: Insert, values: Mapping[str, Any]) -> int:
    """Insert one row and return the number it got."""
    key = connection.execute(statement, dict(values)).inserted_primary_key
    return int(key[0]) if key else 0


def touch_book(connection: Connection) -> None:
    """Let every process read people, groups and queues again.

    A count would not do: a desk that was restored from a backup comes to the same numbers again.
    """
    value = str(int.from_bytes(os.urandom(7), "big"))
    connection.execute(update(settings).where(settings.c.name == "book").values(value=value))


def _addresses(connection: Connection, contact: int, members: Iterable[str]) -> None:
    rows = [{"address": address, "contact_id": contact, "rank": rank} for rank, address in enumerate(members)]
    _replace(connection, contact_addresses, "contact_id", contact, rows)


def _organizations(connection: Connection, contact: int, members: Iterable[int]) -> None:
    rows = [{"contact_id": contact, "organization_id": member} for member in members]
    _replace(connection, contact_organizations, "contact_id", contact, rows)


def _domains(connection: Connection, organization: int, members: Iterable[str]) -> None:
    rows = [{"domain": domain, "organization_id": organization} for domain in members]
    _replace(connection, organization_domains, "organization_id", organization, rows)


def _members(connection: Connection, group: int, members: Iterable[int]) -> None:
    rows = [{"group_id": group, "agent_id": member, "lead": False} for member in members]
    _replace(connection, group_members, "group_id", group, rows)


def _leads(connection: Connection, group: int, members: Iterable[int]) -> None:
    chosen = list(members)
    table = group_members
    query = update(table).where((table.c.group_id == group) & table.c.agent_id.in_(chosen))
    connection.execute(query.values(lead=True))


def _joined(connection: Connection, agent: int, members: Iterable[int]) -> None:
    rows = [{"group_id": group, "agent_id": agent, "lead": False} for group in members]
    if rows:
        connection.execute(insert(group_members), rows)


def _replace(
    connection: Connection, table: Table, owner: str, number: int, rows: list[dict[str, Any]]
) -> None:
    connection.execute(table.delete().where(table.c[owner] == number))
    if rows:
        connection.execute(insert(table), rows)


_LINKS: Final[Mapping[tuple[str, str], Callable[[Connection, int, Iterable[Any]], None]]] = MappingProxyType(
    {
        ("contact", "addresses"): _addresses,
        ("contact", "organizations"): _organizations,
        ("organization", "domains"): _domains,
        ("group", "members"): _members,
        ("group", "leads"): _leads,
        ("agent", "groups"): _joined,
    }
)
