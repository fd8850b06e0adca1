"""Draining: tickets that wait get somebody, the most urgent first, before anything new does."""

from typing import Any, Final

from deskterm.clock import Clock
from deskterm.desk.perform import Performer
from deskterm.rules.facts import SYSTEM
from deskterm.rules.problems import Problem
from deskterm.rules.upkeep import Place
from deskterm.store import circumstances, due
from deskterm.store.engine import Store
from deskterm.store.library import Library

__all__ = ["Drain"]

_MOST: Final = 200  # tickets of a group that are looked at in one go; the rest has to wait anyway


class Drain:
    """Drains the groups of one store; remembers where nobody could take anything, until that is different."""

    def __init__(self, store: Store, clock: Clock, library: Library, performer: Performer) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._performer = performer
        self._stuck: dict[int, object] = {}

    def all(self) -> int:
        """Drain every group in which tickets wait; returns how many were given to somebody."""
        with self._store.read() as connection:
            if self._library.ruled(connection).rules is None:
                return 0
            groups = due.waiting_groups(connection)
        return sum(self.group(group) for group in groups)

    def group(self, group: int) -> int:
        """Drain one group."""
        placed = 0
        while True:
            with self._store.read() as connection:
                state = self._state(connection, group)
                if self._stuck.get(group) == state:
                    return placed
                waiting = due.waiting_in(connection, group, _MOST)
            given = sum(self._place(ticket) for ticket in waiting)
            placed += given
            if not given or len(waiting) < _MOST:
                with self._store.read() as connection:
                    self._stuck[group] = self._state(connection, group)
                return placed

    def _place(self, ticket: int) -> bool:
        try:
            return bool(self._performer.perform(Place(ticket), SYSTEM).changes)
        except Problem as problem:
            if problem.kind == "store":
                raise
            return False  # somebody took, closed or moved it meanwhile

    def _state(self, connection: Any, group: int) -> object:
        """All that can make a difference: people, what they have to do, whose shift it is, what waits."""
        book = self._library.ruled(connection)
        now = self._clock.now()
        rules = book.rules
        shifts = {agent.shift for agent in book.agents.values() if agent.shift}
        hours = {
            name: rules.calendars[name].is_open(now)
            for name in sorted(shifts)
            if rules is not None and name in rules.calendars
        }
        away = [(_past(each.out_from, now), _past(each.out_until, now)) for each in book.agents.values()]
        waiting = due.waiting_in(connection, group, _MOST)
        return book.revision, circumstances.standing(connection), hours, away, waiting


def _past(moment: int | None, now: int) -> bool:
    return moment is not None and moment <= now
