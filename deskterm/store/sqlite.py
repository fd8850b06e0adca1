"""A desk in one SQLite file: how it is opened, how writers take turns, how its log is kept short."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from typing import Final, TypeVar, cast

from sqlalchemy import URL, Connection, Engine, ExceptionContext, QueuePool, create_engine, event

from deskterm.clock import Clock, SystemClock
from deskterm.rules.problems import N_, Problem
from deskterm.store.faults import BUSY_SECONDS

Result = TypeVar("Result")

__all__ = ["SqliteFile", "connect"]

WAL_LIMIT: Final = 64 * 2**20
"""Bytes of the write-ahead log above which a writer folds it into the file."""

_WAL_STEP: Final = 16 * 2**20
# Whoever finds the log that long moves it into the file, which takes him 30 ms or more. SQLite's own thousand
# is one action in eighty; of four times as many more pages are the same ones, written again
_LOG_PAGES: Final = 4000
# SQLite's own wait grows to 100 ms and starves whoever waited longest; short ones of random length do not
_SHORTEST, _LONGEST = 0.0003, 0.0015


def connect(path: str | Path) -> sqlite3.Connection:
    """A connection that commits each statement by itself, survives power loss and keeps references whole.

    Python's own handling of transactions is off: it would begin them deferred, and lose updates. No file is
    made: an empty one in the place of a desk that was moved would be taken for it.
    """
    driver = sqlite3.connect(
        f"{Path(path).absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    try:
        driver.executescript(
            f"PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint={_LOG_PAGES}"
        )
    except sqlite3.Error:
        driver.close()
        raise
    return driver


class SqliteFile:
    """The backend of a desk in one file."""

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = str(path)
        self.clock: Clock = SystemClock()  # a file is open on one computer only
        self._identity: tuple[int, int] | None = None
        self._wal = os.path.realpath(path) + "-wal"
        self._has_wal = False
        self._wal_limit = WAL_LIMIT

    def engine(self) -> Engine:
        """An engine whose connections commit by themselves; nothing is opened yet."""
        url = URL.create("sqlite", database=self.place)
        engine = create_engine(
            url, creator=partial(connect, self.place), poolclass=QueuePool, pool_timeout=BUSY_SECONDS
        )
        event.listen(engine, "handle_error", _stay_open)
        event.listen(engine, "checkout", lambda *_: self.check())
        return engine

    def check(self) -> None:
        """See that the file at this place is still the one that was opened first. Raises Problem."""
        try:
            found = os.stat(self.place)  # noqa: PTH116 - on every read and commit
        except OSError as error:
            raise self._moved() from error
        identity = found.st_dev, found.st_ino
        if self._identity is None:
            self._identity = identity
        elif self._identity != identity:
            raise self._moved()

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        """A block of statements that all last or none, in turn with all other writers."""
        driver = _driver(connection)
        with connection.begin():
            _take_turn(driver)
            yield
            if not driver.in_transaction:  # SQLite rolls back by itself when the disk is full, for example
                raise RuntimeError("the transaction ended inside its own block: its statements are not one")
        self.check()
        self._fold(driver)

    @contextmanager
    def reshape(self, connection: Connection) -> Iterator[None]:
        """A transaction that may drop and rename tables; references that it breaks undo it."""
        driver = _driver(connection)
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with self.transaction(connection):
                yield
                if broken := driver.execute("PRAGMA foreign_key_check").fetchone():
                    raise RuntimeError(f"the new schema would break references: {tuple(broken)}")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")

    def prepare(self, connection: Connection) -> None:
        """Let the file keep a write-ahead log from now on, so that readers and the writer never wait."""
        driver = _driver(connection)
        mode = _patiently(lambda: driver.execute("PRAGMA journal_mode=WAL").fetchone()[0])
        if mode != "wal":
            sentence = N_(
                "The file system of %(place)s cannot share a desk; move it to a disk of this machine."
            )
            raise Problem("store.network", sentence, kind="store", place=self.place)

    def _fold(self, driver: sqlite3.Connection) -> None:
        """Fold a grown log into the file; a reader in the way leaves it to a later commit."""
        try:
            size = os.stat(self._wal).st_size  # noqa: PTH116 - on every commit
        except FileNotFoundError:
            if self._has_wal:
                raise self._moved() from None
            return
        self._has_wal = True
        if size <= self._wal_limit:
            return
        driver.execute("PRAGMA busy_timeout=100")
        try:
            blocked = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:  # the commit stands: what failed here fails again in a statement
            blocked = True
        finally:
            _wait_again(driver)
        self._wal_limit = size + _WAL_STEP if blocked else WAL_LIMIT

    def _moved(self) -> Problem:
        sentence = N_(
            "The desk %(place)s was moved, deleted or replaced while you worked; the last of it may be lost: "
            "put it back, or start deskterm again."
        )
        return Problem("store.moved", sentence, kind="store", place=self.place)


def _stay_open(context: ExceptionContext) -> None:
    """After Ctrl-C too: a connection that is thrown away with a statement half read keeps the write lock."""
    context.is_disconnect = False


def _take_turn(driver: sqlite3.Connection) -> None:
    """Begin, holding the one write lock: nothing that is read from here on can change under the writer."""
    driver.execute("PRAGMA busy_timeout=0")
    try:
        _patiently(lambda: driver.execute("BEGIN IMMEDIATE"))
    finally:
        _wait_again(driver)


def _patiently(attempt: Callable[[], Result]) -> Result:
    """What `attempt` returns, made until nobody is in the way or the time is over."""
    limit = monotonic() + BUSY_SECONDS
    while True:
        try:
            return attempt()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > limit:
                raise
        sleep(uniform(_SHORTEST, _LONGEST))


def _wait_again(driver: sqlite3.Connection) -> None:
    driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)
