"""The health of a desk's file: where it lies, who may write it, and whether it is whole."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from deskterm.rules.problems import N_
from deskterm.store.faults import explained
from deskterm.store.findings import FAULT, Finding, fault, guarded, ok, warning
from deskterm.store.mounts import file_system
from deskterm.store.place import check
from deskterm.store.sqlite import WAL_LIMIT, connect

__all__ = ["examine_file"]

_SPARE: Final = 500 * 2**20
_MEGABYTE: Final = 2**20


def examine_file(path: Path) -> Iterator[Finding]:
    """The findings about the file at `path`, whatever it is."""
    yield from guarded("place", lambda: _place(path))
    if not path.is_file():
        return
    yield from guarded("permissions", lambda: _permissions(path))
    yield from guarded("space", lambda: _space(path))
    if os.access(path, os.R_OK):
        found = list(guarded("log", lambda: _log(path)))
        yield from found
        if all(finding.level != FAULT for finding in found):
            yield from guarded("integrity", lambda: _integrity(path))


def _place(path: Path) -> Iterator[Finding]:
    check(path)
    kind = file_system(str(path.parent))
    if not path.exists():
        sentence = N_("There is no file %(place)s.")
        yield fault(
            "place", sentence, N_("Correct --db, or start deskterm once to make a desk."), place=str(path)
        )
    elif kind == "9p":
        sentence = N_("%(place)s lies on a disk that another system shares with this one.")
        cure = N_("Let only this system use the desk, or move it to a disk of this system.")
        yield warning("place", sentence, cure, place=str(path))
    else:
        yield ok("place", N_("%(place)s is there and can be written."), place=str(path))


def _permissions(path: Path) -> Iterator[Finding]:
    mode = stat.S_IMODE(path.stat().st_mode)
    folder = stat.S_IMODE(path.parent.stat().st_mode)
    if mode & 0o007 or folder & 0o002:
        sentence = N_("Everybody on this machine can get at %(place)s (modes %(mode)s, folder %(folder)s).")
        cure = N_("chmod o-rwx the file, chmod o-w its folder.")
    elif mode & 0o060 and folder & 0o2030 != 0o2030:
        sentence = N_("The group can write %(place)s but not its folder (modes %(mode)s, folder %(folder)s).")
        cure = N_("chmod g+rwxs the folder for a team; chmod g-rw the file for one person.")
    elif folder & 0o020 and mode & 0o060 != 0o060:
        sentence = N_("The group can write the folder of %(place)s but not the file (mode %(mode)s).")
        cure = N_("chmod g+rw the file for a team; chmod g-w its folder for one person.")
    else:
        yield ok("permissions", N_("Only the right people can write it (mode %(mode)s)."), mode=f"{mode:04o}")
        return
    yield warning("permissions", sentence, cure, place=str(path), mode=f"{mode:04o}", folder=f"{folder:04o}")


def _space(path: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(path.parent).free
    wanted = max(_SPARE, path.stat().st_size)
    values = {"free": free // _MEGABYTE, "wanted": wanted // _MEGABYTE, "place": str(path)}
    if free < _SPARE // 10:
        sentence = N_("The disk of %(place)s has only %(free)d MB left.")
        yield fault(
            "space", sentence, N_("Free %(wanted)d MB, or the next replies cannot be saved."), **values
        )
    elif free < wanted:
        sentence = N_("The disk of %(place)s has %(free)d MB left.")
        yield warning("space", sentence, N_("Free %(wanted)d MB: a backup on it needs as much."), **values)
    else:
        yield ok("space", N_("%(free)d MB are free."), **values)


def _log(path: Path) -> Iterator[Finding]:
    with explained(str(path)), closing(connect(path)) as driver:
        mode = driver.execute("PRAGMA journal_mode").fetchone()[0]
    wal = Path(f"{path}-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if mode != "wal":
        sentence = N_(
            "The desk keeps no write-ahead log (%(mode)s): readers and writers wait for each other."
        )
        cure = N_("With nobody at work: sqlite3 FILE 'PRAGMA journal_mode=WAL'")
        yield warning("log", sentence, cure, mode=mode)
    elif size > WAL_LIMIT:
        sentence = N_("The write-ahead log has grown to %(size)d MB: somebody has been reading all the time.")
        cure = N_(
            "End stopped or forgotten deskterms (also suspended ones, see `jobs`); the next writer folds it."
        )
        yield warning("log", sentence, cure, size=size // _MEGABYTE)
    else:
        yield ok("log", N_("The write-ahead log is on and has %(size)d MB."), size=size // _MEGABYTE)


def _integrity(path: Path) -> Iterator[Finding]:
    cure = N_("Stop working with it and restore the last good backup with --force.")
    with explained(str(path)), closing(connect(path)) as driver:
        first = str(driver.execute("PRAGMA integrity_check(1)").fetchone()[0])
        if first != "ok":
            sentence = N_("The file is damaged: %(detail)s.")
            yield fault("integrity", sentence, cure, detail=first.splitlines()[-1])
            return
        yield ok("integrity", N_("SQLite finds the file whole."))
        broken = _broken_references(driver)
        if broken:
            sentence = N_("%(count)d rows refer to rows that are gone, the first in %(table)s.")
            yield fault("references", sentence, cure, count=len(broken), table=broken[0])
        else:
            yield ok("references", N_("No row refers to one that is gone."))


def _broken_references(driver: sqlite3.Connection) -> list[str]:
    return [str(row[0]) for row in driver.execute("PRAGMA foreign_key_check")]
