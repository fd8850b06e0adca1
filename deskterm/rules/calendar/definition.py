"""Definition: what a calendar says about dates, before any instant is computed."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

__all__ = ["ALL_DAY", "WEEKDAYS", "Definition", "Reason", "Span"]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Span = tuple[int, int]
"""Minutes from local midnight; the end may exceed 1440 when a shift runs into the next day."""

Spans = tuple[Span, ...]
ALL_DAY: Final[Span] = (0, 1440)
_NEVER: Final = (0, 0)


class Reason(NamedTuple):
    """Why a date has the hours it has; `name` is the holiday's, or the weekday that a make-up day follows."""

    kind: Literal["hours", "workday", "holiday", "week"]
    name: str = ""


class Definition(NamedTuple):
    """Dates are ordinals (`date.toordinal`), yearly days (month, day); per date the first map wins."""

    tz: str
    week: tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]
    hours: Mapping[int, Spans]
    yearly_hours: Mapping[tuple[int, int], Spans]
    workdays: Mapping[int, int]
    holidays: Mapping[int, str]
    yearly_holidays: Mapping[tuple[int, int], str]
    day: int | None = None
    covers: int | None = None
    uncovered: Mapping[str, tuple[int, ...]] = {}

    def spans(self, day: int) -> Spans:
        """The open spans that begin on the date."""
        if day in self.hours:
            return self.hours[day]
        yearly = _month_and_day(day) if self.yearly_hours or self.yearly_holidays else _NEVER
        if yearly in self.yearly_hours:
            return self.yearly_hours[yearly]
        if day in self.workdays:
            return self.week[self.workdays[day]]
        if day in self.holidays or yearly in self.yearly_holidays:
            return ()
        return self.week[(day + 6) % 7]

    def reason(self, day: int) -> Reason:
        """Which of the maps decides about the date, and in whose name."""
        yearly = _month_and_day(day)
        if day in self.hours or yearly in self.yearly_hours:
            return Reason("hours", self.holidays.get(day, self.yearly_holidays.get(yearly, "")))
        if day in self.workdays:
            return Reason("workday", WEEKDAYS[self.workdays[day]])
        if day in self.holidays:
            return Reason("holiday", self.holidays[day])
        if yearly in self.yearly_holidays:
            return Reason("holiday", self.yearly_holidays[yearly])
        return Reason("week")

    @property
    def never_closes(self) -> bool:
        """Whether every second is open: 24 hours, 7 days, no exception."""
        exceptions = self.hours or self.yearly_hours or self.workdays or self.holidays or self.yearly_holidays
        return not exceptions and all(spans == (ALL_DAY,) for spans in self.week)


def _month_and_day(day: int) -> tuple[int, int]:
    found = date.fromordinal(day)
    return found.month, found.day
