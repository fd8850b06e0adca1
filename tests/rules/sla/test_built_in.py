"""The clocks of a desk that has no rules of its own."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, strategies as st

from deskterm.rules import actions as a
from deskterm.rules.builtin import BUILT_IN, EDITIONS, PLAIN
from deskterm.rules.facts import Event
from deskterm.rules.sla import ClockReport, fold
from tests.builders import HOUR, T0, Story, events_of

CREATED: tuple[int, str, dict[str, Any]] = (
    T0,
    "created",
    {"priority": "P2", "status": "new", "side": "requester"},
)
AGENT = {"public": True, "side": "agent"}
REQUESTER = {"public": True, "side": "requester"}


def clocks(history: list[Event], now: int) -> ClockReport:
    """The report under the built-in rules."""
    return fold(history, {}, now)


def due(metric: str, *more: tuple[int, str, dict[str, Any]], now: int = T0) -> int | None:
    """The due of one metric after the ticket was opened with P2 and `more` happened."""
    return clocks(events_of([CREATED, *more]), now).dues.get(metric)


def cycle(metric: str, *more: tuple[int, str, dict[str, Any]], now: int) -> Any:
    """The first cycle of a metric."""
    report = clocks(events_of([CREATED, *more]), now)
    return next(each for each in report.cycles if each.metric == metric)


def test_opening_starts_first_response_and_resolution() -> None:
    assert clocks(events_of([CREATED]), T0).dues == {
        "first_response": T0 + 2 * HOUR,
        "resolution": T0 + 24 * HOUR,
    }


def test_a_public_reply_of_an_agent_meets_the_first_response() -> None:
    assert cycle("first_response", (T0 + HOUR, "message", AGENT), now=T0 + HOUR).outcome == "met"


def test_a_note_an_automatic_reply_and_a_status_do_not() -> None:
    nothing: list[tuple[int, str, dict[str, Any]]] = [
        (T0 + 60, "message", {"public": False, "side": "agent"}),
        (T0 + 70, "message", {**AGENT, "auto": True}),
        (T0 + 80, "status", {"old": "new", "new": "pending"}),
    ]
    assert due("first_response", *nothing, now=T0 + 90) == T0 + 2 * HOUR


def test_done_at_the_very_second_is_met() -> None:
    at = T0 + 2 * HOUR
    assert cycle("first_response", (at, "message", AGENT), now=at + HOUR).outcome == "met"


def test_done_a_second_later_is_breached_at_the_due() -> None:
    at = T0 + 2 * HOUR + 1
    assert cycle("first_response", (at, "message", AGENT), now=at).breached_at == T0 + 2 * HOUR


def test_pending_stops_the_resolution_clock_and_leaves_the_first_response_running() -> None:
    report = clocks(events_of([CREATED, (T0 + 60, "status", {"old": "new", "new": "pending"})]), T0 + 90)
    assert set(report.dues) == {"first_response"}


def test_time_spent_pending_moves_the_due() -> None:
    away = [
        (T0 + HOUR, "status", {"old": "new", "new": "pending"}),
        (T0 + 5 * HOUR, "status", {"old": "pending", "new": "open"}),
    ]
    assert due("resolution", *away, now=T0 + 6 * HOUR) == T0 + 28 * HOUR


def test_raising_the_priority_keeps_the_time_spent() -> None:
    raised = (T0 + 3 * HOUR, "field", {"name": "priority", "old": "P2", "new": "P1"})
    assert due("resolution", raised, now=T0 + 3 * HOUR) == T0 + 4 * HOUR


def test_a_breach_is_never_in_the_past_of_what_caused_it() -> None:
    raised = (T0 + 5 * HOUR, "field", {"name": "priority", "old": "P2", "new": "P1"})
    assert cycle("resolution", raised, now=T0 + 6 * HOUR).breached_at == T0 + 5 * HOUR


def test_a_breach_stays_when_the_priority_falls() -> None:
    lowered = (T0 + 25 * HOUR, "field", {"name": "priority", "old": "P2", "new": "P4"})
    assert cycle("resolution", lowered, now=T0 + 26 * HOUR).breached_at == T0 + 24 * HOUR


def test_an_overdue_clock_keeps_its_due_however_late_one_looks() -> None:
    note = (T0 + 30 * HOUR, "message", {"public": False, "side": "agent"})
    assert due("resolution", note, now=T0 + 50 * HOUR) == T0 + 24 * HOUR


def test_a_target_raised_after_the_breach_gives_a_new_due() -> None:
    lowered = (T0 + 25 * HOUR, "field", {"name": "priority", "old": "P2", "new": "P4"})
    assert due("resolution", lowered, now=T0 + 26 * HOUR) == T0 + 120 * HOUR


def test_several_questions_before_one_answer_are_one_cycle_from_the_first() -> None:
    talk = [
        (T0 + HOUR, "message", AGENT),
        (T0 + 2 * HOUR, "message", REQUESTER),
        (T0 + 3 * HOUR, "message", REQUESTER),
    ]
    assert due("next_response", *talk, now=T0 + 3 * HOUR) == T0 + 6 * HOUR


def test_resolving_stops_every_clock() -> None:
    assert (
        clocks(events_of([CREATED, (T0 + 60, "status", {"old": "new", "new": "resolved"})]), T0 + 90).dues
        == {}
    )


def test_reopening_starts_a_second_resolution_cycle_and_keeps_the_first_verdict() -> None:
    over = [
        (T0 + HOUR, "status", {"old": "open", "new": "resolved"}),
        (T0 + 9 * HOUR, "status", {"old": "resolved", "new": "open"}),
    ]
    report = clocks(events_of([CREATED, *over]), T0 + 10 * HOUR)
    kept = [(each.n, each.outcome) for each in report.cycles if each.metric == "resolution"]
    assert kept == [(1, "met"), (2, "active")]


def test_cancelling_cancels_the_clocks() -> None:
    report = clocks(events_of([CREATED, (T0 + 60, "status", {"old": "new", "new": "cancelled"})]), T0 + 90)
    assert {each.outcome for each in report.cycles} == {"cancelled"}


def test_a_ticket_the_agent_opened_for_nobody_waits_for_no_first_response() -> None:
    created = (T0, "created", {"priority": "P2", "side": "agent"})
    assert set(clocks(events_of([created]), T0).dues) == {"resolution"}


STEPS = st.sampled_from(
    [
        ("message", AGENT),
        ("message", REQUESTER),
        ("message", {"public": False, "side": "agent"}),
        ("status", {"old": "open", "new": "pending"}),
        ("status", {"old": "pending", "new": "open"}),
        ("status", {"old": "open", "new": "resolved"}),
        ("status", {"old": "resolved", "new": "open"}),
        ("field", {"name": "priority", "old": "P2", "new": "P1"}),
        ("field", {"name": "priority", "old": "P1", "new": "P4"}),
    ]
)
HISTORIES = st.lists(st.tuples(st.integers(0, 20 * HOUR), STEPS), max_size=12)


def a_timeline(steps: list[tuple[int, tuple[str, dict[str, Any]]]]) -> list[tuple[int, str, dict[str, Any]]]:
    at, timeline = T0, [CREATED]
    for gap, (kind, data) in steps:
        at += gap
        timeline.append((at, kind, data))
    return timeline


@given(HISTORIES, st.lists(st.integers(0, 40 * HOUR), max_size=5))
def test_looking_often_changes_nothing(steps: list[Any], looks: list[int]) -> None:
    timeline = a_timeline(steps)
    end = timeline[-1][0] + 50 * HOUR
    watched = sorted([*timeline, *((T0 + each, "noted", {}) for each in looks)], key=lambda event: event[0])
    assert clocks(events_of(watched), end).dues == clocks(events_of(timeline), end).dues


@given(HISTORIES)
def test_what_is_over_never_changes_again(steps: list[Any]) -> None:
    timeline = a_timeline(steps)
    end = timeline[-1][0]
    done = [each for each in clocks(events_of(timeline), end).cycles if each.stopped is not None]
    later = [
        *timeline,
        (end + HOUR, "message", AGENT),
        (end + 2 * HOUR, "status", {"old": "open", "new": "pending"}),
    ]
    afterwards = clocks(events_of(later), end + 9 * HOUR).cycles
    assert [each for each in done if each not in afterwards] == []


@given(HISTORIES, st.integers(0, 100 * HOUR))
def test_a_running_clock_is_breached_exactly_when_now_is_past_its_due(steps: list[Any], wait: int) -> None:
    timeline = a_timeline(steps)
    now = timeline[-1][0] + wait
    report = clocks(events_of(timeline), now)
    for each in report.cycles:
        if each.stopped is None and not each.paused:
            due_at = each.due_at
            assert due_at is not None
            assert (each.breached_at is not None) >= (now > due_at)


def test_the_columns_of_a_ticket_are_the_fold() -> None:
    story = Story()
    story.does(a.Reply(1, "which VPN?"))
    story.does(a.Reply(1, "the blue one"), "requester", after=HOUR)
    assert story.ticket is not None
    assert story.ticket.next_due_at == clocks(story.events, story.now).next_due


@pytest.mark.parametrize("name", ["id", "calendar", "targets", "pause", "reopen", "on_resolve", "levels"])
def test_the_light_policy_is_the_built_in_one(name: str) -> None:
    policy, plain = BUILT_IN.policy("default"), PLAIN.policy("default")
    assert getattr(plain, name) == getattr(policy, name)


@pytest.mark.parametrize("name", ["rev", "terms", "calendars", "olas", "ucs"])
def test_the_light_edition_is_the_built_in_book(name: str) -> None:
    assert getattr(PLAIN, name) == getattr(BUILT_IN, name)


@given(HISTORIES, st.integers(0, 100 * HOUR))
def test_with_and_without_the_built_in_book_the_clocks_say_the_same(steps: list[Any], wait: int) -> None:
    timeline = a_timeline(steps)
    now = timeline[-1][0] + wait
    assert fold(events_of(timeline), {}, now) == fold(events_of(timeline), EDITIONS, now)


def test_the_clocks_import_no_rule_book() -> None:
    program = "import sys, deskterm.rules.draft; sys.exit('deskterm.rules.rulebook' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_a_ticket_without_a_timeline_has_no_clocks() -> None:
    assert fold((), {}, T0).cycles == ()
