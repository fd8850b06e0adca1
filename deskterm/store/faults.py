"""Faults: what a database says when it fails, turned into one sentence that a person can act on."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from sqlalchemy.exc import DBAPIError, TimeoutError as PoolEmpty

from deskterm.rules.problems import N_, Problem

__all__ = ["BUSY_SECONDS", "busy", "explained", "first_line", "problem_of", "unknown_fate"]

BUSY_SECONDS: Final = 10
"""How long a writer waits for the others before he is told that the desk is busy."""


class Fault(NamedTuple):
    """A stable code and the sentence for it."""

    code: str
    template: str


_BUSY = Fault("store.locked", N_("The desk %(place)s is busy: no turn in %(seconds)d seconds; try again."))
_FOREIGN = Fault("store.foreign", N_("%(place)s is not a desk; name another file with --db sqlite:///PATH."))
_CORRUPT = Fault(
    "store.corrupt",
    N_("The desk file %(place)s is damaged; ask `deskterm doctor` and restore the last backup."),
)
_FULL = Fault(
    "store.full",
    N_("The disk that holds %(place)s is full and nothing was changed; free some space and try again."),
)
_READONLY = Fault(
    "store.readonly",
    N_("%(place)s cannot be written; make the file and its folder writable for you and try again."),
)
_CANNOT_OPEN = Fault(
    "store.missing",
    N_("%(place)s cannot be opened; see that its folder exists and that you may write there."),
)
_DISK = Fault(
    "store.disk",
    N_("The disk that holds %(place)s failed (%(detail)s) and nothing was changed; check it and try again."),
)
_NO_LOCKS = Fault(
    "store.network",
    N_("The file system of %(place)s cannot lock files; move the desk to a disk of this machine."),
)
_UNREACHABLE = Fault(
    "store.unreachable",
    N_("Postgres at %(place)s does not answer (%(detail)s); see that it runs and that the address is right."),
)
_PASSWORD = Fault(
    "store.password",
    N_("Postgres at %(place)s refuses the name or the password; set PGPASSWORD or ~/.pgpass and try again."),
)
_NO_DATABASE = Fault(
    "store.missing",
    N_("Postgres has no database %(place)s; create it with createdb or name another one with --db."),
)
_NO_ROLE = Fault(
    "store.user",
    N_("Postgres at %(place)s does not know this user; name another: --db postgresql://USER@HOST/NAME."),
)
_NOT_LET_IN = Fault(
    "store.denied",
    N_("Postgres at %(place)s does not let you (%(detail)s); ask its administrator for the right."),
)
_CROWDED = Fault(
    "store.crowded",
    N_("Postgres at %(place)s has no connection left; try again or ask its administrator to allow more."),
)
_SERVER_FULL = Fault(
    "store.full",
    N_(
        "The disk of Postgres at %(place)s is full and nothing was changed; free some space there, try again."
    ),
)
_STANDBY = Fault(
    "store.readonly",
    N_("Postgres at %(place)s is read-only, perhaps a standby; name the primary server with --db."),
)
_SERVER_CORRUPT = Fault(
    "store.corrupt", N_("Postgres at %(place)s reports a damaged disk (%(detail)s); restore its last backup.")
)

# by primary result code of SQLite
_FILE_FAULTS: Final = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_NOTADB: _FOREIGN,
    sqlite3.SQLITE_CORRUPT: _CORRUPT,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READONLY,
    sqlite3.SQLITE_PERM: _READONLY,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_PROTOCOL: _NO_LOCKS,
}

# by SQLSTATE, whole or its class of two characters
_SERVER_FAULTS: Final = {
    "08": _UNREACHABLE,
    "57P01": _UNREACHABLE,
    "57P02": _UNREACHABLE,
    "57P03": _UNREACHABLE,
    "57P05": _UNREACHABLE,
    "25P03": _UNREACHABLE,
    "28": _PASSWORD,
    "3D000": _NO_DATABASE,
    "53300": _CROWDED,
    "53100": _SERVER_FULL,
    "53": _BUSY,
    "55P03": _BUSY,
    "25006": _STANDBY,
    "42501": _NOT_LET_IN,
    "58": _SERVER_CORRUPT,
    "XX001": _SERVER_CORRUPT,
    "XX002": _SERVER_CORRUPT,
}

# While a connection is being made there is no SQLSTATE, only words
_CONNECT_FAULTS: Final = (
    (r'database ".*" does not exist', _NO_DATABASE),
    (r'role ".*" does not exist', _NO_ROLE),
    (r"pg_hba\.conf|permission denied|is not permitted to log in", _NOT_LET_IN),
    (r"authentication failed|no password supplied", _PASSWORD),
    (r"too many (clients|connections)|remaining connection slots", _CROWDED),
)


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Let faults of the database leave as Problems of kind "store"; `place` is shown, without a password.

    A constraint, a deadlock or a wrong statement is no fault: it passes unchanged to whoever knows more.
    """
    try:
        yield
    except Exception as error:
        problem = problem_of(error, place)
        if problem is None:
            raise
        raise problem from error


def problem_of(error: Exception, place: str) -> Problem | None:
    """The Problem that a driver's `error` means, or None when it is no fault of the surroundings."""
    cause = (error.orig if isinstance(error, DBAPIError) else error) or error
    if isinstance(error, PoolEmpty):
        return busy(place)
    if isinstance(cause, sqlite3.Error):
        return _file_problem(cause, place)
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return _server_problem(cause, place, lost=lost)


def unknown_fate(place: str) -> Problem:
    """The Problem of a commit whose answer never came: it may stand or not."""
    sentence = N_(
        "The connection to %(place)s broke while saving; look whether it was saved before you repeat it."
    )
    return Problem("store.unknown", sentence, kind="store", place=place)


def busy(place: str) -> Problem:
    """The Problem of waiting in vain for a turn."""
    return _problem(_BUSY, place)


def first_line(words: str) -> str:
    """The telling end of a driver's message, on one line of at most 200 characters."""
    line = next(iter(words.strip().splitlines()), "?")
    return re.sub(r"\s+", " ", line.rsplit("failed: ", 1)[-1])[:200]


def _problem(fault: Fault, place: str, detail: str = "") -> Problem:
    return Problem(fault.code, fault.template, kind="store", place=place, detail=detail, seconds=BUSY_SECONDS)


def _file_problem(cause: sqlite3.Error, place: str) -> Problem | None:
    number = getattr(cause, "sqlite_errorcode", 0)
    # the shared memory of the WAL is the first thing that a full disk has no room for
    primary = sqlite3.SQLITE_FULL if number == sqlite3.SQLITE_IOERR_SHMSIZE else number & 0xFF
    fault = _FILE_FAULTS.get(primary)
    return _problem(fault, place, getattr(cause, "sqlite_errorname", "")) if fault else None


def _server_problem(cause: BaseException, place: str, *, lost: bool) -> Problem | None:
    state = getattr(cause, "sqlstate", None) or ""
    fault = _SERVER_FAULTS.get(state) or _SERVER_FAULTS.get(state[:2])
    if not fault and not state and (lost or _is_connecting(cause)):
        words = str(cause)
        fault = next((fault for pattern, fault in _CONNECT_FAULTS if re.search(pattern, words)), _UNREACHABLE)
    return _problem(fault, place, first_line(str(cause))) if fault else None


def _is_connecting(cause: BaseException) -> bool:
    """Whether this is psycopg's error of a connection, told without importing psycopg."""
    names = {kind.__name__ for kind in type(cause).__mro__ if kind.__module__.startswith("psycopg")}
    return "OperationalError" in names
