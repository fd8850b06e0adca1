"""Reading in the background: threads fetch, messages bring, and what comes too late is dropped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from deskterm.rules.problems import N_, Problem

__all__ = ["Arrived", "Background", "Failed"]

_UNEXPECTED: Final = N_("Something unexpected happened (%(what)s); nothing that you typed is lost.")

T = TypeVar("T")
R = TypeVar("R")


@dataclass
class Arrived(Message):
    """A thread is done; `then` takes the `value` unless a newer job of the group was begun meanwhile."""

    group: str
    generation: int
    value: Any
    then: Callable[[Any], None]


@dataclass
class Failed(Message):
    """A thread met a Problem; `otherwise` takes it."""

    group: str
    generation: int
    problem: Problem
    otherwise: Callable[[Problem], None]


class Background(Screen[R]):
    """A screen that fetches in threads. A thread touches no widget; a database error ends no app."""

    def __init__(self) -> None:
        super().__init__()
        self._generations: dict[str, int] = {}
        self._interrupted: dict[str, Callable[[], None]] = {}

    def fetch(
        self,
        group: str,
        job: Callable[[], T],
        then: Callable[[T], None],
        otherwise: Callable[[Problem], None] | None = None,
        *,
        again: bool = True,
    ) -> None:
        """Run `job` in a thread and hand its value to `then` here. A newer job of the same group replaces it.

        A job that the store could not serve is kept and run again when the store is back, if `again`.
        """
        generation = self._generations.get(group, 0) + 1
        self._generations[group] = generation
        self._interrupted.pop(group, None)

        def failed(problem: Problem) -> None:
            if problem.kind == "store":
                self.lost(problem)
            if problem.kind == "store" and again:
                self._interrupted[group] = lambda: self.fetch(group, job, then, otherwise)
            else:
                (otherwise or self.complain)(problem)

        def run() -> None:
            try:
                value = job()
            except Problem as problem:
                self.post_message(Failed(group, generation, problem, failed))
            else:
                self.post_message(Arrived(group, generation, value, then))

        self.run_worker(run, group=group, thread=True, exit_on_error=False)

    def forget(self, group: str) -> None:
        """Drop whatever a job of this group still brings."""
        self._generations[group] = self._generations.get(group, 0) + 1
        self._interrupted.pop(group, None)

    @property
    def interrupted(self) -> bool:
        """Whether something waits for the store to come back."""
        return bool(self._interrupted)

    def resume(self) -> None:
        """Run again what the store could not serve."""
        waiting, self._interrupted = list(self._interrupted.values()), {}
        for fetch_again in waiting:
            fetch_again()

    def on_arrived(self, message: Arrived) -> None:
        if self._generations.get(message.group) == message.generation:
            message.then(message.value)

    def on_failed(self, message: Failed) -> None:
        if self._generations.get(message.group) == message.generation:
            message.otherwise(message.problem)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            what = f"{type(event.worker.error).__name__}: {event.worker.error}"
            self.complain(Problem("screen.unexpected", _UNEXPECTED, kind="unexpected", what=what))

    def lost(self, problem: Problem) -> None:
        """Say that the store cannot be reached."""
        raise NotImplementedError

    def complain(self, problem: Problem) -> None:
        """Say what was refused."""
        raise NotImplementedError
