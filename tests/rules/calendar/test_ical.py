"""Holidays from iCalendar: whole days become entries of a rule file, and what is left out is said."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from deskterm.rules.calendar import Calendar
from deskterm.rules.ical import IcalHolidays, read_ical
from deskterm.rules.problems import Problem


def read(*lines: str, year: int = 2026) -> IcalHolidays:
    """What one event with these lines becomes."""
    return read_ical(
        "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]), year
    )


def holidays(*lines: str) -> dict[str, str]:
    """The holidays of an event that is one."""
    found = read("SUMMARY:x", *lines)
    assert found.left_out == []
    return found.holidays


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["DTSTART;VALUE=DATE:20261224"], ["2026-12-24"]),
        (["DTSTART:20261224"], ["2026-12-24"]),
        (["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261225"], ["2026-12-24"]),
        (["DTSTART;VALUE=DATE:20260403", "DTEND;VALUE=DATE:20260407"], ["2026-04-03..2026-04-06"]),
        (["DTSTART;VALUE=DATE:20260403", "DURATION:P4D"], ["2026-04-03..2026-04-06"]),
        (["DTSTART;VALUE=DATE:20261001", "DURATION:P1W"], ["2026-10-01..2026-10-07"]),
        (["DTSTART;VALUE=DATE:20201225", "RRULE:FREQ=YEARLY"], ["12-25"]),
        (["DTSTART;VALUE=DATE:20200229", "RRULE:FREQ=YEARLY"], ["02-29"]),
        (["DTSTART;VALUE=DATE:20201225", "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"], ["12-25"]),
        (["DTSTART;VALUE=DATE:20191231", "DTEND:20200102", "RRULE:FREQ=YEARLY"], ["12-31..01-01"]),
        (["DTSTART;VALUE=DATE:20240501", "RRULE:FREQ=YEARLY;COUNT=3"], ["2025-05-01", "2026-05-01"]),
        (["DTSTART;VALUE=DATE:20240501", "RRULE:FREQ=YEARLY;UNTIL=20250501"], ["2025-05-01"]),
        (
            ["DTSTART;VALUE=DATE:20040229", "RRULE:FREQ=YEARLY;INTERVAL=4"],
            ["2028-02-29"],
        ),
        (
            ["DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"],
            ["2026-11-26", "2027-11-25", "2028-11-23", "2029-11-22"],
        ),
        (
            ["DTSTART;VALUE=DATE:20280529", "RRULE:FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5"],
            ["2028-05-29", "2029-05-28"],
        ),
        (["DTSTART;VALUE=DATE:20260706", "RRULE:FREQ=WEEKLY;COUNT=2"], ["2026-07-06", "2026-07-13"]),
        (["DTSTART;VALUE=DATE:20241230", "RRULE:FREQ=DAILY;COUNT=3"], ["2025-01-01"]),
    ],
    ids=lambda value: " ".join(value[1:]) if "DTSTART" in value[0] else "",
)
def test_whole_days_are_holidays(lines: list[str], days: list[str]) -> None:
    assert list(holidays(*lines)) == days


def test_lines_are_unfolded_and_names_unescaped() -> None:
    found = read(
        "DTSTART;VALUE=DATE:20260403", r"SUMMARY;LANGUAGE=en:Easter\, wi", " th", "\tout\\n eggs\\; x\\\\y"
    )
    assert found.holidays == {"2026-04-03": "Easter, without eggs; x\\y"}


def test_an_alarm_inside_an_event_has_no_say() -> None:
    alarm = ("BEGIN:VALARM", "SUMMARY:wake up", "DTSTART:20200101", "END:VALARM")
    assert read(*alarm, "DTSTART:20260403", "SUMMARY:Easter").holidays == {"2026-04-03": "Easter"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["DTSTART:20260403T100000Z"],
            '"Talk" on 2026-04-03 has a time of day: only whole days are holidays.',
        ),
        (["DTSTART;TZID=Europe/Paris:20260403T100000"], '"Talk" on 2026-04-03 has a time of day'),
        (["DTSTART:20260230"], '"Talk" begins on no date (20260230).'),
        ([], '"Talk" begins on no date ().'),
        (["DTSTART:20260403", "DTEND:20280403"], "is longer than a year"),
        (["DTSTART:20260403", "RRULE:FREQ=MONTHLY;BYDAY=1MO"], "repeats in a way that is not understood"),
        (["DTSTART:20260403", "RRULE:FREQ=YEARLY;INTERVAL=0"], "repeats in a way that is not understood"),
        (["DTSTART:20260403", "RRULE:FREQ=YEARLY;UNTIL=soon"], "repeats in a way that is not understood"),
        (["DTSTART:20260403", "RRULE:FREQ=WEEKLY", "EXDATE:20260410"], "repeats in a way that is not"),
        (["DTSTART:20260403", "STATUS:CANCELLED"], "was called off or moved"),
    ],
)
def test_what_is_no_holiday_is_left_out_and_said(lines: list[str], said: str) -> None:
    found = read("SUMMARY:Talk", *lines)
    assert found.holidays == {}
    assert said in str(found.left_out[0])


@pytest.mark.parametrize(
    "text", ["", "hello", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VEVENT\nDTSTART:20260403"]
)
def test_a_text_without_an_event_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="no iCalendar text"):
        read_ical(text, 2026)


def test_a_text_without_an_end_is_refused_before_it_is_read() -> None:
    with pytest.raises(Problem, match="longer than 4000000 characters"):
        read_ical("x" * 4_000_001, 2026)


def test_more_events_than_a_calendar_has_are_refused() -> None:
    with pytest.raises(Problem, match="more than 5000 events"):
        read_ical("BEGIN:VEVENT\nDTSTART:20260403\nEND:VEVENT\n" * 5_001, 2026)


def test_a_daily_event_since_the_year_one_takes_no_time() -> None:
    found = read("DTSTART:00010101", "RRULE:FREQ=DAILY;INTERVAL=7")
    assert len(found.holidays) == 261


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
def test_what_is_read_is_a_calendar_s_holidays(first: date, days: int) -> None:
    end = first + timedelta(days=days)
    found = holidays(f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}")
    calendar = Calendar.parse({"tz": "UTC", "week": {"mon-sun": ["00:00-24:00"]}, "holidays": found})
    closed = [day for day in range(-1, days + 1) if not calendar.spans_on(first + timedelta(days=day))]
    assert closed == list(range(days))


@given(st.text(alphabet='BEGIN:VEVENTDTSTARTSUMMARYRRULEFREQ=;,\\"\r\n 0123456789T', max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_ical(f"BEGIN:VEVENT\n{text}\nEND:VEVENT", 2026)
    except Problem as problem:
        assert str(problem)
