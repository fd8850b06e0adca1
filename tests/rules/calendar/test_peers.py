"""Cases recorded from two other calendars, zendesk/biz and gocardless/business-python, where they are.

Where their conventions differ from ours the difference is named here: a due at closing stays at closing, no
time at all is the start even when it is closed, a span that touches the gap of a clock change keeps its part
outside it, and a count of days begins after the day itself.
"""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deskterm.rules.calendar import Calendar
from tests.rules.calendar.calendars import DAY, HOUR, at

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "business_time"
NOT_OURS = {
    "sub",
    "sub_days",
    "add_days",
    "on_break",
}  # nothing on the desk counts backwards or by same hours


def recorded(name: str) -> list[dict[str, Any]]:
    """The cases of a file, none where it is missing."""
    path = FOLDER / name
    cases: list[dict[str, Any]] = (
        json.loads(path.read_text(encoding="utf-8"))["cases"] if path.exists() else []
    )
    return cases


def minutes(text: str) -> int:
    """10:30 as minutes."""
    return int(text[:2]) * 60 + int(text[3:])


def spans(pairs: list[list[str]]) -> list[str]:
    """Pairs of times as spans."""
    return [f"{a}-{b}" for a, b in pairs]


def without(pairs: list[list[str]], breaks: list[list[str]]) -> list[list[str]]:
    """What breaks leave of spans."""
    for begin, end in breaks:
        parts = [[[a, min(b, begin)], [max(a, end), b]] for a, b in pairs]
        pairs = [each for two in parts for each in two if minutes(each[0]) < minutes(each[1])]
    return pairs


def of_biz(calendar: dict[str, Any]) -> Calendar:
    """A calendar of biz as one of ours: its shifts and breaks are hours of single dates."""
    holidays, hours = set(calendar["holidays"]), {}
    for day in {*calendar["shifts"], *calendar["breaks"]} - holidays:
        weekday = date.fromisoformat(day).strftime("%a").lower()
        usual = calendar["shifts"].get(day, calendar["hours"].get(weekday, []))
        left = without(usual, calendar["breaks"].get(day, []))
        if left:
            hours[day] = spans(left)
        else:
            holidays.add(day)
    week = {day: spans(pairs) for day, pairs in calendar["hours"].items()}
    table = {"tz": calendar["time_zone"], "week": week, "hours": hours, "holidays": sorted(holidays)}
    return Calendar.parse(table)


def moment(text: str) -> int:
    """An ISO time as an instant."""
    return int(datetime.fromisoformat(text).timestamp())


def windows(calendar: Calendar, case: dict[str, Any]) -> list[list[int]]:
    """The next open stretches after a time, or the last before it, the nearest first."""
    t = moment(case["at"])
    if case["op"] == "windows_after":
        found = list(calendar.stretches(t, t + 400 * DAY))
    else:
        found = list(calendar.stretches(t - 400 * DAY, t))[::-1]
    return [list(pair) for pair in found[: case["n"]]]


ANSWERS: dict[str, Callable[[Calendar, dict[str, Any]], object]] = {
    "in_hours": lambda calendar, case: calendar.is_open(moment(case["at"])),
    "add": lambda calendar, case: calendar.add(moment(case["start"]), case["seconds"]),
    "elapsed": lambda calendar, case: calendar.elapsed(moment(case["start"]), moment(case["end"])),
    "windows_after": windows,
    "windows_before": windows,
    "on_holiday": lambda calendar, case: (
        calendar.reason_on(datetime.fromtimestamp(moment(case["at"]), calendar.zone).date()).kind == "holiday"
    ),
}


def wanted(case: dict[str, Any]) -> object:
    """What biz answers, with the convention that closing is closing."""
    if case["op"] == "elapsed":
        return case["expected_seconds"]
    found = case.get("expected_alt", case["expected"])
    if case["op"] == "add":
        return moment(found)
    return [[moment(a), moment(b)] for a, b in found] if case["op"].startswith("windows") else found


def test_biz_agrees_wherever_it_answers_the_same_question() -> None:
    cases = [case for case in recorded("biz.json") if case["op"] not in NOT_OURS]
    if not cases:
        pytest.skip("the shared data is not beside this clone")
    differing = {
        case["id"] for case in cases if ANSWERS[case["op"]](of_biz(case["calendar"]), case) != wanted(case)
    }
    assert len(cases) == 76
    in_the_gap = {case["id"] for case in cases if "wall-clock mapping" in case.get("divergence", "")}
    no_time = {case["id"] for case in cases if case["op"] == "add" and case["seconds"] == 0}
    assert differing == in_the_gap | (no_time & differing)
    assert len(in_the_gap) == 1


def test_of_a_span_that_begins_in_the_gap_the_part_behind_it_stays() -> None:
    calendar = Calendar.parse({"tz": "America/Los_Angeles", "week": {"sun": ["02:30-03:15"]}})
    begin = at("2006-04-02 03:00", "America/Los_Angeles")
    assert list(calendar.stretches(begin - DAY, begin + DAY)) == [(begin, begin + 900)]


def of_gocardless(case: dict[str, Any]) -> Calendar:
    """Working days of one hour each, so that hours count days."""
    extra = {day: ["12:00-13:00"] for day in case["extra_working_dates"]}
    week = {day: ["12:00-13:00"] for day in case["working_days"]}
    return Calendar.parse({"tz": "UTC", "week": week, "hours": extra, "holidays": case["holidays"]})


def midnight(text: str) -> int:
    """The beginning of a date."""
    return at(text, "UTC")


def on_date(t: int) -> str:
    """The date of an instant."""
    return datetime.fromtimestamp(t, datetime.fromisoformat("1970-01-01T00:00Z").tzinfo).date().isoformat()


def is_business_day(calendar: Calendar, day: str) -> bool:
    """Whether anything is open on a date."""
    return bool(calendar.spans_on(date.fromisoformat(day)))


def counted(calendar: Calendar, case: dict[str, Any]) -> object:
    """The same question to our calendar; None when it has no such question."""
    op: str = case["op"]
    first: str = case["args"][0]
    more: list[str] = case["args"][1:]
    if op == "is_business_day":
        return is_business_day(calendar, first)
    if op == "next_business_day":
        return on_date(calendar.end_of_business_day(midnight(first), 1))
    if op == "roll_forward":
        return on_date(calendar.next_open(midnight(first)))
    if op == "business_days_between":
        return calendar.elapsed(midnight(first), midnight(more[0])) // HOUR
    if op == "get_business_day_of_month":
        month = midnight(first[:8] + "01")
        return calendar.elapsed(month, midnight(first) + DAY) // HOUR
    if op == "add_business_days" and int(more[0]) > 0 and is_business_day(calendar, first):
        return on_date(calendar.end_of_business_day(midnight(first), int(more[0])))
    return None


def test_business_days_are_those_of_gocardless() -> None:
    cases = recorded("gocardless_dates.json")
    if not cases:
        pytest.skip("the shared data is not beside this clone")
    plain = [case for case in cases if not case["kwargs"]]
    answers = {case["id"]: counted(of_gocardless(case), case) for case in plain}
    asked = {name: answer for name, answer in answers.items() if answer is not None}
    assert asked == {case["id"]: case["expected"] for case in plain if case["id"] in asked}
    assert len(asked) >= 70


def test_a_count_of_business_days_begins_after_the_day_itself() -> None:
    calendar = Calendar.parse({"tz": "UTC", "week": {"mon-fri": ["12:00-13:00"]}})
    saturday = midnight("2026-03-07")
    monday = calendar.end_of_business_day(saturday, 1)
    assert on_date(monday) == (date(2026, 3, 7) + timedelta(days=2)).isoformat()
