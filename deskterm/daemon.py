"""The daemon: looks at what is due, sleeps until the next thing is, and outlives a database that is away."""

import os
import select
import signal
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Protocol, Self

from deskterm.desk.timing import Ticked
from deskterm.rules.problems import Problem

__all__ = ["Daemon", "Stop", "Watched"]

_PATIENCE: Final = (1, 2, 5, 10, 30, 60)
"""Seconds until the database is asked again, the longer the more often it did not answer."""


class Watched(Protocol):
    """What the daemon looks after: a desk."""

    def look(self, stop: Callable[[], bool]) -> tuple[Ticked, int | None]:
        """Do what is due by now; also the next instant at which something is, None for never."""


class Daemon:
    """Ticks until it is told to stop.

    `wait` sleeps so many seconds, less when it is to stop, and says whether it is. `tell` hears of every look
    that did something, `complain` of every trouble once, `recovered` when it is over.
    """

    def __init__(
        self,
        watched: Watched,
        interval: int,
        wait: Callable[[float], bool],
        *,
        tell: Callable[[Ticked], None],
        complain: Callable[[Problem], None],
        recovered: Callable[[], None],
    ) -> None:
        self._watched = watched
        self._interval = interval
        self._wait = wait
        self._tell = tell
        self._complain = complain
        self._recovered = recovered
        self._silent = 0  # looks in a row that the database did not answer
        self._said: set[object] = set()

    def run(self) -> None:
        """Look, sleep, look again."""
        while not self._wait(self._look()):
            pass

    def _look(self) -> float:
        """One look; how many seconds to sleep after it."""
        try:
            ticked, upcoming = self._watched.look(lambda: self._wait(0))
        except Problem as problem:
            self._say(("store", problem.code), problem)
            self._silent += 1
            return _PATIENCE[min(self._silent, len(_PATIENCE)) - 1]
        if self._silent:
            self._silent = 0
            self._said = {each for each in self._said if not isinstance(each, tuple) or each[0] != "store"}
            self._recovered()
        self._report(ticked)
        return pause(ticked.at, upcoming, self._interval)

    def _report(self, ticked: Ticked) -> None:
        if ticked.acted or ticked.opened or ticked.placed:
            self._tell(ticked)
        failed = {(ticket, problem.code): problem for ticket, problem in ticked.failed}
        self._said = {each for each in self._said if each in failed}  # what is over may be said again
        for key, problem in failed.items():
            self._say(key, problem)

    def _say(self, key: object, problem: Problem) -> None:
        if key not in self._said:
            self._said.add(key)
            self._complain(problem)


def pause(now: int, upcoming: int | None, interval: int) -> int:
    """How many seconds to sleep: until the next thing is due, but at least one and at most `interval`.

    What is due by now and still there could not be done: it has to wait as long as everything else.
    """
    if upcoming is None or upcoming <= now:
        return interval
    return min(interval, upcoming - now)


class Stop:
    """Whether this process was asked to end (SIGINT, SIGTERM); to wait for it is to sleep."""

    def __init__(self) -> None:
        self.asked = False
        self._before: list[tuple[signal.Signals, Any]] = []

    def __enter__(self) -> Self:
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        self._wakeup = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for each in (signal.SIGINT, signal.SIGTERM):
            self._before.append((each, signal.signal(each, self._ask)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        os.close(self._read)
        os.close(self._write)

    def wait(self, seconds: float) -> bool:
        """Sleep so many seconds, less when somebody asks to end; True when somebody did."""
        if not self.asked and seconds > 0:
            ready, _write, _failed = select.select([self._read], [], [], seconds)
            if ready:
                os.read(self._read, 4096)
        return self.asked

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True
