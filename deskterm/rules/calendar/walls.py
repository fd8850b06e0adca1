"""Wall clocks: what instant a reading of the clock on the wall is, over every change of the offset.

zoneinfo's own arithmetic between times of one zone is arithmetic on the wall, and its answer for a reading
that no clock showed lies an hour off; so each reading becomes an integer here at once.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

__all__ = ["DAY", "EPOCH", "date_at", "instant", "offsets"]

DAY: Final = 86_400
EPOCH: Final = date(1970, 1, 1).toordinal()
_ZERO: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - a reading of a wall clock
_SECOND: Final = timedelta(seconds=1)


def offsets(zone: tzinfo, wall: int) -> tuple[int, int]:
    """The offsets of a reading (wall seconds since 1970-01-01 00:00), its first and its second time."""
    reading = _ZERO + timedelta(seconds=wall)
    return (
        _seconds(reading.replace(tzinfo=zone)),
        _seconds(reading.replace(tzinfo=zone, fold=1)),
    )


def instant(zone: tzinfo, wall: int, *, closing: bool) -> int:
    """The instant of a reading: of two the first opens and the second closes, of none the change itself."""
    first, second = offsets(zone, wall)
    if first == second:
        return wall - first
    if first > second:
        return wall - (second if closing else first)
    return _change(zone, wall - second, wall - first)


def date_at(zone: tzinfo, at: int) -> date:
    """The local date of an instant."""
    return datetime.fromtimestamp(at, zone).date()


def _change(zone: tzinfo, before: int, after: int) -> int:
    """The instant between the two from which the offset is another one."""
    was = _offset_at(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_at(zone, middle) == was:
            before = middle
        else:
            after = middle
    return after


def _offset_at(zone: tzinfo, at: int) -> int:
    return _seconds(datetime.fromtimestamp(at, UTC).astimezone(zone))


def _seconds(local: datetime) -> int:
    return (local.utcoffset() or timedelta()) // _SECOND
