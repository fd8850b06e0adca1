"""Previewing: what an activation would do to the open tickets, without doing it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from deskterm.clock import Clock
from deskterm.desk.lines import Lines, folded, last_editions
from deskterm.rules.decide import decide, moment
from deskterm.rules.facts import SYSTEM, Book, Event, Facts
from deskterm.rules.reach import ALL, reach
from deskterm.rules.upkeep import Refresh
from deskterm.store import due, masses, progress
from deskterm.store.engine import Store
from deskterm.store.library import Library
from deskterm.store.resting import Projection, Resting, count_open, projected, resting

if TYPE_CHECKING:
    from deskterm.rules.reach import Reach
    from deskterm.rules.rulebook import RuleBook

__all__ = ["Moved", "Preview", "Previewing", "ahead"]

Line = tuple[str, int | None, str]
Pair = tuple[int, Line, Line]

_CHUNK: Final = 2000  # numbers that are looked at in one go
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


class Previewing:
    """Looks at the open tickets of one store by two books."""

    def __init__(self, store: Store, clock: Clock, library: Library) -> None:
        self._store = store
        self._clock = clock
        self._library = library

    def preview(self, rules: "RuleBook") -> Preview:
        """What `rules` would move if they came into force now; nothing is written."""
        now = self._clock.now()
        with self._store.read() as connection:
            book = self._library.ruled(connection)
            latest = max(book.editions, default=0)
            total, last = count_open(connection), masses.last_ticket(connection)
            touched = ALL
            if progress.find(connection).rev == latest:
                editions = self._library.editions(connection, (latest,))
                touched = reach((editions[latest], rules))
        moved: list[Moved] = []
        if touched.beside or touched.terms:
            for first in range(1, last + 1, _CHUNK):
                moved += self._moved(rules, touched, first, min(last, first + _CHUNK - 1), now)
        return Preview(total, tuple(moved))

    def _moved(self, rules: "RuleBook", touched: "Reach", first: int, last: int, now: int) -> Iterator[Moved]:
        with self._store.read() as connection:
            book = self._library.ruled(connection)
            lines: list[Pair] = []
            numbers: Sequence[int] = ()
            if touched.beside:
                numbers = due.between(connection, first, last)
            else:
                editions = last_editions(self._library, connection, max(book.editions))
                lying = resting(connection, first, last, touched.terms)
                lines, numbers = _lines(lying, book, ahead(book, rules, now), editions, now)
            facts = list(masses.facts_of(connection, numbers, book))
            for each in facts:
                book = self._library.edited(connection, book, each.history)
        then = ahead(book, rules, now)
        lines += [pair for each in facts if (pair := _folded(each, book, then, now, touched))]
        return (_move(*pair) for pair in lines if pair[1] != pair[2])


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


def _lines(
    lying: Iterable[Resting], book: Book, then: Book, editions: "Mapping[int, RuleBook]", now: int
) -> tuple[list[Pair], list[int]]:
    """The lines under both books of the tickets of which enough rests, and the numbers of the others."""
    old, new = Lines(book, editions, now), Lines(then, {**editions, **then.editions}, now)
    found: list[Pair] = []
    others: list[int] = []
    for each in lying:
        before, after = old.of(each), new.of(each)
        if before is None or after is None:
            others.append(each.number)
        else:
            policy = each.policy
            found.append((each.number, _line(policy, before, now), _line(policy, after, now)))
    return found, others


def _folded(facts: Facts, book: Book, then: Book, now: int, touched: "Reach") -> Pair | None:
    """The lines of a ticket under both books, from its timeline."""
    ticket = facts.ticket
    if ticket is None:
        return None
    under = replace(facts, history=(*facts.history, then.activated[-1]))
    at = moment(facts, now)
    decision = folded(under, then, at)
    if touched.choice:
        decision = decide(Refresh(ticket.id), SYSTEM, under, then, at)
    before, after = folded(facts, book, at).after, decision.after
    if before is None or after is None:
        return None
    lines = [_line(each.policy, projected(each), now) for each in (before, after)]
    return ticket.id, lines[0], lines[1]


def _line(policy: str, shown: Projection, now: int) -> Line:
    """Policy, due and state a second later: what is due at the activation itself is as good as over."""
    due_at = shown.next_due_at
    return policy, due_at, "overdue" if due_at is not None and due_at <= now else shown.sla_state


def _move(ticket: int, before: Line, after: Line) -> Moved:
    return Moved(ticket, before[0], after[0], before[1], after[1], before[2], after[2])
