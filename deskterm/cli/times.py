"""Times that people type: a length from now, a day, a time of day, or ISO 8601."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from deskterm.clock import read_instant
from deskterm.rules.problems import N_, Problem
from deskterm.rules.query.moments import read_span

__all__ = ["read_until"]

_OF_DAY = re.compile(r"([0-9]{1,2}):([0-9]{2})\Z")
_MORNING = 9  # a day without a time of day begins at this hour
_END = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())
_DAYS = {"today": 0, "tomorrow": 1}


def read_until(text: str | None, now: int, zone: tzinfo | None) -> int | None:
    """The instant that `text` means, None for None. Raises Problem (usage)."""
    if text is None:
        return None
    at = _read(text.strip(), now, zone)
    if at >= _END:
        template = N_('"%(text)s" is too far away: name a time before the year 9999.')
        raise Problem("until.far", template, kind="usage", field="until", text=text)
    return at


def _read(text: str, now: int, zone: tzinfo | None) -> int:
    span = read_span(text)
    if span:
        return now + span.seconds
    local = datetime.fromtimestamp(now, UTC).astimezone(zone)
    if text in _DAYS:
        text = (local + timedelta(days=_DAYS[text])).strftime("%Y-%m-%d")
    if of_day := _OF_DAY.match(text):
        return _next(local, int(of_day[1]), int(of_day[2]), text, zone)
    try:
        return read_instant(f"{text}T{_MORNING:02}:00" if len(text) == 10 else text, zone)
    except Problem:
        raise _not_a_time(text) from None


def _next(local: datetime, hour: int, minute: int, text: str, zone: tzinfo | None) -> int:
    """The next time a clock on the wall shows it."""
    if hour > 23 or minute > 59:
        raise _not_a_time(text)
    day = local if (hour, minute) > (local.hour, local.minute) else local + timedelta(days=1)
    return read_instant(f"{day:%Y-%m-%d}T{hour:02}:{minute:02}", zone)


def _not_a_time(text: str) -> Problem:
    return Problem(
        "until.form",
        N_('"%(text)s" is not a time.'),
        kind="usage",
        choices=("3h", "2d", "16:30", "tomorrow", "2026-03-02", "2026-03-02T10:00"),
        field="until",
        text=text,
    )
