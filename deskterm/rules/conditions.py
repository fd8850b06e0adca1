"""Conditions of rules as closures: what can be bound is bound once, only what the moment decides waits.

A closure says for every view what `holds(bind(node))` says at `view.now`; laws hold the two together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter, ge, gt, le, lt
from typing import Any, Final, cast

from deskterm.rules.clauses import Clause, explain_condition, to_blame, written
from deskterm.rules.query.ast import And, Cmp, Glob, In, Node, Not, Null, Or, Order, Period, Span, Text
from deskterm.rules.query.bind import bind
from deskterm.rules.query.context import QueryContext, Vocabulary
from deskterm.rules.query.fields import FIELDS, Field, find
from deskterm.rules.retrace import untraceable
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.ruleview import RuleView

__all__ = ["Conditions", "Test", "compile_condition", "conditions_of", "context_of"]

Test = Callable[[RuleView], bool]

_COMPARE: Final[dict[Order, Callable[[Any, Any], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_MIRRORED: Final[dict[Order, Order]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SINCE: Final = {"age": "created", "waiting": "waiting_since"}
_DAYS: Final = ("today", "yesterday", "tomorrow")
_DEAR: Final = ("text", "message", "message.words", "hours", "changed")
_NO_VALUE: Final[tuple[object, ...]] = (None, "", frozenset())
_BOOKS: Final = 4  # revisions whose conditions are kept
_NODES: Final = 5_000  # conditions, and parts of them, that are kept of each


def compile_condition(node: Node, context: QueryContext) -> Test:
    """What `node` says of a view at the moment of the view (`context.now` means nothing here).

    Raises Problem as `bind` for a priority or status that `context` does not have.
    """
    match node:
        case And():
            return _all_of([compile_condition(each, context) for each in _cheap_first(node.nodes)])
        case Or():
            return _one_of([compile_condition(each, context) for each in _cheap_first(node.nodes)])
        case Not():
            return _none_of(compile_condition(node.node, context))
        case In(field="is") if "overdue" in node.values and len(node.values) > 1:
            return compile_condition(Or(tuple(In("is", (each,)) for each in node.values)), context)
        case In(field="is", values=("overdue",)):
            return _later("due", "<", 0)
        case Cmp(value=Span()):
            return _beside_now(node)
    return _bound_later(node, context) if _moves(node) else _leaf_or_tree(bind(node, context))


def _cheap_first(nodes: Iterable[Node]) -> Sequence[Node]:
    """What has to be worked out stands last: the order means nothing to the answer."""
    return sorted(nodes, key=_cost)


def _cost(node: Node) -> int:
    match node:
        case And() | Or():
            return max(map(_cost, node.nodes), default=0)
        case Not():
            return _cost(node.node)
    return int(getattr(node, "field", "") in _DEAR)


def _moves(node: Node) -> bool:
    """Whether another moment makes another bound tree of a leaf."""
    values = node.values if isinstance(node, In) else (node.value,) if isinstance(node, Cmp) else ()
    return any(isinstance(each, Period) and each.name in _DAYS for each in values)


def _bound_later(node: Node, context: QueryContext) -> Test:
    """A leaf about days: bound again when the moment is another one."""
    kept: list[tuple[int, Test]] = []

    def test(view: RuleView) -> bool:
        for now, found in kept:
            if now == view.now:
                return found(view)
        found = _leaf_or_tree(bind(node, replace(context, now=view.now)))
        kept[:] = [(view.now, found)]
        return found(view)

    return test


def _beside_now(node: Cmp) -> Test:
    """due<4h, age>3d: the length counts from the moment of the view."""
    seconds = cast(Span, node.value).seconds
    field = _field(node.field)
    if field.kind == "age":
        return _later(_SINCE[field.name], _MIRRORED[node.op], -seconds)
    return _later(node.field, node.op, seconds)


def _later(name: str, op: Order, seconds: int) -> Test:
    read, compare = _reader(name), _COMPARE[op]

    def test(view: RuleView) -> bool:
        value = read(view)
        return value is not None and compare(value, view.now + seconds)

    return test


def _all_of(tests: Sequence[Test]) -> Test:
    match tests:
        case []:
            return lambda view: True  # noqa: ARG005
        case [one]:
            return one
        case [one, other]:
            return lambda view: one(view) and other(view)
        case [one, other, third]:
            return lambda view: one(view) and other(view) and third(view)
    return _all_of([*tests[:2], _all_of(tests[2:])])


def _one_of(tests: Sequence[Test]) -> Test:
    match tests:
        case []:
            return lambda view: False  # noqa: ARG005
        case [one]:
            return one
        case [one, other]:
            return lambda view: one(view) or other(view)
        case [one, other, third]:
            return lambda view: one(view) or other(view) or third(view)
    return _one_of([*tests[:2], _one_of(tests[2:])])


def _none_of(test: Test) -> Test:
    return lambda view: not test(view)


def _field(name: str) -> Field:
    field = FIELDS.get(name) or find(name)
    if field is None:
        raise KeyError(name)
    return field


def _reader(name: str) -> Callable[[RuleView], Any]:
    field = _field(name)
    read = attrgetter(field.attribute)
    if field.key:
        key = field.key
        return lambda view: read(view).get(key)
    if field.closed == "yes":
        return lambda view: "yes" if read(view) else "no"
    return read


def _leaf_or_tree(node: Node) -> Test:
    match node:
        case And():
            return _all_of([_leaf_or_tree(each) for each in node.nodes])
        case Or():
            return _one_of([_leaf_or_tree(each) for each in node.nodes])
        case Not():
            return _none_of(_leaf_or_tree(node.node))
        case In():
            return _member(node)
        case Text():
            return _worded(node)
        case Cmp():
            return _compared(node)
        case Null():
            return _present(node)
        case Glob():
            return _affixed(node)
    raise TypeError(node)


def _member(node: In) -> Test:
    read, values = _reader(node.field), frozenset(node.values)
    if _field(node.field).kind == "tag":
        return lambda view: not values.isdisjoint(read(view))
    if len(values) == 1:
        (only,) = values
        return lambda view: bool(read(view) == only)
    return lambda view: read(view) in values


def _worded(node: Text) -> Test:
    read, needle = _reader(node.field), node.needle
    return lambda view: needle in (read(view) or "")


def _compared(node: Cmp) -> Test:
    read, compare, value = _reader(node.field), _COMPARE[node.op], node.value

    def test(view: RuleView) -> bool:
        found = read(view)
        return found is not None and compare(found, value)

    return test


def _present(node: Null) -> Test:
    read, wanted = _reader(node.field), node.present
    return lambda view: (read(view) not in _NO_VALUE) is wanted


def _affixed(node: Glob) -> Test:
    read, text = _reader(node.field), node.text
    affixed = str.startswith if node.at == "start" else str.endswith
    if _field(node.field).kind == "tag":
        return lambda view: any(affixed(each, text) for each in read(view))
    return lambda view: affixed(read(view) or "", text)


def context_of(rules: RuleBook) -> QueryContext:
    """What the conditions of a rule file are read with: its words and its zone, and nobody who looks."""
    terms = rules.terms
    return QueryContext(0, zone=rules.timezone, vocabulary=Vocabulary(terms.priorities, terms.statuses))


class Conditions:
    """The conditions of one rule book, each compiled when it is first asked for and kept."""

    __slots__ = ("_tests", "_texts", "_traceable", "context")

    def __init__(self, context: QueryContext) -> None:
        self.context = context
        self._tests: dict[int, tuple[Node, Test]] = {}  # holding the node keeps its id its own
        self._texts: dict[int, tuple[Node, str]] = {}
        self._traceable: dict[int, tuple[Node, bool]] = {}

    def test(self, node: Node) -> Test:
        """The closure of `node`, a condition of this rule book."""
        found = self._tests.get(id(node))
        if found is None:
            _make_room(self._tests)
            found = self._tests[id(node)] = node, compile_condition(node, self.context)
        return found[1]

    def holds(self, node: Node, view: RuleView) -> bool:
        """True when `view` satisfies `node`, a condition of this rule book."""
        return self.test(node)(view)

    def traceable(self, node: Node) -> bool:
        """Whether a timeline alone can answer `node`, a condition of this rule book."""
        found = self._traceable.get(id(node))
        if found is None:
            _make_room(self._traceable)
            found = self._traceable[id(node)] = node, not untraceable(bind(node, self.context))
        return found[1]

    def written(self, node: Node) -> str:
        """The condition, or a part of it, as it stands in the rule file, cut."""
        found = self._texts.get(id(node))
        if found is None:
            _make_room(self._texts)
            found = self._texts[id(node)] = node, written(node)
        return found[1]

    def explain(self, node: Node, view: RuleView) -> Clause:
        """Every part of `node`, whether it holds, and what the ticket has instead."""
        return explain_condition(node, view, self.context, self)

    def first_false(self, node: Node, view: RuleView) -> Clause | None:
        """The first part of `node` to blame for not holding, with the actual value; None when it holds."""
        return None if self.holds(node, view) else to_blame(node, view, self)


def _make_room(kept: dict[int, Any]) -> None:
    """Conditions that somebody made for one question must not pile up."""
    if len(kept) >= _NODES:
        kept.clear()


_kept: tuple[tuple[RuleBook, Conditions], ...] = ()


def conditions_of(rules: RuleBook) -> Conditions:
    """The conditions of `rules`; those of the last few books are kept, by identity."""
    global _kept
    for book, conditions in _kept:
        if book is rules:
            return conditions
    fresh = Conditions(context_of(rules))
    _kept = ((rules, fresh), *_kept[: _BOOKS - 1])
    return fresh
