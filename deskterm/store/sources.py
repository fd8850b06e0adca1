"""Sources: where an index lists the tickets of a condition, so that nobody looks for them one by one.

No database guesses well whether a condition holds of few tickets; the store counts a little way, and knows.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import CompoundSelect, Select, and_, false, literal_column, not_, select, union_all
from sqlalchemy.sql import ColumnElement

from deskterm.rules.query.ast import And, Cmp, Glob, In, Node, Null, Or
from deskterm.rules.terms import ALWAYS_OPEN_STATUSES
from deskterm.store.letters import affixed
from deskterm.store.owners import owners
from deskterm.store.tables import ticket_fields, ticket_tags, tickets
from deskterm.store.tables.tickets import NEVER_DUE
from deskterm.store.textindex import Lead, is_indexed, lead

__all__ = ["Listing", "Source", "mixed", "sources"]

Listing = Select[Any] | CompoundSelect[Any]


class Source(NamedTuple):
    """A statement that gives the `ticket`s of a condition, some perhaps twice; `exact`: and no others."""

    listing: Listing
    exact: bool = True


_LISTED: Final = tickets.alias("listed")
_HIS: Final = "requester_id"
_TICKET: Final = _LISTED.c.id.label("ticket")
_PLAIN: Final = ("category", "channel", "impact", "lang", "region", "type", "urgency", "vendor")
_COMPARED: Final[Mapping[str, ColumnElement[Any]]] = MappingProxyType(
    {
        "id": _LISTED.c.id,
        "created": _LISTED.c.created_at,
        "updated": _LISTED.c.updated_at,
        "due": _LISTED.c.due_sort,
        "waiting_since": _LISTED.c.waiting_since,
    }
)


def sources(nodes: Sequence[Node], dialect: str, *, internal: bool) -> tuple[Source, ...]:
    """The sources of the conditions `nodes`, which all are to hold.

    An index knows of a requester which of his tickets are open: that of many is often one.
    """
    opened = any(isinstance(node, In) and _always_open(node) for node in nodes)
    ranges = [node for node in nodes if isinstance(node, Cmp) and node.field in _COMPARED]
    fields = dict.fromkeys(node.field for node in ranges)
    found = [_range([node for node in ranges if node.field == field]) for field in fields]
    others = (_source(node, dialect, internal, opened=opened) for node in nodes if node not in ranges)
    return (*found, *(each for each in others if each is not None))


def mixed(node: Node, dialect: str, *, internal: bool) -> Lead | None:
    """What indexes list of alternatives when some are words and others are not."""
    if not isinstance(node, Or):
        return None
    words = tuple(each for each in node.nodes if is_indexed(each))
    others = [_source(each, dialect, internal) for each in node.nodes if each not in words]
    if not (words and all(others)):
        return None
    known = [each for each in others if each is not None]
    first, exact = lead(dialect, Or(words), internal=internal), all(each.exact for each in known)
    listed = (select(each.listing.subquery().c.ticket, false().label("long")) for each in known)
    return first._replace(
        hits=union_all(first.hits, *listed),
        exact=first.exact and exact,
        measured=first.measured and exact,
        once=False,
    )


def _source(node: Node, dialect: str, internal: bool, *, opened: bool = False) -> Source | None:
    match node:
        case Or():
            return _either([_source(each, dialect, internal) for each in node.nodes])
        case And():
            found = sources(node.nodes, dialect, internal=internal)
            return found[0]._replace(exact=False) if found else None
        case In(field="status") if not _always_open(node):
            return _either([_status(node, _LISTED.c.is_open), _status(node, not_(_LISTED.c.is_open))])
        case In() | Null() if node.field in _PLAIN and (internal or node.field != "vendor"):
            return Source(select(_TICKET).where(_plain(node)))
        case In() | Null() | Cmp() if (sparse := _sparse(node)) is not None:
            return Source(select(_TICKET).where(sparse))
        case In(field="id"):
            return Source(select(_TICKET).where(_LISTED.c.id.in_(node.values)))
        case Cmp() if node.field in _COMPARED:
            return _range([node])
        case In() | Glob() if owned := owners(node, dialect):
            listing = select(_TICKET).where(_LISTED.c[owned[0]].in_(owned[1]))
            return Source(listing.where(_LISTED.c.is_open) if opened and owned[0] == _HIS else listing)
        case In(field="tag") if internal:
            return Source(_ticket(ticket_tags).where(ticket_tags.c.tag.in_(node.values)))
        case In() | Glob() | Null(present=True) if internal and node.field.startswith("cf."):
            return _custom(node, dialect)
    return None


def _always_open(node: In) -> bool:
    return node.field == "status" and set(node.values) <= set(ALWAYS_OPEN_STATUSES)


def _status(node: In, which: ColumnElement[bool]) -> Source:
    return Source(select(_TICKET).where(which, _LISTED.c.status.in_(node.values)))


def _plain(node: In | Null) -> ColumnElement[bool]:
    column = _LISTED.c[node.field]
    if isinstance(node, In):
        return column.in_([value for value in node.values if value != ""])
    return column > "" if node.present else column == ""


def _sparse(node: In | Null | Cmp) -> ColumnElement[bool] | None:
    """Of a column that says nothing of most tickets, in the very words of its index."""
    match node:
        case In(field="sla") if "none" not in node.values:
            return and_(_LISTED.c.sla_state != literal_column("'none'"), _LISTED.c.sla_state.in_(node.values))
        case In(field="parent"):
            return _LISTED.c.parent_id.in_(node.values)
        case Null(field="parent", present=True):
            return _LISTED.c.parent_id.is_not(None)
        case Cmp(field="reopens", op=">", value=int(value)) if value >= 0:
            return and_(_LISTED.c.reopen_count > literal_column("0"), _LISTED.c.reopen_count > value)
    return None


def _either(found: Sequence[Source | None]) -> Source | None:
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        return None
    listings = [select(each.listing.subquery().c.ticket) for each in known]
    return Source(union_all(*listings), all(each.exact for each in known))


def _range(nodes: Sequence[Cmp]) -> Source:
    """One way along an index, between all of these."""
    sides = {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}
    compared = [getattr(_COMPARED[node.field], sides[node.op])(node.value) for node in nodes]
    if nodes[0].field == "due":
        compared.append(_LISTED.c.due_sort < NEVER_DUE)
    return Source(select(_TICKET).where(*compared))


def _custom(node: In | Glob | Null, dialect: str) -> Source:
    value = ticket_fields.c.value
    asked: ColumnElement[bool] = value != ""
    if isinstance(node, In):
        asked = and_(asked, value.in_(node.values))
    if isinstance(node, Glob):
        asked = and_(asked, affixed(value, node, dialect))
    return Source(_ticket(ticket_fields).where(ticket_fields.c.name == node.field[3:], asked))


def _ticket(table: Any) -> Select[Any]:
    return select(table.c.ticket_id.label("ticket"))
