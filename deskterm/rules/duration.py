"""Lengths of time as rules write them: 4h, 1h30m, 3wd; read strictly, written back the same."""

import re
from typing import Final, Literal, NamedTuple

from deskterm.rules.problems import N_, Problem

__all__ = [
    "Position",
    "Wait",
    "format_duration",
    "read_duration",
    "read_position",
    "read_wait",
    "read_wall",
]

_UNITS: Final = ("w", "d", "bd", "wd", "h", "m", "s")  # largest first: each once, in this order
_SECONDS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PART: Final = re.compile(r"([0-9]{1,9})(wd|bd|[wdhms])")
_LONGEST: Final = 100 * 366 * 86_400


class Wait(NamedTuple):
    """How long an automation waits: `seconds`, or `business_days` when those are not 0."""

    seconds: int
    business_days: int = 0


class Position(NamedTuple):
    """Where a level lies: `amount` is a percentage, seconds from the target, or seconds after the due."""

    basis: Literal["percent", "offset", "wall"]
    amount: int


def read_duration(text: str, *, day: int | None = None) -> int:
    """Seconds of business time: 30m, 4h, 1h30m, 90s, 3wd (`day`: seconds of a wd). Raises Problem."""
    parts = _parts(text, N_('"%(text)s" is not a duration (30m, 4h, 1h30m, 3wd).'))
    if "d" in parts or "w" in parts:
        template = N_('"%(text)s" may mean working days or days of 24 hours: use wd for working days, or h.')
        raise _problem("duration.day", template, text)
    if "bd" in parts:
        template = N_('"%(text)s" counts whole business days, which a target cannot: use wd or h.')
        raise _problem("duration.day", template, text)
    return _total(text, parts, _SECONDS if "wd" not in parts else {**_SECONDS, "wd": _day(text, day)})


def read_wall(text: str) -> int:
    """Seconds of time on the clock: 7d, 2w, 36h, 30m. Raises Problem."""
    parts = _parts(text, N_('"%(text)s" is not a length of time (30m, 36h, 7d, 2w).'))
    if "wd" in parts or "bd" in parts:
        template = N_('"%(text)s" counts working days, but this time runs day and night: use d or h.')
        raise _problem("duration.wall", template, text)
    return _total(text, parts, _SECONDS)


def read_wait(text: str) -> Wait:
    """How long an automation waits: 2bd for business days, else as `read_wall`. Raises Problem."""
    parts = _parts(text, N_('"%(text)s" is not a wait (30m, 4h, 7d, 2bd).'))
    if "bd" not in parts:
        return Wait(read_wall(text))
    if len(parts) > 1:
        template = N_('"%(text)s" mixes business days with hours: a wait of business days ends at closing.')
        raise _problem("duration.mixed", template, text)
    days = parts["bd"]
    if not 0 < days <= _LONGEST // 86_400:
        raise _out_of_range(text, days)
    return Wait(0, days)


def read_position(text: str, *, day: int | None = None) -> Position:
    """Where a level lies: 75%, -30m, breach, +4h, +1wd (with `day`) or +2h wall. Raises Problem."""
    if text == "breach":
        return Position("offset", 0)
    if text.endswith("%"):
        return Position("percent", _percent(text))
    sign, rest = text[:1], text[1:]
    wall = rest.endswith(" wall")
    if sign not in ("+", "-") or (wall and sign == "-"):
        raise _problem("position.form", _NO_POSITION, text)
    try:
        if wall:
            return Position("wall", read_wall(rest.removesuffix(" wall").rstrip(" ")))
        seconds = read_duration(rest, day=day)
    except Problem as problem:  # told of all that is written there, not of the length alone
        template = _NO_POSITION if problem.code == "duration.form" else problem.template
        raise _problem(problem.code, template, text) from None
    return Position("offset", seconds if sign == "+" else -seconds)


_NO_POSITION: Final = N_('"%(text)s" is not the place of a level (75%%, -30m, breach, +4h, +2h wall).')


def format_duration(seconds: int) -> str:
    """A length in hours, minutes and seconds, as `read_duration` reads it: 7h30m, 45s; 0s for none."""
    hours, rest = divmod(abs(seconds), 3_600)
    minutes, left = divmod(rest, 60)
    parts = [f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "m"), (left, "s")) if count]
    return ("-" if seconds < 0 else "") + ("".join(parts) or "0s")


def _parts(text: str, template: str) -> dict[str, int]:
    """The count of each unit. Refuses what is no length at all, with `template`."""
    found: dict[str, int] = {}
    place, rank = 0, -1
    while place < len(text):
        match = _PART.match(text, place)
        if match is None or _UNITS.index(match[2]) <= rank:
            raise _problem("duration.form", template, text)
        found[match[2]] = int(match[1])
        place, rank = match.end(), _UNITS.index(match[2])
    if not found:
        raise _problem("duration.form", template, text)
    return found


def _total(text: str, parts: dict[str, int], sizes: dict[str, int]) -> int:
    seconds = sum(count * sizes[unit] for unit, count in parts.items())
    if not 0 < seconds <= _LONGEST:
        raise _out_of_range(text, seconds)
    return seconds


def _day(text: str, day: int | None) -> int:
    if day is None:
        template = N_('"%(text)s" needs the length of a working day: give the calendar day = "8h".')
        raise _problem("duration.no_day", template, text)
    return day


def _percent(text: str) -> int:
    digits = text[:-1]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4 and int(digits) > 0):
        raise _problem("position.form", _NO_POSITION, text)
    return int(digits)


def _out_of_range(text: str, amount: int) -> Problem:
    if amount:
        return _problem("duration.long", N_('"%(text)s" is longer than a hundred years.'), text)
    return _problem("duration.zero", N_('"%(text)s" is no time at all: write at least 1s.'), text)


def _problem(code: str, template: str, text: str) -> Problem:
    return Problem(code, template, kind="usage", field="duration", text=text)
