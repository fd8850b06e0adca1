"""Business time: dues by the public call against a walk from day to day, and how long a table takes."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from benchmarks.measure import Figure, pair_calls, timed
from deskterm.rules.calendar import Calendar

__all__ = ["run"]

_CHINA: Final[dict[str, Any]] = {
    "tz": "Asia/Shanghai",
    "week": {"mon-fri": ["09:00-12:00", "13:30-18:00"]},
    "holidays": {
        "2026-01-01..2026-01-03": "元旦",
        "2026-02-15..2026-02-23": "春节",
        "2026-05-01..2026-05-05": "劳动节",
        "2026-10-01..2026-10-07": "国庆节",
    },
    "workdays": {"2026-02-14": "mon", "2026-02-28": "mon", "2026-10-10": "mon"},
}
_BEGIN: Final = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
_DAY: Final = 86_400


def run(quick: bool) -> Iterator[Figure]:
    """Calls a second, the ratio to a walk, and the build of a year."""
    draw = random.Random(3)
    count = 2_000 if quick else 20_000
    asked = [(_BEGIN + draw.randrange(200 * _DAY), draw.randrange(1, 2 * _DAY)) for _ in range(count)]
    calendar = Calendar.parse(_CHINA)
    walk = _walk(calendar)
    assert all(calendar.add(*each) == walk(*each) for each in asked[:300])

    def all_dues(add: Callable[[int, int], int], rows: list[tuple[int, int]]) -> None:
        for start, seconds in rows:
            add(start, seconds)

    few = asked[: count // 20]
    mine, _, _ = pair_calls(lambda: all_dues(calendar.add, asked), lambda: None, rounds=9)
    yield Figure("calendar.add by the public call", count / mine / 1e3, "k/s", 400, at_least=True)
    mine, walked, ratio = pair_calls(
        lambda: all_dues(walk, few), lambda: all_dues(calendar.add, few), rounds=9
    )
    yield Figure(
        "a walk from day to day / calendar.add",
        ratio,
        "x",
        3,
        at_least=True,
        note=f"{mine / len(few) * 1e6:.1f} µs against {walked / len(few) * 1e6:.2f}",
    )
    ends = [(start, start + seconds) for start, seconds in asked]
    mine, _, _ = pair_calls(lambda: all_dues(calendar.elapsed, ends), lambda: None, rounds=9)
    yield Figure("calendar.elapsed by the public call", count / mine / 1e3, "k/s")
    built = min(timed(lambda: Calendar.parse(_CHINA).add(_BEGIN, 1)) for _ in range(20))
    yield Figure("the table of a Chinese year, parsed and built", built * 1e3, "ms", 8)


def _walk(calendar: Calendar) -> Callable[[int, int], int]:
    """The due by looking at one day after another, without a table; right where clocks never change."""
    zone = ZoneInfo(calendar.tz)

    def add(start: int, seconds: int) -> int:
        day: date = datetime.fromtimestamp(start, zone).date()
        while True:
            midnight = int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
            for begin, end in calendar.spans_on(day):
                opens, closes = max(start, midnight + begin * 60), midnight + end * 60
                if closes - opens >= seconds:
                    return opens + seconds
                seconds -= max(0, closes - opens)
            day += timedelta(days=1)

    return add
