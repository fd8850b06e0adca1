"""Replaying: what other rules would have made of the tickets of the past. Nothing is ever written."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from deskterm.clock import Clock
from deskterm.rules.facts import SYSTEM, Book, Facts
from deskterm.rules.problems import N_, Problem
from deskterm.rules.replay import METRICS, Difference, Replayed, replay_ticket, timeless, traced
from deskterm.rules.upkeep import Refresh
from deskterm.store import masses, openings, snapshot
from deskterm.store.engine import Store
from deskterm.store.library import Library

if TYPE_CHECKING:
    from deskterm.rules.rulebook import RuleBook
    from deskterm.rules.trace import Trace

__all__ = ["Difference", "ReplayReport", "Replaying"]

_CHUNK: Final = 1000  # tickets that lie in memory at once
_EVER: Final = 2**62


class ReplayReport(NamedTuple):
    """What a replay of `tickets` found; `differing` of them are not the same under both revisions.

    `breaches_...` count the tickets that broke a promise, by metric, `load_...` those that went to a group,
    by its name ("": none): under the rules in force (`then`) and under the candidate (`now`). `skipped` are
    tickets that could not be replayed, with the reason.
    """

    tickets: int
    differing: int
    differences: tuple[Difference, ...]
    breaches_then: Mapping[str, int]
    breaches_now: Mapping[str, int]
    load_then: Mapping[str, int]
    load_now: Mapping[str, int]
    skipped: tuple[tuple[int, Problem], ...] = ()


class Replaying:
    """Replays the tickets of one store."""

    def __init__(self, store: Store, clock: Clock, library: Library) -> None:
        self._store = store
        self._clock = clock
        self._library = library

    def replay(
        self,
        candidate: "RuleBook",
        since: int,
        until: int | None = None,
        *,
        found: Callable[[Difference], None] | None = None,
    ) -> ReplayReport:
        """Compare `candidate` with the rules in force over the tickets opened from `since` to before `until`.

        With `found` each difference is handed over at once and none is kept: a million tickets need no more
        memory than a thousand.
        """
        tally, now = _Tally(found), self._clock.now()
        with self._store.read() as connection:
            book = self._library.ruled(connection)
        rules = _in_force(book)
        then = timeless(book, rules)
        other = then if candidate is rules else timeless(book, candidate._replace(rev=rules.rev + 1))
        for facts, said in self._past(since, _EVER if until is None else until):
            try:
                tally.take(replay_ticket(facts, said, then, other, now))
            except Problem as problem:
                tally.skipped.append((facts.ticket.id if facts.ticket else 0, problem))
        return tally.report()

    def explain_with(self, candidate: "RuleBook", ticket: int) -> "Trace":
        """Why `candidate` would send a ticket where it would, if it came in again as it did."""
        with self._store.read() as connection:
            book = self._library.ruled(connection)
            rules = candidate._replace(rev=_in_force(book).rev + 1)
            book = replace(book, rules=rules, terms=rules.terms, activated=())
            facts = snapshot.load(connection, Refresh(ticket), SYSTEM, book)
            said = openings.said_on(connection, (ticket,)).get(ticket, {})
        if facts.ticket is None:
            raise Problem(
                "ticket.missing", N_("There is no ticket %(ticket)s."), kind="missing", ticket=ticket
            )
        return traced(facts, said, book)

    def _past(self, since: int, until: int) -> Iterator[tuple[Facts, Mapping[int, str]]]:
        """Every ticket of that time with the words of its messages, some in memory at a time."""
        with self._store.read() as connection:
            pages = list(openings.opened_between(connection, since, until, _CHUNK))
        for page in pages:
            with self._store.read() as connection:
                plain = replace(self._library.book(connection), rules=None, activated=())
                said = openings.said_on(connection, page)
                chunk = list(masses.facts_of(connection, page, plain))
            for facts in sorted(chunk, key=lambda each: each.ticket.id if each.ticket else 0):
                yield facts, said.get(facts.ticket.id if facts.ticket else 0, {})


def _in_force(book: Book) -> "RuleBook":
    from deskterm.rules.builtin import BUILT_IN

    return BUILT_IN if book.rules is None else book.rules


@dataclass
class _Tally:
    """What is counted on the way."""

    found: Callable[[Difference], None] | None
    tickets: int = 0
    differing: int = 0
    differences: list[Difference] = field(default_factory=list)
    breaches: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    loads: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    skipped: list[tuple[int, Problem]] = field(default_factory=list)

    def take(self, replayed: Replayed) -> None:
        """Count one ticket."""
        self.tickets += 1
        for place, outcome in enumerate((replayed.then, replayed.now)):
            self.breaches[place].update(outcome.breached)
            self.loads[place][outcome.group] += 1
        differences = replayed.differences
        self.differing += bool(differences)
        if self.found is None:
            self.differences += differences
        else:
            for each in differences:
                self.found(each)

    def report(self) -> ReplayReport:
        """All of it."""
        then, now = ({each: count[each] for each in METRICS if count[each]} for count in self.breaches)
        before, after = (dict(sorted(count.items())) for count in self.loads)
        return ReplayReport(
            tickets=self.tickets,
            differing=self.differing,
            differences=tuple(self.differences),
            breaches_then=then,
            breaches_now=now,
            load_then=before,
            load_now=after,
            skipped=tuple(self.skipped),
        )
