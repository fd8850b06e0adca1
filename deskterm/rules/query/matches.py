"""The back end in memory: whether a ticket's facts satisfy a bound tree."""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final

from deskterm.rules.query.ast import And, Cmp, Glob, In, Node, Not, Null, Or, Order, Text
from deskterm.rules.query.fields import FIELDS, find

if TYPE_CHECKING:
    from deskterm.rules.query.facts import TicketView

__all__ = ["holds", "value_of"]

_COMPARE: Final[Mapping[Order, Callable[[Any, Any], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def holds(node: Node, facts: "TicketView") -> bool:
    """True when the facts satisfy `node`, a tree that `bind` gave. Comparing a missing value is false."""
    match node:
        case And():
            return all(holds(each, facts) for each in node.nodes)
        case Or():
            return any(holds(each, facts) for each in node.nodes)
        case Not():
            return not holds(node.node, facts)
    return _leaf(node, facts)


def _leaf(node: Node, facts: "TicketView") -> bool:
    match node:
        case In():
            value = value_of(node.field, facts)
            return not value.isdisjoint(node.values) if isinstance(value, frozenset) else value in node.values
        case Text():
            return node.needle in (value_of(node.field, facts) or "")
        case Cmp():
            value = value_of(node.field, facts)
            return value is not None and _COMPARE[node.op](value, node.value)
        case Null():
            return (value_of(node.field, facts) not in (None, "", frozenset())) == node.present
        case Glob():
            return _affixed(node, value_of(node.field, facts))
    raise TypeError(node)


def _affixed(node: Glob, value: Any) -> bool:
    texts = value if isinstance(value, frozenset) else (value or "",)
    if node.at == "start":
        return any(each.startswith(node.text) for each in texts)
    return any(each.endswith(node.text) for each in texts)


def value_of(name: str, facts: "TicketView") -> Any:
    """What the facts say for a field: a string, an int, a frozenset of strings, or None."""
    field = FIELDS.get(name) or find(name)
    if field is None:
        raise KeyError(name)
    value = getattr(facts, field.attribute)
    if field.key:
        return value.get(field.key)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
