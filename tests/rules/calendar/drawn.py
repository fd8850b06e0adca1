"""Random calendars for laws: up to four spans a day, nights, holidays, make-up days and short days."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from deskterm.rules.calendar import WEEKDAYS
from tests.rules.calendar.calendars import ZONES

__all__ = ["dates", "tables"]

FIRST = date(1999, 1, 1)


def dates(first: date = FIRST, days: int = 11_000) -> st.SearchStrategy[date]:
    """Dates in which all zones have whole minutes."""
    return st.integers(0, days).map(lambda number: first + timedelta(days=number))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


MINUTES = st.one_of(
    st.integers(0, 1440),
    st.sampled_from([*range(0, 300, 15), *range(1380, 1441, 15)]),  # where clocks change
)


@st.composite
def spans(draw: st.DrawFn, least: int = 0) -> list[str]:
    """Up to four spans that do not overlap; the last may run into the next day."""
    count = draw(st.integers(least, 4))
    cuts = sorted(draw(st.sets(MINUTES, min_size=2 * count, max_size=2 * count)))
    found = [f"{_clock(a)}-{_clock(b)}" for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    if found and cuts[0] > 0 and draw(st.booleans()):
        begin, until = cuts[-2], draw(st.integers(0, cuts[0] - 1))
        if until < begin < 1440:
            found[-1] = f"{_clock(begin)}-{_clock(until)}"
    return found


@st.composite
def tables(draw: st.DrawFn, near: date | None = None, zones: tuple[str, ...] = ZONES) -> dict[str, Any]:
    """The table of a calendar; its exceptions lie within a few days of `near`."""
    some = dates() if near is None else dates(near - timedelta(days=2), 8)
    keys = some.map(date.isoformat)
    yearly = some.map(lambda day: day.isoformat()[5:])
    week = draw(st.dictionaries(st.sampled_from(WEEKDAYS), spans(), max_size=7))
    week[draw(st.sampled_from(WEEKDAYS))] = draw(spans(least=1))
    return {
        "tz": draw(st.sampled_from(zones)),
        "week": week,
        "holidays": draw(st.dictionaries(st.one_of(keys, yearly), st.text(max_size=5), max_size=4)),
        "workdays": draw(st.dictionaries(keys, st.sampled_from(WEEKDAYS), max_size=2)),
        "hours": draw(st.dictionaries(keys, spans(least=1), max_size=2)),
    }
