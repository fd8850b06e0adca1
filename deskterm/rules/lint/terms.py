"""Terms: a condition as alternatives, each a list of what has to hold at once; which of them imply which.

A term says of a field what lies in certain sets (`has`) and what does not (`lacks`). "Has" means that there
is a value and it lies there, "lacks" is its plain complement, so a ticket without a value lacks everything.
Everything here is sound: where it says "implies" or "dead", no ticket shows otherwise; it may miss some.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, Final, NamedTuple

from deskterm.rules.lint.sets import ALL, Affix, Opaque, Range, Set, Values, Words, apart, within
from deskterm.rules.problems import Problem
from deskterm.rules.query.ast import And, Cmp, Glob, In, Node, Not, Null, Or, Period, Text
from deskterm.rules.query.bind import bind
from deskterm.rules.query.context import QueryContext, Vocabulary
from deskterm.rules.query.fields import FIELDS, find
from deskterm.rules.terms import Terms

__all__ = ["MOST_TERMS", "Demand", "Term", "alternatives", "implies", "is_dead", "joined"]

MOST_TERMS: Final = 64


class Demand(NamedTuple):
    """What a term says of one field."""

    has: tuple[Set, ...] = ()
    lacks: tuple[Set, ...] = ()


Term = Mapping[str, Demand]
"""Field -> demand; a field that is missing may be anything. {} is every ticket."""


def alternatives(node: Node, terms: Terms) -> tuple[Term, ...] | None:
    """The condition as terms one of which holds, the dead ones left out; None when there are too many.

    No term at all means that the condition never holds. Depends on no moment: a length of time is measured
    from now, whenever that is, and a date is like nothing but itself.
    """
    context = QueryContext(now=0, vocabulary=Vocabulary(terms.priorities, terms.statuses))
    found = _alternatives(node, True, context)
    if found is None:
        return None
    return tuple(term for term in found if not is_dead(term))


def implies(a: Term, b: Term) -> bool:
    """True when a ticket for which `a` holds is certainly one for which `b` holds."""
    return all(name in a and _demands(name, a[name], demand) for name, demand in b.items())


def is_dead(term: Term) -> bool:
    """True when certainly no ticket can be like that."""
    return any(_contradicts(name, demand) for name, demand in term.items())


def joined(terms: Iterable[Term]) -> Term:
    """What holds where all of `terms` hold."""
    found: dict[str, Demand] = {}
    for term in terms:
        for name, demand in term.items():
            found[name] = _both(name, found[name], demand) if name in found else demand
    return found


def _both(name: str, a: Demand, b: Demand) -> Demand:
    has, lacks = dict.fromkeys((*a.has, *b.has)), dict.fromkeys((*a.lacks, *b.lacks))
    return _narrowed(name, Demand(tuple(has), tuple(lacks)))


def _alternatives(node: Node, wanted: bool, context: QueryContext | None) -> list[Term] | None:
    """The terms of `node`, or of its complement; without a context it is bound already."""
    match node:
        case Not():
            return _alternatives(node.node, not wanted, context)
        case And() | Or():
            parts = [_alternatives(each, wanted, context) for each in node.nodes]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            return _all(known) if isinstance(node, And) == wanted else _any(known)
    return _of_leaf(node, wanted, context)


def _any(parts: list[list[Term]]) -> list[Term] | None:
    found = [term for part in parts for term in part]
    return found if len(found) <= MOST_TERMS else None


def _all(parts: list[list[Term]]) -> list[Term] | None:
    found: list[Term] = [{}]
    for part in parts:
        if len(found) * len(part) > MOST_TERMS:
            return None
        found = [joined(pair) for pair in product(found, part)]
    return found


def _of_leaf(node: Node, wanted: bool, context: QueryContext | None) -> list[Term] | None:
    """The terms of a single question; binding may make several of it."""
    if not _names_dates(node):
        bound = _bound(node, context)
        if isinstance(bound, And | Or | Not):
            return _alternatives(bound, wanted, None)
        if isinstance(bound, Null) and not bound.present:
            bound, wanted = Null(bound.field, True), not wanted
        asked = _set(bound)
        if asked is not None:
            return [{asked[0]: Demand((asked[1],)) if wanted else Demand((), (asked[1],))}]
    question = (Opaque(node),)
    return [{f"?{node!r}": Demand(question) if wanted else Demand((), question)}]


def _bound(node: Node, context: QueryContext | None) -> Node:
    try:
        return node if context is None else bind(node, context)
    except Problem:  # a word that the desk does not have
        return node


def _names_dates(node: Node) -> bool:
    match node:
        case In():
            return any(isinstance(each, Period) for each in node.values)
        case Cmp():
            return isinstance(node.value, Period)
    return False


def _set(node: Node) -> tuple[str, Set] | None:
    """The field and the set that a bound question asks for; None for what is no such set."""
    match node:
        case In() if "" not in node.values:
            return node.field, Values(frozenset(node.values))
        case Glob() if node.text:
            return node.field, Affix(node.text, node.at == "start")
        case Cmp() if isinstance(node.value, int):
            return node.field, _range(node.op, node.value)
        case Text():
            return node.field, Words(node.needle)
        case Null(present=True):
            return node.field, ALL
    return None


def _range(op: str, value: int) -> Range:
    match op:
        case "<":
            return Range(None, value - 1)
        case "<=":
            return Range(None, value)
        case ">":
            return Range(value + 1, None)
    return Range(value, None)


def _is_several(name: str) -> bool:
    """True for a field that has several values at once, like tags."""
    field = FIELDS.get(name) or find(name)
    return field is not None and field.kind == "tag"


def _narrowed(name: str, demand: Demand) -> Demand:
    """The same demand with what is said of single values put together."""
    if _is_several(name) or not any(isinstance(each, Values | Range) for each in demand.has):
        return demand
    has = tuple(each for each in demand.has if not isinstance(each, Values | Range))
    return Demand((*_ranges(demand.has), *_values(demand), *has), demand.lacks)


def _ranges(sets: tuple[Set, ...]) -> Iterator[Set]:
    ranges = [each for each in sets if isinstance(each, Range)]
    if ranges:
        lows = [each.low for each in ranges if each.low is not None]
        highs = [each.high for each in ranges if each.high is not None]
        yield Range(max(lows, default=None), min(highs, default=None))


def _values(demand: Demand) -> Iterator[Set]:
    """The values that lie in all sets that are asked for and in none that is denied."""
    given = [each.values for each in demand.has if isinstance(each, Values)]
    if given:
        common = frozenset.intersection(*given)
        yield Values(frozenset(each for each in common if not _excluded(_only(each), demand)))


def _only(value: Any) -> Values:
    return Values(frozenset((value,)))


def _excluded(one: Values, demand: Demand) -> bool:
    return any(apart(one, each) for each in demand.has) or any(within(one, each) for each in demand.lacks)


def _demands(name: str, a: Demand, b: Demand) -> bool:
    """True when what `a` says of a field makes all true that `b` says of it."""
    several = _is_several(name)
    return all(any(within(each, asked) for each in a.has) for asked in b.has) and all(
        _denies(a, denied, several) for denied in b.lacks
    )


def _denies(a: Demand, denied: Set, several: bool) -> bool:
    """True when no value lies in `denied`, as far as `a` tells."""
    if any(within(denied, each) for each in a.lacks):
        return True
    if isinstance(denied, Values) and all(_denies_one(a, _only(value), several) for value in denied.values):
        return True
    return not several and any(apart(each, denied) for each in a.has)


def _denies_one(a: Demand, one: Values, several: bool) -> bool:
    by_place = not several and any(apart(each, one) for each in a.has)
    return by_place or any(within(one, each) for each in a.lacks)


def _contradicts(name: str, demand: Demand) -> bool:
    several = _is_several(name)
    others = () if several else demand.has
    return any(
        _is_empty(each) or _is_denied(each, demand.lacks) or any(apart(each, other) for other in others)
        for each in demand.has
    )


def _is_empty(asked: Set) -> bool:
    if isinstance(asked, Range) and asked.low is not None and asked.high is not None:
        return asked.low > asked.high
    return isinstance(asked, Values) and not asked.values


def _is_denied(asked: Set, lacks: tuple[Set, ...]) -> bool:
    """True when what is asked for is denied, as a whole or value by value."""
    if any(within(asked, denied) for denied in lacks):
        return True
    if not isinstance(asked, Values):
        return False
    return all(any(within(_only(value), denied) for denied in lacks) for value in asked.values)
