"""Restore: a backup becomes a desk again, proven before anything is put in its place."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

from deskterm.rules.problems import N_, Problem
from deskterm.store import pgdump
from deskterm.store.archive import DATABASES, Manifest, unpack
from deskterm.store.backup import BackupReport, Snapshot, damaged_desk, look_at, report_of
from deskterm.store.engine import file_of, open_store
from deskterm.store.faults import BUSY_SECONDS, busy, explained
from deskterm.store.files import FolderFiles
from deskterm.store.migrations import SHIPPED
from deskterm.store.place import check, explained_files, file_mode, make_folder, sync_folder
from deskterm.store.postgres import PostgresServer
from deskterm.store.schema import newer, revision_of
from deskterm.store.scratch import scratch
from deskterm.store.sqlite import connect
from deskterm.store.tables.fulltext import LEXEMES

__all__ = ["restore"]

_BESIDE: Final = ("-wal", "-shm", "-journal")


def restore(source: Path, url: str, *, force: bool = False) -> BackupReport:
    """Bring the backup `source` back into the empty place `url`; with `force` in the place of what is there.

    Hashes, integrity, references and schema are proven first; then the desk appears at one stroke, also for
    those who have the replaced one open. Raises Problem, and has changed nothing then.
    """
    with explained_files(source):
        if not source.is_file():
            sentence = N_("There is no backup %(path)s; see that the name is right.")
            raise Problem("backup.missing", sentence, kind="missing", path=str(source))
    path = file_of(url)
    return _restore_server(source, url, force) if path is None else _restore_file(source, path, force)


def _restore_file(source: Path, path: Path, force: bool) -> BackupReport:
    with explained_files(path):
        if path.exists() and not force:
            raise _occupied(str(path))
        make_folder(path.parent)
        check(path)
        with scratch(path) as folder:
            manifest = _unpack(source, folder, "sqlite")
            copy = folder / DATABASES["sqlite"]
            _prove(copy, path, manifest)
            copy.chmod(file_mode(path.parent))
            _put_files(folder / "files", FolderFiles(path), copy)
            _put_desk(copy, path)
        return report_of(source, manifest)


def _restore_server(source: Path, url: str, force: bool) -> BackupReport:
    store = open_store(url)
    assert isinstance(store.backend, PostgresServer)
    try:
        with store.read() as connection:
            if revision_of(connection) is not None and not force:
                raise _occupied(store.place)
            version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10000
        with TemporaryDirectory(prefix="deskterm-") as name, explained_files(Path(name)):
            folder = Path(name)
            manifest = _unpack(source, folder, "postgresql")
            _refuse_newer(manifest, store.place)
            with store.transaction() as connection:  # a dump of tables has none of the functions they use
                connection.exec_driver_sql(LEXEMES)
            pgdump.read(store.backend.url, folder / DATABASES["postgresql"], replace=force, version=version)
        with explained(store.place), closing(store.own_connection()) as driver:
            _agree(look_at(driver), manifest, store.place)
    finally:
        store.close()
    return report_of(source, manifest)


def _unpack(source: Path, folder: Path, dialect: str) -> Manifest:
    manifest = unpack(source, folder)
    if manifest.dialect != dialect:
        sentence = N_(
            "%(path)s is the backup of a desk on %(dialect)s and cannot be restored here; "
            "restore it there and bring it over with `deskterm export` and `deskterm import`."
        )
        raise Problem("backup.dialect", sentence, kind="usage", path=str(source), dialect=manifest.dialect)
    return manifest


def _prove(copy: Path, path: Path, manifest: Manifest) -> None:
    """Let SQLite and the manifest agree that `copy` is a whole desk that this deskterm can read."""
    with explained(str(path)), closing(connect(copy)) as driver:
        whole = driver.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        if not whole or driver.execute("PRAGMA foreign_key_check").fetchone():
            raise damaged_desk(str(path))
        _agree(look_at(driver), manifest, str(path))
    _refuse_newer(manifest, str(path))


def _refuse_newer(manifest: Manifest, place: str) -> None:
    if manifest.revision != SHIPPED.head:
        from deskterm.store.migrations import runner  # imports Alembic, which takes 0.4 s

        if not runner.is_known(SHIPPED, manifest.revision):
            raise newer(place, manifest.revision)


def _agree(found: Snapshot, manifest: Manifest, place: str) -> None:
    told = (manifest.revision, manifest.tickets, manifest.events)
    if (found.revision, found.tickets, found.events) != told:
        raise damaged_desk(place)


def _put_files(folder: Path, files: FolderFiles, desk: Path) -> None:
    """Contents come first: a ticket never stands there without its files, and a file alone does no harm."""
    mode = desk.stat().st_mode & 0o440
    for part in sorted(folder.glob("*")):
        part.chmod(mode)
        files.settle(part, part.name)


def _put_desk(copy: Path, path: Path) -> None:
    if path.exists() and not _overwrite(copy, path):
        _set_aside(path)
    if path.exists():
        return
    for suffix in _BESIDE:  # SQLite would replay the log of a desk that was here before
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    try:
        os.link(copy, path)
    except FileExistsError as error:
        raise _occupied(str(path)) from error
    sync_folder(path.parent)


def _overwrite(copy: Path, path: Path) -> bool:
    """Replace a desk that others may have open, in one transaction; False when it is too damaged for that."""
    with explained(str(path)), closing(connect(copy)) as source:
        try:
            with closing(connect(path)) as target:
                target.execute("PRAGMA busy_timeout=0")
                source.backup(target, sleep=0.001, progress=_patience(str(path)))
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise
            return False
    return True


def _patience(place: str) -> Callable[[int, int, int], None]:
    """Writers may keep the desk busy, but not for ever."""
    limit = monotonic() + BUSY_SECONDS

    def progress(status: int, _remaining: int, _total: int) -> None:
        if status == sqlite3.SQLITE_BUSY and monotonic() > limit:
            raise busy(place)

    return progress


def _set_aside(path: Path) -> None:
    """Keep what was damaged, with its log, under a name that is free."""
    name = next(
        name for name in (f"{path}.damaged-{number}" for number in count(1)) if not Path(name).exists()
    )
    path.rename(name)
    for suffix in _BESIDE:
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").rename(f"{name}{suffix}")


def _occupied(place: str) -> Problem:
    sentence = N_("There is a desk at %(place)s already; name an empty place, or replace it with --force.")
    return Problem("restore.occupied", sentence, kind="usage", place=place)
