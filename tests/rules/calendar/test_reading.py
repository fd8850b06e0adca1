"""The table of a calendar: what it may say, and every fault with its place."""

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from deskterm.rules.calendar import ALWAYS, Calendar, PublicHolidays, Reason
from deskterm.rules.problems import Problem
from tests.rules.calendar.calendars import CHINA, DAY, HOUR, NEW_YORK, NIGHT, at

OPEN = {"tz": "UTC", "week": {"mon-fri": ["09:00-17:00"]}}
PUBLIC = PublicHolidays(
    holidays={
        "CN": {"2026-10-01": "国庆节", "2026-10-02": "国庆节"},
        "US-NY": {"2026-11-26": "Thanksgiving"},
    },
    workdays={"CN": {"2026-10-10": "wed"}},
    uncovered={"CN": (2027, 2028)},
    years=(2016, 2028),
    unknown={"XX": ("XK",)},
)


def faults(**table: Any) -> dict[str, str]:
    """What is wrong, by key path."""
    return {each.field: str(each) for each in Calendar.faults({**OPEN, **table})}


def closed(calendar: Calendar, *days: str) -> list[bool]:
    """Of each date whether nothing is open on it."""
    return [not calendar.spans_on(date.fromisoformat(day)) for day in days]


@pytest.mark.parametrize(
    ("week", "weekdays"),
    [
        ({"mon-fri": ["09:00-17:00"]}, [0, 1, 2, 3, 4]),
        ({"sun-thu": ["09:00-17:00"]}, [0, 1, 2, 3, 6]),
        ({"mon, wed,fri": ["09:00-17:00"]}, [0, 2, 4]),
        ({"sat": ["09:00-17:00"], "mon-tue,thu": ["10:00-12:00"]}, [0, 1, 3, 5]),
        ({"mon-sun": ["09:00-17:00"]}, [0, 1, 2, 3, 4, 5, 6]),
        ({"mon-fri": ["09:00-17:00"], "sat": []}, [0, 1, 2, 3, 4]),
    ],
)
def test_weekdays_are_single_a_range_or_a_list(week: dict[str, list[str]], weekdays: list[int]) -> None:
    calendar = Calendar.parse({"tz": "UTC", "week": week})
    assert [day for day, spans in enumerate(calendar.week) if spans] == weekdays


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    calendar = Calendar.parse({**NIGHT, "tz": "UTC", "holidays": {"2026-03-03": "closed"}})
    assert list(calendar.stretches(at("2026-03-02 12:00", "UTC"), at("2026-03-05", "UTC"))) == [
        (at("2026-03-02 22:00", "UTC"), at("2026-03-03 06:00", "UTC")),
        (at("2026-03-04 22:00", "UTC"), at("2026-03-05", "UTC")),
    ]


def test_spans_that_touch_over_midnight_are_one() -> None:
    calendar = Calendar.parse({"tz": "UTC", "week": {"mon": ["20:00-24:00"], "tue": ["00:00-04:00"]}})
    opens = at("2026-03-02 20:00", "UTC")
    assert list(calendar.stretches(opens - DAY, opens + DAY)) == [(opens, opens + 8 * HOUR)]


def test_what_stands_first_decides_about_a_date() -> None:
    calendar = Calendar.parse(
        {
            **OPEN,
            "holidays": {"2026-03-02..2026-03-06": "fair", "03-03": "yearly"},
            "workdays": {"2026-03-04": "mon", "2026-03-07": "fri"},
            "hours": {"2026-03-04": ["10:00-11:00"], "03-05": ["12:00-13:00"]},
        }
    )
    reasons = [calendar.reason_on(date(2026, 3, day)) for day in range(2, 9)]
    assert reasons == [
        Reason("holiday", "fair"),
        Reason("holiday", "fair"),
        Reason("hours", "fair"),
        Reason("hours", "fair"),
        Reason("holiday", "fair"),
        Reason("workday", "fri"),
        Reason("week"),
    ]
    assert calendar.spans_on(date(2026, 3, 5)) == ((720, 780),)


def test_the_29th_of_february_is_a_holiday_when_there_is_one() -> None:
    calendar = Calendar.parse({"tz": "UTC", "week": {"mon-sun": ["09:00-17:00"]}, "holidays": ["02-29"]})
    assert closed(calendar, "2024-02-29", "2026-02-28", "2026-03-01") == [True, False, False]


def test_a_yearly_stretch_may_pass_the_new_year() -> None:
    calendar = Calendar.parse(
        {"tz": "UTC", "week": {"mon-sun": ["09:00-17:00"]}, "holidays": {"12-30..01-01": "x"}}
    )
    assert closed(calendar, "2026-12-29", "2026-12-31", "2027-01-01", "2027-01-02") == [
        False,
        True,
        True,
        False,
    ]


def test_dates_of_toml_are_dates() -> None:
    table = tomllib.loads(
        'tz="UTC"\nweek={mon-fri=["09:00-17:00"]}\ncovers=2026-12-31\nholidays=[2026-03-02]'
    )
    calendar = Calendar.parse(table)
    assert calendar.covers == date(2026, 12, 31)
    assert closed(calendar, "2026-03-02") == [True]


@pytest.mark.parametrize(
    ("table", "path", "said"),
    [
        (
            {"tz": "Europe/Berlim"},
            "tz",
            'There is no time zone "Europe/Berlim": use a name such as Europe/Berlin.',
        ),
        ({"tz": ""}, "tz", "There is no time zone"),
        ({"tz": "../../etc/passwd"}, "tz", "There is no time zone"),
        ({"tz": 5}, "tz", 'tz must be written as "Europe/Berlin".'),
        ({"hors": {}}, "hors", 'There is no key "hors" in a calendar.'),
        ({"week": ["09:00-17:00"]}, "week", "week must be written as"),
        ({"week": {"fry": []}}, "week.fry", '"fry" is not a weekday.'),
        ({"week": {"mon-": ["09:00-10:00"]}}, "week.mon-", '"" is not a weekday.'),
        (
            {"week": {"mon-fri": ["09:00-10:00"], "fri": ["09:00-10:00"]}},
            "week.fri",
            "fri: fri stands in mon-fri already.",
        ),
        ({"week": {"mon": "09:00-10:00"}}, "week.mon", "mon must be written as"),
        (
            {"week": {"mon": ["9:00-10:00"]}},
            "week.mon",
            'mon: "9:00-10:00" is not a span: write 09:00-17:00.',
        ),
        ({"week": {"mon": [900]}}, "week.mon", 'mon: "900" is not a span'),
        ({"week": {"mon": ["24:00-25:00"]}}, "week.mon", "hours go from 00:00 to 24:00"),
        ({"week": {"mon": ["09:60-10:00"]}}, "week.mon", "hours go from 00:00 to 24:00"),
        ({"week": {"mon": ["09:00-24:30"]}}, "week.mon", "hours go from 00:00 to 24:00"),
        ({"week": {"mon": ["09:00-09:00"]}}, "week.mon", 'mon: "09:00-09:00" has no length'),
        (
            {"week": {"mon-fri": ["11:00-13:00", "09:00-12:00"]}},
            "week.mon-fri",
            "mon-fri: 11:00-13:00 overlaps 09:00-12:00.",
        ),
        (
            {"week": {"mon": ["22:00-06:00", "23:00-24:00"]}},
            "week.mon",
            "mon: 23:00-24:00 overlaps 22:00-06:00.",
        ),
        ({"week": {}}, "week", "The calendar has no open time at all."),
        ({"holidays": {"2026-02-30": "x"}}, "holidays.2026-02-30", '"2026-02-30" is not a date'),
        ({"holidays": {"2026-03-02..2026-03-01": "x"}}, "holidays.2026-03-02..2026-03-01", "is not a date"),
        ({"holidays": {"2026-01-01..2099-01-01": "x"}}, "holidays.2026-01-01..2099-01-01", "is not a date"),
        ({"holidays": {"13-01": "x"}}, "holidays.13-01", "is not a date"),
        (
            {"holidays": {"2026-03-02": 5}},
            "holidays.2026-03-02",
            '2026-03-02 must be written as "Christmas Eve".',
        ),
        ({"holidays": ["soon"]}, "holidays.soon", '"soon" is not a date'),
        ({"holidays": ["CN"]}, "holidays.CN", 'No public holidays are known for "CN"'),
        ({"holidays": ["CHN"]}, "holidays.CHN", 'No public holidays are known for "CHN"'),
        ({"holidays": "CN"}, "holidays", "holidays must be written as"),
        ({"workdays": {"02-14": "mon"}}, "workdays.02-14", '"02-14" is not a date: write 2026-12-24.'),
        ({"workdays": {"2026-02-14": "monday"}}, "workdays.2026-02-14", '"monday" is not a weekday.'),
        ({"hours": {"2026-12-24": []}}, "hours.2026-12-24", "a closed day belongs to the holidays"),
        (
            {"hours": {"2026-12-24..2026-12-26": ["09:00-10:00"]}},
            "hours.2026-12-24..2026-12-26",
            "is not a date",
        ),
        ({"day": "1d"}, "day", '"1d" may mean working days'),
        ({"day": "25h"}, "day", "is longer than a day"),
        ({"day": 8}, "day", 'day must be written as "8h".'),
        ({"covers": "2026"}, "covers", '"2026" is not a date: write 2026-12-24.'),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_a_fault_is_told_with_its_place(table: dict[str, Any], path: str, said: str) -> None:
    assert said in faults(**table)[path]
    with pytest.raises(Problem):
        Calendar.parse({**OPEN, **table})


def test_all_faults_are_told_at_once() -> None:
    told = faults(
        tz="X", week={"mon": ["25:00-26:00"], "tue": ["x"]}, holidays={"2026-02-30": "x"}, covers="never"
    )
    assert set(told) == {"tz", "week.mon", "week.tue", "holidays.2026-02-30", "covers"}


def test_the_first_fault_says_how_many_follow() -> None:
    with pytest.raises(Problem) as refused:
        Calendar.parse({"tz": "UTC", "week": {"mon": ["x"], "tue": ["y"]}})
    assert str(refused.value) == 'mon: "x" is not a span: write 09:00-17:00. (and 1 more)'


def test_the_nearest_zone_is_named() -> None:
    assert Calendar.faults({**OPEN, "tz": "Europe/Berlim"})[0].choices[0] == "Europe/Berlin"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["mon", "2026-03-02", "CN"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["tz", "week", "day", "covers", "holidays", "workdays", "hours", "uncovered", "x"])


@given(st.dictionaries(KEYS, JSON, max_size=5))
def test_any_table_is_read_or_its_faults_are_told(table: dict[str, Any]) -> None:
    told = Calendar.faults(table)
    assert all(str(each) for each in told)
    if not told:
        Calendar.parse(table)


def test_regions_are_written_out_by_name_and_their_make_up_days_too() -> None:
    calendar = Calendar.parse({**OPEN, "holidays": ["CN", "US-NY", "2026-12-24"]}, public=PUBLIC)
    assert calendar.reason_on(date(2026, 10, 1)) == Reason("holiday", "国庆节")
    assert calendar.reason_on(date(2026, 10, 10)) == Reason("workday", "wed")
    assert closed(calendar, "2026-11-26", "2026-12-24", "2026-12-25") == [True, True, False]
    assert calendar.table()["holidays"] == {
        "2026-10-01..2026-10-02": "国庆节",
        "2026-11-26": "Thanksgiving",
        "2026-12-24": "",
    }


def test_explicit_entries_win_over_a_region() -> None:
    table = {**OPEN, "holidays": ["CN", "2026-10-10"], "hours": {"2026-10-01": ["09:00-10:00"]}}
    calendar = Calendar.parse({**table, "workdays": {"2026-10-02": "fri"}}, public=PUBLIC)
    assert closed(calendar, "2026-10-01", "2026-10-02", "2026-10-10") == [False, False, True]


def test_years_that_a_region_has_not_published_are_uncertain() -> None:
    calendar = Calendar.parse({**OPEN, "holidays": ["CN", "US-NY"]}, public=PUBLIC)
    assert calendar.uncovered == {"CN": (2027, 2028)}
    days = ("2026-12-31 23:00", "2027-01-01", "2029-01-01")
    assert [calendar.uncertain(at(day, "UTC")) for day in days] == [False, True, True]


def test_a_lead_may_vouch_for_a_year_himself() -> None:
    calendar = Calendar.parse({**OPEN, "holidays": ["CN"], "covers": "2027-12-31"}, public=PUBLIC)
    assert calendar.uncovered == {"CN": (2028,)}
    assert [calendar.uncertain(at(day, "UTC")) for day in ("2027-12-31", "2028-01-01")] == [False, True]


def test_what_is_kept_of_a_calendar_needs_no_region_any_more() -> None:
    calendar = Calendar.parse({**OPEN, "holidays": ["CN", "US-NY"], "day": "8h"}, public=PUBLIC)
    assert Calendar.parse(calendar.table()) == calendar


def test_the_local_date_decides_whether_holidays_are_known() -> None:
    calendar = Calendar.parse(CHINA)
    last = at("2026-12-31 23:59", "Asia/Shanghai")
    assert [calendar.uncertain(t) for t in (last, last + 60)] == [False, True]


@pytest.mark.parametrize(
    ("table", "seconds"),
    [
        (CHINA, 27_000),
        (NEW_YORK, 8 * HOUR),
        ({"tz": "UTC", "week": {"mon": ["09:00-17:00"], "fri": ["09:00-14:00"]}}, None),
        ({"tz": "UTC", "week": {"mon": ["09:00-17:00"], "fri": ["09:00-14:00"]}, "day": "7h"}, 7 * HOUR),
    ],
    ids=["given", "all alike", "not alike", "not alike but given"],
)
def test_a_working_day_has_a_length(table: dict[str, Any], seconds: int | None) -> None:
    assert Calendar.parse(table).day_seconds == seconds


def test_always_is_time_itself() -> None:
    assert Calendar.parse({"tz": "UTC", "week": {"mon-sun": ["00:00-24:00"]}}) == ALWAYS
    assert ALWAYS.add(10**12, 5) == 10**12 + 5
    assert ALWAYS.elapsed(-(10**12), 7) == 10**12 + 7
    assert (ALWAYS.is_open(0), ALWAYS.next_open(5), ALWAYS.next_change(5)) == (True, 5, None)
    assert ALWAYS.end_of_business_day(5, 1) == 2 * DAY
    assert list(ALWAYS.stretches(1, 3)) == [(1, 3)]


def test_calendars_with_the_same_open_time_are_equal_whatever_their_name() -> None:
    one, other = Calendar.parse(NEW_YORK, name="one"), Calendar.parse(NEW_YORK, name="other")
    assert len({one, other}) == 1
    assert (one.id, one.tz) == ("one", "America/New_York")
    assert one != Calendar.parse({**NEW_YORK, "hours": {}})
