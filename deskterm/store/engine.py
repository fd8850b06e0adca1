"""The store: short reads, write transactions, one behaviour on SQLite and on Postgres."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from deskterm.clock import Clock
from deskterm.rules.problems import N_, Problem
from deskterm.store.faults import explained

__all__ = ["EXAMPLES", "Store", "file_of", "open_store"]

EXAMPLES: Final = ("sqlite:///desk.db", "sqlite:////var/lib/deskterm/desk.db", "postgresql://user@host/name")


class Backend(Protocol):
    """What differs between the databases."""

    dialect: str
    place: str
    clock: Clock

    def engine(self) -> Engine:
        """An engine whose connections commit by themselves."""

    def transaction(self, connection: Connection) -> AbstractContextManager[None]:
        """A block of statements that all last or none."""

    def reshape(self, connection: Connection) -> AbstractContextManager[None]:
        """The same, alone in the database and with references checked at the end."""

    def prepare(self, connection: Connection) -> None:
        """Make an empty database fit for a desk, or say why it is not."""

    def check(self) -> None:
        """See that the database is still the one that was opened, as far as that needs no question to it."""


class Store:
    """The database of one desk; may be used by many threads.

    Everything raised about the database is a Problem of kind "store"; constraints and wrong statements pass
    as SQLAlchemy raises them.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.dialect = backend.dialect
        self.place = backend.place  # what may be shown: a path, or user@host/name
        self.clock = backend.clock  # the one that all share who work on this database
        self._engine = backend.engine()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading: no lock, and each statement sees what was committed when it began."""
        with explained(self.place), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction, committed at the end of the block, rolled back by any exception.

        On SQLite there is one writer at a time from the beginning on; on Postgres lock what you decide on.
        """
        with (
            explained(self.place),
            self._engine.connect() as connection,
            self.backend.transaction(connection),
        ):
            yield connection

    @contextmanager
    def reshape(self) -> Iterator[Connection]:
        """A write transaction for changes of the schema: alone, and references are checked at its end."""
        with explained(self.place), self._engine.connect() as connection, self.backend.reshape(connection):
            yield connection

    def own_connection(self) -> Any:
        """A driver's connection that is the caller's alone, to close: sqlite3's or psycopg's."""
        with explained(self.place):
            connection = self._engine.raw_connection()
            driver = connection.driver_connection
            connection.detach()
            return driver

    def prepare(self) -> None:
        """Make an empty database fit for a desk. Raises Problem when it cannot be."""
        with self.read() as connection:
            self.backend.prepare(connection)

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._engine.dispose()


def open_store(url: str, *, folders: bool = False) -> Store:
    """The store at `url`, `sqlite:///path` or `postgresql://user@host/name`; nothing is read yet.

    An SQLite file is made when there is none, with `folders` its folder too. Raises Problem.
    """
    path = file_of(url)
    if path is not None:
        from deskterm.store.place import prepare  # each desk pays for its own database only
        from deskterm.store.sqlite import SqliteFile

        prepare(path, folders=folders)
        return Store(SqliteFile(path))
    from deskterm.store.postgres import PostgresServer

    return Store(PostgresServer(_server_of(url)))


def file_of(url: str) -> Path | None:
    """The absolute path in an `sqlite:///` URL, None when `url` is another kind."""
    if not url.startswith("sqlite:///"):
        return None
    path = url.removeprefix("sqlite:///")
    if not path or "\0" in path or path == ":memory:":
        raise _wrong()
    return Path(path).expanduser().absolute()


def _server_of(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise _wrong() from error
    if address.drivername != "postgresql" or not address.database:
        raise _wrong()
    return address


def _wrong() -> Problem:
    sentence = N_("This is no address of a desk; write sqlite:///PATH or postgresql://USER@HOST/NAME.")
    return Problem("store.url", sentence, kind="usage", choices=EXAMPLES, field="db")
