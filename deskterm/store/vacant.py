"""Vacant: whether a desk is empty enough to become another one."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, Table, func, select

from deskterm.store import tables as t
from deskterm.store.bulk import ORDER

__all__ = ["vacate"]

# what the founding of a desk leaves behind, those who refer to others first
_FOUNDED: Final = (t.events, t.queues, t.group_members, t.groups, t.agents, t.receipts)


def vacate(connection: Connection, founding: Collection[str]) -> bool:
    """Make a desk that was founded, and nothing more, quite empty; False when there is anything else.

    `founding` are the keys of the receipts of a founding, each of one event.
    """
    if any(_any(connection, table) for table in ORDER if table not in _FOUNDED):
        return False
    keys = set(connection.execute(select(t.receipts.c.key).limit(len(founding) + 1)).scalars())
    events = connection.execute(select(func.count()).select_from(t.events)).scalar_one()
    if not keys <= set(founding) or events != len(keys):
        return False
    for table in _FOUNDED:
        connection.execute(table.delete())
    return True


def _any(connection: Connection, table: Table) -> bool:
    return connection.execute(select(table).limit(1)).first() is not None
