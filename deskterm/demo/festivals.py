"""Festivals: days on which hardly anybody writes, and the weekend days that are worked for them (调休)."""

import tomllib
from datetime import date
from functools import cache

from deskterm.demo.house import package_text

__all__ = ["activity", "calendar_day", "follows"]

EPOCH = date(1970, 1, 1).toordinal()
LONG = 9  # days of Spring Festival


def calendar_day(day: int) -> date:
    """The date of a day counted from 1970."""
    return date.fromordinal(EPOCH + day)


def follows(day: int, lang: str) -> int:
    """The weekday, 0 for Monday, whose habits the day follows: make-up days are Mondays."""
    usual = (day + 3) % 7
    if lang == "zh" and usual >= 5:
        since = _since_spring(day)
        if since == -1 or (usual == 5 and LONG < since <= LONG + 6):
            return 0
    return usual


@cache
def activity(day: int, lang: str) -> float:
    """How much of a usual day that day is: 1 on most, little on holidays, more on the day after."""
    today = calendar_day(day)
    if lang == "zh":
        return _chinese(today, _since_spring(day))
    return _western(today)


def _chinese(today: date, since_spring: int) -> float:
    if 0 <= since_spring <= LONG:
        return 1.9 if since_spring == LONG else 0.1
    if today.month == 10 and today.day <= 8:
        return 1.7 if today.day == 8 else 0.12
    return 0.15 if (today.month, today.day) in ((1, 1), (5, 1), (5, 2), (5, 3)) else 1.0


def _western(today: date) -> float:
    if (today.month == 12 and today.day >= 24) or (today.month, today.day) == (1, 1):
        return 0.15
    return 1.5 if today.month == 1 and today.day <= 3 else 1.0


def _since_spring(day: int) -> int:
    """Days since the nearest Spring Festival began, negative before it; far away when none is known."""
    return min((day - first for first in _springs()), key=abs, default=9999)


@cache
def _springs() -> tuple[int, ...]:
    days: list[date] = tomllib.loads(package_text("festivals.toml"))["spring"]
    return tuple(day.toordinal() - EPOCH - 2 for day in days)
