"""Draining: tickets that wait get somebody, the most urgent first, before anything new does."""

from collections.abc import Iterable
from typing import Any, Final

from deskterm.clock import Clock
from deskterm.desk.perform import Performer
from deskterm.rules.choose import anybody_for
from deskterm.rules.facts import SYSTEM, Book
from deskterm.rules.problems import Problem
from deskterm.rules.upkeep import Place
from deskterm.store import circumstances, due
from deskterm.store.engine import Store
from deskterm.store.library import Library

__all__ = ["Drain"]

_MOST: Final = 200  # tickets of a group that are offered in one go
_ALL: Final = 2**31  # what one looks at: behind thousands that nobody can take may wait one for somebody free
_BEFORE: Final = 5  # of those that stand before a new one: they were looked at when somebody got free


class Drain:
    """Drains the groups of one store; remembers what nobody could take, until people are different."""

    def __init__(self, store: Store, clock: Clock, library: Library, performer: Performer) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._performer = performer
        self._stuck: dict[int, tuple[object, set[int]]] = {}

    def all(self) -> int:
        """Drain every group in which tickets wait; returns how many were given to somebody."""
        with self._store.read() as connection:
            if self._library.ruled(connection).rules is None:
                return 0
            groups = due.waiting_groups(connection)
        return sum(self._group(group, _ALL) for group in groups)

    def before(self, ticket: int, group: int | None) -> int:
        """Give a ticket that has just come to somebody, but those that wait already first."""
        return self._group(group, _BEFORE, ticket) if group is not None else 0

    def _group(self, group: int, most: int, newcomer: int = 0) -> int:
        """Offer the first `most` that wait in the group, and behind them the newcomer."""
        known = self._stuck.get(group)
        with self._store.read() as connection:
            book, state = self._library.ruled(connection), self._people(connection)
            waiting = due.waiting_in(connection, group, most)
            last = due.waiting(connection, newcomer)
        stuck = known[1] if known is not None and known[0] == state else set()
        placed = self._offered(book, group, dict.fromkeys((*waiting, *last)), stuck)
        # whom somebody else set free meanwhile, those that were offered in vain have to be offered to
        self._stuck[group] = (None if placed else state, stuck)
        return placed

    def _offered(self, book: Book, group: int, waiting: Iterable[due.Waiting], stuck: set[int]) -> int:
        """Offer each that is not `stuck`, those that nobody could take become so; how many found somebody."""
        placed = offered = 0
        takers: dict[tuple[str, int], bool] = {}
        for each in waiting:
            if each.ticket in stuck or not self._has_taker(book, group, each, takers):
                continue
            offered += 1
            if self._place(each.ticket):
                placed += 1
                takers = {kind: there for kind, there in takers.items() if not there}
            else:
                stuck.add(each.ticket)
            if offered == _MOST:
                break
        return placed

    def _place(self, ticket: int) -> bool:
        try:
            return bool(self._performer.perform(Place(ticket), SYSTEM).changes)
        except Problem as problem:
            if problem.kind == "store":
                raise
            return False  # somebody took, closed or moved it meanwhile

    def _has_taker(
        self, book: Book, group: int, each: due.Waiting, takers: dict[tuple[str, int], bool]
    ) -> bool:
        """Whether anybody could take one like it; `takers` is what was found by route and weight."""
        weight = book.rules.capacity.weight(each.priority, each.channel) if book.rules is not None else 0
        kind = each.route, weight
        if kind not in takers:
            with self._store.read() as connection:
                standing = circumstances.standing(connection)
            takers[kind] = anybody_for(each.route, weight, book, group, standing, self._clock.now())
        return takers[kind]

    def _people(self, connection: Any) -> object:
        """All of people that can make a difference: who they are, what they have to do, whose shift it is."""
        book, now = self._library.ruled(connection), self._clock.now()
        calendars = book.rules.calendars if book.rules is not None else {}
        shifts = sorted({agent.shift for agent in book.agents.values() if agent.shift in calendars})
        hours = [calendars[name].is_open(now) for name in shifts]
        away = [(_past(each.out_from, now), _past(each.out_until, now)) for each in book.agents.values()]
        return book.revision, circumstances.standing(connection), hours, away


def _past(moment: int | None, now: int) -> bool:
    return moment is not None and moment <= now
