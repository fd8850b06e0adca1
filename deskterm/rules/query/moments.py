"""Times in a query: lengths (2d, 1h30m) and days (today, 2026-03); how they are read, written and placed."""

import re
from typing import TYPE_CHECKING, Final

from deskterm.rules.query.ast import Period, Span
from deskterm.rules.query.refusals import unknown_zone

if TYPE_CHECKING:
    from datetime import date, tzinfo

__all__ = ["day_bounds", "read_period", "read_span", "write_span"]

_SECONDS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60}
_PART = re.compile(r"([0-9]+)([wdhm])")
_LENGTH = re.compile(r"-?(?:[0-9]+[wdhm])+")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_NAMED: Final = {"today": 0, "yesterday": -1, "tomorrow": 1}
_CENTURY = 36_525 * 86_400
_YEARS = range(1970, 9999)


def read_span(text: str) -> Span | None:
    """The length of time written as 30m, 4h, 2d, 1w or several of them, perhaps with a -; else None."""
    if not _LENGTH.fullmatch(text):
        return None
    seconds = sum(int(count) * _SECONDS[unit] for count, unit in _PART.findall(text))
    if seconds > _CENTURY:
        return None
    return Span(-seconds if text[0] == "-" else seconds)


def write_span(span: Span) -> str:
    """The shortest way to write a length of whole minutes, largest unit first."""
    rest = abs(span.seconds)
    parts = []
    for unit, size in _SECONDS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return ("-" if span.seconds < 0 else "") + ("".join(parts) or "0m")


def read_period(text: str) -> Period | None:
    """The day, month or year that `text` names; None when there is no such day."""
    from datetime import date

    if text in _NAMED:
        return Period(text)
    match = _DATE.fullmatch(text)
    if not match or int(match[1]) not in _YEARS:
        return None
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
    return Period(text)


def day_bounds(period: Period, now: int, zone: "str | tzinfo") -> tuple[int, int]:
    """The first instant of `period` in `zone` and the first after it. Raises Problem for an unknown zone."""
    place = _zone(zone)
    first, after = _dates(period.name, now, place)
    return _midnight(first, place), _midnight(after, place)


def _zone(zone: "str | tzinfo") -> "tzinfo":
    if not isinstance(zone, str):
        return zone
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise unknown_zone(zone) from None


def _dates(name: str, now: int, zone: "tzinfo") -> "tuple[date, date]":
    from datetime import date, datetime, timedelta

    if name in _NAMED:
        day = datetime.fromtimestamp(now, zone).date() + timedelta(days=_NAMED[name])
        return day, day + timedelta(days=1)
    year, month, day_of_month = (int(part) for part in f"{name}-0-0".split("-")[:3])
    if day_of_month:
        day = date(year, month, day_of_month)
        return day, day + timedelta(days=1)
    if month:
        return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    return date(year, 1, 1), date(year + 1, 1, 1)


def _midnight(day: "date", zone: "tzinfo") -> int:
    """The first instant whose local date is `day` or later: a skipped midnight is the clock change itself."""
    from datetime import datetime, time

    wall = datetime.combine(day, time())
    first, second = (int(wall.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1))
    if second >= first:  # the wall shows it, once or twice
        return first
    low, high = second, first  # a gap: the change lies between its two readings
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).replace(tzinfo=None) >= wall:
            high = middle
        else:
            low = middle
    return high
