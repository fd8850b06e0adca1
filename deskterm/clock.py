"""Clocks: the only place that reads the time. An instant is an int, epoch seconds UTC."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Final, NamedTuple, Protocol

from deskterm.rules.problems import N_, Problem

__all__ = ["Clock", "FrozenClock", "ManualClock", "ServerClock", "SystemClock", "clock_for", "read_instant"]

_TRUST: Final = 60.0
"""Seconds that a server's answer is gone by; a bad quartz is wrong by 6 ms in that time."""

_STEP: Final = 1.0
"""Seconds that a computer's clock may move against its watch before somebody must have set it."""

_WATCH: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # the one that counts sleep, too


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


class _Heard(NamedTuple):
    """A server's answer: how far it is ahead of the watch, when it came by the watch, what the clock said."""

    ahead: float
    watch: float
    clock: float


def _watch() -> float:
    return time.clock_gettime(_WATCH)


def _clock() -> float:
    return time.time()


class ServerClock:
    """The clock of a server, which is the same for all hosts; this computer's until one was heard.

    Between two answers it goes on by a watch that nobody can set: whoever sets the clock of this computer
    moves nothing here. `watch` and `clock` are this computer's, in seconds.
    """

    frozen = False

    def __init__(self, watch: Callable[[], float] = _watch, clock: Callable[[], float] = _clock) -> None:
        self._watch = watch
        self._clock = clock
        self._heard: _Heard | None = None  # replaced as a whole: threads ask, and others read meanwhile

    def now(self) -> int:
        """The present instant, epoch seconds UTC."""
        heard = self._heard
        return int(self._clock() if heard is None else self._watch() + heard.ahead)

    @property
    def doubtful(self) -> bool:
        """Whether the server is to be asked: never heard, long ago, or this computer's clock was set since.

        Then it may have slept in a way that its watch did not count.
        """
        heard = self._heard
        if heard is None:
            return True
        passed = self._watch() - heard.watch
        return passed > _TRUST or abs(self._clock() - heard.clock - passed) > _STEP

    def ask(self, server: Callable[[], float]) -> None:
        """Hear what time the `server` says it is, in seconds; half of the way there and back is taken off.

        An answer that came slowly says little: it counts only where it contradicts the one before.
        """
        began = self._watch()
        told = server()
        came, heard = self._watch(), self._heard
        half = (came - began) / 2
        ahead = told - began - half
        if heard is not None and abs(ahead - heard.ahead) <= half:
            ahead = heard.ahead
        self._heard = _Heard(ahead, came, self._clock())


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
