"""A week of a calendar: what is open on each day, drawn as a lane of hours, and why a day is special."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

from deskterm.i18n import _
from deskterm.rules.calendar import WEEKDAYS, Calendar, Reason
from deskterm.rules.calendar.spans import write_span
from deskterm.rules.calendar.walls import DAY, EPOCH, instant
from deskterm.rules.clean import cell_width, clean_line
from deskterm.rules.duration import format_duration
from deskterm.rules.problems import N_

__all__ = ["Day", "drawn", "record", "remarks", "weekday", "weekdays"]

_NAMES: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_SCALE: Final = "0  3  6  9  12 15 18 21 24"
_HALF: Final = 1_800
_SPANS: Final = 24  # cells of two spans
_NAME: Final = 40  # cells of a holiday's name
# two half hours: neither, the second, the first, both
_LANE: Final = ("·▐▌█", ".>+#")
_MISSING: Final = " "  # an hour that the clock left out


class Day(NamedTuple):
    """A date of a calendar: its first instant, the one after its last, and what is open between them."""

    day: date
    begins: int
    ends: int
    spans: tuple[str, ...]
    reason: Reason
    open: int
    lane: tuple[tuple[bool, bool] | None, ...]
    uncertain: bool


def weekdays(calendar: Calendar, within: date) -> list[Day]:
    """The seven days, from Monday, of the week that `within` is in."""
    monday = within - timedelta(days=within.weekday())
    return [_day(calendar, monday + timedelta(days=number)) for number in range(7)]


def _day(calendar: Calendar, day: date) -> Day:
    wall = (day.toordinal() - EPOCH) * DAY
    marks = [instant(calendar.zone, wall + half * _HALF, closing=False) for half in range(49)]
    begins, ends = marks[0], marks[-1]
    halves = [None if a == b else 2 * calendar.elapsed(a, b) >= b - a for a, b in pairwise(marks)]
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return Day(
        day=day,
        begins=begins,
        ends=ends,
        spans=tuple(map(write_span, calendar.spans_on(day))),
        reason=calendar.reason_on(day),
        open=calendar.elapsed(begins, ends),
        lane=tuple(None if a is None and b is None else (bool(a), bool(b)) for a, b in pairs),
        uncertain=calendar.uncertain(begins),
    )


def weekday(day: date) -> str:
    """The short name of its weekday, in the reader's language."""
    return _(_NAMES[day.weekday()])


def drawn(days: Sequence[Day], *, ascii: bool = False) -> Iterator[str]:
    """The lines of the drawing, at most 80 cells wide."""
    width = max(cell_width(weekday(each.day)) for each in days)
    blank = " " * (width + 8)
    yield f"{blank}{_SCALE}"
    for each in days:
        name = _padded(weekday(each.day), width)
        rows = _spans(each) + [[remark] for remark in remarks(each)]
        total = format_duration(each.open) if each.open else ("-" if ascii else "–")
        first = _padded("  ".join(rows[0]), _SPANS)
        yield f"{name} {each.day:%m-%d}  {_lane(each, ascii)}  {first}  {total:>6}"
        yield from (f"{blank}{'':24}  {'  '.join(row)}" for row in rows[1:])
    label, total = _("open this week"), format_duration(sum(each.open for each in days))
    end = len(blank) + 24 + 2 + _SPANS + 2 + 6
    yield " " * (end - cell_width(label) - max(8, len(total) + 2)) + f"{label}{total:>8}"


def remarks(each: Day) -> list[str]:
    """Why the hours of a day are not those of the week."""
    found = []
    kind, name = each.reason
    if kind == "workday":
        found.append(_("make-up day, open like %(day)s") % {"day": _(_NAMES[WEEKDAYS.index(name)])})
    if kind == "hours":
        found.append(clean_line(name, _NAME) if name else _("hours of this date only"))
    length = each.ends - each.begins
    if length == 0:
        found.append(_("this date was left out here"))
    elif length != DAY:
        changed = format_duration(abs(length - DAY))
        template = _("clocks go back by %s") if length > DAY else _("clocks go forward by %s")
        found.append(template % changed)
    return found


def record(each: Day) -> dict[str, Any]:
    """A day as a JSON value."""
    return {
        "date": each.day.isoformat(),
        "weekday": WEEKDAYS[each.day.weekday()],
        "spans": list(each.spans),
        "open_seconds": each.open,
        "day_seconds": each.ends - each.begins,
        "reason": each.reason.kind,
        "name": each.reason.name,
        "uncertain": each.uncertain,
    }


def _spans(each: Day) -> list[list[str]]:
    """Two spans a line, or why there are none."""
    if each.spans:
        return [list(each.spans[place : place + 2]) for place in range(0, len(each.spans), 2)]
    if each.reason.kind == "holiday":
        return [[clean_line(each.reason.name, _NAME) or _("holiday")]]
    return [[_("closed all day")]]


def _lane(each: Day, ascii: bool) -> str:
    signs = _LANE[ascii]
    return "".join(_MISSING if pair is None else signs[2 * pair[0] + pair[1]] for pair in each.lane)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_width(text))
