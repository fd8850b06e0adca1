"""The ledger of a business time: its open stretches, each with the sum so far, and what lay between them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from deskterm.cli.output import Column
from deskterm.cli.records import instant
from deskterm.cli.week import weekday
from deskterm.i18n import _
from deskterm.rules.calendar import Calendar
from deskterm.rules.clean import clean_line
from deskterm.rules.duration import format_duration
from deskterm.rules.problems import N_

__all__ = ["COLUMNS", "Stretch", "clock", "ledger", "record", "row"]

COLUMNS: Final = (
    Column("day", N_("day")),
    Column("opens", N_("from")),
    Column("closes", N_("to")),
    Column("open", N_("time open"), right=True),
    Column("total", N_("total"), right=True),
    Column("note", N_("note")),
)
_GAP: Final = 120  # closed days that are looked through for their names
_NAMES: Final = 3


class Stretch(NamedTuple):
    """An open stretch, the seconds until its end, and the names of the days before and of it."""

    opens: int
    closes: int
    total: int
    after: tuple[str, ...]
    made_up: bool


def ledger(calendar: Calendar, a: int, b: int) -> Iterator[Stretch]:
    """The open stretches from `a` to `b`, in order."""
    total, last = 0, a
    for opens, closes in calendar.stretches(a, b):
        total += closes - opens
        day = _date(calendar, opens)
        after = _holidays(calendar, _date(calendar, last), day)
        yield Stretch(opens, closes, total, after, calendar.reason_on(day).kind == "workday")
        last = closes


def row(calendar: Calendar, each: Stretch) -> dict[str, str]:
    """A stretch for people, in the zone of its calendar."""
    opens, closes = _local(calendar, each.opens), _local(calendar, each.closes)
    same = opens.date() == closes.date()
    notes = [_("make-up day")] if each.made_up else []
    if each.after:
        names = _(", ").join(clean_line(name, 40) for name in each.after)
        notes.append(_("after %(names)s") % {"names": names})
    return {
        "day": f"{weekday(opens)} {opens:%Y-%m-%d}",
        "opens": clock(opens),
        "closes": clock(closes) if same else f"{weekday(closes)} {clock(closes)}",
        "open": format_duration(each.closes - each.opens),
        "total": format_duration(each.total),
        "note": _("; ").join(notes),
    }


def record(each: Stretch) -> dict[str, Any]:
    """A stretch as a JSON value."""
    return {
        **instant("opens", each.opens),
        **instant("closes", each.closes),
        "open_seconds": each.closes - each.opens,
        "total_seconds": each.total,
    }


def clock(local: datetime) -> str:
    """The time of day, with seconds only when there are any."""
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def _holidays(calendar: Calendar, last: date, day: date) -> tuple[str, ...]:
    """The names of the holidays between two dates, each once."""
    between = range(1, min((day - last).days, _GAP))
    reasons = (calendar.reason_on(last + timedelta(days=number)) for number in between)
    return tuple(dict.fromkeys(each.name for each in reasons if each.kind == "holiday" and each.name))[
        :_NAMES
    ]


def _date(calendar: Calendar, at: int) -> date:
    return _local(calendar, at).date()


def _local(calendar: Calendar, at: int) -> datetime:
    return datetime.fromtimestamp(at, calendar.zone)
