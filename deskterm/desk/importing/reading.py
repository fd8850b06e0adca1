"""Reading: the whole export once, understood and sorted into tickets, before anything is written."""

import marshal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path

from deskterm.desk.importing.faults import BadRow
from deskterm.desk.importing.mapping import ImportMapping
from deskterm.desk.importing.people import Staff
from deskterm.desk.importing.rejects import Rejects
from deskterm.desk.importing.rows import Bad
from deskterm.desk.importing.sources import open_source
from deskterm.desk.importing.spool import Item, Spool
from deskterm.desk.importing.states import Converter, State
from deskterm.rules.frozen import frozen
from deskterm.rules.problems import N_, Problem

__all__ = ["Export", "Progress", "read_export"]

Progress = Callable[[str, int, int], None]
"""Is told a stage ("reading" in bytes, "loading" in tickets), how much is done and how much there is."""

_TOLD_EVERY = 2000  # rows


@frozen
class Export:
    """What was read: `count` tickets, each as its states in order of time; `staff` are all agents named."""

    count: int
    rejected: int
    staff: Staff
    tickets: Iterator[tuple[State, ...]]


@contextmanager
def read_export(path: Path, mapping: ImportMapping, rejects: Rejects, progress: Progress) -> Iterator[Export]:
    """Read everything in `path`; rows of a ticket need not stand together. Raises Problem."""
    staff = Staff(mapping)
    with ExitStack() as stack:
        rows = stack.enter_context(Spool())
        tickets = stack.enter_context(Spool())
        _read(path, mapping, rejects, staff, rows, progress)
        count = 0
        for line, states in _grouped(rows.sorted(), mapping, rejects):
            tickets.add(line, marshal.dumps(states))
            count += 1
        rows.close()
        yield Export(count, rejects.count, staff, (_unpacked(states) for _, states in tickets.sorted()))


def _read(
    path: Path, mapping: ImportMapping, rejects: Rejects, staff: Staff, spool: Spool, progress: Progress
) -> None:
    converter = Converter(mapping)
    with open_source(path, mapping.file, mapping.columns()) as source:
        for number, row in enumerate(source.rows):
            if number % _TOLD_EVERY == 0:
                progress("reading", source.position(), source.size)
            if isinstance(row, Bad):
                rejects.add(row.line, row.problem, row.whole)
                continue
            try:
                state = converter.state(row.line, row.values)
            except BadRow as bad:
                rejects.add(row.line, bad.problem, row.whole())
                continue
            staff.see(state)
            rank = converter.rank(row.values)
            spool.add((state.key, state.at or 0, rank, state.line), state.pack())
        progress("reading", source.size, source.size)


def _grouped(
    items: Iterator[Item], mapping: ImportMapping, rejects: Rejects
) -> Iterator[tuple[int, list[bytes]]]:
    """The states of each ticket and the line on which the first of them stood."""
    for key, group in groupby(items, lambda item: item[0][0]):
        found = list(group)
        if mapping.rows.states:
            yield min(item[0][3] for item in found), [content for _, content in found]
            continue
        first = found[0][0][3]
        yield first, [found[0][1]]
        for (_, _, _, line), _ in found[1:]:
            rejects.add(line, _twice(key, first), {"ticket": key})


def _twice(key: str, line: int) -> Problem:
    sentence = N_('ticket "%(key)s" stands on line %(line)d already.')
    return Problem("import.twice", sentence, kind="usage", key=key, line=line)


def _unpacked(states: bytes) -> tuple[State, ...]:
    return tuple(map(State.unpack, marshal.loads(states)))
