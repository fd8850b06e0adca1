"""Bringing: every open ticket is brought under the rules in force, by as little work as their change asks."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from deskterm.clock import Clock
from deskterm.desk.lines import STEPS, Lines, folded, last_editions
from deskterm.desk.perform import Performer
from deskterm.desk.rebuilding import recount
from deskterm.rules.decide import decide, moment
from deskterm.rules.facts import SYSTEM, Book, Facts
from deskterm.rules.problems import N_, Problem
from deskterm.rules.reach import ALL, Reach, reach
from deskterm.rules.upkeep import Refresh
from deskterm.store import due, masses, progress, revisions
from deskterm.store.engine import Store
from deskterm.store.library import Library
from deskterm.store.progress import Progress
from deskterm.store.resting import Resting, Row, different, resting, rewrite, row_of

__all__ = ["Bringing"]

_CHUNK: Final = 2000  # numbers that are looked at in one go
_WRITTEN: Final = 100  # tickets that are written under one lock
_PATIENCE: Final = 60  # seconds after which somebody else's work counts as broken off


class _Overtaken(Exception):
    """Other rules came into force meanwhile."""


class Bringing:
    """Brings the tickets of one store under its rules; any number of processes may."""

    def __init__(self, store: Store, clock: Clock, library: Library, performer: Performer) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._performer = performer
        self._failed: list[tuple[int, Problem]] = []

    def resume(self, stop: Callable[[], bool] = lambda: False) -> tuple[tuple[int, Problem], ...]:
        """End what an activation began that was broken off; returns tickets that cannot be brought under it.

        `stop` is asked now and then; what was done until then stays done.
        """
        if not self._broken_off():
            return ()
        self._until_in_force(stop, anew=False)
        recount(self._store, self._library)
        return tuple(self._failed)

    def _broken_off(self) -> bool:
        """Whether tickets wait to be brought under the rules, and nobody has been at it for a minute."""
        with self._store.read() as connection:
            latest, done = revisions.latest(connection), progress.find(connection)
        if done.rev == latest or not latest:
            return False
        return done.doing != latest or not 0 <= self._clock.now() - done.at < _PATIENCE

    def bring(self, *, anew: bool = False) -> int:
        """Bring every ticket that is not closed under the rules in force; returns how many are different now.

        What an earlier call has done stays done, unless asked to look at all `anew`. One that is solved waits
        too: to be closed by an automation. Others may write all the while: a ticket that somebody changed
        meanwhile is up to date already. One that cannot be brought under them keeps none of the others from
        it; a Problem tells in the end.
        """
        different = self._until_in_force(lambda: False, anew=anew)
        recount(self._store, self._library)
        if self._failed:
            raise _not_brought(self._failed)
        return different

    def _until_in_force(self, stop: Callable[[], bool], *, anew: bool) -> int:
        while True:
            self._failed = []
            with suppress(_Overtaken):
                return self._round(stop, anew=anew)

    def _round(self, stop: Callable[[], bool], *, anew: bool) -> int:
        with self._store.read() as connection:
            latest, done = revisions.latest(connection), progress.find(connection)
            last = masses.last_ticket(connection)
            touched = ALL if anew else self._reach(connection, done.rev, latest)
        if touched.beside:
            self._reword(last)
        first = 1 + (done.upto if done.doing == latest and not anew else 0)
        different = 0
        if touched.terms or touched.beside:
            for start in range(first, last + 1, _CHUNK):
                end = min(last, start + _CHUNK - 1)
                different += self._brought(touched, latest, start, end)
                self._keep(Progress(done.rev, latest, end, self._clock.now()))
                if stop():
                    return different
        self._keep(Progress(latest, latest, 0, self._clock.now()))
        return different

    def _reach(self, connection: Any, done: int, latest: int) -> Reach:
        """What the activations since `done` touch, whichever of them a ticket has seen already."""
        if done < 0 or latest - done > STEPS:
            return ALL
        editions = self._library.editions(connection, range(done, latest + 1))
        return reach([editions[rev] for rev in sorted(editions)])

    def _keep(self, now: Progress) -> None:
        with self._store.transaction() as connection:
            if revisions.latest(connection) != now.doing:
                raise _Overtaken
            progress.keep(connection, now)

    def _brought(self, touched: Reach, latest: int, first: int, last: int) -> int:
        """Bring the tickets of these numbers under revision `latest`; returns how many are different now."""
        with self._store.read() as connection:
            book = self._library.ruled(connection)
            rows: list[Row] = []
            if touched.beside:
                numbers = due.between(connection, first, last, solved=True)
            else:
                lying = resting(connection, first, last, touched.terms)
                editions = last_editions(self._library, connection, latest)
                rows, numbers = _gone_on(lying, Lines(book, editions, self._clock.now()))
            facts = list(masses.facts_of(connection, numbers, book))
            for each in facts:
                book = self._library.edited(connection, book, each.history)
        performed = 0
        for each in facts:
            performed += self._looked(each, book, rows, choice=touched.choice)
        self._write(rows, latest)
        return performed + sum(any(name != "clocks" for name in values) for _, _, values in rows)

    def _looked(self, facts: Facts, book: Book, rows: list[Row], *, choice: bool) -> int:
        """Put a ticket under another policy, or add it to `rows` when only its clocks differ."""
        before = facts.ticket
        if before is None:
            return 0
        now = moment(facts, self._clock.now())
        try:
            if choice:
                decision = decide(Refresh(before.id), SYSTEM, facts, book, now)  # asks for the policy too
            else:
                decision = folded(facts, book, now)
            after = decision.after or before
            if (after.policy, after.policy_rev) != (before.policy, before.policy_rev):
                self._performer.perform(Refresh(before.id), SYSTEM)
                return 1
            if row := row_of(decision):
                rows.append(row)
        except Problem as problem:
            if problem.kind == "store":
                raise
            self._failed.append((before.id, problem))
        return 0

    def _reword(self, last: int) -> None:
        """What follows from the words of the desk, in closed tickets too."""
        for first in range(1, last + 1, _CHUNK):
            end = first + _CHUNK - 1
            with self._store.read() as connection:
                wrong = masses.misworded(connection, self._library.book(connection), first, end)
            if wrong:
                with self._store.transaction() as connection:
                    masses.reword(connection, self._library.book(connection), first, end)

    def _write(self, rows: Sequence[Row], latest: int) -> None:
        for start in range(0, len(rows), _WRITTEN):
            with self._store.transaction() as connection:
                if revisions.latest(connection) != latest:
                    raise _Overtaken
                rewrite(connection, rows[start : start + _WRITTEN])


def _gone_on(lying: Sequence[Resting], lines: Lines) -> tuple[list[Row], tuple[int, ...]]:
    """What is different of the tickets of which enough rests, and the numbers of the others."""
    rows: list[Row] = []
    others: list[int] = []
    for each in lying:
        line = lines.of(each)
        if line is None:
            others.append(each.number)
        elif values := different(each.projected, line):
            rows.append((each.number, each.version, values))
    return rows, tuple(others)


def _not_brought(failed: Sequence[tuple[int, Problem]]) -> Problem:
    ticket, problem = failed[0]
    template = N_(
        "The rules are in force, but %(count)s of the tickets cannot be brought under them; "
        "the first is ticket %(ticket)s: %(problem)s"
    )
    return Problem("rules.unfit", template, count=len(failed), ticket=ticket, problem=problem)
