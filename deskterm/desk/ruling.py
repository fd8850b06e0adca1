"""Ruling: which rules are in force, what others would move, and every projection brought up to them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from deskterm.clock import Clock
from deskterm.desk.perform import Performer
from deskterm.desk.receipt import Receipt
from deskterm.rules.decide import decide
from deskterm.rules.facts import SYSTEM, Actor, Book, Event, Facts, Ticket
from deskterm.rules.load import weigh
from deskterm.rules.problems import N_, Problem
from deskterm.rules.upkeep import ActivateRules, Refresh
from deskterm.store import due, loads, masses, revisions
from deskterm.store.engine import Store
from deskterm.store.library import Library

if TYPE_CHECKING:
    from deskterm.rules.rulebook import RuleBook

__all__ = ["Moved", "Preview", "Rebuilt", "Ruling", "ahead"]

_CHUNK: Final = 1000  # tickets that are looked at in one go
_WRITTEN: Final = 50  # projections that are written under one lock
_AHEAD: Final = 2**62  # the number of an activation that is only thought of


class Moved(NamedTuple):
    """A ticket whose policy or due other rules would change; dues in epoch seconds, None for none."""

    ticket: int
    old_policy: str
    new_policy: str
    old_due: int | None
    new_due: int | None
    old_state: str
    new_state: str


class Preview(NamedTuple):
    """What an activation would do to `tickets` open tickets: those that move, and how many become overdue."""

    tickets: int
    moved: tuple[Moved, ...]

    @property
    def dues(self) -> int:
        """How many dues move."""
        return sum(each.old_due != each.new_due for each in self.moved)

    @property
    def overdue(self) -> int:
        """How many tickets become overdue."""
        return sum(each.new_state == "overdue" != each.old_state for each in self.moved)

    @property
    def lost(self) -> int:
        """How many tickets lose all their clocks: no policy has a target for their priority."""
        return sum(each.new_state == "none" != each.old_state for each in self.moved)


class Rebuilt(NamedTuple):
    """Projections that were compared with what timeline and rules say; `wrong` tells of each difference."""

    tickets: int
    wrong: tuple[tuple[int, str, Any, Any], ...]
    loads: Mapping[int, tuple[int, int]]


class Ruling:
    """The rules of one desk."""

    def __init__(self, store: Store, clock: Clock, library: Library, performer: Performer) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._performer = performer

    def active(self) -> "RuleBook":
        """The rule book in force; the built-in one on a desk that has none of its own."""
        with self._store.read() as connection:
            rules = self._library.ruled(connection).rules
        if rules is not None:
            return rules
        from deskterm.rules.builtin import BUILT_IN

        return BUILT_IN

    def revisions(self) -> tuple[revisions.Revision, ...]:
        """Every rule file that was ever in force, the last one first."""
        with self._store.read() as connection:
            return revisions.revisions(connection)

    def activate(
        self, name: str, body: str, holidays: Mapping[str, Any], actor: Actor, note: str = ""
    ) -> Receipt:
        """Put a rule file in force and bring every open ticket under it. Raises RuleFaults and Problems."""
        receipt = self._performer.perform(ActivateRules(name, body, holidays, note), actor)
        self.refresh()
        return receipt

    def preview(self, rules: "RuleBook") -> Preview:
        """What `rules` would move if they came into force now; nothing is written."""
        total, moved, now = 0, [], self._clock.now()
        for book, chunk in self._chunks():
            then = ahead(book, rules, now)
            for facts in chunk:
                total += 1
                before, after = self._looked(facts, book), self._looked(_under(facts, then), then)
                if before is not None and after is not None:
                    change = _moved(before, after, now)
                    moved += [change] if change else []
        return Preview(total, tuple(moved))

    def refresh(self, told: Callable[[int], None] = lambda _count: None) -> int:
        """Bring every ticket that is not closed under the rules in force; returns how many are different now.

        One that is solved waits too: to be closed by an automation.
        Others may write all the while: a ticket that somebody changed meanwhile is up to date already.
        One that cannot be brought under them keeps none of the others from it; a Problem tells in the end.
        """
        self._reword()
        total = different = 0
        failed: list[tuple[int, Problem]] = []
        for book, chunk in self._chunks(solved=True):
            pairs: list[tuple[Ticket, Ticket]] = []
            for facts in chunk:
                total += 1
                try:
                    different += self._brought(facts, book, pairs)
                except Problem as problem:
                    if problem.kind == "store":
                        raise
                    failed.append((facts.ticket.id if facts.ticket else 0, problem))
            different += self._write(pairs)
            told(total)
        self.recount()
        if failed:
            raise _not_brought(failed)
        return different

    def _brought(self, facts: Facts, book: Book, pairs: list[tuple[Ticket, Ticket]]) -> int:
        """Put a ticket under another policy, or add it to `pairs` when only its clocks differ."""
        before, after = facts.ticket, self._looked(facts, book)
        if before is None or after is None:
            return 0
        if (after.policy, after.policy_rev) != (before.policy, before.policy_rev):
            self._performer.perform(Refresh(before.id), SYSTEM)
            return 1
        if _projected(before) != _projected(after):
            pairs.append((before, after))
        return 0

    def rebuild(self, *, repair: bool = True) -> Rebuilt:
        """Compare the projections of all tickets with what timeline and rules say; put them right if asked.

        That also ends what a `refresh` began that was broken off: tickets still under a policy of before.
        A ticket that the timer has yet to look at is not wrong: its dues must be right, its state will be.
        """
        total, now = 0, self._clock.now()
        wrong: list[tuple[int, str, Any, Any]] = []
        pairs: list[tuple[Ticket, Ticket]] = []
        for book, chunk in self._chunks(closed=True):
            for facts in chunk:
                total += 1
                before, after = facts.ticket, self._looked(facts, book)
                if before is None or after is None:
                    continue
                found = list(_differences(before, after, now))
                wrong += found
                pairs += [(before, after)] if found else []
        with self._store.read() as connection:
            book = self._library.ruled(connection)
            counted = loads.count_loads(connection, partial(weigh, book))
        if repair:
            self._write(pairs)
            self.refresh()
        return Rebuilt(total, tuple(wrong), counted)

    def _chunks(self, *, solved: bool = False, closed: bool = False) -> Iterator[tuple[Book, list[Facts]]]:
        """All open tickets (`solved` and `closed` ones too) with the book, some at a time."""
        with self._store.read() as connection:
            pages = list(due.numbers(connection, _CHUNK, solved=solved, closed=closed))
        for page in pages:
            with self._store.read() as connection:
                book = self._library.ruled(connection)
                chunk = list(masses.facts_of(connection, page, book))
                for facts in chunk:
                    book = self._library.edited(connection, book, facts.history)
            yield book, chunk

    def _looked(self, facts: Facts, book: Book) -> Ticket | None:
        """The ticket as a look at it now would leave it."""
        ticket = facts.ticket
        if ticket is None:
            return None
        now = max(self._clock.now(), facts.history[-1].at) if facts.history else self._clock.now()
        return decide(Refresh(ticket.id), SYSTEM, facts, book, now).after

    def _write(self, pairs: Sequence[tuple[Ticket, Ticket]]) -> int:
        written = 0
        for start in range(0, len(pairs), _WRITTEN):
            with self._store.transaction() as connection:
                written += masses.project_all(connection, pairs[start : start + _WRITTEN])
        return written

    def _reword(self) -> None:
        """What follows from the words of the desk, in closed tickets too."""
        with self._store.read() as connection:
            last = masses.last_ticket(connection)
        for first in range(1, last + 1, _CHUNK):
            with self._store.read() as connection:
                wrong = masses.misworded(
                    connection, self._library.book(connection), first, first + _CHUNK - 1
                )
            if wrong:
                with self._store.transaction() as connection:
                    masses.reword(connection, self._library.book(connection), first, first + _CHUNK - 1)

    def recount(self) -> None:
        """Count everybody's open work anew; for tickets that came in without a decision."""
        with self._store.read() as connection:
            wrong = loads.count_loads(connection, partial(weigh, self._library.ruled(connection)))
        if wrong:
            with self._store.transaction() as connection:
                loads.correct(connection, wrong)


def _not_brought(failed: Sequence[tuple[int, Problem]]) -> Problem:
    ticket, problem = failed[0]
    template = N_(
        "The rules are in force, but %(count)s of the tickets cannot be brought under them; "
        "the first is ticket %(ticket)s: %(problem)s"
    )
    return Problem("rules.unfit", template, count=len(failed), ticket=ticket, problem=problem)


def _projected(ticket: Ticket) -> tuple[Any, ...]:
    return tuple(getattr(ticket, name) for name in masses.PROJECTED)


def _differences(before: Ticket, after: Ticket, now: int) -> Iterator[tuple[int, str, Any, Any]]:
    waits = before.next_change_at is not None and before.next_change_at <= now
    for name in masses.PROJECTED:
        old, new = getattr(before, name), getattr(after, name)
        if old != new and not (waits and name in ("sla_state", "next_change_at")):
            yield before.id, name, old, new


def ahead(book: Book, rules: "RuleBook", now: int) -> Book:
    """The book as it would be after an activation of `rules`."""
    rev = 1 + max(book.editions, default=0)
    rules = rules._replace(rev=rev)
    event = Event(_AHEAD, now, "rules_activated", SYSTEM, {"rev": rev})
    return replace(
        book,
        rules=rules,
        terms=rules.terms,
        editions={**book.editions, rev: rules},
        activated=(*book.activated, event),
    )


def _under(facts: Facts, book: Book) -> Facts:
    return replace(facts, history=(*facts.history, book.activated[-1]))


def _moved(before: Ticket, after: Ticket, now: int) -> Moved | None:
    old = (before.policy, before.next_due_at, _state(before, now))
    new = (after.policy, after.next_due_at, _state(after, now))
    if old == new:
        return None
    return Moved(before.id, old[0], new[0], old[1], new[1], old[2], new[2])


def _state(ticket: Ticket, now: int) -> str:
    """How its clocks stand a second later: what is due at the activation itself is as good as over."""
    spent = ticket.next_due_at is not None and ticket.next_due_at <= now
    return "overdue" if spent else ticket.sla_state
