"""The worked cases of business time: due times and spent times that were worked out by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from deskterm.rules.calendar import Calendar, CalendarExhausted
from deskterm.rules.problems import Problem
from tests.rules.calendar.calendars import (
    CHINA,
    DAY,
    HOUR,
    LONDON,
    NEW_YORK,
    NIGHT,
    around_the_clock,
    at,
    on,
    shown,
)

NY = "America/New_York"
CN = "Asia/Shanghai"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "rules" / "worked_cases.json"

DUES: dict[str, tuple[Calendar, str, str, int, str]] = {
    "inside one day": (Calendar.parse(NEW_YORK), NY, "2026-03-02 10:00", 4 * HOUR, "2026-03-02 14:00"),
    "into the next day": (Calendar.parse(NEW_YORK), NY, "2026-03-02 10:00", 8 * HOUR, "2026-03-03 10:00"),
    "a due at closing stays there": (
        Calendar.parse(NEW_YORK),
        NY,
        "2026-03-02 09:00",
        8 * HOUR,
        "2026-03-02 17:00",
    ),
    "after closing on Friday": (Calendar.parse(NEW_YORK), NY, "2026-02-27 18:30", HOUR, "2026-03-02 10:00"),
    "a Saturday counts from Monday": (
        Calendar.parse(NEW_YORK),
        NY,
        "2026-02-28 12:00",
        8 * HOUR,
        "2026-03-02 17:00",
    ),
    "a second from closing on": (
        Calendar.parse(NEW_YORK),
        NY,
        "2026-02-27 17:00",
        1,
        "2026-03-02 09:00:01",
    ),
    "before opening": (Calendar.parse(NEW_YORK), NY, "2026-03-02 06:00", HOUR // 2, "2026-03-02 09:30"),
    "no time at all is the start": (Calendar.parse(NEW_YORK), NY, "2026-02-28 12:00", 0, "2026-02-28 12:00"),
    "over lunch": (Calendar.parse(CHINA), CN, "2026-03-02 11:30", HOUR, "2026-03-02 14:00"),
    "up to lunch": (Calendar.parse(CHINA), CN, "2026-03-02 09:00", 3 * HOUR, "2026-03-02 12:00"),
    "from within lunch": (Calendar.parse(CHINA), CN, "2026-03-02 12:30", HOUR // 2, "2026-03-02 14:00"),
    "Thanksgiving is closed": (
        Calendar.parse(NEW_YORK),
        NY,
        "2026-11-25 16:00",
        2 * HOUR,
        "2026-11-27 10:00",
    ),
    "Easter in London": (
        Calendar.parse(LONDON),
        "Europe/London",
        "2026-04-02 17:00",
        HOUR,
        "2026-04-07 09:30",
    ),
    "90 hours around the clock": (
        around_the_clock("UTC", table=False),
        "UTC",
        "2026-02-27 18:00",
        90 * HOUR,
        "2026-03-03 12:00",
    ),
    "the weekend clocks go forward": (
        Calendar.parse(NEW_YORK),
        NY,
        "2026-03-06 16:00",
        2 * HOUR,
        "2026-03-09 10:00",
    ),
    "the night clocks go forward": (
        around_the_clock(NY),
        NY,
        "2026-03-07 23:00",
        4 * HOUR,
        "2026-03-08 04:00",
    ),
    "the night clocks go back": (around_the_clock(NY), NY, "2026-10-31 23:00", 4 * HOUR, "2026-11-01 02:00"),
    "London in spring": (
        Calendar.parse(LONDON),
        "Europe/London",
        "2026-03-27 17:00",
        HOUR,
        "2026-03-30 09:30",
    ),
    "London in autumn": (
        Calendar.parse(LONDON),
        "Europe/London",
        "2026-10-23 17:00",
        HOUR,
        "2026-10-26 09:30",
    ),
    "a make-up Saturday": (Calendar.parse(CHINA), CN, "2026-02-13 17:00", 2 * HOUR, "2026-02-14 10:00"),
    "nine days of Spring Festival": (
        Calendar.parse(CHINA),
        CN,
        "2026-02-14 17:00",
        2 * HOUR,
        "2026-02-24 10:00",
    ),
    "the Saturday after it": (Calendar.parse(CHINA), CN, "2026-02-27 17:30", HOUR, "2026-02-28 09:30"),
    "National Day": (Calendar.parse(CHINA), CN, "2026-09-30 17:00", 17 * HOUR // 2, "2026-10-08 18:00"),
    "the Saturday after National Day": (
        Calendar.parse(CHINA),
        CN,
        "2026-10-09 17:00",
        2 * HOUR,
        "2026-10-10 10:00",
    ),
    "a make-up Sunday": (Calendar.parse(CHINA), CN, "2026-09-19 12:00", HOUR // 2, "2026-09-20 09:30"),
    "a short day, a yearly holiday, a weekend": (
        Calendar.parse(NEW_YORK),
        NY,
        "2026-12-24 12:00",
        2 * HOUR,
        "2026-12-28 10:00",
    ),
}


@pytest.mark.parametrize("case", DUES)
def test_when_it_is_due(case: str) -> None:
    calendar, tz, start, seconds, due = DUES[case]
    assert shown(calendar.add(at(start, tz), seconds), tz) == shown(at(due, tz), tz)


SPENT: dict[str, tuple[Calendar, str, str, str, int]] = {
    "a Sunday that lost an hour": (around_the_clock(NY), NY, "2026-03-08", "2026-03-09", 23 * HOUR),
    "a Sunday that won one": (around_the_clock(NY), NY, "2026-11-01", "2026-11-02", 25 * HOUR),
    "a night shift in spring": (Calendar.parse(NIGHT), NY, "2026-03-07 22:00", "2026-03-08 06:00", 7 * HOUR),
    "a night shift in autumn": (Calendar.parse(NIGHT), NY, "2026-10-31 22:00", "2026-11-01 06:00", 9 * HOUR),
    "a London morning in spring": (
        around_the_clock("Europe/London"),
        "Europe/London",
        "2026-03-29",
        "2026-03-29 04:00",
        3 * HOUR,
    ),
    "a London morning in autumn": (
        around_the_clock("Europe/London"),
        "Europe/London",
        "2026-10-25",
        "2026-10-25 04:00",
        5 * HOUR,
    ),
    "a span that ends in the gap": (
        on("sun", ["01:30-02:30"], NY),
        NY,
        "2026-03-08",
        "2026-03-08 12:00",
        HOUR // 2,
    ),
    "a span within the gap": (on("sun", ["02:15-02:45"], NY), NY, "2026-03-08", "2026-03-08 12:00", 0),
    "a span that comes twice": (
        on("sun", ["01:00-02:00"], NY),
        NY,
        "2026-11-01",
        "2026-11-01 12:00",
        2 * HOUR,
    ),
    "a change at midnight": (
        on("fri", ["00:00-08:00"], "Africa/Cairo"),
        "Africa/Cairo",
        "2026-04-23 12:00",
        "2026-04-24 12:00",
        7 * HOUR,
    ),
    "a change by half an hour": (
        around_the_clock("Australia/Lord_Howe"),
        "Australia/Lord_Howe",
        "2026-04-05",
        "2026-04-06",
        49 * HOUR // 2,
    ),
    "a date that never was": (
        Calendar.parse({"tz": "Pacific/Apia", "week": {"mon-sun": ["09:00-17:00"]}}),
        "Pacific/Apia",
        "2011-12-29 12:00",
        "2011-12-31 12:00",
        8 * HOUR,
    ),
    "a day of Shanghai in New York": (
        Calendar.parse(NEW_YORK),
        CN,
        "2026-03-03 02:00",
        "2026-03-04 02:00",
        8 * HOUR,
    ),
    "two working days among eleven": (Calendar.parse(CHINA), CN, "2026-02-14", "2026-02-25", 15 * HOUR),
    "a week with a make-up Saturday": (Calendar.parse(CHINA), CN, "2026-05-04", "2026-05-11", 30 * HOUR),
}


@pytest.mark.parametrize("case", SPENT)
def test_how_much_time_was_open(case: str) -> None:
    calendar, tz, a, b, seconds = SPENT[case]
    assert calendar.elapsed(at(a, tz), at(b, tz)) == seconds


def test_from_a_reading_of_the_clock_to_the_same_an_hour_later_is_an_hour() -> None:
    first, second = (at("2026-11-01 01:30", NY, second=late) for late in (False, True))
    assert around_the_clock(NY).elapsed(first, second) == HOUR


@pytest.mark.parametrize(
    ("table", "tz", "start", "due"),
    [
        (CHINA, CN, "2026-02-12 15:00", "2026-02-24 18:00"),  # Friday, the make-up Saturday, Tuesday week
        (NEW_YORK, NY, "2026-03-05 15:00", "2026-03-10 17:00"),
    ],
    ids=["China", "New York"],
)
def test_three_business_days_end_at_the_third_closing(
    table: dict[str, Any], tz: str, start: str, due: str
) -> None:
    assert Calendar.parse(table).end_of_business_day(at(start, tz), 3) == at(due, tz)


def test_time_that_never_comes_is_refused_after_twenty_years() -> None:
    once = Calendar.parse({"tz": "UTC", "week": {}, "hours": {"2026-03-02": ["09:00-10:00"]}})
    assert once.add(at("2026-03-02", "UTC"), HOUR) == at("2026-03-02 10:00", "UTC")
    with pytest.raises(CalendarExhausted, match="looks 20 years ahead"):
        once.add(at("2026-03-02", "UTC"), HOUR + 1)


def test_the_limit_does_not_depend_on_what_was_asked_before() -> None:
    calendar, start = Calendar.parse(NEW_YORK), at("2026-03-02", "UTC")
    calendar.elapsed(start, start + 60 * 366 * DAY)
    with pytest.raises(CalendarExhausted):
        calendar.add(start, 25 * 250 * 8 * HOUR)


def shared_cases() -> dict[str, Any]:
    """The exact inputs of the worked cases, where they are."""
    if not SHARED.exists():
        pytest.skip("the shared data is not beside this clone")
    cases: dict[str, Any] = json.loads(SHARED.read_text(encoding="utf-8"))
    return cases


def test_every_shared_case_is_answered_as_it_was_worked_out() -> None:
    cases = shared_cases()
    calendars = {name: Calendar.parse(table, name=name) for name, table in cases["calendars"].items()}
    dues = {c["id"]: calendars[c["calendar"]].add(c["start"], c["seconds"]) for c in cases["add"]}
    spent = {c["id"]: calendars[c["calendar"]].elapsed(c["from"], c["to"]) for c in cases["elapsed"]}
    assert dues | spent == {c["id"]: c["expected"] for c in cases["add"] + cases["elapsed"]}


@pytest.mark.parametrize(
    "week", [{}, {"sat": []}, {"mon": ["09:00-09:00"]}, {"mon": ["09:00-12:00", "11:00-13:00"]}]
)
def test_a_week_that_makes_no_sense_is_refused(week: dict[str, list[str]]) -> None:
    with pytest.raises(Problem):
        Calendar.parse({"tz": "UTC", "week": week})
