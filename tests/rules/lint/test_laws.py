"""Lint is sound: no ticket shows that it said too much."""

from typing import Any

from hypothesis import assume, given, strategies as st

from deskterm.rules.lint import lint
from deskterm.rules.lint.sets import Opaque, Set, Words, holds as lies_in
from deskterm.rules.lint.terms import Demand, Term, alternatives, implies, is_dead, joined
from deskterm.rules.query import bind, holds
from deskterm.rules.query.ast import And, Cmp, Glob, In, Node, Not, Null, Or, Span, Text
from deskterm.rules.query.matches import value_of
from deskterm.rules.rulebook import Route, RuleBook
from deskterm.rules.terms import CATEGORY, Terms
from deskterm.rules.words import norm
from tests.rules.query.builders import CONTEXT, NOW, WORDS, Seen, nodes, tickets

TERMS = Terms(WORDS.priorities, "normal", {}, CATEGORY)

# few words in few fields, so that conditions often are parts of each other
_names = st.sampled_from(["a", "ab", "abc", "b"])
_some = st.lists(_names, min_size=1, max_size=3).map(tuple)
_fields = st.sampled_from(["category", "org", "tag", "cf.x"])
_phrases = st.sampled_from(["vpn", "vpn drops", "drops"])
_leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(In, _fields, _some),
    st.builds(Glob, _fields, _names, st.sampled_from(["start", "end"])),
    st.builds(Null, _fields, st.booleans()),
    st.builds(Text, st.just("subject"), _phrases, st.booleans()),
    st.builds(Cmp, st.just("parent"), st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 3)),
    st.builds(In, st.just("parent"), st.lists(st.integers(0, 3), min_size=1, max_size=2).map(tuple)),
    st.builds(Cmp, st.just("priority"), st.sampled_from(["<", ">="]), st.sampled_from(WORDS.priorities)),
    st.builds(In, st.just("is"), st.sampled_from([("open",), ("waiting", "closed"), ("unassigned",)])),
    st.builds(
        Cmp, st.just("due"), st.sampled_from(["<", ">"]), st.integers(-2, 2).map(lambda n: Span(n * 60))
    ),
)
conditions: st.SearchStrategy[Node] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda found: And(tuple(found))),
        st.lists(inner, min_size=1, max_size=3).map(lambda found: Or(tuple(found))),
    ),
    max_leaves=5,
)
_maybe = st.one_of(st.none(), _names)
small_tickets = st.builds(
    Seen,
    status=st.sampled_from(["new", "pending", "closed"]),
    priority=st.sampled_from([*WORDS.priorities, None]),
    category=_maybe,
    org=_maybe,
    assignee=_maybe,
    parent=st.one_of(st.none(), st.integers(0, 3)),
    tags=st.frozensets(_names, max_size=2),
    custom=st.one_of(st.just({}), _names.map(lambda name: {"x": name})),
    subject_n=st.sampled_from(["", norm("vpn"), norm("vpn drops now"), norm("it drops")]),
    next_due_at=st.one_of(st.none(), st.integers(-3, 3).map(lambda n: NOW + n * 60)),
)


def terms_of(node: Node) -> tuple[Term, ...]:
    """The alternatives of a condition that has not too many."""
    found = alternatives(node, TERMS)
    assume(found is not None)
    return found or ()


def is_true(node: Node, ticket: Seen) -> bool:
    """What the query language says."""
    return holds(bind(node, CONTEXT), ticket)


def satisfies(term: Term, ticket: Seen) -> bool:
    """What the alternatives say, each set looked up in the ticket's own value."""
    return all(_meets(name, demand, ticket) for name, demand in term.items())


def _meets(name: str, demand: Demand, ticket: Seen) -> bool:
    has = all(_has(name, each, ticket) for each in demand.has)
    return has and not any(_has(name, each, ticket) for each in demand.lacks)


def _has(name: str, asked: Set, ticket: Seen) -> bool:
    if isinstance(asked, Opaque):
        return is_true(asked.question, ticket)
    value: Any = value_of(name, ticket)
    if isinstance(asked, Words):
        return asked.needle in (value or "")
    values = value if isinstance(value, frozenset) else frozenset((value,))
    moment = NOW if name in ("due", "created", "updated", "waiting_since") else 0
    return any(lies_in(asked, each - moment if moment else each) for each in values if each not in (None, ""))


@given(conditions, small_tickets)
def test_the_alternatives_of_a_condition_hold_exactly_where_it_holds(node: Node, ticket: Seen) -> None:
    assert any(satisfies(term, ticket) for term in terms_of(node)) == is_true(node, ticket)


@given(nodes().filter(lambda node: "mine" not in repr(node) and "ME" not in repr(node)), tickets())
def test_that_is_so_for_every_field(node: Node, ticket: Seen) -> None:
    assert any(satisfies(term, ticket) for term in terms_of(node)) == is_true(node, ticket)


@given(conditions, conditions, small_tickets)
def test_a_ticket_with_what_implies_has_what_is_implied(a: Node, b: Node, ticket: Seen) -> None:
    for one in terms_of(a):
        for other in terms_of(b):
            if implies(one, other) and satisfies(one, ticket):
                assert satisfies(other, ticket)


@given(conditions, conditions, small_tickets)
def test_no_ticket_is_like_a_dead_term(a: Node, b: Node, ticket: Seen) -> None:
    for one in terms_of(a):
        for other in terms_of(b):
            both = joined((one, other))
            assert satisfies(both, ticket) == (satisfies(one, ticket) and satisfies(other, ticket))
            assert not (is_dead(both) and satisfies(both, ticket))


@given(st.lists(conditions, min_size=2, max_size=4), st.lists(small_tickets, min_size=1, max_size=8))
def test_no_ticket_comes_to_a_route_that_can_never_match(whens: list[Node], seen: list[Seen]) -> None:
    routes = tuple(Route(str(place), when, "q", line=place) for place, when in enumerate(whens))
    found = lint(RuleBook(terms=TERMS, routes=routes))
    never = {fault.line for fault in found if fault.code in ("W501", "W502")}
    for ticket in seen:
        first = next((place for place, when in enumerate(whens) if is_true(when, ticket)), None)
        assert first not in never
