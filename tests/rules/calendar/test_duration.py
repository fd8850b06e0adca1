"""Lengths of time as rules write them."""

import pytest
from hypothesis import given, strategies as st

from deskterm.rules.duration import (
    Position,
    Wait,
    format_duration,
    read_duration,
    read_position,
    read_wait,
    read_wall,
)
from deskterm.rules.problems import Problem

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30m", 30 * MINUTE),
        ("4h", 4 * HOUR),
        ("1h30m", 90 * MINUTE),
        ("90s", 90),
        ("1h1s", 3601),
        ("72h", 72 * HOUR),
    ],
)
def test_a_business_time_is_hours_minutes_and_seconds(text: str, seconds: int) -> None:
    assert read_duration(text) == seconds


def test_a_working_day_is_as_long_as_the_calendar_says() -> None:
    assert read_duration("3wd", day=8 * HOUR) == 24 * HOUR
    assert read_duration("1wd2h", day=27_000) == 27_000 + 2 * HOUR


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8hh", '"8hh" is not a duration (30m, 4h, 1h30m, 3wd).'),
        ("", '"" is not a duration'),
        ("h", '"h" is not a duration'),
        ("4", '"4" is not a duration'),
        (" 4h", '" 4h" is not a duration'),
        ("4h ", '"4h " is not a duration'),
        ("-4h", '"-4h" is not a duration'),
        ("1.5h", '"1.5h" is not a duration'),
        ("30m1h", '"30m1h" is not a duration'),
        ("1h1h", '"1h1h" is not a duration'),
        ("４h", "is not a duration"),
        ("1234567890h", "is not a duration"),
        ("1d", '"1d" may mean working days or days of 24 hours: use wd for working days, or h.'),
        ("1w", '"1w" may mean working days'),
        ("2bd", '"2bd" counts whole business days, which a target cannot: use wd or h.'),
        ("3wd", '"3wd" needs the length of a working day: give the calendar day = "8h".'),
        ("0m", '"0m" is no time at all: write at least 1s.'),
        ("999999999h", '"999999999h" is longer than a hundred years.'),
    ],
)
def test_what_is_no_business_time_is_refused_with_the_way_out(text: str, said: str) -> None:
    with pytest.raises(Problem) as refused:
        read_duration(text)
    assert said in str(refused.value)


@given(st.integers(1, 10**9))
def test_a_length_written_down_is_read_as_the_same(seconds: int) -> None:
    assert read_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (27_000, "7h30m"), (-90, "-1m30s"), (360_000, "100h")]
)
def test_lengths_are_written_in_hours(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7d", 7 * DAY), ("2w", 14 * DAY), ("36h", 36 * HOUR), ("1d12h", 36 * HOUR), ("30m", 1800)],
)
def test_time_on_the_clock_has_days_and_weeks(text: str, seconds: int) -> None:
    assert read_wall(text) == seconds


@pytest.mark.parametrize("text", ["3wd", "2bd", "x", "0d", "-1d"])
def test_time_on_the_clock_has_no_working_days(text: str) -> None:
    with pytest.raises(Problem):
        read_wall(text)


@pytest.mark.parametrize(
    ("text", "wait"), [("2bd", Wait(0, 2)), ("4h", Wait(4 * HOUR)), ("7d", Wait(7 * DAY))]
)
def test_a_wait_is_business_days_or_time_on_the_clock(text: str, wait: Wait) -> None:
    assert read_wait(text) == wait


@pytest.mark.parametrize("text", ["0bd", "2bd4h", "-2bd", "bd", "999999bd", "3wd"])
def test_a_wait_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        read_wait(text)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("75%", Position("percent", 75)),
        ("150%", Position("percent", 150)),
        ("-30m", Position("offset", -30 * MINUTE)),
        ("breach", Position("offset", 0)),
        ("+4h", Position("offset", 4 * HOUR)),
        ("+1wd", Position("offset", 8 * HOUR)),
        ("+2h wall", Position("wall", 2 * HOUR)),
        ("+1d wall", Position("wall", DAY)),
    ],
)
def test_a_level_lies_at_a_share_of_the_target_or_before_or_behind_it(text: str, position: Position) -> None:
    assert read_position(text, day=8 * HOUR) == position


@pytest.mark.parametrize(
    "text",
    [
        "",
        "75",
        "0%",
        "7.5%",
        "%",
        "-75%",
        "+75%",
        "99999%",
        "30m",
        "-2h wall",
        "wall",
        "+ wall",
        "+1d",
        "+0m",
    ],
)
def test_a_place_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        read_position(text, day=8 * HOUR)
    assert "%%" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["+4hh", "-4hh", "+2d", "-1w", "+3wd wall", "+4hh wall", "+0m", "50 %", "soon"]
)
def test_a_place_that_is_refused_is_told_whole_and_first(text: str) -> None:
    with pytest.raises(Problem) as refused:
        read_position(text, day=8 * HOUR)
    assert str(refused.value).startswith(f'"{text}" ')
