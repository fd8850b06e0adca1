"""Draining: tickets that wait get somebody, the most urgent first, before anything new does."""

from collections.abc import Iterable
from typing import Any, Final

from deskterm.clock import Clock
from deskterm.desk.perform import Performer
from deskterm.rules.choose import anybody_free
from deskterm.rules.facts import SYSTEM
from deskterm.rules.problems import Problem
from deskterm.rules.upkeep import Place
from deskterm.store import circumstances, due
from deskterm.store.engine import Store
from deskterm.store.library import Library

__all__ = ["Drain"]

_MOST: Final = 200  # tickets of a group that are looked at in one go; the rest has to wait anyway
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
        return sum(self._group(group, _MOST) for group in groups)

    def before(self, ticket: int, group: int | None) -> int:
        """Give a ticket that has just come to somebody, but those that wait already first."""
        return self._group(group, _BEFORE, (ticket,)) if group is not None else 0

    def _group(self, group: int, most: int, last: Iterable[int] = ()) -> int:
        placed, known = 0, self._stuck.get(group)
        with self._store.read() as connection:
            state = self._people(connection)
            waiting = (*due.waiting_in(connection, group, most), *last)
        stuck = known[1] if known is not None and known[0] == state else set()
        for ticket in dict.fromkeys(waiting):
            if ticket in stuck:
                continue
            if not self._anybody_free(group):
                break
            if self._place(ticket):
                placed += 1
            else:
                stuck.add(ticket)
        with self._store.read() as connection:
            self._stuck[group] = (self._people(connection), stuck)
        return placed

    def _place(self, ticket: int) -> bool:
        try:
            return bool(self._performer.perform(Place(ticket), SYSTEM).changes)
        except Problem as problem:
            if problem.kind == "store":
                raise
            return False  # somebody took, closed or moved it meanwhile

    def _anybody_free(self, group: int) -> bool:
        with self._store.read() as connection:
            book = self._library.ruled(connection)
            standing = circumstances.standing(connection)
        return anybody_free(book, group, standing, self._clock.now())

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
