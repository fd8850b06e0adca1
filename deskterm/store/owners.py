"""Owners: the contacts or organizations that a condition means, by which an index lists their tickets."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.sql import ColumnElement

from deskterm.rules.query.ast import Glob, In
from deskterm.store.letters import affixed, ends, holds, position
from deskterm.store.tables import contact_addresses, contacts, organizations

__all__ = ["owners"]

Condition = ColumnElement[bool]

_ADDRESS: Final = contact_addresses.c.address
_ASKED: Final[Mapping[str, tuple[str, ColumnElement[Any], ColumnElement[Any]]]] = MappingProxyType(
    {
        "requester": ("requester_id", contact_addresses.c.contact_id, _ADDRESS),
        "requester_name": ("requester_id", contacts.c.id, contacts.c.name),
        "domain": ("requester_id", contact_addresses.c.contact_id, _ADDRESS),
        "org": ("organization_id", organizations.c.id, organizations.c.name),
        "tier": ("organization_id", organizations.c.id, organizations.c.tier),
    }
)


def owners(node: In | Glob, dialect: str) -> tuple[str, Select[tuple[int]]] | None:
    """The column of `tickets` and those that stand in it, None where a condition is not about owners."""
    if node.field not in _ASKED:
        return None
    column, number, value = _ASKED[node.field]
    meant = _among(node, value, dialect) if isinstance(node, In) else _affixed(node, value, dialect)
    found = select(number).where(meant)
    return column, found.where(contact_addresses.c.rank == 0) if value is _ADDRESS else found


def _among(node: In, value: ColumnElement[Any], dialect: str) -> Condition:
    names = [str(each) for each in node.values]
    if node.field == "domain":
        return or_(*(ends(value, f"@{name}", dialect) for name in names))
    return value.in_([name for name in names if name])


def _affixed(node: Glob, value: ColumnElement[Any], dialect: str) -> Condition:
    if node.field == "domain" and node.at == "start":
        return holds(value, f"@{node.text}", dialect)
    if node.field == "domain":
        value = func.substr(value, position(value, "@", dialect) + 1)
    return (value != "") & affixed(value, node, dialect)
