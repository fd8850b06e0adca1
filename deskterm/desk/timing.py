"""Timing: one look of the timer. It decides nothing: it finds what is due and asks for it, one by one."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from deskterm.clock import Clock
from deskterm.desk.bringing import Bringing
from deskterm.desk.draining import Drain
from deskterm.desk.perform import Performer
from deskterm.rules.facts import SYSTEM
from deskterm.rules.problems import N_, Problem
from deskterm.rules.upkeep import OpenRecurring, Tick
from deskterm.store import due
from deskterm.store.engine import Store
from deskterm.store.library import Library

if TYPE_CHECKING:
    from deskterm.desk.rounds import Look
    from deskterm.rules.schedule import Occurrence

__all__ = ["Ticked", "Timer"]

_ROUND: Final = 20  # tickets that are decided on together; whoever writes meanwhile waits for these


class Ticked(NamedTuple):
    """What one look did at `at`: tickets that were looked at and acted on, opened by recurring rules, given
    to somebody; `failed` are tickets that could not be looked at, with the reason (0: one that could not be
    opened).
    """

    at: int
    looked: int = 0
    acted: int = 0
    opened: tuple[int, ...] = ()
    placed: int = 0
    failed: tuple[tuple[int, Problem], ...] = ()


class Timer:
    """Looks at one store; any number of processes may, for every act is taken under its key."""

    def __init__(self, store: Store, clock: Clock, library: Library, performer: Performer) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._performer = performer
        self._bringing = Bringing(store, clock, library, performer)
        self._drain = Drain(store, clock, library, performer)

    def tick(self, stop: Callable[[], bool] = lambda: False) -> Ticked:
        """Do all that is due by now, oldest first; `stop` is asked between two tickets.

        In front of it an activation is brought to its end whose process was killed.
        """
        failed = self._bringing.resume(stop)
        now = self._clock.now()
        done = Ticked(now, failed=failed)
        place = (-(2**62), 0)
        while not stop():
            with self._store.read() as connection:
                page = due.changing(connection, now, place)
            if not page:
                done = self._recurring(done)
                return done._replace(placed=self._drain.all())
            for start in range(0, len(page), _ROUND):
                if stop():
                    return done
                done = self._round(done, [ticket for _, ticket in page[start : start + _ROUND]])
            place = page[-1]
        return done

    def upcoming(self) -> int | None:
        """When something will be due on a ticket next; None for never. Shifts and schedules are not asked."""
        with self._store.read() as connection:
            return due.upcoming(connection, self._clock.now())

    def drain(self) -> int:
        """Give what waits to whoever can take it now; returns how many tickets found somebody.

        It follows what was acknowledged, so it refuses nothing: what it cannot do now is the next tick's.
        """
        performer = self._performer
        freed, newcomers = performer.freed, tuple(performer.newcomers)
        performer.freed = False
        performer.newcomers.clear()
        try:
            placed = self._drain.all() if freed else 0
            return placed + sum(self._drain.before(*each) for each in newcomers)
        except Problem:
            performer.freed = True
            return 0

    def _round(self, done: Ticked, tickets: Sequence[int]) -> Ticked:
        """Look at them together; at those alone, in their turn, for which that does not do."""
        from deskterm.desk.rounds import Look, look_together  # who only opens a ticket needs none of it

        try:
            revision, looks = look_together(self._store, self._library, self._clock, tickets)
        except Exception:  # noqa: BLE001 - alone it goes wrong again, and keeps nobody in front of it waiting
            revision, looks = 0, tuple(map(Look, tickets))
        together: list[Look] = []
        for each in looks:
            if each.decision is not None:
                together.append(each)
                continue
            done = self._settle(done, together, revision)
            together = []
            done = self._look(done, each.ticket)
        return self._settle(done, together, revision)

    def _settle(self, done: Ticked, looks: "Sequence[Look]", revision: int) -> Ticked:
        decided = [(each.at, each.decision) for each in looks if each.decision is not None]
        try:
            settled = self._performer.settle(decided, revision) if decided else frozenset[int]()
        except Exception:  # noqa: BLE001 - a race is looked at again, and anything else as above
            settled = frozenset()
        for _, each in decided:
            number = each.before.id if each.before else 0
            if number not in settled:
                done = self._look(done, number)
                continue
            done = done._replace(looked=done.looked + 1, acted=done.acted + bool(each.changes or each.claims))
        return done

    def _look(self, done: Ticked, ticket: int) -> Ticked:
        with self._store.read() as connection:
            if not due.is_due(connection, ticket, done.at):
                return done  # another process was faster
        try:
            receipt = self._performer.perform(Tick(ticket), SYSTEM)
        except Problem as problem:  # one ticket that cannot be looked at keeps nobody else waiting
            if problem.kind == "store":
                raise
            return done._replace(looked=done.looked + 1, failed=(*done.failed, (ticket, problem)))
        return done._replace(
            looked=done.looked + 1, acted=done.acted + bool(receipt.changes or receipt.fired)
        )

    def _recurring(self, done: Ticked) -> Ticked:
        for each in self._occurrences(done.at):
            action = OpenRecurring(each.rule.id, each.nominal_at, each.skipped)
            try:
                receipt = self._performer.perform(action, SYSTEM)
            except Problem as problem:
                if problem.kind == "store":
                    raise
                done = done._replace(failed=(*done.failed, (0, _not_opened(each.rule.id, problem))))
                continue
            if receipt.ticket is not None:
                done = done._replace(opened=(*done.opened, receipt.ticket))
        return done

    def _occurrences(self, now: int) -> "Sequence[Occurrence]":
        """What recurring rules have to open by now, in the order of time."""
        with self._store.read() as connection:
            book = self._library.ruled(connection)
            if book.rules is None or not book.rules.recurring:
                return ()
            last = due.last_occurrences(connection)
            book = self._library.edited(connection, book, book.activated)
        from deskterm.rules.schedule import due_recurring, standing_since

        editions = [(event.at, book.editions[int(event.data["rev"])]) for event in book.activated]
        found = [
            each
            for rule in editions[-1][1].recurring
            for each in due_recurring((rule,), last, standing_since(rule.id, editions), now)
        ]
        return sorted(found, key=lambda each: (each.nominal_at, each.rule.id))


def _not_opened(rule: str, problem: Problem) -> Problem:
    template = N_("The recurring ticket %(name)s could not be opened: %(problem)s")
    return Problem("recurring.failed", template, kind=problem.kind, name=rule, problem=problem)
