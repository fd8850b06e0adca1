"""Times as other desks write them, read into instants."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Final

from deskterm.desk.importing.faults import BadRow
from deskterm.rules.problems import N_

__all__ = ["PLAIN", "readable", "reader_of"]

PLAIN: Final = ("iso", "epoch", "epoch-ms")
"""The names of formats that need no pattern."""


def readable(pattern: str) -> bool:
    """Whether `pattern` is one of PLAIN, or a pattern of strptime that knows year, month and day."""
    if pattern in PLAIN:
        return True
    sample = datetime(2011, 12, 23, 4, 5, 6, tzinfo=UTC)
    try:
        found = _parsed(sample.strftime(pattern), pattern)
    except ValueError:
        return False
    return (found.year, found.month, found.day) == (2011, 12, 23)


def reader_of(patterns: tuple[str, ...], zone: tzinfo) -> Callable[[str], int]:
    """The function that turns a text into epoch seconds by the first of `patterns` that fits it.

    A time without an offset is local to `zone`. The function raises BadRow.
    """

    @lru_cache(maxsize=1 << 16)
    def read(text: str) -> int:
        for pattern in patterns:
            try:
                return _instant(text, pattern, zone)
            except (ValueError, OverflowError):
                continue
        raise BadRow(N_('"%(text)s" is no time in the form %(forms)s.'), text=text, forms=", ".join(patterns))

    return read


def _instant(text: str, pattern: str, zone: tzinfo) -> int:
    if pattern == "epoch":
        return _bounded(int(float(text)))
    if pattern == "epoch-ms":
        return _bounded(int(text) // 1000)
    when = datetime.fromisoformat(text) if pattern == "iso" else _parsed(text, pattern)
    return int((when if when.tzinfo else when.replace(tzinfo=zone)).timestamp())


def _parsed(text: str, pattern: str) -> datetime:
    return datetime.strptime(text, pattern)  # noqa: DTZ007 - the caller knows the zone


def _bounded(seconds: int) -> int:
    """Refuse what no calendar can show: it is no time, or not in this unit."""
    datetime.fromtimestamp(seconds, UTC)
    return seconds
