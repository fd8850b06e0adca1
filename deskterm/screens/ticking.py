"""Ticking: while somebody sits before the screens, what falls due is done, daemon or no daemon.

A thread of its own and none of Textual's: those are waited for on leaving, and a look may take long. What a
look was in the middle of when the process ends is undone by the database and done by whoever looks next.
"""

from collections.abc import Callable
from threading import Event, Thread
from typing import Final, NamedTuple

from deskterm.desk import Desk
from deskterm.rules.problems import N_, Problem

__all__ = ["Looked", "Ticking"]

PAUSE: Final = 15.0  # seconds between two looks, unless something is due before
FIRST: Final = 2.0  # seconds after which the first look begins: the first frame comes before it
PATIENCE: Final = 1.0  # seconds that leaving waits for a look

_UNEXPECTED: Final = N_("The timer met something unexpected (%(what)s); it goes on.")
_FAILED: Final = N_("What is due on ticket %(ticket)s cannot be done: %(reason)s")


class Looked(NamedTuple):
    """What a look came to: how many tickets it acted on, and what went wrong."""

    acted: int = 0
    problems: tuple[Problem, ...] = ()


class Ticking:
    """Looks at what is due on one desk; `told` hears of every look, in the ticking thread."""

    def __init__(self, desk: Desk, told: Callable[[Looked], None]) -> None:
        self._desk = Desk(
            desk.store, desk.clock, worker=desk.worker
        )  # whoever acts here shares nothing with whoever looks
        self._told = told
        self._end = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Look again and again from now on; before a clock that stands still nothing falls due."""
        if not self._desk.clock.frozen:
            self._thread = Thread(target=self._run, name="ticking", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Begin nothing new."""
        self._end.set()

    def end(self) -> None:
        """Begin nothing new; what was begun has a moment to be done with."""
        self.stop()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    def look(self) -> Looked:
        """Do what is due by now."""
        try:
            done = self._desk.timer.tick(self._end.is_set)
        except Problem as problem:
            return Looked(problems=(problem,))
        except Exception as error:  # noqa: BLE001 - a thread that dies of it would never look again
            what = f"{type(error).__name__}: {error}"
            return Looked(problems=(Problem("screen.timer", _UNEXPECTED, kind="unexpected", what=what),))
        failed = (Problem("screen.due", _FAILED, ticket=each, reason=why) for each, why in done.failed)
        return Looked(done.acted + len(done.opened) + done.placed, tuple(failed))

    def pause(self) -> float:
        """How many seconds to wait for the next look."""
        try:
            due = self._desk.timer.upcoming()
        except Problem:
            return PAUSE
        return PAUSE if due is None else min(PAUSE, max(1, due - self._desk.clock.now()))

    def _run(self) -> None:
        wait = FIRST
        while not self._end.wait(wait):
            looked = self.look()
            if not self._end.is_set():
                self._told(looked)
                wait = self.pause()
