"""All that the database of a desk holds, and a way to break off between two of its statements."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Engine, Select, Table, event, select

from deskterm.store.engine import Store
from deskterm.store.tables.indexes import complete_metadata

__all__ = ["Crash", "Dump", "Row", "breaking_off", "dump"]

Row = dict[str, Any]
Dump = Mapping[str, list[Row]]
"""All rows by the name of their table, in the order of their keys."""


def dump(store: Store) -> Dump:
    """Every row of every table."""
    with store.read() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(_all_rows(table)).mappings()]
            for table in complete_metadata().sorted_tables
        }


@cache
def _all_rows(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key)


class Crash(Exception):
    """What happens after the chosen statement."""


@contextmanager
def breaking_off(engine: Engine, after: int, kind: type[BaseException] = Crash) -> Iterator[None]:
    """Raise `kind` when `after` statements have been executed; the commit is the one behind the last.

    Where the commit is a statement itself, it is broken off in front of it.
    """
    left = after
    committed = False

    def step(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise kind

    def before(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal committed
        if statement.startswith("COMMIT"):
            step()
            committed = True

    def behind(*_: Any) -> None:
        if not committed:
            step()

    listeners = {"before_cursor_execute": before, "after_cursor_execute": behind, "commit": behind}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)
