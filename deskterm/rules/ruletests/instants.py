"""Instants of a rule test: wall time of the file's zone, or of the one that is named behind it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from deskterm.rules.problems import N_, Problem

__all__ = ["Written", "read_instant", "shown"]

_FIRST, _LAST = 1900, 2300  # years that calendars know

Written = tuple[int, str]
"""An instant, and the zone that stood behind it ("": none did)."""


def read_instant(written: str | datetime, home: str) -> Written:
    """2026-03-02T10:00, with seconds, an offset or the name of a zone; `home` is the zone of the file.

    Raises Problem, also for a time that the clocks of the zone leave out; of one that comes twice it is the
    first.
    """
    if isinstance(written, datetime):
        return _instant(written, home, str(written)), ""
    wall, _, zone = written.strip().partition(" ")
    try:
        moment = datetime.fromisoformat(wall)
        zone = ZoneInfo(zone.strip()).key if zone.strip() else ""
    except (ValueError, KeyError, OSError):
        raise _refused(written) from None
    if "T" not in wall:
        raise _refused(written)
    return _instant(moment, zone or home, written), zone


def shown(at: int, zone: str, home: str) -> str:
    """`at` as a test would write it, with `zone` behind it where the test names one."""
    moment = datetime.fromtimestamp(at, ZoneInfo(zone or home)).replace(tzinfo=None)
    wall = moment.isoformat(timespec="seconds" if moment.second else "minutes")
    return f"{wall} {zone}" if zone else wall


def _instant(moment: datetime, zone: str, written: str) -> int:
    if not _FIRST <= moment.year < _LAST:
        raise _refused(written)
    if moment.tzinfo is not None:
        return int(moment.timestamp())
    local = moment.replace(tzinfo=ZoneInfo(zone))
    at = int(local.timestamp())
    if datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != moment:
        template = N_('"%(text)s" never was: the clocks of %(zone)s leave it out.')
        raise Problem("test.gap", template, kind="usage", text=written, zone=zone)
    return at


def _refused(written: str) -> Problem:
    template = N_('"%(text)s" is not a time (2026-03-02T10:00, perhaps with a zone behind it).')
    return Problem("test.time", template, kind="usage", text=written)
