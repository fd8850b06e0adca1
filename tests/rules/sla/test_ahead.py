"""Ahead: a level to come is passed at the very instant that was said, if nothing else happens."""

import pytest
from hypothesis import given, settings, strategies as st

from deskterm.rules.facts import Actor, Event
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.rulefile import load
from deskterm.rules.sla import ClockReport, Cycle, fold
from deskterm.rules.sla.ahead import ahead
from tests.builders import DAY, HOUR, T0

POSITIONS = (
    ("half", "50%"),
    ("near", "-30m"),
    ("breach", "breach"),
    ("late", "+4h"),
    ("wall", "+2h wall"),
)
RULES = """
format = 1
desk = "d"
timezone = "UTC"
[calendar.office]
tz = "UTC"
week = { mon-fri = ["09:00-12:30", "13:30-17:00"] }
day = "7h"
[[sla]]
id = "one"
when = ''
calendar = "office"
pause = { resolution = ["pending"] }
target.P1 = { resolution = "5h" }
target.P2 = { resolution = "5h" }
target.P3 = { resolution = "5h" }
target.P4 = { resolution = "5h" }
""" + "".join(
    f'[[sla.level]]\nid = "{name}"\nmetric = "resolution"\nat = "{at}"\ndo = [{{ add_tags = ["x"] }}]\n'
    for name, at in (
        ("half", "50%"),
        ("near", "-30m"),
        ("breach", "breach"),
        ("late", "+4h"),
        ("wall", "+2h wall"),
    )
)
BOOK: RuleBook = load(RULES, "d.toml")._replace(rev=1)
LEVELS = BOOK.policies[0].levels


def history(*statuses: tuple[int, str]) -> tuple[Event, ...]:
    who = Actor("agent", 1)
    opened = Event(1, T0, "created", who, {"status": "new", "priority": "P3", "side": "requester"})
    applied = Event(2, T0, "policy_applied", who, {"old": "", "policy": "one", "rev": 1})
    moves = [
        Event(3 + place, at, "status", who, {"old": "open", "new": status})
        for place, (at, status) in enumerate(statuses)
    ]
    return (opened, applied, *moves)


def report(now: int, *statuses: tuple[int, str]) -> ClockReport:
    return fold(history(*statuses), {1: BOOK}, now, ledger=True)


def resolution(found: ClockReport) -> Cycle:
    return next(cycle for cycle in found.cycles if cycle.metric == "resolution")


@settings(max_examples=60)
@given(st.integers(0, 3 * DAY))
def test_every_level_is_passed_when_it_was_said_to_be(after: int) -> None:
    now = T0 + after
    for each in ahead(resolution(report(now)), LEVELS, now):
        assert each.at is not None
        assert each.at >= now
        then = {found.level.id: found.nominal_at for found in report(each.at + DAY).crossings}
        assert then[each.level.id] == each.at


@settings(max_examples=60)
@given(st.integers(0, 9 * DAY))
def test_a_level_is_either_passed_or_to_come(after: int) -> None:
    found = report(T0 + after)
    coming = {each.level.id for each in ahead(resolution(found), LEVELS, T0 + after)}
    assert coming | set(resolution(found).crossed) == {each.id for each in LEVELS}
    assert not coming & set(resolution(found).crossed)


def test_the_nearest_level_comes_first() -> None:
    found = ahead(resolution(report(T0)), LEVELS, T0)
    assert [each.level.id for each in found][:3] == [
        "half",
        "near",
        "breach",
    ]


def test_a_paused_clock_passes_its_levels_at_no_known_time() -> None:
    now = T0 + 2 * HOUR
    found = ahead(resolution(report(now, (T0 + HOUR, "pending"))), LEVELS, now)
    assert {each.at for each in found} == {None}


@pytest.mark.parametrize("status", ["resolved", "cancelled"])
def test_a_clock_that_is_over_has_no_level_to_come(status: str) -> None:
    now = T0 + 2 * HOUR
    assert ahead(resolution(report(now, (T0 + HOUR, status))), LEVELS, now) == ()
