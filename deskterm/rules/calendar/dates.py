"""Dates as a calendar writes them: 2026-12-24, 12-24 for every year, and a..b for all days of a stretch."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

__all__ = ["Days", "read_date", "read_days", "runs", "write_date"]

Days = list[int] | list[tuple[int, int]]
"""Ordinals, or days of every year as (month, day)."""

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARLY: Final = re.compile(r"([0-9]{2})-([0-9]{2})")
_LONGEST: Final = 3 * 366  # days of a stretch
_LEAP: Final = 2024


def read_date(text: object) -> int | None:
    """The ordinal of 2026-12-24, as text or as the date that TOML makes of it; else None."""
    if isinstance(text, date):
        text = text.isoformat()
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def read_days(text: str) -> Days | None:
    """The days that a key means, None when it means none; a stretch of yearly days may pass the new year."""
    first, dots, last = text.partition("..")
    if (day := read_date(first)) is not None:
        end = read_date(last) if dots else day
        return list(range(day, end + 1)) if end is not None and 0 <= end - day < _LONGEST else None
    start, end_of_year = _yearly(first), _yearly(last) if dots else _yearly(first)
    if start is None or end_of_year is None:
        return None
    if end_of_year < start:
        end_of_year = end_of_year.replace(year=_LEAP + 1)
    days = (end_of_year - start).days + 1
    return [((each := start + timedelta(days=n)).month, each.day) for n in range(days)]


def write_date(day: int) -> str:
    """An ordinal as 2026-12-24."""
    return date.fromordinal(day).isoformat()


def runs(days: Iterable[int]) -> list[tuple[int, int]]:
    """The first and last of each stretch of successive days; `days` ascend."""
    ordered = list(days)
    breaks = [place for place, (a, b) in enumerate(pairwise(ordered), 1) if b != a + 1]
    bounds = [0, *breaks, len(ordered)] if ordered else [0]
    return [(ordered[a], ordered[b - 1]) for a, b in pairwise(bounds)]


def _yearly(text: str) -> date | None:
    match = _YEARLY.fullmatch(text)
    try:
        return date(_LEAP, int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None
