"""Table: the open time of a stretch of days as sorted instants, so that a question is one bisection."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from itertools import accumulate
from typing import Final, NamedTuple

from deskterm.rules.calendar.definition import Definition
from deskterm.rules.calendar.walls import DAY, EPOCH, instant, offsets

__all__ = ["NOTHING", "Table", "closing", "table", "widened"]

_EVER: Final = -(1 << 62)


class Table(NamedTuple):
    """Merged open intervals `starts[i]` to `ends[i]`, the open seconds up to each end, and what is known.

    The first row is no interval but lies before all time. Known are the local dates `first` to `last`
    (ordinals; `last` is not in it), which are the instants from `low` to `high`.
    """

    starts: list[int]
    ends: list[int]
    sums: list[int]
    low: int
    high: int
    first: int
    last: int


NOTHING: Final = Table([_EVER], [_EVER], [0], 0, 0, 0, 0)


def table(definition: Definition, zone: tzinfo, first: int, last: int) -> Table:
    """The open time of the local dates from `first` to before `last`, built from nothing."""
    low, high = _midnight(zone, first), _midnight(zone, last)
    return _summed(_intervals(definition, zone, first, last, low, high), low, high, first, last)


def widened(known: Table, definition: Definition, zone: tzinfo, first: int, last: int) -> Table:
    """`known` with the dates from `first` to before `last` as well."""
    before = table(definition, zone, first, known.first) if first < known.first else None
    after = table(definition, zone, known.last, last) if last > known.last else None
    parts = [part for part in (before, known, after) if part is not None]
    intervals = (pair for part in parts for pair in zip(part.starts[1:], part.ends[1:], strict=True))
    return _summed(intervals, parts[0].low, parts[-1].high, parts[0].first, parts[-1].last)


def closing(definition: Definition, zone: tzinfo, day: int) -> int | None:
    """The instant at which the last span of a date ends; None when nothing is open on it."""
    wall = (day - EPOCH) * DAY
    ends = [
        end
        for opens, closes in definition.spans(day)
        if (end := instant(zone, wall + closes * 60, closing=True))
        > instant(zone, wall + opens * 60, closing=False)
    ]
    return max(ends, default=None)


def _midnight(zone: tzinfo, day: int) -> int:
    return instant(zone, (day - EPOCH) * DAY, closing=False)


def _summed(intervals: Iterable[tuple[int, int]], low: int, high: int, first: int, last: int) -> Table:
    starts, ends = [_EVER], [_EVER]
    for start, end in intervals:
        if start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    lengths = (end - start for start, end in zip(starts, ends, strict=True))
    return Table(starts, ends, list(accumulate(lengths)), low, high, first, last)


def _intervals(
    definition: Definition, zone: tzinfo, first: int, last: int, low: int, high: int
) -> Iterator[tuple[int, int]]:
    """Open intervals between `low` and `high`, by their start; the night before `first` reaches into it."""
    days = range(first - 1, last)
    shifts = [offsets(zone, (day - EPOCH) * DAY) for day in range(first - 1, last + 2)]
    for place, day in enumerate(days):
        wall, shift = (day - EPOCH) * DAY, shifts[place][0]
        same = all(pair == (shift, shift) for pair in shifts[place : place + 3])  # no change until next night
        for opens, closes in definition.spans(day):
            if same:
                start, end = wall + opens * 60 - shift, wall + closes * 60 - shift
            else:
                start = instant(zone, wall + opens * 60, closing=False)
                end = instant(zone, wall + closes * 60, closing=True)
            start, end = max(start, low), min(end, high)
            if start < end:
                yield start, end
