"""Calendars and local times for tests of business time, and the slow truth that they are measured against."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from deskterm.rules.calendar import WEEKDAYS, Calendar

HOUR = 3_600
DAY = 86_400

ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
)

NEW_YORK: dict[str, Any] = {
    "tz": "America/New_York",
    "week": {"mon-fri": ["09:00-17:00"]},
    "holidays": {
        "2026-01-01": "New Year's Day",
        "2026-01-19": "Martin Luther King Jr. Day",
        "2026-05-25": "Memorial Day",
        "2026-07-03": "Independence Day (observed)",
        "2026-09-07": "Labor Day",
        "2026-11-26": "Thanksgiving",
        "12-25": "Christmas Day",
    },
    "hours": {"2026-12-24": ["09:00-13:00"]},
}
CHINA: dict[str, Any] = {
    "tz": "Asia/Shanghai",
    "week": {"mon-fri": ["09:00-12:00", "13:30-18:00"]},
    "day": "7h30m",
    "covers": "2026-12-31",
    "holidays": {
        "2026-01-01..2026-01-03": "元旦",
        "2026-02-15..2026-02-23": "春节",
        "2026-04-04..2026-04-06": "清明节",
        "2026-05-01..2026-05-05": "劳动节",
        "2026-06-19..2026-06-21": "端午节",
        "2026-09-25..2026-09-27": "中秋节",
        "2026-10-01..2026-10-07": "国庆节",
    },
    "workdays": dict.fromkeys(
        ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"), "mon"
    ),
}
LONDON: dict[str, Any] = {
    "tz": "Europe/London",
    "week": {"mon-fri": ["09:00-17:30"]},
    "holidays": {"2026-04-03": "Good Friday", "2026-04-06": "Easter Monday"},
}
NIGHT: dict[str, Any] = {"tz": "America/New_York", "week": {"mon-sun": ["22:00-06:00"]}}


def around_the_clock(tz: str, *, table: bool = True) -> Calendar:
    """24 hours, 7 days in a zone; with a closed day long ago it must use its table."""
    week = {"mon-sun": ["00:00-24:00"]}
    return Calendar.parse({"tz": tz, "week": week, "holidays": ["2000-01-01"] if table else []})


def on(day: str, spans: list[str], tz: str) -> Calendar:
    """A calendar that is open on one weekday."""
    return Calendar.parse({"tz": tz, "week": {day: spans}})


def at(text: str, tz: str, *, second: bool = False) -> int:
    """The instant of a local time; of one that came twice the first, or the `second`."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz), fold=int(second))
    return int(local.timestamp())


def shown(instant: int, tz: str) -> str:
    """An instant as the clocks of a zone show it, with the offset."""
    return datetime.fromtimestamp(instant, ZoneInfo(tz)).strftime("%Y-%m-%d %H:%M:%S%z")


class Oracle:
    """Open time by looking at the clock on the wall every minute; nothing is shared with the real thing.

    A span lasts from the first minute at which its date's clock shows its beginning or more to the last at
    which the clock shows its end or less: over a change of the clock it stays in one piece.
    """

    def __init__(self, table: dict[str, Any], first: date, days: int) -> None:
        self.zone = ZoneInfo(table["tz"])
        self.table = table
        self.low = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()) // 60
        self.high = self.low + days * 1440
        self.open: set[int] = set()
        for number in range(-2, days + 3):
            self.open.update(*self._minutes(first + timedelta(days=number)))

    def elapsed(self, a: int, b: int) -> int:
        """Open seconds between two whole minutes."""
        return 60 * sum(minute in self.open for minute in range(a // 60, b // 60))

    def add(self, start: int, seconds: int) -> int | None:
        """The end of so many open minutes; None past the days that were looked at."""
        left = seconds // 60
        for minute in range(start // 60, self.high):
            if left == 0:
                return minute * 60
            left -= minute in self.open
        return None

    def _minutes(self, day: date) -> Iterator[range]:
        """The open minutes of each span that begins on the date."""
        midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) // 60
        walls = _walls(self.zone.key, midnight - 1440)
        for begin, end in self._spans(day):
            opens = next(minute for minute, wall in walls if wall >= midnight + begin)
            closes, wall = next((minute, wall) for minute, wall in reversed(walls) if wall <= midnight + end)
            yield range(opens, closes + (wall < midnight + end))

    def _spans(self, day: date) -> list[tuple[int, int]]:
        text, table = day.isoformat(), self.table
        if text in table.get("hours", {}):
            written = table["hours"][text]
        elif text in table.get("workdays", {}):
            written = table["week"].get(table["workdays"][text], [])
        elif text in table.get("holidays", {}) or text[5:] in table.get("holidays", {}):
            written = []
        else:
            written = table["week"].get(WEEKDAYS[day.weekday()], [])
        return [_span(each) for each in written]


def _span(text: str) -> tuple[int, int]:
    begin, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return begin, end if end > begin else end + 1440


def _walls(zone: str, first: int) -> list[tuple[int, int]]:
    """What the clock on the wall shows at each minute of four days, both in minutes since 1970."""
    return [pair for number in range(4) for pair in _walls_of_a_day(zone, first + number * 1440)]


@lru_cache(maxsize=64)
def _walls_of_a_day(zone: str, first: int) -> list[tuple[int, int]]:
    place, epoch = ZoneInfo(zone), datetime(1970, 1, 1)  # noqa: DTZ001 - a reading of a wall clock
    walls = (datetime.fromtimestamp(minute * 60, place) for minute in range(first, first + 1440))
    return [
        (first + number, (wall.replace(tzinfo=None) - epoch) // timedelta(minutes=1))
        for number, wall in enumerate(walls)
    ]
