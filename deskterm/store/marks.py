"""Marks: how far an import has come, written in the transaction of what it has loaded."""

import json
from collections.abc import Mapping
from dataclasses import field

from sqlalchemy import Connection, insert, select, update

from deskterm.rules.frozen import frozen
from deskterm.store.columns import encode
from deskterm.store.tables import import_marks

__all__ = ["Mark", "find", "keep"]


@frozen
class Mark:
    """The first `position` tickets of an import are loaded; `counts` is what they came to."""

    position: int = 0
    done: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)


def find(connection: Connection, source: str) -> Mark:
    """The mark of `source`; one that has not begun when there is none."""
    row = connection.execute(select(import_marks).where(import_marks.c.source == source)).one_or_none()
    return Mark(row.position, row.done, json.loads(row.report)) if row else Mark()


def keep(connection: Connection, source: str, mark: Mark) -> None:
    """Let `mark` be found from now on."""
    values = {"position": mark.position, "done": mark.done, "report": encode(mark.counts)}
    changed = connection.execute(update(import_marks).where(import_marks.c.source == source).values(values))
    if not changed.rowcount:
        connection.execute(insert(import_marks).values(source=source, **values))
