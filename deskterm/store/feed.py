"""The feed: whether anybody has written since one last asked, cheaply enough to ask every second."""

from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import Connection

from deskterm.store.engine import Store
from deskterm.store.faults import explained
from deskterm.store.migrations import SHIPPED, VERSION_TABLE
from deskterm.store.postgres import CHANNEL, announce as announce_there, is_readable
from deskterm.store.schema import newer

if TYPE_CHECKING:
    import sqlite3

    import psycopg

__all__ = ["CHANNEL", "Feed", "announce"]

_POLL_SECONDS: Final = 1.0
_REVISION: Final = f"SELECT version_num FROM {VERSION_TABLE}"
# Ids are given before the commit: one that commits late stands below the newest, but never as far as this
_OVERLAP: Final = 1000


def announce(connection: Connection) -> None:
    """Tell the feeds on other hosts, when this transaction commits, that something has changed."""
    if connection.dialect.name == "postgresql":
        announce_there(connection)


class Pulse(Protocol):
    """One database's way to notice a change."""

    def beats(self) -> bool:
        """Whether somebody has committed since the last call."""

    def revision(self) -> str:
        """The revision of the schema."""

    def close(self) -> None:
        """Let the connection go."""


class Feed:
    """Notices what others commit, on a connection of its own; for one thread at a time.

    After a Problem it is used like before: the next call tries to reach the database again.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pulse: Pulse | None = self._connect()

    def changed(self) -> bool:
        """Whether anybody, this process included, has committed since the last call.

        Raises Problem of kind "store": "store.newer" when a newer deskterm upgraded the desk meanwhile.
        """
        if self._pulse is None:
            self._pulse = self._connect()
            changed = True  # nobody knows what happened while the database was away
        else:
            changed = self._ask(self._pulse)
        if changed:
            self._see_revision(self._pulse)
        return changed

    def close(self) -> None:
        """Let the connection go."""
        if self._pulse is not None:
            self._pulse.close()
            self._pulse = None

    def _connect(self) -> Pulse:
        with explained(self._store.place):
            driver = self._store.own_connection()
            try:
                return _FilePulse(driver) if self._store.dialect == "sqlite" else _ServerPulse(driver)
            except BaseException:
                driver.close()
                raise

    def _ask(self, pulse: Pulse) -> bool:
        try:
            with explained(self._store.place):
                self._store.backend.check()
                return pulse.beats()
        except BaseException:
            self.close()
            raise

    def _see_revision(self, pulse: Pulse) -> None:
        with explained(self._store.place):
            revision = pulse.revision()
        if revision != SHIPPED.head:
            raise newer(self._store.place, revision)


class _FilePulse:
    """SQLite counts the commits of other connections in memory that all processes share."""

    def __init__(self, driver: "sqlite3.Connection") -> None:
        self._driver = driver
        self._version = self._read()

    def beats(self) -> bool:
        before, self._version = self._version, self._read()
        return before != self._version

    def revision(self) -> str:
        return str(self._driver.execute(_REVISION).fetchone()[0])

    def close(self) -> None:
        self._driver.close()

    def _read(self) -> int:
        return int(self._driver.execute("PRAGMA data_version").fetchone()[0])


class _ServerPulse:
    """Postgres says it unasked; a look at the newest events finds what a proxy may have swallowed."""

    def __init__(self, driver: "psycopg.Connection[Any]") -> None:
        self._driver = driver
        self._floor = 0
        self._next_look = 0.0
        self._driver.execute(f"LISTEN {CHANNEL}")
        self._settle()

    def beats(self) -> bool:
        stirred = is_readable(self._driver)
        told = stirred and bool(list(self._driver.notifies(timeout=0)))
        if not stirred and monotonic() < self._next_look:
            return False
        before = self._seen
        if told or self._look() != before:  # whoever has been hung up on learns it by looking
            self._settle()
            return True
        self._next_look = monotonic() + _POLL_SECONDS
        return False

    def revision(self) -> str:
        row = self._driver.execute(_REVISION).fetchone()
        return str(row[0]) if row else ""

    def close(self) -> None:
        self._driver.close()

    def _look(self) -> tuple[int, int]:
        query = "SELECT coalesce(max(id), 0), count(*) FROM events WHERE id > %s"
        newest, count = self._driver.execute(query, (self._floor,)).fetchone() or (0, 0)
        return newest, count

    def _settle(self) -> None:
        """Count from near the newest event on: what commits late changes the count, not the newest."""
        self._floor = max(0, self._look()[0] - _OVERLAP)
        self._seen = self._look()
        self._next_look = monotonic() + _POLL_SECONDS
