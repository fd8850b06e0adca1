"""What an activation does not touch need not be looked at: of each part of a rule file, whom it touches."""

from pathlib import Path

import pytest
from hypothesis import assume, given, strategies as st

from deskterm.rules.builtin import BUILT_IN
from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.reach import ALL, NOTHING, Reach, reach
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.rulefile import load
from deskterm.rules.sla import fold
from tests.rules.sla.drawn import EDITIONS, WAITS, Editions, timelines
from tests.rules.sla.left import not_before, standing

IT = (Path(__file__).parents[2] / "examples" / "it.toml").read_text(encoding="utf-8")


def touched(old: str, new: str) -> Reach:
    """What is touched when in examples/it.toml `old` is replaced by `new`."""
    assert old in IT
    return reach([book(IT), book(IT.replace(old, new, 1))])


def book(text: str) -> RuleBook:
    return load(text, "it.toml")._replace(rev=1)


UNFELT = {
    "a route": ('queue  = "triage"', 'queue  = "network"'),
    "what classifies": ('"locked out"', '"locked me out"'),
    "a comment": ("# deskterm rules", "# our rules"),
    "an empty line": ("format   = 1", "\n\nformat   = 1"),
    "a tag": ('add_tags = ["vpn"]', 'add_tags = ["tunnel"]'),
}


@pytest.mark.parametrize(("old", "new"), UNFELT.values(), ids=UNFELT)
def test_what_is_asked_only_when_something_happens_touches_nothing_that_lies_there(
    old: str, new: str
) -> None:
    assert touched(old, new) == NOTHING


def test_a_target_touches_the_tickets_of_its_policy_and_priority() -> None:
    assert touched('resolution = "8h"', 'resolution = "9h"')[2] == {("it-standard", "P2")}


def test_a_level_touches_all_tickets_of_its_policy() -> None:
    choice, beside, terms = touched('at = "50%"', 'at = "60%"')
    assert (choice, beside, {policy for policy, _ in terms}) == (False, False, {"it-p1"})


def test_a_condition_of_a_policy_touches_everything() -> None:
    assert touched("when     = 'priority:P1'", "when     = 'priority>=P1'")[0]


def test_the_first_rules_touch_everything_even_where_they_are_called_as_the_built_in_ones() -> None:
    named = BUILT_IN._replace(rev=1)
    assert reach([BUILT_IN, named]) == ALL


def test_other_words_touch_everything_that_is_open() -> None:
    assert touched('default = "P3"', 'default = "P2"')[1]


def test_what_one_activation_did_and_the_next_undid_was_touched() -> None:
    first, second = book(IT), book(IT.replace('resolution = "8h"', 'resolution = "9h"', 1))
    assert reach([first, second, first]).terms == reach([first, second]).terms != frozenset()


def with_other_targets(editions: Editions, changed: set[str]) -> RuleBook:
    """A third edition: the first with other targets of P1 in some policies."""
    policies = tuple(
        each._replace(targets={**each.targets, "P1": other.targets["P1"]}) if each.id in changed else each
        for each, other in zip(editions[1].policies, editions[2].policies, strict=True)
    )
    return editions[1]._replace(rev=3, policies=policies)


@given(timelines(), EDITIONS, st.sets(st.sampled_from(("a", "b"))), WAITS, WAITS)
def test_a_ticket_that_is_not_touched_stands_as_it_stood(
    history: list[Event], editions: Editions, changed: set[str], wait: int, more: int
) -> None:
    books = {**editions, 3: with_other_targets(editions, changed)}
    at = history[-1].at + wait
    ticket = standing(history, fold(history, books, at))
    assume(ticket.rest.rev == ticket.rest.governed == 1)
    assume((ticket.policy, ticket.priority) not in reach([books[1], books[3]]).terms)
    activated = Event(99, at, "rules_activated", SYSTEM, {"rev": 3})
    before, after = (fold(told, books, at + more) for told in (history, [*history, activated]))
    assert (after.dues, after.state) == (before.dues, before.state)
    assert not_before(at + more, after.next_change_at) == not_before(at + more, before.next_change_at)
