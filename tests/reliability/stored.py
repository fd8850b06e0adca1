"""All that the database of a desk holds, and a way to break off between two of its statements."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, select

from deskterm.store.engine import Store
from deskterm.store.tables.indexes import complete_metadata

__all__ = ["Crash", "Dump", "breaking_off", "dump"]

Dump = Mapping[str, list[tuple[Any, ...]]]
"""All rows by the name of their table."""


def dump(store: Store) -> Dump:
    """Every row of every table."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with store.read() as connection:
        for table in complete_metadata().sorted_tables:
            rows = connection.execute(select(table).order_by(*table.primary_key))
            found[table.name] = [tuple(row) for row in rows]
    return found


class Crash(Exception):
    """What happens after the chosen statement."""


@contextmanager
def breaking_off(engine: Engine, after: int, kind: type[BaseException] = Crash) -> Iterator[None]:
    """Raise `kind` when `after` statements have been executed; the commit is the one behind the last."""
    left = after

    def step(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise kind

    event.listen(engine, "after_cursor_execute", step)
    event.listen(engine, "commit", step)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", step)
        event.remove(engine, "commit", step)
