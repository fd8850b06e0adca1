"""What holds for every tree, every ticket and every text."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

from deskterm.rules.problems import Problem
from deskterm.rules.query import bind, holds, parse, render
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
    SortKey,
    Text,
)
from deskterm.rules.query.complete import complete
from deskterm.rules.query.fields import BOUND, SORTABLE
from deskterm.rules.query.parser import LENGTH_LIMIT
from tests.rules.query.builders import CONTEXT, WORDS, Seen, leaves, nodes, tickets

NAUGHTY = Path(__file__).parents[3].parent / "shared" / "data" / "unicode" / "blns.txt"
sorts = st.lists(
    st.builds(SortKey, st.sampled_from(SORTABLE), st.booleans()), unique_by=lambda key: key.field
).map(tuple)
grammar = st.text(st.sampled_from('abc:=!<>~-*()", \\.ORANDT密：\n0149#'), max_size=60)
pieces = (
    *("status:", "open", "tag:", "vpn", "due<", "4h", "is:", "me", "created:>=", "sort:"),
    *('"', "(", ")", " ", "OR ", "NOT ", "-", ",", "*"),
)
terms = st.lists(st.sampled_from(pieces), max_size=25).map("".join)
anything = st.one_of(st.text(max_size=80), grammar, terms)


@given(nodes(), sorts)
def test_what_is_rendered_parses_to_the_same_tree_and_order(node: Node, sort: tuple[SortKey, ...]) -> None:
    query = parse(render(node, sort), vocabulary=WORDS)
    assert (query.where, query.sort) == (node, sort)


@given(nodes(rules=True).filter(lambda node: not re.search("me|mine", render(node))))
def test_the_conditions_of_rules_make_the_same_round_trip(node: Node) -> None:
    assert parse(render(node), rules=True, vocabulary=WORDS).where == node


@given(anything)
@example("\ud800")
@example("tag:\x00")
@example('"' * 99)
def test_any_text_is_a_query_or_a_problem_that_points_into_it(text: str) -> None:
    try:
        query = parse(text, vocabulary=WORDS)
    except Problem as problem:
        assert 1 <= problem.column <= len(text) + 1
        assert problem.kind == "usage"
        assert str(problem)
    else:
        assert parse(render(query.where, query.sort), vocabulary=WORDS).where == query.where


def test_naughty_strings_are_queries_or_problems_too() -> None:
    if not NAUGHTY.exists():
        pytest.skip(f"{NAUGHTY.name} is not beside this clone")
    outcomes = {_outcome(line) for line in NAUGHTY.read_text("utf-8").splitlines()}
    assert outcomes == {"query", "problem"}


def _outcome(text: str) -> str:
    try:
        parse(text)
    except Problem:
        return "problem"
    return "query"


@given(anything, st.integers(-1, 90))
def test_completion_takes_any_text_and_stays_inside_it(text: str, cursor: int) -> None:
    found = complete(text, cursor, vocabulary=WORDS)
    assert 0 <= found.start <= found.end <= len(text)


@given(nodes(), tickets())
def test_not_is_a_complement_even_where_values_are_missing(node: Node, ticket: Seen) -> None:
    assert Not(node).matches(ticket, CONTEXT) is not node.matches(ticket, CONTEXT)


@given(nodes(), nodes(), tickets())
def test_and_and_or_mean_what_they_say(left: Node, right: Node, ticket: Seen) -> None:
    one, other = left.matches(ticket, CONTEXT), right.matches(ticket, CONTEXT)
    assert And((left, right)).matches(ticket, CONTEXT) is (one and other)
    assert Or((left, right)).matches(ticket, CONTEXT) is (one or other)


@given(nodes(), tickets())
def test_binding_again_means_the_same(node: Node, ticket: Seen) -> None:
    bound = bind(node, CONTEXT)
    assert holds(bind(bound, CONTEXT), ticket) is holds(bound, ticket)


def unfit(node: Node) -> list[Node]:
    """The parts of a bound tree that a back end was not told of."""
    match node:
        case And() | Or():
            short = [node] if len(node.nodes) < 2 else []
            nested = [each for each in node.nodes if type(each) is type(node)]
            return short + nested + [bad for each in node.nodes for bad in unfit(each)]
        case Not():
            return [node] if isinstance(node.node, Not) else unfit(node.node)
    kind = "custom" if node.field.startswith("cf.") else BOUND.get(node.field, "")  # type: ignore[attr-defined]
    return [] if _promised(node, kind) else [node]


def _promised(node: Node, kind: str) -> bool:
    match node:
        case In():
            inner = int if kind == "int" else str
            return kind in ("int", "enum", "tag", "custom") and {type(each) for each in node.values} == {
                inner
            }
        case Cmp():
            return kind in ("int", "instant") and type(node.value) is int
        case Glob():
            return kind in ("enum", "tag", "custom")
        case Null():
            return bool(kind)
        case Text():
            return kind == "text"
    return False


@given(nodes())
def test_a_bound_tree_has_only_what_a_back_end_was_promised(node: Node) -> None:
    bound = bind(node, CONTEXT)
    assert bound in (EVERYTHING, NOTHING) or unfit(bound) == []


@given(leaves(), tickets())
def test_a_ticket_without_the_value_fails_every_comparison(node: Node, ticket: Seen) -> None:
    empty = replace(ticket, tier=None, category="", tags=frozenset(), custom={}, next_due_at=None)
    compared = isinstance(node, In | Cmp | Glob)
    if compared and node.field in ("tier", "category", "tag", "due", "cf.合同-no"):  # type: ignore[attr-defined]
        assert not node.matches(empty, CONTEXT)


@given(st.text(max_size=LENGTH_LIMIT - 2).filter(lambda text: text.isprintable() and text))
def test_any_printable_value_can_be_asked_for_in_quotes(text: str) -> None:
    node = In("category", (text,))
    assert parse(render(node)).where == node
