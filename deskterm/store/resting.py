"""Resting: open tickets with what is stored of their clocks, and projections written back, many at a time."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Update, bindparam, func, or_, select, update

from deskterm.rules.facts import Ticket
from deskterm.rules.sla.onward import Standing
from deskterm.rules.sla.resting import Rest
from deskterm.store.tables import tickets
from deskterm.store.tables.tickets import NEVER_DUE

__all__ = ["PROJECTED", "Resting", "count_open", "projected", "resting", "rewrite"]

PROJECTED: Final = (
    *("due_first", "due_next", "due_update", "due_resolve", "next_due_at", "sla_state", "next_change_at"),
)
"""The columns that follow from the timeline and the rules alone."""

_decoded = json.JSONDecoder().raw_decode
_KEYS: Final = ("number", "seen")
_RESTING: Final = select(
    *(tickets.c[name] for name in ("id", "version", "updated_at", "policy", "priority", "status", "clocks")),
    *(tickets.c[name] for name in PROJECTED),
).where(
    # a ticket on which no clock is open has nothing to feel
    tickets.c.id.between(bindparam("first"), bindparam("last"))
    & tickets.c.is_open
    & (tickets.c.clocks.is_(None) | (tickets.c.clocks != ""))
)
_SEEN: Final = update(tickets).where(
    (tickets.c.id == bindparam("number")) & (tickets.c.version == bindparam("seen"))
)
_OPEN: Final = select(func.count()).select_from(tickets).where(tickets.c.is_open)


class Resting(NamedTuple):
    """An open ticket, and its columns PROJECTED; `standing` is None where only the timeline tells it.

    It was changed last at `updated_at`, to `version`.
    """

    number: int
    version: int
    updated_at: int
    policy: str
    standing: Standing | None
    projected: tuple[Any, ...]


def resting(
    connection: Connection, first: int, last: int, terms: Iterable[tuple[str, str]] | None = None
) -> list[Resting]:
    """The open tickets numbered `first` to `last`, or only those under these policies and priorities."""
    query = _RESTING
    if terms is not None:
        under: dict[str, list[str]] = {}
        for policy, priority in terms:
            under.setdefault(policy, []).append(priority)
        pairs = [(tickets.c.policy == each) & tickets.c.priority.in_(under[each]) for each in sorted(under)]
        query = query.where(or_(*pairs))
    return [_resting(*row) for row in connection.execute(query, {"first": first, "last": last})]


def _resting(
    number: int,
    version: int,
    updated_at: int,
    policy: str,
    priority: str,
    status: str,
    clocks: str | None,
    *values: Any,
) -> Resting:
    if not clocks:
        return Resting(number, version, updated_at, policy, None, values)
    *rest, later_at = _decoded(clocks)[0]
    standing = Standing(policy, priority, status, Rest(*rest), later_at)
    return Resting(number, version, updated_at, policy, standing, values)


def projected(ticket: Ticket) -> tuple[Any, ...]:
    """The columns PROJECTED of a ticket."""
    return tuple(getattr(ticket, name) for name in PROJECTED)


def count_open(connection: Connection) -> int:
    """How many tickets are open."""
    return connection.execute(_OPEN).scalar_one()


def rewrite(connection: Connection, rows: Iterable[tuple[int, int, Mapping[str, Any]]]) -> None:
    """Give tickets (number, version) other values in columns that are projections, if nobody wrote meanwhile.

    A column that is not named stays out of every index it stands in: that is most of the work.
    """
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for number, seen, values in rows:
        row = {"number": number, "seen": seen, **values}
        if "next_due_at" in values:
            row["due_sort"] = NEVER_DUE if values["next_due_at"] is None else values["next_due_at"]
        by_columns.setdefault(tuple(row), []).append(row)
    for names, found in by_columns.items():
        connection.execute(_rewriting(names), found)


@cache
def _rewriting(names: tuple[str, ...]) -> Update:
    return _SEEN.values({name: bindparam(name) for name in names if name not in _KEYS})
