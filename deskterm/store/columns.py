"""Columns: a ticket as the row that the tickets table holds, what sorting needs included."""

import json
from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from deskterm.rules.facts import Ticket
from deskterm.rules.terms import DEFAULT_TERMS, Terms
from deskterm.rules.words import norm
from deskterm.store.tables.tickets import NEVER_DUE

if TYPE_CHECKING:
    from deskterm.rules.changes import Left

__all__ = ["DERIVED", "PLAIN", "clocks_of", "columns_of", "derived", "encode", "values_of"]

PLAIN: Final = tuple(name for name in Ticket.__dataclass_fields__ if name not in ("id", "tags", "custom"))
"""The columns that are fields of a ticket by the same name."""

DERIVED: Final = ("subject_n", "is_open", "priority_rank", "due_sort")
"""The columns that follow from others; they exist to search and to sort by."""

_plain = attrgetter(*PLAIN)
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def values_of(ticket: Ticket, terms: Terms = DEFAULT_TERMS) -> tuple[Any, ...]:
    """The values of the columns PLAIN and DERIVED, in this order."""
    return (
        *_plain(ticket),
        *derived(ticket.subject, ticket.status, ticket.priority, ticket.next_due_at, terms),
    )


def derived(
    subject: str, status: str, priority: str, next_due_at: int | None, terms: Terms = DEFAULT_TERMS
) -> tuple[Any, ...]:
    """The values of the columns DERIVED."""
    due = NEVER_DUE if next_due_at is None else next_due_at
    return norm(subject), terms.is_open(status), terms.rank(priority), due


def columns_of(ticket: Ticket, terms: Terms) -> dict[str, Any]:
    """The columns of the tickets table for `ticket`, projections for sorting included, its id not."""
    return dict(zip((*PLAIN, *DERIVED), values_of(ticket, terms), strict=True))


def clocks_of(left: "Left") -> str | None:
    """What rests of the clocks as the column `clocks` keeps it: None for what only the timeline tells, and
    nothing where none is open.
    """
    if left.rest is None:
        return None
    return _encode([*left.rest, left.later_at]) if left.rest.clocks else ""


def encode(values: Mapping[str, Any]) -> str:
    """JSON in ASCII: every string survives, whatever the database thinks of its characters."""
    return _encode(dict(values))
