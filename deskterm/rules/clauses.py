"""Clauses: a condition with its answer for one ticket, part by part, and the first part to blame."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from deskterm.rules.query.ast import And, In, Node, Not, Or
from deskterm.rules.query.bind import bind
from deskterm.rules.query.context import QueryContext
from deskterm.rules.query.fields import FIELDS, Field, find
from deskterm.rules.query.matches import holds, value_of
from deskterm.rules.query.render import render

if TYPE_CHECKING:
    from deskterm.rules.ruleview import RuleView

__all__ = [
    "INSTANTS",
    "Asker",
    "Clause",
    "explain_condition",
    "first_false",
    "from_json",
    "to_blame",
    "to_json",
    "written",
]

INSTANTS: Final = ("due", "created", "updated", "age", "waiting")
"""Fields whose actual value is an instant, to be shown in the viewer's zone."""

_SHOWN: Final = 120  # characters of a condition
_VALUE: Final = 60  # characters of a value
_MANY: Final = 8  # members of a set
_OF_STATE: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("overdue",), "due"),
        **dict.fromkeys(("atrisk", "breached", "paused"), "sla"),
        **dict.fromkeys(("assigned", "unassigned", "mine"), "assignee"),
        "reopened": "reopens",
    }
)


class Clause(NamedTuple):
    """A part of a condition: `kind` is all, any, not or leaf.

    A leaf has the `field` it asks, what is `wanted` (as in a rule file) and the `actual` value: "" when
    there is none or when it is a whole text, an int for numbers and instants (`INSTANTS`), else a string.
    """

    kind: str
    holds: bool
    wanted: str = ""
    field: str = ""
    actual: str | int = ""
    parts: "tuple[Clause, ...]" = ()


class Asker(Protocol):
    """Who answers for the parts of a condition."""

    def holds(self, node: Node, view: "RuleView") -> bool:
        """Whether the part holds for the view."""

    def written(self, node: Node) -> str:
        """The part as it stands in a rule file, cut."""


class _AsWritten(NamedTuple):
    """Binds every part anew."""

    context: QueryContext

    def holds(self, node: Node, view: "RuleView") -> bool:
        return holds(bind(node, self.context), view)

    def written(self, node: Node) -> str:
        return written(node)


def explain_condition(
    node: Node, view: "RuleView", context: QueryContext, asker: Asker | None = None
) -> Clause:
    """Every part of `node` with its answer; `context` is that of the rule book, the moment the view's."""
    return _explained(node, view, asker or _AsWritten(replace(context, now=view.now)))


def _explained(node: Node, view: "RuleView", asker: Asker) -> Clause:
    match node:
        case And() if node.nodes:
            parts = tuple(_explained(each, view, asker) for each in node.nodes)
            return Clause("all", all(each.holds for each in parts), parts=parts)
        case Or() if node.nodes:
            parts = tuple(_explained(each, view, asker) for each in node.nodes)
            return Clause("any", any(each.holds for each in parts), parts=parts)
        case Not():
            inner = _explained(node.node, view, asker)
            return Clause("not", not inner.holds, parts=(inner,))
    return _leaf(node, view, asker, asker.holds(node, view))


def written(node: Node) -> str:
    """A part of a condition as it stands in a rule file; a very long one is cut."""
    text = render(node)
    return _cut(f"text~{text}" if getattr(node, "field", "") == "text" else text, _SHOWN)


def _leaf(node: Node, view: "RuleView", asker: Asker, true: bool) -> Clause:
    asked = getattr(node, "field", "")
    return Clause("leaf", true, asker.written(node), asked, _actual(node, asked, view))


def _actual(node: Node, asked: str, view: "RuleView") -> str | int:
    name = asked
    if isinstance(node, In) and asked == "is":
        name = _OF_STATE.get(str(node.values[0]), "status")
    field = FIELDS.get(name) or find(name) if name else None
    if field is None:
        return ""
    if field.kind == "text":
        return _cut(view.subject_n.strip(), _VALUE) if name == "subject" else ""
    return _short(field, view)


def _short(field: Field, view: "RuleView") -> str | int:
    value = getattr(view, field.attribute) if field.kind == "age" else value_of(field.name, view)
    if isinstance(value, frozenset):
        names = sorted(value)
        return _cut(", ".join(names[:_MANY]) + (", …" if len(names) > _MANY else ""), _VALUE)
    if isinstance(value, int):
        return value
    return _cut(value or "", _VALUE)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def first_false(clause: Clause) -> Clause | None:
    """The first leaf without which the condition would be nearer to true; None when it holds.

    A leaf under a negation is to blame because it holds: it is then `wanted` with a - in front.
    """
    return None if clause.holds else _blamed(clause, True)


def _blamed(clause: Clause, wanted: bool) -> Clause:
    """The first leaf that keeps `clause` from being as wanted."""
    if clause.kind == "leaf":
        return clause if wanted else _denied(clause)
    if clause.kind == "not":
        return _blamed(clause.parts[0], not wanted)
    return _blamed(next(each for each in clause.parts if each.holds is not wanted), wanted)


def _denied(leaf: Clause) -> Clause:
    return leaf._replace(holds=False, wanted=f"-{leaf.wanted}")


def to_blame(node: Node, view: "RuleView", asker: Asker, wanted: bool = True) -> Clause:
    """What `first_false` finds for a `node` that is not as wanted, without a look at all the others."""
    match node:
        case And() | Or() if node.nodes:
            part = next(each for each in node.nodes if asker.holds(each, view) is not wanted)
            return to_blame(part, view, asker, wanted)
        case Not():
            return to_blame(node.node, view, asker, not wanted)
    leaf = _leaf(node, view, asker, not wanted)
    return leaf if wanted else _denied(leaf)


def to_json(clause: Clause) -> list[Any]:
    """A compact form in JSON values."""
    if clause.kind == "leaf":
        return [int(clause.holds), clause.field, clause.wanted, clause.actual]
    return [int(clause.holds), clause.kind, [to_json(each) for each in clause.parts]]


def from_json(value: list[Any]) -> Clause:
    """The clause that `to_json` wrote."""
    if len(value) == 4:
        return Clause("leaf", bool(value[0]), value[2], value[1], value[3])
    return Clause(value[1], bool(value[0]), parts=tuple(from_json(each) for each in value[2]))
