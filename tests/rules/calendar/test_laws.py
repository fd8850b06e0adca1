"""Laws of business time: they hold for every calendar, in every zone, over every change of the clock."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings, strategies as st

from deskterm.rules.calendar import Calendar, CalendarExhausted
from deskterm.rules.calendar.walls import EPOCH, instant
from tests.rules.calendar.calendars import DAY, ZONES, Oracle
from tests.rules.calendar.drawn import dates, tables

MANY = settings(max_examples=60)
SOAK = settings(max_examples=10_000)
FROM, DAYS = int(datetime(2010, 6, 1, tzinfo=UTC).timestamp()), 600  # Apia skips a day in it
instants = st.integers(FROM, FROM + DAYS * DAY)
lengths = st.integers(1, 30 * DAY)
calendars = tables().map(Calendar.parse)


def comes_back(calendar: Calendar, start: int, seconds: int) -> None:
    """Adding is the inverse of measuring, to the second."""
    try:
        due = calendar.add(start, seconds)
    except CalendarExhausted:
        assert calendar.elapsed(start, start + 19 * 365 * DAY) < seconds
        return
    assert calendar.elapsed(start, due) == seconds
    assert calendar.elapsed(start, due - 1) == seconds - 1


@MANY
@given(calendars, instants, lengths)
def test_adding_is_the_inverse_of_measuring(calendar: Calendar, start: int, seconds: int) -> None:
    comes_back(calendar, start, seconds)


@pytest.mark.soak
@SOAK
@given(calendars, instants, lengths)
def test_adding_is_the_inverse_of_measuring_ten_thousand_times(
    calendar: Calendar, start: int, seconds: int
) -> None:
    comes_back(calendar, start, seconds)


@MANY
@given(calendars, st.lists(instants, min_size=3, max_size=3))
def test_the_parts_of_a_time_add_up(calendar: Calendar, times: list[int]) -> None:
    a, b, c = sorted(times)
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)


@MANY
@given(calendars, instants, st.integers(0, 10 * DAY), st.integers(0, 5 * DAY), st.integers(0, 5 * DAY))
def test_later_or_longer_is_never_due_earlier(
    calendar: Calendar, start: int, seconds: int, later: int, longer: int
) -> None:
    try:
        assert calendar.add(start, seconds) <= calendar.add(start + later, seconds + longer)
    except CalendarExhausted:
        assume(False)


@MANY
@given(calendars, instants, st.integers(0, 40 * DAY))
def test_the_stretches_between_two_times_add_up_and_are_open(
    calendar: Calendar, start: int, length: int
) -> None:
    stretches = list(calendar.stretches(start, start + length))
    assert sum(end - begin for begin, end in stretches) == calendar.elapsed(start, start + length)
    assert all(calendar.is_open(begin) and calendar.is_open(end - 1) for begin, end in stretches)
    assert all(before[1] < after[0] for before, after in pairwise(stretches))


@MANY
@given(calendars, instants)
def test_nothing_changes_before_the_next_change(calendar: Calendar, t: int) -> None:
    change, was_open = calendar.next_change(t), calendar.is_open(t)
    assume(change is not None)
    assert change is not None
    assert calendar.is_open(change) is not was_open
    assert calendar.elapsed(t, change) == (change - t if was_open else 0)
    assert calendar.next_open(t) == (t if was_open else change)


@MANY
@given(calendars)
def test_a_calendar_written_down_is_read_as_the_same(calendar: Calendar) -> None:
    assert Calendar.parse(calendar.table()) == calendar


@settings(max_examples=30)
@given(tables(), st.lists(st.tuples(instants, lengths), min_size=2, max_size=6))
def test_answers_do_not_depend_on_the_questions_before(
    table: dict[str, Any], asked: list[tuple[int, int]]
) -> None:
    worn = Calendar.parse(table)
    for start, seconds in asked:
        fresh = Calendar.parse(table)
        assert worn.elapsed(start, start + seconds) == fresh.elapsed(start, start + seconds)
        assert worn.next_change(start) == fresh.next_change(start)


@cache
def changes(tz: str) -> list[date]:
    """The dates between 1999 and 2029 on which the clocks of a zone change."""
    zone, days = ZoneInfo(tz), [date(1999, 1, 1) + timedelta(days=n) for n in range(11_000)]
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset() for day in days]
    return [
        day for day, before, after in zip(days[1:], noons[:-1], noons[1:], strict=True) if before != after
    ]


@st.composite
def near_a_change(draw: st.DrawFn, tz: str) -> tuple[dict[str, Any], date]:
    """A calendar with exceptions in days in which the clocks change, and the second day before."""
    day = draw(st.sampled_from(changes(tz)) if changes(tz) else dates())
    return draw(tables(day, (tz,))), day - timedelta(days=2)


def check(tz: str, examples: int) -> None:
    """Compare the table with the walk on so many calendars: all that is open, and a time and a due of it."""

    @settings(max_examples=examples)
    @given(near_a_change(tz), st.integers(0, 2 * 1440), st.integers(0, 3 * 1440))
    def holds(drawn: tuple[dict[str, Any], date], before: int, length: int) -> None:
        table, first = drawn
        calendar, oracle = Calendar.parse(table), Oracle(table, first, 5)
        low, high = oracle.low * 60, oracle.high * 60
        stretches = [range(a // 60, b // 60) for a, b in calendar.stretches(low, high)]
        known = {minute for minutes in stretches for minute in minutes}
        assert known == oracle.open & set(range(oracle.low, oracle.high))
        start = low + before * 60
        assert calendar.elapsed(start, start + length * 60) == oracle.elapsed(start, start + length * 60)
        assert calendar.is_open(start) is (start // 60 in oracle.open)
        due = oracle.add(start, length * 60)
        assert due is None or calendar.add(start, length * 60) == due

    holds()


@pytest.mark.parametrize("tz", ZONES)
def test_the_table_knows_what_a_walk_minute_by_minute_finds(tz: str) -> None:
    check(tz, 15)


@pytest.mark.soak
@pytest.mark.parametrize("tz", ZONES)
def test_the_table_knows_what_a_walk_finds_a_thousand_times(tz: str) -> None:
    check(tz, 1_000)


@pytest.mark.soak
@pytest.mark.parametrize("tz", sorted(available_timezones()))
def test_the_short_cut_over_quiet_nights_changes_nothing(tz: str) -> None:
    week = {"mon-sun": ["00:15-01:45", "02:10-03:20", "12:00-12:01", "23:00-00:10"]}
    calendar = Calendar.parse({"tz": tz, "week": week})
    first, last = date(1995, 1, 1).toordinal(), date(2037, 1, 1).toordinal()
    expected: list[tuple[int, int]] = []
    for day in range(first, last):
        wall = (day - EPOCH) * DAY
        for begin, end in calendar.spans_on(date.fromordinal(day)):
            opens = instant(calendar.zone, wall + begin * 60, closing=False)
            closes = instant(calendar.zone, wall + end * 60, closing=True)
            if expected and opens <= expected[-1][1]:
                expected[-1] = (expected[-1][0], max(closes, expected[-1][1]))
            elif opens < closes:
                expected.append((opens, closes))
    assert list(calendar.stretches(expected[1][0], expected[-1][1])) == expected[1:]
