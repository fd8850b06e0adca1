"""Business time: open hours, holidays and make-up days of a place, and arithmetic with its open time.

`walls` turns readings of a wall clock into instants, `definition` says what is open on a date, `table` lists
open intervals, `open_time` calculates with them; `reading` and `writing` know the table of a rule file.
"""

from typing import Protocol

from deskterm.rules.calendar.definition import WEEKDAYS, Reason, Span
from deskterm.rules.calendar.open_time import ALWAYS, Calendar, CalendarExhausted
from deskterm.rules.calendar.public import PublicHolidays

__all__ = [
    "ALWAYS",
    "WEEKDAYS",
    "AlwaysOpen",
    "BusinessTime",
    "Calendar",
    "CalendarExhausted",
    "PublicHolidays",
    "Reason",
    "Span",
]


class BusinessTime(Protocol):
    """What a clock asks of a calendar; instants and durations in seconds."""

    def add(self, start: int, seconds: int) -> int:
        """The smallest instant >= `start` with `seconds` of open time behind it."""

    def elapsed(self, a: int, b: int) -> int:
        """Open seconds between `a` and `b`; 0 when b <= a."""


AlwaysOpen = Calendar
