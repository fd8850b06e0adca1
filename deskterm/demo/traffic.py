"""Traffic: when tickets arrive. A growing desk with weekdays, office hours, month ends and holidays."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from deskterm.demo.festivals import activity, calendar_day, follows
from deskterm.demo.hours import DAY, local

__all__ = ["STREAMS", "YEAR", "Stream", "Traffic"]

HOUR = 3600
YEAR = 365 * DAY


@dataclass(frozen=True, slots=True)
class Stream:
    """Those who turn to one desk in one language; `share` of all tickets."""

    desk: str
    lang: str
    zone: str
    share: float


STREAMS = (
    Stream("it", "en", "Europe/Berlin", 0.34),
    Stream("it", "zh", "Asia/Shanghai", 0.16),
    Stream("care", "zh", "Asia/Shanghai", 0.30),
    Stream("care", "en", "America/New_York", 0.20),
)

# how much arrives in each hour of the day and on each weekday
BY_HOUR = {
    "it": (1, 1, 1, 1, 1, 3, 12, 45, 105, 160, 150, 120, 70, 95, 135, 110, 75, 40, 15, 8, 6, 5, 3, 2),
    "care": (2, 1, 1, 1, 1, 2, 6, 20, 60, 130, 150, 130, 90, 90, 120, 120, 100, 70, 55, 50, 40, 25, 10, 5),
}
BY_WEEKDAY = {
    "it": (1.3, 1.12, 1.0, 1.0, 0.85, 0.12, 0.1),
    "care": (1.15, 1.05, 1.0, 1.0, 1.0, 0.5, 0.4),
}


class Traffic:
    """Arrival times of one stream in the year before `now`."""

    def __init__(self, stream: Stream, now: int) -> None:
        self._stream = stream
        self._start = now - YEAR
        hours = BY_HOUR[stream.desk]
        days: dict[int, float] = {}
        weights = [0.0]
        for slot in range(YEAR // HOUR):
            clock = local(self._start + slot * HOUR, stream.zone)
            day = clock // DAY
            if day not in days:
                days[day] = self._day(day) * (0.4 + 1.2 * slot * HOUR / YEAR)
            weights.append(days[day] * hours[clock % DAY // HOUR])
        self._sums = list(accumulate(weights))

    def draw(self, rng: Random, first: int, last: int) -> int:
        """An arrival between two instants."""
        low, high = self._sum_at(first), self._sum_at(last)
        slot = bisect_right(self._sums, low + rng.random() * (high - low)) - 1
        at = self._start + slot * HOUR + rng.randrange(HOUR)
        return min(max(at, first), last)

    def _sum_at(self, at: int) -> float:
        slot, rest = divmod(min(max(at - self._start, 0), YEAR - 1), HOUR)
        return self._sums[slot] + (self._sums[slot + 1] - self._sums[slot]) * rest / HOUR

    def _day(self, day: int) -> float:
        desk, lang = self._stream.desk, self._stream.lang
        month_day = calendar_day(day).day
        rhythm = 1.3 if month_day <= 3 or month_day >= 27 else 0.92
        mood = Random(f"{desk}/{day}").uniform(0.75, 1.25)
        return BY_WEEKDAY[desk][follows(day, lang)] * activity(day, lang) * rhythm * mood
