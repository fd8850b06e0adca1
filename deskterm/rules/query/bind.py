"""Making a query concrete: who "me" is, when "today" is, what is high. `ast` lists what remains."""

from collections.abc import Iterable
from typing import Final, cast

from deskterm.rules.query.ast import (
    EVERYTHING,
    NOTHING,
    And,
    Cmp,
    Glob,
    In,
    Node,
    Not,
    Null,
    Or,
    Order,
    Period,
    Span,
    Value,
    Who,
)
from deskterm.rules.query.context import QueryContext
from deskterm.rules.query.fields import FIELDS, Field, choices, find, spelling
from deskterm.rules.query.moments import day_bounds
from deskterm.rules.query.refusals import unknown_value

__all__ = ["bind"]

_MIRRORED: Final[dict[Order, Order]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SINCE: Final = {"age": "created", "waiting": "waiting_since"}
_CATEGORIES: Final = {
    "open": ("new", "open"),
    "unsolved": ("new", "open", "waiting"),
    "new": ("new",),
    "waiting": ("waiting",),
    "resolved": ("solved",),
    "solved": ("solved",),
    "closed": ("closed",),
}
_CLOCKS: Final = {"atrisk": "warn", "breached": "breached", "paused": "paused"}


def bind(node: Node, context: QueryContext) -> Node:
    """The same condition with instants, names and sets in place of what depends on the viewer and the moment.

    Binding again means the same. Raises Problem for a priority or state that the desk does not have.
    """
    match node:
        case And():
            return _all(bind(each, context) for each in node.nodes)
        case Or():
            return _any(bind(each, context) for each in node.nodes)
        case Not():
            return _not(bind(node.node, context))
        case In():
            return _member(node, context)
        case Cmp():
            return _compared(node, context)
        case Null():
            return Null(_SINCE.get(node.field, node.field), node.present)
        case Glob():
            field = _field(node.field)
            return Glob(node.field, node.text.lower(), node.at) if field.lower else node
    return node


def _all(nodes: Iterable[Node]) -> Node:
    flat: list[Node] = []
    for node in nodes:
        if node == NOTHING:
            return NOTHING
        flat.extend(node.nodes if isinstance(node, And) else (node,))
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _any(nodes: Iterable[Node]) -> Node:
    flat: list[Node] = []
    for node in nodes:
        if node == EVERYTHING:
            return EVERYTHING
        flat.extend(node.nodes if isinstance(node, Or) else (node,))
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def _not(node: Node) -> Node:
    if node == EVERYTHING:
        return NOTHING
    if node == NOTHING:
        return EVERYTHING
    return node.node if isinstance(node, Not) else Not(node)


def _field(name: str) -> Field:
    field = FIELDS.get(name) or find(name)
    if field is None:
        raise KeyError(name)
    return field


def _member(node: In, context: QueryContext) -> Node:
    if node.field == "is":
        return _any(_state(str(each), context) for each in node.values)
    field = _field(node.field)
    if field.kind == "instant":
        return _any(_during(field.name, each, context) for each in node.values)
    plain: list[str | int] = []
    for value in node.values:
        plain.extend(_meant(field, value, context))
    if not plain:
        return NOTHING
    names = tuple(each for each in node.values if isinstance(each, str) and "@" not in each)
    if field.name == "requester" and names:
        return Or((In("requester", tuple(plain)), In("requester_name", names)))
    return In(field.name, tuple(plain))


def _meant(field: Field, value: Value, context: QueryContext) -> tuple[str | int, ...]:
    if value is Who.ME:
        return _mine(field, context)
    if isinstance(value, str):
        if field.closed:
            return (_spelled(field, value, context),)
        return (value.lower() if field.lower else value,)
    return (cast(int, value),)


def _mine(field: Field, context: QueryContext) -> tuple[str, ...]:
    if field.name == "group":
        return context.groups
    if field.name == "requester":
        return context.addresses
    return () if context.me is None else (context.me,)


def _spelled(field: Field, value: str, context: QueryContext) -> str:
    found = spelling(field, value, context.vocabulary)
    if found is None:
        raise unknown_value(field.name, value, 0, choices(field, context.vocabulary))
    return found


def _state(name: str, context: QueryContext) -> Node:
    if name in _CATEGORIES:
        statuses = context.vocabulary.statuses
        found = tuple(each for each, category in statuses.items() if category in _CATEGORIES[name])
        return In("status", found) if found else NOTHING
    if name in _CLOCKS:
        return In("sla", (_CLOCKS[name],))
    match name:
        case "pending":
            return In("status", ("pending",))
        case "overdue":
            return Cmp("due", "<", context.now)
        case "assigned" | "unassigned":
            return Null("assignee", name == "assigned")
        case "mine":
            return _member(In("assignee", (Who.ME,)), context)
        case "reopened":
            return Cmp("reopens", ">", 0)
    raise unknown_value("state", name, 0, choices(_field("is"), context.vocabulary))


def _during(name: str, value: Value, context: QueryContext) -> Node:
    first, after = day_bounds(cast(Period, value), context.now, context.zone)
    return And((Cmp(name, ">=", first), Cmp(name, "<", after))) if first < after else NOTHING


def _compared(node: Cmp, context: QueryContext) -> Node:
    field, value = _field(node.field), node.value
    if field.kind == "age" and isinstance(value, Span):
        return Cmp(_SINCE[field.name], _MIRRORED[node.op], context.now - value.seconds)
    if isinstance(value, Span):
        return Cmp(field.name, node.op, context.now + value.seconds)
    if isinstance(value, Period):
        return _beside(field.name, node.op, value, context)
    if isinstance(value, str):
        return _ranked(field, node.op, value, context)
    return node


def _beside(name: str, op: Order, value: Period, context: QueryContext) -> Node:
    """Before, up to, after or from a period on: <= and > look at its end."""
    first, after = day_bounds(value, context.now, context.zone)
    match op:
        case "<":
            return Cmp(name, "<", first)
        case "<=":
            return Cmp(name, "<", after)
        case ">":
            return Cmp(name, ">=", after)
        case ">=":
            return Cmp(name, ">=", first)


def _ranked(field: Field, op: Order, value: str, context: QueryContext) -> Node:
    scale = context.vocabulary.priorities
    if not scale:
        return NOTHING
    rank = scale.index(_spelled(field, value, context))
    beside = {"<": scale[:rank], "<=": scale[: rank + 1], ">": scale[rank + 1 :], ">=": scale[rank:]}[op]
    return In(field.name, beside) if beside else NOTHING
