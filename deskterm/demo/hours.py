"""Hours: local time and who is there at that time."""

from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

__all__ = ["CALLER", "CREW", "DAY", "business_days", "local", "next_open"]

DAY = 86400

# hours of the day in which somebody is there: Monday to Friday, weekend
CREW = ((7.5, 21.0), (9.5, 18.0))
CALLER = ((7.0, 22.0), (9.0, 21.0))


def local(at: int, zone: str) -> int:
    """Seconds of the wall clock in `zone`, counted like an instant."""
    return at + _offset(zone, at // DAY)


@cache
def _offset(zone: str, day: int) -> int:
    noon = datetime.fromtimestamp(day * DAY + DAY // 2, UTC)
    return int((noon.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)).total_seconds())


def next_open(at: int, zone: str, rng: Random, hours: tuple[tuple[float, float], ...] = CREW) -> int:
    """`at` if somebody is there, else some time in the first hour and a half of the next shift."""
    clock = local(at, zone)
    for day in range(clock // DAY, clock // DAY + 2):
        start, end = hours[_weekend(day)]
        opens, closes = day * DAY + int(start * 3600), day * DAY + int(end * 3600)
        if clock < opens:
            return at + opens - clock + int(rng.random() * 5400)
        if clock < closes:
            return at
    return at


def business_days(at: int, days: int, zone: str) -> int:
    """`at` moved by that many days from Monday to Friday."""
    day = local(at, zone) // DAY
    moved = at
    while days:
        day, moved = day + 1, moved + DAY
        days -= not _weekend(day)
    return moved


def _weekend(day: int) -> bool:
    return (day + 3) % 7 >= 5
