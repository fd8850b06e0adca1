"""Public holidays of regions, from the `holidays` library; a rule revision keeps what it said as values.

The library knows days off and, for regions that move them, make-up working days. Regions that announce theirs
year by year (China does in November) are not known beyond the last announcement: such years are `uncovered`,
and so are years whose dates are only estimated from the moon.
"""

import warnings
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from deskterm.rules.calendar import WEEKDAYS, PublicHolidays

if TYPE_CHECKING:
    from holidays import HolidayBase

__all__ = ["public_holidays"]

_AROUND: Final = 10  # years before and after the present one
_FRESH: Final = 2  # years since the last announcement, after which a region is taken to announce nothing more
_DAY: Final = timedelta(days=1)


def public_holidays(codes: Iterable[str], year: int) -> PublicHolidays:
    """What is known of the regions (CN, US-NY) for ten years before and after `year`; none raises."""
    years = range(year - _AROUND, year + _AROUND + 1)
    found = {code: _Region(code, years, year) for code in dict.fromkeys(codes)}
    known = {code: region for code, region in found.items() if region.source is not None}
    return PublicHolidays(
        holidays={code: region.holidays() for code, region in known.items()},
        workdays={code: region.workdays() for code, region in known.items()},
        uncovered={code: unsure for code, region in known.items() if (unsure := region.uncovered())},
        years=(year - _AROUND, year + _AROUND),
        unknown={code: _near(code) for code in found if code not in known},
    )


class _Region:
    """One region in the library; `source` is None when it has none of that code."""

    def __init__(self, code: str, years: range, present: int) -> None:
        self.country = code.partition("-")[0]
        self.years = years
        self.present = present
        self.source = _source(code, years)
        self.substitutes = list(_substitutes(self.source)) if self.source else []

    def holidays(self) -> dict[str, str]:
        """The name of each day off, by its date."""
        source, names = self._library, self._names()
        if self.country == "CN":
            names = _with_weekends(names, source.weekend_workdays)
        return {day.isoformat(): names[day] for day in sorted(names) if day.year in self.years}

    def workdays(self) -> dict[str, str]:
        """The weekday that each make-up day follows, by its date: that of the day off it makes up for."""
        moved = {worked: WEEKDAYS[off.weekday()] for off, worked in self.substitutes}
        days = sorted(
            day for day in self._library.weekend_workdays if day.year in self.years and day in moved
        )
        return {day.isoformat(): moved[day] for day in days}

    def uncovered(self) -> tuple[int, ...]:
        """The years for which nothing final is published."""
        source = self._library
        announced = max((off.year for off, _worked in self.substitutes), default=0)
        mark = source.tr(getattr(source, "estimated_label", "")).replace("%s", "").strip()
        estimated = {day.year for day, name in source.items() if mark and mark in name}
        return tuple(
            year
            for year in self.years
            if not source.start_year <= year <= source.end_year
            or year in estimated
            or _warned(source, year)
            or (self.present - _FRESH <= announced < year)
        )

    @property
    def _library(self) -> "HolidayBase":
        assert self.source is not None
        return self.source

    def _names(self) -> dict[date, str]:
        """Names; a day off in exchange for a make-up day is called like the holiday that it prolongs."""
        source = self._library
        exchanged = {off for off, _worked in self.substitutes}
        names = {day: name for day, name in source.items() if day not in exchanged}
        for day in sorted(exchanged & source.keys()):
            names[day] = _nearest(names, day) or source[day]
        return names


def _source(code: str, years: Iterable[int]) -> "HolidayBase | None":
    from holidays import country_holidays

    country, _dash, subdivision = code.partition("-")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library warns of is asked for year by year
            language = country_holidays(country).default_language
            return country_holidays(
                country, subdiv=subdivision or None, years=years, expand=False, language=language
            )
    except NotImplementedError:
        return None


def _warned(source: "HolidayBase", year: int) -> bool:
    """Whether the library says that its data does not reach that year."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        type(source)(subdiv=source.subdiv, years=year, expand=False)
    return bool(told)


def _substitutes(source: "HolidayBase") -> Iterator[tuple[date, date]]:
    """Each announced exchange: the day off and the day that is worked instead."""
    for year, entries in getattr(source, "special_public_holidays", {}).items():
        for entry in entries if entries and isinstance(entries[0], tuple) else (entries,):
            if len(entry) >= 4:
                month, day, from_month, from_day, *other = entry
                yield date(year, month, day), date(other[0] if other else year, from_month, from_day)


def _nearest(names: dict[date, str], day: date) -> str:
    """The name of a holiday at most four days away, the one before it first."""
    near = (day + sign * step * _DAY for step in range(1, 5) for sign in (-1, 1))
    return next((names[each] for each in near if each in names), "")


def _with_weekends(names: dict[date, str], worked: set[date]) -> dict[date, str]:
    """China's notices join weekends to the holidays beside them; the library leaves them out."""
    found = dict(names)
    for day in sorted(names):
        for step in (-_DAY, _DAY):
            beside = day + step
            while beside.weekday() >= 5 and beside not in worked and beside not in names:
                found.setdefault(beside, names[day])
                beside += step
    return found


def _near(code: str) -> tuple[str, ...]:
    """Codes that were perhaps meant."""
    from holidays import list_supported_countries

    country, dash, _subdivision = code.partition("-")
    known = list_supported_countries(include_aliases=False)
    if dash and country in known:
        return tuple(
            get_close_matches(code, [f"{country}-{each}" for each in known[country]], n=3, cutoff=0.5)
        )
    return tuple(get_close_matches(country, known, n=3, cutoff=0.5))
