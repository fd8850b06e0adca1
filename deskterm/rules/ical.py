"""Holidays from iCalendar text (RFC 5545): whole-day events become the entries of a calendar's holidays."""

import re
from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from deskterm.rules.problems import N_, Problem

__all__ = ["IcalHolidays", "read_ical"]

_LONGEST: Final = 4_000_000  # characters
_MOST: Final = 5_000  # events
_DAYS: Final = 366  # of one event
_NAME: Final = 200
_BEFORE, _AFTER = 1, 3  # years in which a repetition is written out
_LINE: Final = re.compile(
    r'([A-Za-z0-9-]{1,40})((?:;[A-Za-z0-9-]{1,40}=(?:"[^"\n]*"|[^";:\n]*))*):(.*)', re.DOTALL
)
_DATE: Final = re.compile(r"[0-9]{8}")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_ESCAPE: Final = re.compile(r"\\(.)")
_NTH: Final = re.compile(r"([+-]?[1-4])(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class IcalHolidays(NamedTuple):
    """`holidays` maps a date, a stretch a..b or a day of every year (MM-DD) to its name; `left_out` says why
    an event is not among them."""

    holidays: dict[str, str]
    left_out: list[Problem]


def read_ical(text: str, year: int) -> IcalHolidays:
    """The whole-day events of `text`; repetitions are written out around `year`. Raises Problem for none."""
    if len(text) > _LONGEST:
        template = N_("The iCalendar text is longer than %(most)s characters.")
        raise Problem("ical.long", template, kind="usage", most=_LONGEST)
    found = IcalHolidays({}, [])
    events = 0
    for events, event in enumerate(_events(text), 1):
        if events > _MOST or len(found.holidays) > _MOST:
            template = N_("The iCalendar text has more than %(most)s events.")
            raise Problem("ical.many", template, kind="usage", most=_MOST)
        try:
            for key in _entries(event, year):
                found.holidays.setdefault(key, event.get("SUMMARY", ("", ""))[1])
        except Problem as problem:
            found.left_out.append(problem)
    if not events:
        raise Problem("ical.empty", N_("This is no iCalendar text with events (BEGIN:VEVENT)."), kind="usage")
    return found


_Event = dict[str, tuple[str, str]]
"""The parameters and the value of each property that matters here."""


def _events(text: str) -> Iterator[_Event]:
    event: _Event | None = None
    inner = 0
    for name, parameters, value in _properties(text):
        if name == "BEGIN" and event is None and value.upper() == "VEVENT":
            event, inner = {}, 0
        elif event is None:
            continue
        elif name == "BEGIN":
            inner += 1
        elif name == "END" and inner:
            inner -= 1
        elif name == "END":
            yield event
            event = None
        elif not inner:
            event.setdefault(name, (parameters, _plain(value)[:_NAME] if name == "SUMMARY" else value))


def _properties(text: str) -> Iterator[tuple[str, str, str]]:
    """Name, parameters and value of each logical line; a line that begins with a blank continues another."""
    lines: list[str] = []
    for raw in [*text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        if raw[:1] in (" ", "\t") and lines:
            lines.append(raw[1:])
            continue
        if match := _LINE.fullmatch("".join(lines)):
            yield match[1].upper(), match[2].upper(), match[3]
        lines = [raw]


def _plain(value: str) -> str:
    """A text without its escapes, on one line."""
    return " ".join(_ESCAPE.sub(lambda match: " " if match[1] in "nN" else match[1], value).split())


def _entries(event: _Event, year: int) -> Iterator[str]:
    """The keys that an event stands for. Raises Problem when it is none of a calendar's holidays."""
    first, last = _days(event)
    rule = dict(
        part.split("=", 1) for part in event.get("RRULE", ("", ""))[1].upper().split(";") if "=" in part
    )
    if "RECURRENCE-ID" in event or event.get("STATUS", ("", ""))[1].upper() == "CANCELLED":
        raise _left_out(event, N_('"%(name)s" on %(date)s was called off or moved: enter it by hand.'))
    if not rule:
        yield _key(f"{first}", f"{last}")
    elif rule.keys() <= {"FREQ", "INTERVAL", "WKST", "BYMONTH", "BYMONTHDAY"} and _is_yearly(rule, first):
        yield _key(f"{first:%m-%d}", f"{last:%m-%d}")
    else:
        yield from _repeated(event, rule, first, last, year)


def _is_yearly(rule: dict[str, str], first: date) -> bool:
    return (
        rule.get("FREQ") == "YEARLY"
        and rule.get("INTERVAL", "1") == "1"
        and rule.get("BYMONTH", str(first.month)) == str(first.month)
        and rule.get("BYMONTHDAY", str(first.day)) == str(first.day)
    )


def _repeated(event: _Event, rule: dict[str, str], first: date, last: date, year: int) -> Iterator[str]:
    """The days of a simple repetition around `year`; any other is left out."""
    begin, end = date(year - _BEFORE, 1, 1), date(year + _AFTER, 12, 31)
    until = _date(rule.pop("UNTIL", "99991231")[:8])
    starts = _starts(rule, first, begin, end) if until else None
    if starts is None or until is None or "EXDATE" in event:
        template = N_('"%(name)s" on %(date)s repeats in a way that is not understood: enter it by hand.')
        raise _left_out(event, template)
    for start in starts:
        if max(first, begin) <= start <= min(until, end):
            yield _key(f"{start}", f"{start + (last - first)}")


def _starts(rule: dict[str, str], first: date, begin: date, end: date) -> Iterator[date] | None:
    """The beginnings of a repetition from about `begin` to about `end`; None for one that is not simple."""
    freq, keys = rule.pop("FREQ", ""), rule.keys() - {"WKST"}
    numbers = [rule.get(name, "1") for name in ("INTERVAL", "COUNT")]
    if not all(_NUMBER.fullmatch(each) and int(each) for each in numbers):
        return None
    interval, count = int(numbers[0]), int(numbers[1]) if "COUNT" in rule else _LONGEST
    if freq == "YEARLY" and keys == {"BYDAY", "BYMONTH"}:
        return _nth_weekdays(rule, first, begin, end)
    if not keys <= {"INTERVAL", "COUNT"}:
        return None
    if freq == "YEARLY":
        return _yearly(first, interval, count, begin, end)
    days = {"WEEKLY": 7 * interval, "DAILY": interval}.get(freq)
    if days is None:
        return None
    skipped = max(0, (begin - first).days // days)
    steps = min(count, max(0, (end - first).days // days + 1))
    return (first + timedelta(days=days * step) for step in range(skipped, steps))


def _yearly(first: date, interval: int, count: int, begin: date, end: date) -> Iterator[date]:
    """The same day of every so many years; 29 February only where there is one."""
    for step, year in enumerate(range(first.year, end.year + 1, interval)):
        if step >= count:
            return
        exists = (first.month, first.day) != (2, 29) or isleap(year)
        if exists and year >= begin.year:
            yield first.replace(year=year)


def _nth_weekdays(rule: dict[str, str], first: date, begin: date, end: date) -> Iterator[date] | None:
    """Such as the fourth Thursday of November (BYMONTH=11;BYDAY=4TH) or the last Monday of May (-1MO)."""
    match = _NTH.fullmatch(rule["BYDAY"])
    month = int(rule["BYMONTH"]) if _NUMBER.fullmatch(rule["BYMONTH"]) else 0
    if match is None or month != first.month:
        return None
    number, weekday = int(match[1]), _WEEKDAYS.index(match[2])
    return (_nth(year, month, number, weekday) for year in range(begin.year, end.year + 1))


def _nth(year: int, month: int, number: int, weekday: int) -> date:
    """The `number`-th weekday of a month (1 to 4), from its end when it is negative."""
    if number > 0:
        start = date(year, month, 1)
        return start + timedelta(days=(weekday - start.weekday()) % 7 + 7 * (number - 1))
    start = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return start - timedelta(days=(start.weekday() - weekday) % 7 + 7 * (-number - 1))


def _days(event: _Event) -> tuple[date, date]:
    """The first and the last day of a whole-day event; its DTEND is the day after."""
    _parameters, value = event.get("DTSTART", ("", ""))
    first = _date(value)
    if first is None:
        timed = "T" in value.upper() and _date(value[:8]) is not None
        template = (
            N_('"%(name)s" on %(date)s has a time of day: only whole days are holidays.')
            if timed
            else N_('"%(name)s" begins on no date (%(date)s).')
        )
        raise _left_out(event, template)
    end = _date(event["DTEND"][1]) if "DTEND" in event else None
    if end is None and (
        match := re.fullmatch(r"P([0-9]{1,3})([DW])", event.get("DURATION", ("", ""))[1].upper())
    ):
        end = _later(first, int(match[1]) * (7 if match[2] == "W" else 1))
    last = end - timedelta(days=1) if end is not None and end > first else first
    if (last - first).days >= _DAYS:
        raise _left_out(event, N_('"%(name)s" on %(date)s is longer than a year.'))
    return first, last


def _later(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _date(value: str) -> date | None:
    if not _DATE.fullmatch(value):
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


def _key(first: str, last: str) -> str:
    return first if first == last else f"{first}..{last}"


def _left_out(event: _Event, template: str) -> Problem:
    name, day = event.get("SUMMARY", ("", ""))[1], event.get("DTSTART", ("", ""))[1][:8]
    found = _date(day)
    return Problem(
        "ical.left_out", template, kind="usage", name=name or "?", date=str(found) if found else day
    )
