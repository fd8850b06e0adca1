"""Resting: open tickets with what is stored of their clocks, and projections written back, many at a time."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Update, bindparam, func, or_, select, update

from deskterm.rules.changes import Decision
from deskterm.rules.facts import Ticket
from deskterm.rules.sla.onward import Standing
from deskterm.rules.sla.resting import Rest
from deskterm.store.columns import clocks_of
from deskterm.store.tables import tickets
from deskterm.store.tables.tickets import NEVER_DUE

__all__ = [
    "PROJECTED",
    "Projection",
    "Resting",
    "Row",
    "count_open",
    "different",
    "projected",
    "resting",
    "rewrite",
    "row_of",
]


class Projection(NamedTuple):
    """The columns of a ticket that follow from timeline and rules alone; instants in epoch seconds."""

    due_first: int | None
    due_next: int | None
    due_update: int | None
    due_resolve: int | None
    next_due_at: int | None
    sla_state: str
    next_change_at: int | None


PROJECTED: Final = Projection._fields
"""Their names."""

Row = tuple[int, int, Mapping[str, Any]]
"""A ticket's number, the version that was seen of it, and the columns to be written."""

_projected = attrgetter(*PROJECTED)
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
    """An open ticket, and what is projected of it; `standing` is None where only the timeline tells it.

    It was changed last at `updated_at`, to `version`.
    """

    number: int
    version: int
    updated_at: int
    policy: str
    standing: Standing | None
    projected: Projection


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
    shown = Projection(*values)
    if not clocks:
        return Resting(number, version, updated_at, policy, None, shown)
    *rest, later_at = _decoded(clocks)[0]
    standing = Standing(policy, priority, status, Rest(*rest), later_at)
    return Resting(number, version, updated_at, policy, standing, shown)


def projected(ticket: Ticket) -> Projection:
    """What is projected of a ticket."""
    return Projection(*_projected(ticket))


def different(before: Projection, after: Projection) -> dict[str, Any]:
    """The values of `after`, by column, that `before` has not."""
    pairs = zip(PROJECTED, before, after, strict=True)
    return {name: new for name, old, new in pairs if old != new}


def row_of(decision: Decision) -> Row | None:
    """What a decision brings into the columns that are projections; None for one about no ticket."""
    before, after = decision.before, decision.after
    if before is None or after is None:
        return None
    values = different(projected(before), projected(after))
    if decision.left is not None:
        values["clocks"] = clocks_of(decision.left)
    return before.id, before.version, values


def count_open(connection: Connection) -> int:
    """How many tickets are open."""
    return connection.execute(_OPEN).scalar_one()


def rewrite(connection: Connection, rows: Iterable[Row]) -> None:
    """Give tickets other values in columns that are projections, where nobody wrote meanwhile.

    A column that is not named stays out of every index it stands in: that is most of the work.
    """
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for number, seen, values in rows:
        if not values:
            continue
        row = {"number": number, "seen": seen, **values}
        if "next_due_at" in values:
            row["due_sort"] = NEVER_DUE if values["next_due_at"] is None else values["next_due_at"]
        by_columns.setdefault(tuple(row), []).append(row)
    for names, found in by_columns.items():
        connection.execute(_rewriting(names), found)


@cache
def _rewriting(names: tuple[str, ...]) -> Update:
    return _SEEN.values({name: bindparam(name) for name in names if name not in _KEYS})
