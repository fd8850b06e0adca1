"""A desk in a Postgres database: how it is reached, and how it is reached again after the server was away."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

from deskterm.clock import Clock, ServerClock
from deskterm.rules.problems import N_, Problem
from deskterm.store.faults import BUSY_SECONDS, unknown_fate

if TYPE_CHECKING:
    import psycopg

__all__ = ["CHANNEL", "PostgresServer", "announce", "is_readable"]

CHANNEL: Final = "deskterm"
"""Where those listen who want to know that something has changed."""

# A vanished host is noticed after 20 s, not after the kernel's quarter of an hour
_NETWORK: Final = {
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
    "application_name": "deskterm",
}
_RESHAPING: Final = 0x6465736B7465726D  # "deskterm", the number of the lock
_BEGIN: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
# One message and not one transaction: whoever commits a NOTIFY keeps all others from committing meanwhile
_COMMIT: Final = f"COMMIT; NOTIFY {CHANNEL}"
_TOLD: Final = "deskterm: something to tell"
_TIME: Final = "extract(epoch FROM clock_timestamp())::float8"

# A suspended laptop must not hold the locks of a ticket, and an acknowledged action must be on the disk.
# The hits of a common word fit into memory, or the server makes the words of each text anew (seconds, not
# milliseconds); what is asked here is over before other processes or a compiler would have begun with it.
_SESSION: Final = f"""
SELECT set_config('lock_timeout', '{BUSY_SECONDS}s', false),
       set_config('idle_in_transaction_session_timeout', '60s', false),
       set_config('work_mem', '64MB', false), set_config('jit', 'off', false),
       set_config('max_parallel_workers_per_gather', '0', false),
       set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                  WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),
       {_TIME}
"""


class PostgresServer:
    """The backend of a desk in a Postgres database."""

    dialect = "postgresql"

    def __init__(self, url: URL) -> None:
        self.url = url.set(drivername="postgresql+psycopg")
        self.place = _place(url)
        self._clock = ServerClock()
        self.clock: Clock = self._clock

    def engine(self) -> Engine:
        """An engine whose connections commit by themselves; nothing is opened yet. Raises Problem."""
        _need_psycopg()
        query = {**_NETWORK, **self.url.query}
        engine = create_engine(
            self.url.set(query=query),
            isolation_level="AUTOCOMMIT",
            use_native_hstore=False,
            pool_timeout=BUSY_SECONDS,
        )
        event.listen(engine, "connect", self._set_session)
        event.listen(engine, "checkout", self._check_out)
        return engine

    def _set_session(self, driver: "psycopg.Connection[Any]", _record: object) -> None:
        self._clock.ask(lambda: _told(driver, _SESSION))  # by each server: a standby may have taken over

    def _check_out(self, driver: "psycopg.Connection[Any]", _record: object, _proxy: object) -> None:
        """An idle connection has nothing to read but a farewell; then none of the old ones is good."""
        if driver.closed or is_readable(driver):
            raise InvalidatePoolError("the server has hung up")
        if self._clock.doubtful:
            try:
                self._clock.ask(lambda: _told(driver, f"SELECT {_TIME}"))
            except driver.OperationalError as error:
                raise InvalidatePoolError("the server has hung up") from error

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        """A READ COMMITTED block of statements that all last or none.

        Raises Problem "store.unknown" when the server's answer to the commit did not come.
        """
        connection.info.pop(_TOLD, None)
        _begin(connection)
        try:
            yield
            if _driver(connection).info.transaction_status.name != "INTRANS":
                raise RuntimeError(
                    "a statement failed inside the transaction: Postgres undoes the others too"
                )
        except BaseException:
            connection.rollback()
            raise
        try:
            if connection.info.pop(_TOLD, False):
                connection.exec_driver_sql(_COMMIT)
            connection.commit()
        except BaseException as error:
            connection.invalidate()  # or what was not committed comes back with it from the pool
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise unknown_fate(self.place) from error
            raise

    @contextmanager
    def reshape(self, connection: Connection) -> Iterator[None]:
        """A transaction that may change the schema; only one at a time in this database."""
        with self.transaction(connection):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_RESHAPING})")
            yield

    def prepare(self, connection: Connection) -> None:
        """See that the database can hold every letter. Raises Problem."""
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            sentence = N_(
                "%(place)s is in %(encoding)s and cannot hold every letter: createdb --encoding=UTF8."
            )
            raise Problem("store.encoding", sentence, kind="store", place=self.place, encoding=encoding)

    def check(self) -> None:
        """Nothing: a server that is another one has hung up before."""


def announce(connection: Connection) -> None:
    """Tell the listeners as soon as the transaction of `connection` is committed."""
    connection.info[_TOLD] = True


def _begin(connection: Connection) -> None:
    """Begin; a connection that turns out to be dead is replaced once."""
    try:
        connection.exec_driver_sql(_BEGIN)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        connection.rollback()
        connection.exec_driver_sql(_BEGIN)


def _need_psycopg() -> None:
    try:
        import psycopg  # noqa: F401 - only desks on Postgres pay for it
    except ImportError as error:
        sentence = N_("Postgres needs psycopg, which is not installed: pip install 'deskterm[postgres]'.")
        raise Problem("store.driver", sentence, kind="store") from error


def _told(driver: "psycopg.Connection[Any]", query: str) -> float:
    """What time it is by the server: the last that the `query` says."""
    return float(driver.execute(query).fetchall()[0][-1])


def is_readable(driver: "psycopg.Connection[Any]") -> bool:
    """Whether the server has said something unasked: a notification, or its farewell."""
    poll = select.poll()
    poll.register(driver.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _place(url: URL) -> str:
    host = url.host or url.query.get("host") or ""
    port = f":{url.port}" if url.port else ""
    user = f"{url.username}@" if url.username else ""
    return f"{user}{host}{port}/{url.database or ''}"


def _driver(connection: Connection) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)
