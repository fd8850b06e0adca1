"""Compiled conditions say what the query language says, and an explanation says why."""

from dataclasses import replace

import pytest
from hypothesis import given

from deskterm.rules.clauses import explain_condition, first_false, from_json, to_json
from deskterm.rules.conditions import Conditions, compile_condition, conditions_of, context_of
from deskterm.rules.query import bind, holds
from deskterm.rules.query.ast import In, Node
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.ruleview import RuleView
from tests.builders import HOUR, T0, a_ticket
from tests.rules.query.builders import CONTEXT, nodes
from tests.rules.routing.builders import a_view, views, when


@given(nodes(rules=True), views())
def test_a_compiled_condition_is_the_condition(node: Node, view: RuleView) -> None:
    bound = bind(node, replace(CONTEXT, now=view.now))
    assert compile_condition(node, CONTEXT)(view) is holds(bound, view)


@given(nodes(rules=True), views(), views())
def test_it_keeps_nothing_of_the_views_before(node: Node, first: RuleView, second: RuleView) -> None:
    test = compile_condition(node, CONTEXT)
    assert test(first) is compile_condition(node, CONTEXT)(first)
    assert test(second) is compile_condition(node, CONTEXT)(second)


@given(nodes(rules=True), views())
def test_an_explanation_has_the_same_answer(node: Node, view: RuleView) -> None:
    assert explain_condition(node, view, CONTEXT).holds is compile_condition(node, CONTEXT)(view)


@given(nodes(rules=True), views())
def test_whoever_is_false_has_a_leaf_to_blame_and_whoever_is_true_none(node: Node, view: RuleView) -> None:
    clause = explain_condition(node, view, CONTEXT)
    blamed = first_false(clause)
    assert (blamed is None) is clause.holds
    assert blamed is None or (blamed.kind == "leaf" and blamed.wanted)


@given(nodes(rules=True), views())
def test_a_book_explains_with_what_it_compiled_and_finds_the_same(node: Node, view: RuleView) -> None:
    conditions = Conditions(CONTEXT)
    clause = explain_condition(node, view, CONTEXT)
    assert conditions.explain(node, view) == clause
    assert conditions.first_false(node, view) == first_false(clause)


@given(nodes(rules=True), views())
def test_an_explanation_comes_back_from_json(node: Node, view: RuleView) -> None:
    clause = explain_condition(node, view, CONTEXT)
    assert from_json(to_json(clause)) == clause


@pytest.mark.parametrize(
    ("text", "wanted", "field", "actual"),
    [
        ("category:network.* priority:normal", "category:network.*", "category", "hw"),
        ("priority:normal impact:high", "impact:high", "impact", ""),
        ("-tier:gold", "-tier:gold", "tier", "gold"),
        ("tag:vpn", "tag:vpn", "tag", "a, b"),
        ("(tier:silver OR channel:chat)", "tier:silver", "tier", "gold"),
        ("-(channel:cli tier:gold)", "-channel:cli", "channel", "cli"),
        ("text~vpn", "text~vpn", "text", ""),
        ("subject~vpn", "subject~vpn", "subject", "printer jam"),
        ("is:resolved", "is:resolved", "is", "open"),
        ("age>2h", "age>2h", "age", T0 - HOUR),
        ("requester.vip:yes", "requester.vip:yes", "requester.vip", "no"),
        ("cf.asset:any", "cf.asset:any", "cf.asset", ""),
    ],
)
def test_the_first_false_condition_is_named_with_the_actual_value(
    text: str, wanted: str, field: str, actual: str | int
) -> None:
    ticket = a_ticket(
        subject="Printer jam",
        category="hw",
        priority="normal",
        organization_id=5,
        tags=frozenset("ab"),
        created_at=T0 - HOUR,
    )
    view = a_view(ticket)
    blamed = first_false(explain_condition(when(text), view, context_of(_rules(view))))
    assert blamed is not None
    assert (blamed.wanted, blamed.field, blamed.actual) == (wanted, field, actual)


def _rules(view: RuleView) -> RuleBook:
    assert view.book.rules is not None
    return view.book.rules


def test_a_very_long_value_is_cut() -> None:
    ticket = a_ticket(category="x" * 300)
    clause = explain_condition(when("category:" + "y" * 300), a_view(ticket), CONTEXT)
    assert (len(clause.wanted), len(str(clause.actual))) == (120, 60)


def test_a_duration_counts_from_the_moment_of_the_view() -> None:
    test = compile_condition(when("age>1h"), replace(CONTEXT, now=0))
    view = a_view(a_ticket(created_at=T0))
    view.now = T0 + HOUR
    assert not test(view)
    view.now = T0 + HOUR + 1
    assert test(view)


def test_today_is_the_day_of_the_view() -> None:
    test = compile_condition(when("created:today"), replace(CONTEXT, zone="UTC"))
    view = a_view(a_ticket(created_at=T0))
    assert test(view)
    view.now = T0 + 24 * HOUR
    assert not test(view)


def test_a_condition_about_text_does_not_read_it_before_the_others_hold() -> None:
    view = a_view()
    assert not compile_condition(when("text~vpn priority:urgent"), CONTEXT)(view)
    with pytest.raises(AttributeError):
        object.__getattribute__(view, "text_n")


def test_each_condition_of_a_book_is_compiled_once() -> None:
    book = RuleBook()
    node = when("tier:gold")
    assert conditions_of(book) is conditions_of(book)
    assert conditions_of(book).test(node) is conditions_of(book).test(node)


def test_only_the_last_few_books_are_kept() -> None:
    first = RuleBook()
    conditions = conditions_of(first)
    others = [RuleBook(rev=number) for number in range(4)]
    assert all(isinstance(conditions_of(each), Conditions) for each in others)
    assert conditions_of(first) is not conditions


def test_conditions_made_for_one_question_do_not_pile_up() -> None:
    conditions = Conditions(CONTEXT)
    for number in range(12_000):
        conditions.test(In("category", (str(number),)))
    assert len(conditions._tests) <= 5_000
