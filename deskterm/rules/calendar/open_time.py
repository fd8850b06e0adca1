"""Calendar: open time as arithmetic on instants."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
from typing import Any, Final, Self

from deskterm.rules.calendar.definition import ALL_DAY, Definition, Reason, Spans
from deskterm.rules.calendar.public import PublicHolidays
from deskterm.rules.calendar.table import NOTHING, Table, closing, table, widened
from deskterm.rules.calendar.walls import DAY, EPOCH, date_at
from deskterm.rules.problems import N_, Problem

__all__ = ["ALWAYS", "Calendar", "CalendarExhausted"]

_AHEAD: Final = 64  # days that are looked up at first, then as many again as are known: most ask for a week
_BLOCK: Final = 400  # days of the past that are looked up at once
_HORIZON: Final = 20 * 366  # days ahead of which a due is looked for
_FIRST: Final = date(1900, 1, 1).toordinal()
_LAST: Final = date(2300, 1, 1).toordinal()


class CalendarExhausted(Problem):
    """What was asked lies farther away than a calendar looks."""

    def __init__(self, name: str) -> None:
        template = N_("The calendar %(name)s finds no such time: it looks 20 years ahead, from 1900 to 2300.")
        super().__init__("calendar.exhausted", template, name=name or "?")


class Calendar:
    """Business time of one place; instants and lengths in seconds. Two with the same open time are equal."""

    __slots__ = ("_always", "_day", "_definition", "_id", "_known", "_zone")

    def __init__(self, definition: Definition, *, name: str = "") -> None:
        self._id = name
        self._definition = definition
        self._always = definition.never_closes
        self._day = _day_of(definition)
        self._zone: tzinfo | None = None
        self._known = NOTHING  # replaced as a whole, so that threads may share a calendar

    @classmethod
    def parse(cls, table: Mapping[str, Any], *, name: str = "", public: PublicHolidays | None = None) -> Self:
        """The calendar of a rule file's table. Raises the first of its `faults` and says how many follow."""
        from deskterm.rules.calendar.reading import read

        definition, faults = read(table, public)
        if definition is None:
            raise _first_of(faults)
        return cls(definition, name=name)

    @staticmethod
    def faults(table: Mapping[str, Any], *, public: PublicHolidays | None = None) -> list[Problem]:
        """All that is wrong with a table; the `field` of each fault is its key path, such as week.mon-fri."""
        from deskterm.rules.calendar.reading import read

        return read(table, public)[1]

    @staticmethod
    def regions(table: Mapping[str, Any]) -> tuple[str, ...]:
        """The codes in a table's holidays that `public` has to explain, such as CN and US-NY."""
        from deskterm.rules.calendar.reading import regions

        return regions(table)

    def table(self) -> dict[str, Any]:
        """The table that `parse` makes this calendar of again; public holidays are written out in it."""
        from deskterm.rules.calendar.writing import write

        return write(self._definition)

    @property
    def id(self) -> str:
        """Its name in the rule file."""
        return self._id

    @property
    def tz(self) -> str:
        """Its time zone (IANA)."""
        return self._definition.tz

    @property
    def day_seconds(self) -> int | None:
        """Seconds of a working day (`wd`): as given, else those of every open weekday when all are alike."""
        return self._day

    @property
    def week(self) -> tuple[Spans, ...]:
        """The open spans of the weekdays from Monday on."""
        return self._definition.week

    @property
    def covers(self) -> date | None:
        """The last date for which its holidays are known; None when nobody said."""
        return date.fromordinal(self._definition.covers) if self._definition.covers else None

    @property
    def uncovered(self) -> Mapping[str, tuple[int, ...]]:
        """The years for which a region has published nothing final, by its code."""
        return self._definition.uncovered

    @property
    def zone(self) -> tzinfo:
        """Its time zone."""
        if self._zone is None:
            from zoneinfo import ZoneInfo

            self._zone = ZoneInfo(self._definition.tz)
        return self._zone

    def add(self, start: int, seconds: int) -> int:
        """The smallest instant >= `start` with `seconds` of open time behind it. Raises CalendarExhausted."""
        if seconds <= 0:
            return start
        if self._always:
            return start + seconds
        known = self._known
        if not known.low <= start < known.high:
            known = self._reaching(start, start)
        starts, ends, sums, *_ = known
        place = bisect_right(starts, start) - 1
        goal = sums[place] + seconds
        if start < ends[place]:
            goal -= ends[place] - start
        place = bisect_left(sums, goal, place)
        if place == len(sums):
            return self._far(start, seconds)
        due = ends[place] - sums[place] + goal
        if due - start > _HORIZON * DAY:
            raise CalendarExhausted(self._id)
        return due

    def elapsed(self, a: int, b: int) -> int:
        """Open seconds between `a` and `b`; 0 when b <= a."""
        if b <= a:
            return 0
        if self._always:
            return b - a
        known = self._known
        if not (known.low <= a and b < known.high):
            known = self._reaching(a, b)
        starts, ends, sums, *_ = known
        first, last = bisect_right(starts, a) - 1, bisect_right(starts, b) - 1
        spent = sums[last] - sums[first]
        if a < ends[first]:
            spent += ends[first] - a
        if b < ends[last]:
            spent -= ends[last] - b
        return spent

    def is_open(self, t: int) -> bool:
        """Whether the instant is open; the one of closing is not."""
        if self._always:
            return True
        known = self._reaching(t, t)
        return t < known.ends[bisect_right(known.starts, t) - 1]

    def next_open(self, t: int) -> int:
        """The first open instant from `t` on, `t` itself when it is open. Raises CalendarExhausted."""
        if self.is_open(t):
            return t
        found = self.next_change(t)
        if found is None:
            raise CalendarExhausted(self._id)
        return found

    def next_change(self, t: int) -> int | None:
        """The next instant after `t` at which `is_open` is another; None when there is none in 20 years."""
        if self._always:
            return None
        known: Table | None = self._reaching(t, t)
        while known is not None:
            place = bisect_right(known.starts, t) - 1
            change = known.ends[place]
            if t >= change:
                change = known.starts[place + 1] if place + 1 < len(known.starts) else known.high
            if change < known.high:
                return change if change - t <= _HORIZON * DAY else None
            known = self._farther(known, t)
        return None

    def stretches(self, a: int, b: int) -> Iterator[tuple[int, int]]:
        """The open intervals between `a` and `b`, in order; their lengths add up to `elapsed`."""
        if self._always and a < b:
            yield a, b
        if self._always or b <= a:
            return
        known = self._reaching(a, b)
        for place in range(bisect_right(known.starts, a) - 1, bisect_left(known.starts, b)):
            start, end = max(a, known.starts[place]), min(b, known.ends[place])
            if start < end:
                yield start, end

    def end_of_business_day(self, t: int, n: int) -> int:
        """The closing of the `n`-th business day strictly after the local date of `t` (n >= 1)."""
        if n < 1:
            raise ValueError(n)
        today = date_at(self.zone, t).toordinal()
        for day in range(today + 1, today + _HORIZON + 1):
            found = closing(self._definition, self.zone, day)
            n -= found is not None
            if n == 0 and found is not None:
                return found
        raise CalendarExhausted(self._id)

    def uncertain(self, t: int) -> bool:
        """Whether holidays of the local date are unknown: past `covers`, or a year that is `uncovered`."""
        covers, uncovered = self._definition.covers, self._definition.uncovered
        if covers is None and not uncovered:
            return False
        day = date_at(self.zone, t)
        late = covers is not None and day.toordinal() > covers
        return late or any(day.year in years for years in uncovered.values())

    def known_until(self, t: int) -> date | None:
        """The last day of which all holidays are known, seen from the instant `t`; None: of every day."""
        year = date_at(self.zone, t).year
        unsure = [each for years in self.uncovered.values() for each in years if each >= year]
        ends = [date(each - 1, 12, 31) for each in unsure]
        return min((*ends, *([self.covers] if self.covers else ())), default=None)

    def spans_on(self, day: date) -> Spans:
        """The open spans that begin on a date, in minutes from its midnight; a night's end exceeds 1440."""
        return self._definition.spans(day.toordinal())

    def reason_on(self, day: date) -> Reason:
        """Why the date has these spans: its own hours, a make-up day, a holiday by name, or the week."""
        return self._definition.reason(day.toordinal())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self._definition == other._definition

    def __hash__(self) -> int:
        return hash((self._definition.tz, self._definition.week))

    def __repr__(self) -> str:
        return f"Calendar({self._id or self.tz})"

    def _reaching(self, a: int, b: int) -> Table:
        """What is known, widened until it holds both instants."""
        known = self._known
        if known.low <= a and b < known.high:
            return known
        first, last = (at // DAY + EPOCH for at in (a, b))
        if first - 2 < _FIRST or last + 2 > _LAST:
            raise CalendarExhausted(self._id)
        if known is NOTHING:
            known = table(self._definition, self.zone, first - 2, max(first + _AHEAD, last + 2))
        else:
            before = min(known.first, _floor(first - 2, known.first))
            after = max(self._next(known), last + 2) if b >= known.high else known.last
            known = widened(known, self._definition, self.zone, before, after)
        self._known = known
        return known

    def _farther(self, known: Table, start: int) -> Table | None:
        """Twice as much of what is to come; None at the horizon of `start`."""
        end = min(start // DAY + EPOCH + _HORIZON + 3, _LAST)
        if known.last >= end:
            return None
        last = min(end, self._next(known))
        self._known = wider = widened(known, self._definition, self.zone, known.first, last)
        return wider

    @staticmethod
    def _next(known: Table) -> int:
        """The day up to which is looked next."""
        return min(2 * known.last - known.first, _LAST)

    def _far(self, start: int, seconds: int) -> int:
        """`add`, when what is known does not reach far enough."""
        known = self._reaching(start, start)
        while known.sums[-1] - self._before(known, start) < seconds:
            wider = self._farther(known, start)
            if wider is None:
                raise CalendarExhausted(self._id)
            known = wider
        return self.add(start, seconds)

    @staticmethod
    def _before(known: Table, t: int) -> int:
        """Open seconds that are known before `t`."""
        place = bisect_right(known.starts, t) - 1
        return known.sums[place] - max(0, known.ends[place] - t)


def _floor(day: int, known: int) -> int:
    """The beginning of the block below `known` that holds `day`."""
    return max(_FIRST, known - -(-(known - day) // _BLOCK) * _BLOCK)


def _day_of(definition: Definition) -> int | None:
    if definition.day is not None:
        return definition.day
    lengths = {sum(end - start for start, end in spans) * 60 for spans in definition.week if spans}
    return lengths.pop() if len(lengths) == 1 else None


def _first_of(faults: list[Problem]) -> Problem:
    first = faults[0]
    if len(faults) == 1:
        return first
    template = N_("%(first)s (and %(more)d more)")
    return Problem(
        first.code,
        template,
        kind=first.kind,
        choices=first.choices,
        field=first.field,
        first=first,
        more=len(faults) - 1,
    )


ALWAYS: Final = Calendar(
    Definition(
        "UTC",
        ((ALL_DAY,), (ALL_DAY,), (ALL_DAY,), (ALL_DAY,), (ALL_DAY,), (ALL_DAY,), (ALL_DAY,)),
        {},
        {},
        {},
        {},
        {},
    ),
    name="always",
)
"""24 hours, 7 days."""
