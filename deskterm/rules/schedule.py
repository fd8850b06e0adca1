"""Schedules of recurring tickets: "2nd mon 09:00" read strictly, and the instants it means in a zone.

    [MONTHS] DAYS TIME    MONTHS: jan,jul
                          DAYS:   daily · mon,wed · mon-fri · 2nd mon · 1st,3rd tue · last fri
                                  · day 1 · day 1,15 · last day
    DATE TIME             2026-12-01 09:00, once

A day that a month does not have is left out. A time that the clocks skip happens as they change, one that
they show twice happens the first time.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from deskterm.rules.calendar.walls import DAY, EPOCH, date_at, instant
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.rules.rulebook import Recurring, RuleBook

__all__ = ["Occurrence", "Schedule", "due_recurring", "read_schedule", "standing_since"]

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PLACES: Final = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1}
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEARS: Final = range(1900, 9999)
_RAREST: Final = 45 * 12  # months: a fifth Monday in February can be 40 years away


class Schedule(NamedTuple):
    """Local dates at `minute` of the day in the zone `tz`; whatever is () sets no condition.

    `weekdays` from 0 for Monday, `places` of the weekday in its month (-1: the last), `dates` days of the
    month (-1: the last), `once` the only date.
    """

    tz: str
    minute: int
    months: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    dates: tuple[int, ...] = ()
    once: date | None = None

    def next_after(self, t: int) -> int | None:
        """The first instant after `t` at which it happens; None when it happens no more."""
        return next((at for at in self._ahead(t) if at > t), None)

    def last_up_to(self, t: int) -> int | None:
        """The last instant up to and with `t` at which it happened; None when it never did."""
        return next((at for at in self._back(t) if at <= t), None)

    def between(self, a: int, b: int) -> Iterator[int]:
        """Every instant after `a`, up to and with `b`, in order."""
        for at in self._ahead(a):
            if at > b:
                return
            if at > a:
                yield at
                a = at

    def falls_on(self, day: date) -> bool:
        """Whether it happens on that local date."""
        if self.once is not None:
            return day == self.once
        if (self.months and day.month not in self.months) or (
            self.weekdays and day.weekday() not in self.weekdays
        ):
            return False
        length = monthrange(day.year, day.month)[1]
        left = length - day.day
        if self.dates:
            return day.day in self.dates or (left == 0 and -1 in self.dates)
        return not self.places or (day.day + 6) // 7 in self.places or (left < 7 and -1 in self.places)

    def _ahead(self, t: int) -> Iterator[int]:
        zone = ZoneInfo(self.tz)
        today = date_at(zone, t).toordinal()
        return (self._at(zone, day) for day in self._days(today - 1, 1))

    def _back(self, t: int) -> Iterator[int]:
        zone = ZoneInfo(self.tz)
        today = date_at(zone, t).toordinal()
        return (self._at(zone, day) for day in self._days(today + 1, -1))

    def _days(self, start: int, step: int) -> Iterator[int]:
        """Ordinals of the dates it falls on from `start` on, forwards or backwards."""
        if self.once is not None:
            yield self.once.toordinal()
            return
        first = date.fromordinal(start)
        month = first.year * 12 + first.month - 1
        for _ in range(_RAREST):
            year, index = divmod(month, 12)
            if year not in _YEARS:
                return
            if not self.months or index + 1 in self.months:
                yield from (day for day in self._days_of(year, index + 1, step) if (day - start) * step >= 0)
            month += step

    def _days_of(self, year: int, month: int, step: int) -> Iterator[int]:
        days = range(1, monthrange(year, month)[1] + 1)[::step]
        return (day.toordinal() for each in days if self.falls_on(day := date(year, month, each)))

    def _at(self, zone: tzinfo, day: int) -> int:
        return instant(zone, (day - EPOCH) * DAY + self.minute * 60, closing=False)


class Occurrence(NamedTuple):
    """A recurring ticket to be opened now: for `nominal_at`, in place of the `skipped` ones before it."""

    rule: "Recurring"
    nominal_at: int
    key: str
    skipped: tuple[int, ...] = ()


def due_recurring(
    rules: "Iterable[Recurring]", last_fired: Mapping[str, int], activated_at: int, now: int
) -> tuple[Occurrence, ...]:
    """What is to be opened at `now`, by nominal instant: of all that a rule missed, the latest.

    `last_fired` is rule id -> the nominal instant it last opened a ticket for. Nothing is due that lies at or
    before `activated_at`, when these rules came into force (see `standing_since`).
    """
    found: list[Occurrence] = []
    for rule in rules:
        schedule = read_schedule(rule.schedule, rule.tz)
        missed = tuple(schedule.between(max(activated_at, last_fired.get(rule.id, activated_at)), now))
        if missed:
            key = f"recur/{rule.id}/{missed[-1]}"
            found.append(Occurrence(rule, missed[-1], key, missed[:-1]))
    return tuple(sorted(found, key=lambda each: (each.nominal_at, each.rule.id)))


def standing_since(rule: str, editions: "Sequence[tuple[int, RuleBook]]") -> int:
    """When the recurring rule of that id came into force with the schedule it has in the last edition.

    `editions` are (activated at, rules), oldest first: a file that leaves a rule as it was does not make it
    forget what it missed.
    """
    since, wanted = editions[-1][0], _said(rule, editions[-1][1])
    for at, rules in reversed(editions):
        if _said(rule, rules) != wanted:
            break
        since = at
    return since


def _said(rule: str, rules: "RuleBook") -> tuple[str, str] | None:
    return next(((each.schedule, each.tz) for each in rules.recurring if each.id == rule), None)


class _Word(NamedTuple):
    text: str
    column: int  # from 1


def read_schedule(text: str, tz: str) -> Schedule:
    """What `text` means in the zone `tz`. Raises Problem with the column of what cannot be read."""
    _check_zone(tz)
    words = _words(text)
    if len(words) < 2:
        template = N_('A schedule names days and a time: "2nd mon 09:00", "daily 07:00", "day 1 09:00".')
        raise Problem("schedule.form", template, kind="usage", field="schedule", column=1)
    *days, clock = words
    minute = _minute(clock)
    if days[0].text[0].isdigit() and "-" in days[0].text:
        _no_more(days[1:])
        return Schedule(tz, minute, once=_date(days[0]))
    months = _chosen(days.pop(0), _MONTHS) if days[0].text.split(",")[0] in _MONTHS else ()
    if not days:
        raise _unread(clock, N_('Name a day in front of "%(word)s": daily, mon,wed, 2nd mon, day 1.'))
    schedule = _on_days(Schedule(tz, minute, tuple(month + 1 for month in months)), days)
    possible = [_LONGEST[month - 1] for month in schedule.months or range(1, 13)]
    if schedule.dates and all(day > max(possible) for day in schedule.dates):
        raise _unread(days[-1], N_('No such month has a day "%(word)s".'))
    return schedule


def _on_days(schedule: Schedule, days: list[_Word]) -> Schedule:
    first, *rest = days
    if first.text == "daily":
        _no_more(rest)
        return schedule
    if first.text == "last" and rest and rest[0].text == "day":
        _no_more(rest[1:])
        return schedule._replace(dates=(-1,))
    if first.text == "day":
        if not rest:
            raise _unread(first, N_('Say which day of the month after "%(word)s": day 1, day 1,15.'))
        _no_more(rest[1:])
        return schedule._replace(dates=_dates(rest[0]))
    if first.text.split(",")[0] in _PLACES or first.text[0].isdigit():
        if not rest:
            raise _unread(first, N_('Name a weekday after "%(word)s": 2nd mon.'))
        _no_more(rest[1:])
        places = tuple(tuple(_PLACES.values())[place] for place in _chosen(first, tuple(_PLACES)))
        return schedule._replace(places=places, weekdays=_chosen(rest[0], _WEEKDAYS))
    _no_more(rest)
    return schedule._replace(weekdays=_chosen(first, _WEEKDAYS))


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    column = 0
    for part in text.lower().split(" "):
        if part:
            found.append(_Word(part, column + 1))
        column += len(part) + 1
    return found


def _chosen(word: _Word, known: tuple[str, ...]) -> tuple[int, ...]:
    """The places in `known` of the names in a list such as mon,wed or mon-fri, in order."""
    found: set[int] = set()
    column = word.column
    for part in word.text.split(","):
        first, dash, last = part.partition("-")
        ends = (first, last) if dash else (first, first)
        for end in ends:
            if end not in known:
                raise _unknown(_Word(end, column), known)
        low, high = (known.index(end) for end in ends)
        found |= set(range(low, high + 1)) if low <= high else {*range(low, len(known)), *range(high + 1)}
        column += len(part) + 1
    return tuple(sorted(found))


def _dates(word: _Word) -> tuple[int, ...]:
    found: set[int] = set()
    column = word.column
    for part in word.text.split(","):
        if not (part.isascii() and part.isdigit() and len(part) <= 2 and 1 <= int(part) <= 31):
            raise _unread(_Word(part, column), N_('"%(word)s" is no day of a month (1 to 31).'))
        found.add(int(part))
        column += len(part) + 1
    return tuple(sorted(found))


def _date(word: _Word) -> date:
    try:
        found = date.fromisoformat(word.text)
    except ValueError:
        found = None
    if found is None or len(word.text) != 10 or found.year not in _YEARS:
        raise _unread(word, N_('"%(word)s" is not a date (2026-12-01).'))
    return found


def _minute(word: _Word) -> int:
    hour, colon, minute = word.text.partition(":")
    digits = hour + minute
    if not (colon and digits.isascii() and digits.isdigit() and len(hour) in (1, 2) and len(minute) == 2):
        raise _unread(word, N_('"%(word)s" is not a time of day (09:00).'))
    if int(hour) > 23 or int(minute) > 59:
        raise _unread(word, N_('"%(word)s" is not a time of day (09:00).'))
    return int(hour) * 60 + int(minute)


def _check_zone(tz: str) -> None:
    try:
        ZoneInfo(tz)
    except (KeyError, ValueError, OSError):
        template = N_("There is no time zone %(zone)s (use a name such as Asia/Shanghai).")
        raise Problem("schedule.zone", template, kind="usage", field="tz", zone=tz or '""') from None


def _no_more(rest: list[_Word]) -> None:
    if rest:
        raise _unread(rest[0], N_('"%(word)s" is one word too many in a schedule.'))


def _unknown(word: _Word, known: tuple[str, ...]) -> Problem:
    from deskterm.rules.names import nearest

    template = N_('"%(word)s" is no day of a schedule (daily, mon,wed, 2nd mon, last fri, day 1, last day).')
    column, shown = word.column, word.text
    choices = nearest(shown, known)
    return Problem(
        "schedule.day", template, kind="usage", field="schedule", column=column, choices=choices, word=shown
    )


def _unread(word: _Word, template: str) -> Problem:
    return Problem(
        "schedule.form", template, kind="usage", field="schedule", column=word.column, word=word.text
    )
