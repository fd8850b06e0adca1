"""Days in the viewer's zone and lengths of time, through every trick that clocks play."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from deskterm.rules.query.ast import Period, Span
from deskterm.rules.query.moments import day_bounds, read_period, read_span, write_span
from tests.rules.query.builders import NOW

ZONES = (
    "UTC",
    "America/New_York",
    "America/Havana",
    "America/Toronto",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
)
zones = st.sampled_from(ZONES)
days = st.dates(date(1970, 1, 2), date(2100, 1, 1))


def at(text: str) -> int:
    """Epoch seconds of an ISO 8601 time with its offset."""
    return int(datetime.fromisoformat(text).timestamp())


def local_date(instant: int, zone: str) -> date:
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).date()


NEW_YORK, CAIRO, HAVANA, TORONTO = "America/New_York", "Africa/Cairo", "America/Havana", "America/Toronto"
DAYS = {
    "a plain day": ("2026-03-02", NEW_YORK, "2026-03-02T00:00-05:00", "2026-03-03T00:00-05:00"),
    "23 hours in spring": ("2026-03-08", NEW_YORK, "2026-03-08T00:00-05:00", "2026-03-09T00:00-04:00"),
    "25 hours in autumn": ("2026-11-01", NEW_YORK, "2026-11-01T00:00-04:00", "2026-11-02T00:00-05:00"),
    "midnight is skipped": ("2026-04-24", CAIRO, "2026-04-24T01:00+03:00", "2026-04-25T00:00+03:00"),
    "the day before it": ("2026-04-23", CAIRO, "2026-04-23T00:00+02:00", "2026-04-24T01:00+03:00"),
    "midnight comes twice": ("2026-11-01", HAVANA, "2026-11-01T00:00-04:00", "2026-11-02T00:00-05:00"),
    "half an hour": ("2026-04-05", "Australia/Lord_Howe", "2026-04-05T00:00+11:00", "2026-04-06T00:00+10:30"),
    "a gap over midnight": ("1919-03-31", TORONTO, "1919-03-31T00:30-04:00", "1919-04-01T00:00-04:00"),
    "a month": ("2026-03", NEW_YORK, "2026-03-01T00:00-05:00", "2026-04-01T00:00-04:00"),
    "a december": ("2025-12", "Asia/Shanghai", "2025-12-01T00:00+08:00", "2026-01-01T00:00+08:00"),
    "a year": ("2026", NEW_YORK, "2026-01-01T00:00-05:00", "2027-01-01T00:00-05:00"),
    "today": ("today", NEW_YORK, "2026-03-02T00:00-05:00", "2026-03-03T00:00-05:00"),
    "today elsewhere": ("today", "Asia/Shanghai", "2026-03-02T00:00+08:00", "2026-03-03T00:00+08:00"),
    "yesterday": ("yesterday", NEW_YORK, "2026-03-01T00:00-05:00", "2026-03-02T00:00-05:00"),
    "tomorrow": ("tomorrow", "UTC", "2026-03-03T00:00+00:00", "2026-03-04T00:00+00:00"),
}


@pytest.mark.parametrize(("name", "zone", "first", "after"), DAYS.values(), ids=DAYS)
def test_a_day_is_two_instants(name: str, zone: str, first: str, after: str) -> None:
    assert day_bounds(Period(name), NOW, zone) == (at(first), at(after))


def test_a_day_that_a_country_left_out_is_empty() -> None:
    first, after = day_bounds(Period("2011-12-30"), NOW, "Pacific/Apia")
    assert first == after == at("2011-12-31T00:00+14:00")


def test_a_zone_may_be_given_as_such() -> None:
    assert day_bounds(Period("today"), NOW, UTC) == day_bounds(Period("today"), NOW, "UTC")


@given(zones, days)
def test_a_day_begins_at_the_first_second_that_shows_its_date(zone: str, day: date) -> None:
    first, _ = day_bounds(Period(day.isoformat()), NOW, zone)
    assert local_date(first, zone) >= day
    assert local_date(first - 1, zone) < day


@given(zones, days)
def test_days_follow_each_other_without_gap_or_overlap(zone: str, day: date) -> None:
    _, after = day_bounds(Period(day.isoformat()), NOW, zone)
    first, _ = day_bounds(Period((day + timedelta(days=1)).isoformat()), NOW, zone)
    assert after == first


@given(zones, st.integers(0, 4_000_000_000))
def test_now_lies_in_today(zone: str, now: int) -> None:
    first, after = day_bounds(Period("today"), now, zone)
    assert first <= now < after


@given(st.integers(-36_525 * 1_440, 36_525 * 1_440))
def test_a_length_survives_writing_and_reading(minutes: int) -> None:
    assert read_span(write_span(Span(minutes * 60))) == Span(minutes * 60)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30m", 1_800),
        ("4h", 14_400),
        ("2d", 172_800),
        ("1w", 604_800),
        ("1h30m", 5_400),
        ("-7d", -604_800),
        ("0m", 0),
    ],
)
def test_a_length_is_a_sum_of_weeks_days_hours_and_minutes(text: str, seconds: int) -> None:
    assert read_span(text) == Span(seconds)


@pytest.mark.parametrize("text", ["", "4", "h", "4x", "4 h", "4H", "--4h", "1.5h", "4h-", "٣h", "9999w"])
def test_other_texts_are_no_length(text: str) -> None:
    assert read_span(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-3",
        "2026-00",
        "2026-13",
        "2026-02-29",
        "26-03-02",
        "1969",
        "9999",
        "2026-03-02T10:00",
        "Today",
        "٢٠٢٦",
    ],
)
def test_other_texts_are_no_day(text: str) -> None:
    assert read_period(text) is None
