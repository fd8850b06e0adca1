"""Days: entries of a calendar that change nothing, and calendars that know their holidays not much longer."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from deskterm.rules.calendar.dates import read_date, read_days
from deskterm.rules.lint.reach import warning
from deskterm.rules.problems import N_
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.rulefile.faults import Fault

if TYPE_CHECKING:
    from deskterm.rules.calendar import Calendar

__all__ = ["ending", "idle"]

_AHEAD: Final = 60 * 86_400


def idle(book: RuleBook) -> Iterator[Fault]:
    """A holiday on days that are not worked, a make-up day that is: only what the file itself names."""
    for place, line in book.lines.items():
        name, _, entry = place.partition("/")
        kind, _, key = entry.partition("/")
        calendar = book.calendars.get(name)
        if calendar is None:
            continue
        if kind == "holidays":
            yield from _idle_holiday(calendar, key, line)
        elif kind == "workdays":
            yield from _open_already(calendar, key, line)


def ending(book: RuleBook, now: int | None) -> Iterator[Fault]:
    """Calendars whose holidays are known for less than 60 days from `now` (an instant)."""
    if now is None:
        return
    for name, calendar in book.calendars.items():
        last = calendar.known_until(now)
        if last is None or not calendar.uncertain(now + _AHEAD):
            continue
        line = book.lines.get(f"{name}/covers", book.lines.get(name, 0))
        template = N_(
            "calendar '%(name)s' knows holidays until %(date)s only: add the next ones and move covers"
        )
        yield warning("W512", line, template, name=name, date=last.isoformat())


def _idle_holiday(calendar: "Calendar", key: str, line: int) -> Iterator[Fault]:
    days = [date.fromordinal(day) for day in read_days(key) or () if isinstance(day, int)]
    week = _open_weekdays(calendar)
    if days and all(day.weekday() not in week and not calendar.spans_on(day) for day in days):
        template = N_("%(date)s is a holiday, but that day is not worked anyway")
        yield warning("W510", line, template, date=key)


def _open_already(calendar: "Calendar", key: str, line: int) -> Iterator[Fault]:
    ordinal = read_date(key)
    if ordinal is None:
        return
    day = date.fromordinal(ordinal)
    if day.weekday() in _open_weekdays(calendar) and not _is_holiday(calendar, day):
        yield warning("W511", line, N_("%(date)s is a make-up day and already open"), date=key)


def _is_holiday(calendar: "Calendar", day: date) -> bool:
    """Whether the holidays alone would close the day: then a make-up day there opens it again."""
    holidays = calendar.table().get("holidays", {})
    yearly = (day.month, day.day)
    return any(day.toordinal() in found or yearly in found for key in holidays if (found := read_days(key)))


def _open_weekdays(calendar: "Calendar") -> frozenset[int]:
    """The weekdays (0 is Monday) that are worked in a week without exceptions."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    week = calendar.table()["week"]
    return frozenset(place for place, name in enumerate(names) if week.get(name))
