"""Rebuilding: what is stored of every ticket, compared with its timeline and the rules, and put right."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from deskterm.clock import Clock
from deskterm.desk.lines import Lines, folded
from deskterm.rules.decide import decide, moment
from deskterm.rules.facts import SYSTEM, Book, Facts
from deskterm.rules.load import weigh
from deskterm.rules.upkeep import Refresh
from deskterm.store import due, loads, masses, progress, revisions
from deskterm.store.engine import Store
from deskterm.store.library import Library
from deskterm.store.resting import PROJECTED, Resting, Row, different, projected, resting, rewrite, row_of

if TYPE_CHECKING:
    from deskterm.rules.changes import Decision

__all__ = ["Rebuilding", "Rebuilt", "recount"]

_CHUNK: Final = 1000  # tickets that are looked at in one go
_WRITTEN: Final = 50  # tickets that are written under one lock
_LATER: Final = ("sla_state", "next_change_at")

Wrong = tuple[int, str, Any, Any]


class Rebuilt(NamedTuple):
    """Projections that were compared with what timeline and rules say; `wrong` tells of each difference."""

    tickets: int
    wrong: tuple[Wrong, ...]
    loads: Mapping[int, tuple[int, int]]


class Rebuilding:
    """Compares the projections of one store with what they follow from."""

    def __init__(self, store: Store, clock: Clock, library: Library) -> None:
        self._store = store
        self._clock = clock
        self._library = library

    def compare(self, *, repair: bool) -> Rebuilt:
        """Compare the projections of all tickets with what timeline and rules say; put them right if asked.

        While tickets wait to be brought under the rules in force, what those say is that.
        """
        total = 0
        wrong: list[Wrong] = []
        with self._store.read() as connection:
            latest = revisions.latest(connection)
            waits = bool(latest) and progress.find(connection).rev != latest
            pages = list(due.numbers(connection, _CHUNK, closed=True))
        for page in pages:
            total += len(page)
            found, rows = self._page(page, anew=waits)
            wrong += found
            if repair:
                self._write(rows)
        with self._store.read() as connection:
            counted = loads.count_loads(connection, partial(weigh, self._library.ruled(connection)))
        return Rebuilt(total, tuple(wrong), counted)

    def _page(self, page: tuple[int, ...], *, anew: bool) -> tuple[list[Wrong], list[Row]]:
        with self._store.read() as connection:
            book = self._library.ruled(connection)
            facts = list(masses.facts_of(connection, page, book))
            for each in facts:
                book = self._library.edited(connection, book, each.history)
            lying = {each.number: each for each in resting(connection, page[0], page[-1])}
        lines = Lines(book, book.editions, self._clock.now())
        wrong: list[Wrong] = []
        rows: list[Row] = []
        for each in facts:
            decision = self._looked(each, book, anew=anew)
            found = list(_differences(decision, self._clock.now()))
            if not found and each.ticket is not None and not anew:
                found = list(_lying(lying.get(each.ticket.id), decision, lines))
            if found:
                wrong += found
                if row := row_of(decision):
                    rows.append(row)
        return wrong, rows

    def _looked(self, facts: Facts, book: Book, *, anew: bool) -> "Decision":
        now = moment(facts, self._clock.now())
        if anew and facts.ticket is not None:
            return decide(Refresh(facts.ticket.id), SYSTEM, facts, book, now)
        return folded(facts, book, now)

    def _write(self, rows: list[Row]) -> None:
        for start in range(0, len(rows), _WRITTEN):
            with self._store.transaction() as connection:
                rewrite(connection, rows[start : start + _WRITTEN])


def recount(store: Store, library: Library) -> None:
    """Count everybody's open work anew; for tickets that came in without a decision."""
    with store.read() as connection:
        wrong = loads.count_loads(connection, partial(weigh, library.ruled(connection)))
    if wrong:
        with store.transaction() as connection:
            loads.correct(connection, wrong)


def _differences(decision: "Decision", now: int) -> Iterator[Wrong]:
    """What is stored otherwise; a ticket that the timer has yet to look at may have another state."""
    before, after = decision.before, decision.after
    if before is None or after is None:
        return
    if before.policy != after.policy:
        yield before.id, "policy", before.policy, after.policy
    waits = before.next_change_at is not None and before.next_change_at <= now
    for name, old, new in zip(PROJECTED, projected(before), projected(after), strict=True):
        if old != new and not (waits and name in _LATER):
            yield before.id, name, old, new


def _lying(ticket: Resting | None, decision: "Decision", lines: Lines) -> Iterator[Wrong]:
    """What would come of the ticket if one went on from what rests of its clocks."""
    line = lines.of(ticket) if ticket is not None else None
    if ticket is None or line is None or decision.after is None:
        return
    right = projected(decision.after)
    for name, new in different(line, right).items():
        old = getattr(line, name)
        if name != "next_change_at" or max(old or 0, new or 0) > lines.now:
            yield ticket.number, f"clocks {name}", old, new
