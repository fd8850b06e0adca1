"""Writing a definition as the table that it can be read from again: every holiday named, no region left."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from deskterm.rules.calendar.dates import runs, write_date
from deskterm.rules.calendar.definition import WEEKDAYS, Definition, Spans
from deskterm.rules.calendar.spans import write_span
from deskterm.rules.duration import format_duration

__all__ = ["holiday_entries", "write"]


def write(definition: Definition) -> dict[str, Any]:
    """The table; what says nothing is left out."""
    day, covers = definition.day, definition.covers
    hours = {write_date(date): _spans(spans) for date, spans in sorted(definition.hours.items())}
    hours |= {_yearly(each): _spans(spans) for each, spans in sorted(definition.yearly_hours.items())}
    found = {
        "tz": definition.tz,
        "week": {name: _spans(spans) for name, spans in zip(WEEKDAYS, definition.week, strict=True) if spans},
        "day": format_duration(day) if day is not None else None,
        "covers": write_date(covers) if covers is not None else None,
        "holidays": holiday_entries(definition.holidays, definition.yearly_holidays),
        "workdays": {write_date(day): WEEKDAYS[of] for day, of in sorted(definition.workdays.items())},
        "hours": hours,
        "uncovered": {code: list(years) for code, years in sorted(definition.uncovered.items())},
    }
    return {key: value for key, value in found.items() if value or key == "week"}


def holiday_entries(dated: Mapping[int, str], yearly: Mapping[tuple[int, int], str]) -> dict[str, str]:
    """Holidays as the entries of a table; successive days of one name are one entry."""
    entries: dict[str, str] = {}
    for name, days in groupby(sorted(dated), key=lambda day: dated[day]):
        for first, last in runs(days):
            stretch = f"{write_date(first)}..{write_date(last)}"
            entries[stretch if last > first else write_date(first)] = name
    return entries | {_yearly(each): name for each, name in sorted(yearly.items())}


def _spans(spans: Spans) -> list[str]:
    return [write_span(span) for span in spans]


def _yearly(each: tuple[int, int]) -> str:
    return f"{each[0]:02}-{each[1]:02}"
