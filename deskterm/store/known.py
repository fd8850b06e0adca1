"""Known: what an import finds on the desk already, looked up for many names at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.sql import ColumnElement

from deskterm.store.tables import contact_addresses, contacts, organizations, tickets

__all__ = ["contacts_by_address", "contacts_by_key", "organizations_by_name", "tickets_by_key"]

_AT_ONCE: Final = 500  # values of one statement


def tickets_by_key(connection: Connection, source: str, keys: Iterable[str]) -> dict[str, int]:
    """The numbers of the tickets that came from `source` under `keys`."""
    return _found(connection, tickets.c.external_id, tickets.c.id, keys, tickets.c.source == source)


def contacts_by_key(connection: Connection, source: str, keys: Iterable[str]) -> dict[str, int]:
    """The ids of the contacts that came from `source` under `keys`."""
    return _found(connection, contacts.c.external_id, contacts.c.id, keys, contacts.c.source == source)


def contacts_by_address(connection: Connection, addresses: Iterable[str]) -> dict[str, int]:
    """The ids of the contacts that have `addresses`."""
    return _found(connection, contact_addresses.c.address, contact_addresses.c.contact_id, addresses)


def organizations_by_name(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """The ids of the organizations called `names`."""
    return _found(connection, organizations.c.name, organizations.c.id, names)


def _found(
    connection: Connection,
    name: ColumnElement[str],
    number: ColumnElement[int],
    wanted: Iterable[str],
    *conditions: ColumnElement[bool],
) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in _parts(wanted):
        query = select(name, number).where(name.in_(part), *conditions)
        for key, value in connection.execute(query.order_by(number.desc())):
            found[key] = value  # of two of one name, the older one
    return found


def _parts(values: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(dict.fromkeys(values))
    while part := list(islice(iterator, _AT_ONCE)):
        yield part
