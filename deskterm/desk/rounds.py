"""Rounds: several due tickets are decided on together, without a lock, and written under a single one."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from deskterm.clock import Clock
from deskterm.rules.changes import Decision
from deskterm.rules.decide import decide, moment
from deskterm.rules.facts import SYSTEM
from deskterm.rules.problems import Problem
from deskterm.rules.upkeep import Tick
from deskterm.store import masses
from deskterm.store.engine import Store
from deskterm.store.library import Library

if TYPE_CHECKING:
    from deskterm.rules.facts import Book, Facts

__all__ = ["Look", "Round", "look_together"]

_ROUTED: Final = "routed"


class Look(NamedTuple):
    """What is to be done for a due ticket at the instant `at`; None: it has to be looked at alone."""

    ticket: int
    at: int = 0
    decision: Decision | None = None


class Round(NamedTuple):
    """Looks in the order of `tickets`, decided on under the book of that revision."""

    revision: int
    looks: tuple[Look, ...]


def look_together(store: Store, library: Library, clock: Clock, tickets: Sequence[int]) -> Round:
    """Decide on all of them as they stand; nothing is locked, and nothing written."""
    with store.read() as connection:
        now = clock.now()  # not before the store was reached, whose clock it may be
        book = library.ruled(connection)
        found = {
            facts.ticket.id: facts for facts in masses.facts_of(connection, tickets, book) if facts.ticket
        }
        for facts in found.values():
            book = library.edited(connection, book, facts.history)
    return Round(book.revision, tuple(_looks(tickets, found, book, now)))


def _looks(tickets: Sequence[int], found: "dict[int, Facts]", book: "Book", now: int) -> Iterator[Look]:
    for number in tickets:
        facts = found.get(number)
        yield Look(number) if facts is None else _look(number, facts, book, now)


def _look(number: int, facts: "Facts", book: "Book", now: int) -> Look:
    at = moment(facts, now)
    try:
        decision = decide(Tick(number), SYSTEM, facts, book, at)
    except Problem:
        return Look(number, at)
    return Look(number, at) if _asks_more(decision) else Look(number, at, decision)


def _asks_more(decision: Decision) -> bool:
    """Whether it depends on who could take the ticket, on others like it, or is about other tickets too."""
    if decision.roots or decision.turn is not None:
        return True
    alike = decision.before is not None and bool(decision.before.dedupe_key)
    return any(alike or change.kind == _ROUTED for change in decision.changes)
