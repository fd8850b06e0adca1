"""Reading the table of a calendar: its definition, or everything that is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from deskterm.rules.calendar.dates import read_date, read_days
from deskterm.rules.calendar.definition import WEEKDAYS, Definition, Spans
from deskterm.rules.calendar.faults import Faults
from deskterm.rules.calendar.public import PublicHolidays
from deskterm.rules.calendar.spans import read_spans
from deskterm.rules.problems import N_, Problem

__all__ = ["read", "regions"]

_KEYS: Final = ("tz", "week", "day", "covers", "holidays", "workdays", "hours", "uncovered")
_REGION: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,8})?")
_MOST: Final = 20_000  # entries of one map


def read(table: Mapping[str, Any], public: PublicHolidays | None) -> tuple[Definition | None, list[Problem]]:
    """The definition and no fault, or None and every fault."""
    reading = _Reading(table, public)
    definition = reading.definition()
    return (None if reading.faults else definition), list(reading.faults)


def regions(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of regions among a table's holidays."""
    given = table.get("holidays")
    if not isinstance(given, list | tuple):
        return ()
    return tuple(dict.fromkeys(each for each in given if isinstance(each, str) and _REGION.fullmatch(each)))


class _Reading:
    """One table being read; `faults` grows."""

    def __init__(self, table: Mapping[str, Any], public: PublicHolidays | None) -> None:
        self.table = table
        self.public = public
        self.faults = Faults()
        self.hours: dict[int, Spans] = {}
        self.yearly_hours: dict[tuple[int, int], Spans] = {}
        self.workdays: dict[int, int] = {}
        self.holidays: dict[int, str] = {}
        self.yearly: dict[tuple[int, int], str] = {}

    def definition(self) -> Definition:
        """What the table says, as far as it can be read."""
        week = self._week()
        self._read_hours()
        if not self.faults and not any((*week, *self.hours.values(), *self.yearly_hours.values())):
            self.faults.add("E311", "week", N_("The calendar has no open time at all."))
        for key in self.table:
            if key not in _KEYS:
                self.faults.unknown(str(key), str(key), _KEYS)
        self._read_workdays()
        self._read_holidays()
        return Definition(
            tz=self._zone(),
            week=week,
            hours=self.hours,
            yearly_hours=self.yearly_hours,
            workdays=self.workdays,
            holidays=self.holidays,
            yearly_holidays=self.yearly,
            day=self._day(),
            covers=self._covers(),
            uncovered=self._uncovered(),
        )

    def _zone(self) -> str:
        from zoneinfo import ZoneInfo

        name = self.table.get("tz")
        if not isinstance(name, str):
            self.faults.kind("tz", '"Europe/Berlin"')
            return ""
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.faults.zone(name)
        return name

    def _week(self) -> tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]:
        found: dict[int, tuple[str, Spans]] = {}
        for key, value in self._entries("week", '{ mon-fri = ["09:00-17:00"] }'):
            path = f"week.{key}"
            spans = read_spans(value, path, self.faults)
            for day in self._weekdays(key, path):
                if day in found:
                    template = N_("%(key)s: %(word)s stands in %(other)s already.")
                    self.faults.add("E305", path, template, word=WEEKDAYS[day], other=found[day][0])
                found[day] = (key, spans)
        mon, tue, wed, thu, fri, sat, sun = (found.get(day, ("", ()))[1] for day in range(7))
        return mon, tue, wed, thu, fri, sat, sun

    def _weekdays(self, key: str, path: str) -> Iterator[int]:
        """The weekdays of mon, mon-fri, sun-thu or "mon, wed"; 0 is Monday."""
        for part in key[:200].split(","):
            first, dash, last = part.strip(" ").partition("-")
            unknown = [word for word in ((first, last) if dash else (first,)) if word not in WEEKDAYS]
            if unknown:
                self.faults.weekday(path, unknown[0], WEEKDAYS)
                continue
            start = WEEKDAYS.index(first)
            length = (WEEKDAYS.index(last) - start) % 7 + 1 if dash else 1
            yield from ((start + step) % 7 for step in range(length))

    def _read_hours(self) -> None:
        for key, value in self._entries("hours", '{ 2026-12-24 = ["09:00-13:00"] }'):
            path = f"hours.{key}"
            spans = read_spans(value, path, self.faults)
            days = read_days(key)
            if days is None or len(days) != 1:
                self.faults.add(
                    "E304", path, N_('"%(word)s" is not a date: write 2026-12-24, or 12-24.'), word=key
                )
            elif value in ([], ()):
                self.faults.add(
                    "E307", path, N_("%(key)s has no hours: a closed day belongs to the holidays.")
                )
            for day in days or ():
                if isinstance(day, int):
                    self.hours[day] = spans
                else:
                    self.yearly_hours[day] = spans

    def _read_workdays(self) -> None:
        for key, value in self._entries("workdays", '{ 2026-02-14 = "mon" }'):
            path, day = f"workdays.{key}", read_date(key)
            if day is None:
                self.faults.single_date(path, key)
            if value not in WEEKDAYS:
                self.faults.weekday(path, str(value), WEEKDAYS)
            elif day is not None:
                self.workdays[day] = WEEKDAYS.index(value)

    def _read_holidays(self) -> None:
        given = self.table.get("holidays", {})
        if isinstance(given, list | tuple):
            self._read_list(given)
            return
        for key, name in self._entries("holidays", '{ 2026-12-24 = "Christmas Eve" }, or ["CN"]'):
            path = f"holidays.{key}"
            if not isinstance(name, str):
                self.faults.kind(path, '"Christmas Eve"')
            self._keep(key, str(name), path)

    def _read_list(self, given: "list[object] | tuple[object, ...]") -> None:
        codes = []
        for place, each in enumerate(given[:_MOST]):
            path = f"holidays.{each if isinstance(each, str) else place}"
            if isinstance(each, str) and _REGION.fullmatch(each):
                codes.append(each)
            elif isinstance(each, str) and each.isalpha() and each.isupper():
                self.faults.region(path, each, ())
            else:
                self._keep(each.isoformat() if type(each) is date else str(each), "", path)
        named = set(self.holidays)
        for code in dict.fromkeys(codes):
            self._read_region(code, named)

    def _keep(self, key: str, name: str, path: str) -> None:
        days = read_days(key)
        if days is None:
            self.faults.date(path, key)
        for day in days or ():
            if not isinstance(day, int):
                self.yearly[day] = name
            elif len(days or ()) == 1 or day not in self.holidays:  # a date of its own before a stretch
                self.holidays[day] = name

    def _read_region(self, code: str, named: set[int]) -> None:
        """The public holidays of a region, where nothing explicit stands."""
        path = f"holidays.{code}"
        if self.public is None or code not in self.public.holidays:
            near = self.public.unknown.get(code, ()) if self.public else ()
            self.faults.region(path, code, near)
            return

        def explicit(day: int) -> bool:
            found = date.fromordinal(day)
            return day in named or (found.month, found.day) in self.yearly

        for text, name in self.public.holidays[code].items():
            day = read_date(text)
            if day is not None and not explicit(day):
                self.holidays.setdefault(day, name)
        for text, weekday in self.public.workdays.get(code, {}).items():
            day = read_date(text)
            if day is not None and not explicit(day):
                self.workdays.setdefault(day, WEEKDAYS.index(weekday))

    def _day(self) -> int | None:
        from deskterm.rules.duration import read_duration

        value = self.table.get("day")
        if value is None:
            return None
        if not isinstance(value, str):
            self.faults.kind("day", '"8h"')
            return None
        try:
            seconds = read_duration(value)
        except Problem as problem:
            self.faults.add("E312", "day", problem.template, text=value)
            return None
        if seconds > 86_400:
            self.faults.add(
                "E312", "day", N_('A working day of "%(text)s" is longer than a day.'), text=value
            )
        return seconds

    def _covers(self) -> int | None:
        value = self.table.get("covers")
        if value is not None:
            day = read_date(value)
            if day is None:
                self.faults.single_date("covers", str(value))
            return day
        if self.public is not None and regions(self.table):
            return date(self.public.years[1], 12, 31).toordinal()
        return None

    def _uncovered(self) -> dict[str, tuple[int, ...]]:
        """Years without published data: as written, and those of a region that no `covers` vouches for."""
        found: dict[str, tuple[int, ...]] = {}
        for code, years in self._entries("uncovered", "{ CN = [2027] }"):
            if not isinstance(years, list | tuple) or not all(type(year) is int for year in years):
                self.faults.kind(f"uncovered.{code}", "[2027, 2028]")
            else:
                found[code] = tuple(years)
        unsure = self.public.uncovered if self.public is not None else {}
        vouched = read_date(self.table.get("covers")) or 0
        for code in regions(self.table):
            found[code] = tuple(
                year for year in unsure.get(code, ()) if date(year, 12, 31).toordinal() > vouched
            )
        return {code: years for code, years in found.items() if years}

    def _entries(self, key: str, example: str) -> Iterator[tuple[str, Any]]:
        """The entries of one of the table's maps."""
        given = self.table.get(key, {})
        if not isinstance(given, Mapping):
            self.faults.kind(key, example)
            return
        if len(given) > _MOST:
            self.faults.add("E310", key, N_("%(key)s has more than %(most)s entries."), most=_MOST)
            return
        yield from ((str(name), value) for name, value in given.items())
