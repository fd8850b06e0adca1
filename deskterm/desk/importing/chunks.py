"""Chunks: tickets on their way into the desk, each one in a transaction with its mark."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, Final

from deskterm.desk import Desk
from deskterm.desk.importing.building import build
from deskterm.desk.importing.directory import Directory, Memory
from deskterm.desk.importing.mapping import ImportMapping
from deskterm.desk.importing.reading import Export, Progress
from deskterm.desk.importing.states import State
from deskterm.rules.load import weigh
from deskterm.rules.problems import N_, Problem
from deskterm.store import known, loads, marks, progress
from deskterm.store.bulk import Bulk, seize
from deskterm.store.library import Library
from deskterm.store.marks import Mark
from deskterm.store.races import Race, racing

__all__ = ["Loader"]

_CHUNK: Final = 500  # tickets; while they are written, everybody else who writes has to wait
_ROUNDS: Final = 8

Chunk = Sequence[tuple[State, ...]]


class Loader:
    """Loads the tickets of one export into one desk; `name` is what its mark is kept under."""

    def __init__(
        self, desk: Desk, mapping: ImportMapping, export: Export, name: str, *, dry_run: bool
    ) -> None:
        self._store = desk.store
        self._now = desk.clock.now()
        self._mapping = mapping
        self._export = export
        self._name = name
        self._dry_run = dry_run
        self._library = Library(desk.clock.now)
        self._memory = Memory()

    def load(self, mark: Mark, progress: Progress) -> Mark:
        """Load what lies behind `mark`; the mark in the end. Raises Problem."""
        tickets = islice(self._export.tickets, mark.position, None)
        progress("loading", mark.position, self._export.count)
        while chunk := list(islice(tickets, _CHUNK)):
            mark = self._load(chunk, mark)
            progress("loading", mark.position, self._export.count)
        return mark

    def _load(self, chunk: Chunk, mark: Mark) -> Mark:
        last: Race | None = None
        for _ in range(_ROUNDS):
            try:
                return self._once(chunk, mark)
            except Race as race:
                self._memory = Memory()  # somebody else may have made the same people
                last = race
        raise Problem(
            "store.busy",
            N_("Too many people write the same thing at once (%(reason)s): try again."),
            kind="stale",
            reason=last,
        )

    def _once(self, chunk: Chunk, mark: Mark) -> Mark:
        with racing(), self._connection() as connection:
            bulk = Bulk(connection)
            book = self._library.book(connection)
            directory = Directory(bulk, book, self._memory, self._export.staff, self._mapping, self._now)
            directory.look_up(state for states in chunk for state in states)
            counts = self._add(chunk, bulk, directory)
            position = mark.position + len(chunk)
            total = {name: mark.counts.get(name, 0) + count for name, count in counts.items()}
            total["rejected"] = self._export.rejected
            after = Mark(position, position == self._export.count, total)
            if not self._dry_run:
                bulk.settle()
                if after.done:  # in this very transaction: nobody would come back to it
                    loads.recount(connection, partial(weigh, self._library.ruled(connection)))
                    progress.forget(connection)
                marks.keep(connection, self._name, after)
        self._memory.learn(directory.made)
        if not self._dry_run:  # then the store knows them too
            self._memory.forget()
        return after

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        if self._dry_run:
            with self._store.read() as connection:
                yield connection
            return
        with self._store.transaction() as connection:
            seize(connection)
            yield connection

    def _add(self, chunk: Chunk, bulk: Bulk, directory: Directory) -> Mapping[str, int]:
        """Build what is not on the desk yet; what it came to."""
        number, seq = bulk.next_id("tickets"), bulk.next_id("events")
        keys = [states[0].key for states in chunk]
        there = known.tickets_by_key(bulk.connection, self._mapping.source, keys)
        added = events = 0
        for states in chunk:
            if states[0].key in there:
                continue
            past = build(states, self._mapping, directory, number + added, seq + events, self._now)
            bulk.ticket(past)
            added += 1
            events += len(past.events)
        made = {noun: len(getattr(directory.made, noun)) for noun in ("contacts", "agents", "groups")}
        return {"tickets": added, "events": events, **made, "skipped": len(chunk) - added}
