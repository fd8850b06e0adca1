"""Backup: one file that holds a whole desk as it was at one instant.

SQLite is copied by its own backup in one step: a snapshot, while everybody goes on working. Postgres is
copied by pg_dump, which must be installed here and not be older than the server; without it `deskterm export`
writes the same desk as text. An archive goes back to the kind of database that it came from.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from deskterm.rules.frozen import frozen
from deskterm.rules.problems import N_, Problem
from deskterm.store import pgdump
from deskterm.store.archive import DATABASES, Archive, Manifest, packing
from deskterm.store.engine import Store
from deskterm.store.faults import explained
from deskterm.store.files import FolderFiles, files_of
from deskterm.store.migrations import VERSION_TABLE
from deskterm.store.place import explained_files, sync_folder
from deskterm.store.postgres import PostgresServer
from deskterm.store.scratch import scratch

__all__ = ["BackupReport", "Snapshot", "backup", "damaged_desk", "look_at", "report_of"]


@frozen
class BackupReport:
    """What is in a backup; `missing` and `damaged` are contents that the desk itself has no more."""

    path: Path
    size: int  # bytes
    at: int
    revision: str
    tickets: int
    events: int
    files: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]


@frozen
class Snapshot:
    """What a copy of the database holds, and which contents its attachments name."""

    revision: str
    tickets: int
    events: int
    digests: tuple[str, ...]


@frozen
class Contents:
    """How many contents were kept, and the digests of those that could not be, or only as they are."""

    kept: int
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


def backup(store: Store, target: Path, *, at: int = 0, force: bool = False) -> BackupReport:
    """Write the desk and its attachments to `target`; `at` (epoch seconds) is noted as the time.

    `target` appears when it is whole, or not at all. Raises Problem when it exists already and `force` is not
    given, when the desk is damaged, when the disk is full.
    """
    with explained_files(target):
        _refuse_existing(target, force=force)
        with scratch(target) as folder:
            with packing(folder / "archive") as archive:
                manifest = _write(store, folder / "copy", archive, at)
            (folder / "archive").replace(target)
            sync_folder(target.parent)
        return report_of(target, manifest)


def report_of(path: Path, manifest: Manifest) -> BackupReport:
    """The report of the archive at `path`."""
    return BackupReport(
        path=path,
        size=path.stat().st_size,
        at=manifest.at,
        revision=manifest.revision,
        tickets=manifest.tickets,
        events=manifest.events,
        files=manifest.files,
        missing=manifest.missing,
        damaged=manifest.damaged,
    )


def look_at(driver: Any) -> Snapshot:
    """What the database of a driver's connection holds."""

    def one(query: str) -> Any:
        return driver.execute(query).fetchone()[0]

    digests = driver.execute("SELECT DISTINCT digest FROM attachments WHERE digest <> '' ORDER BY digest")
    return Snapshot(
        revision=str(one(f"SELECT version_num FROM {VERSION_TABLE}")),
        tickets=one("SELECT count(*) FROM tickets"),
        events=one("SELECT count(*) FROM events"),
        digests=tuple(row[0] for row in digests.fetchall()),
    )


def damaged_desk(place: str) -> Problem:
    """The Problem of a database that contradicts itself."""
    sentence = N_("The desk %(place)s is damaged; ask `deskterm doctor` and restore the last good backup.")
    return Problem("store.corrupt", sentence, kind="store", place=place)


def _refuse_existing(target: Path, *, force: bool) -> None:
    if target.exists() and not force:
        sentence = N_("%(path)s exists already; name another file, or replace it with --force.")
        raise Problem("backup.exists", sentence, kind="usage", path=str(target))


def _write(store: Store, copy: Path, archive: Archive, at: int) -> Manifest:
    server = isinstance(store.backend, PostgresServer)
    snapshot = _copy_server(store, copy) if server else _copy_file(store, copy)
    with copy.open("rb") as content:
        archive.add(DATABASES[store.dialect], content)
    files = files_of(store)
    if isinstance(files, FolderFiles):
        contents = _add_files(archive, files, snapshot.digests)
    else:  # they are in the dump
        missing = set(snapshot.digests) - set(files.digests())
        contents = Contents(len(snapshot.digests) - len(missing), tuple(sorted(missing)))
    manifest = Manifest(
        dialect=store.dialect,
        revision=snapshot.revision,
        at=at,
        tickets=snapshot.tickets,
        events=snapshot.events,
        files=contents.kept,
        missing=contents.missing,
        damaged=contents.damaged,
        hashes=archive.hashes,
    )
    archive.finish(manifest)
    return manifest


def _copy_file(store: Store, copy: Path) -> Snapshot:
    """One step is one snapshot, and nobody waits for it: the file itself is never opened but by SQLite."""
    with (
        explained(store.place),
        closing(store.own_connection()) as source,
        closing(sqlite3.connect(copy, isolation_level=None)) as target,
    ):
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)
        if target.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise damaged_desk(store.place)
        return look_at(target)


def _copy_server(store: Store, copy: Path) -> Snapshot:
    assert isinstance(store.backend, PostgresServer)
    with explained(store.place), closing(store.own_connection()) as source:
        source.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        source.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        snapshot = look_at(source)
        name = source.execute("SELECT pg_export_snapshot()").fetchone()[0]
        pgdump.write(store.backend.url, copy, name, source.info.server_version // 10000)
        return snapshot


def _add_files(archive: Archive, files: FolderFiles, digests: tuple[str, ...]) -> Contents:
    missing, damaged = [], []
    for digest in digests:
        try:
            with files.path(digest).open("rb") as content:
                if archive.add(f"files/{digest}", content) != digest:
                    damaged.append(digest)
        except FileNotFoundError:
            missing.append(digest)
    return Contents(len(digests) - len(missing), tuple(missing), tuple(damaged))
