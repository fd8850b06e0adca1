"""Clocks: the only place that reads the time. An instant is an int, epoch seconds UTC."""

import time
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from deskterm.rules.problems import N_, Problem

__all__ = ["Clock", "FrozenClock", "ManualClock", "SystemClock", "clock_for", "read_instant"]


class Clock(Protocol):
    """Whatever can say what time it is."""

    @property
    def frozen(self) -> bool:
        """True when the time stands still by somebody's wish; people are told so."""

    def now(self) -> int:
        """The present instant, epoch seconds UTC."""


class SystemClock:
    """The computer's clock."""

    frozen = False

    def now(self) -> int:
        """The present instant, epoch seconds UTC."""
        return int(time.time())


class FrozenClock:
    """A clock that stands still at `at`, for documentation and demos."""

    frozen = True

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> int:
        """The instant it stands at."""
        return self.at


class ManualClock:
    """A clock that moves only when told to, for tests."""

    frozen = False

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> int:
        """The instant it was last set to."""
        return self.at

    def advance(self, seconds: int) -> None:
        """Move by `seconds`; a negative number moves it back."""
        self.at += seconds


def read_instant(text: str, zone: tzinfo | None = None) -> int:
    """The instant of an ISO 8601 time; without an offset it is local to `zone` (None: this machine's)."""
    try:
        when = datetime.fromisoformat(text.strip())
        if when.tzinfo is None:
            when = when.replace(tzinfo=zone) if zone else when.astimezone()
        return int(when.astimezone(UTC).timestamp())
    except (ValueError, OverflowError, OSError):
        raise Problem(
            "bad_instant",
            N_('"%(text)s" is not a time: write it as 2026-03-02T10:00:00Z or 2026-03-02 10:00.'),
            kind="usage",
            text=text,
        ) from None


def clock_for(now: str, zone: tzinfo | None = None) -> Clock:
    """The computer's clock, or one frozen at `now` (ISO 8601, local to `zone` when it names no offset)."""
    return FrozenClock(read_instant(now, zone)) if now.strip() else SystemClock()
