"""Business time: open hours, holidays and make-up days of a place, and arithmetic with its open time.

`walls` turns readings of a wall clock into instants, `definition` says what is open on a date, `table` lists
open intervals, `open_time` calculates with them; `reading` and `writing` know the table of a rule file.
"""

from deskterm.rules.calendar.definition import WEEKDAYS, Reason, Span
from deskterm.rules.calendar.open_time import ALWAYS, Calendar, CalendarExhausted
from deskterm.rules.calendar.public import PublicHolidays

__all__ = [
    "ALWAYS",
    "WEEKDAYS",
    "Calendar",
    "CalendarExhausted",
    "PublicHolidays",
    "Reason",
    "Span",
]
