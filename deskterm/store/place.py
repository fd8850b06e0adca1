"""The place of a desk's file: its folder, its permissions, and the refusal of what would lose tickets."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from deskterm.rules.problems import N_, Problem
from deskterm.store.mounts import file_system, is_network

__all__ = [
    "ALLOW_NETWORK",
    "FOLDER_MODE",
    "check",
    "explained_files",
    "file_mode",
    "make_folder",
    "prepare",
    "sync_folder",
]

FOLDER_MODE: Final = 0o2770
"""New files get the folder's group, so that every agent of the group can write them."""

ALLOW_NETWORK: Final = "DESKTERM_ALLOW_NETWORK_FS"


def prepare(path: Path, *, folders: bool) -> None:
    """See that a desk can live at `path`, and make the empty file if there is none. Raises Problem.

    `folders` makes missing folders too, the last one for its group alone.
    """
    with explained_files(path):
        if folders and not path.parent.is_dir():
            make_folder(path.parent)
        check(path)
        if not path.exists():
            _make_file(path)


def check(path: Path) -> None:
    """Raise the Problem that would keep a desk from living at `path`; change nothing."""
    with explained_files(path):
        if not path.parent.exists():
            sentence = N_("The folder %(place)s does not exist; make it, or see that --db is right.")
            raise _problem("store.missing", sentence, path.parent)
        if not path.parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path.parent))
        if path.is_dir():
            raise _problem("store.foreign", N_("%(place)s is a folder; name a file in it with --db."), path)
        _check_file_system(path)
        _check_access(path)


def file_mode(folder: Path) -> int:
    """The mode of a desk in `folder`: its group may write it when it may write the folder too."""
    return 0o660 if folder.stat().st_mode & 0o020 else 0o600


def make_folder(folder: Path) -> None:
    """Make `folder` for its group alone, whatever the umask says; missing parents as usual."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(FOLDER_MODE)


def sync_folder(folder: Path) -> None:
    """Make what was named in `folder` survive a power loss."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def explained_files(path: Path) -> Iterator[None]:
    """Let errors of the file system about `path` leave as Problems of kind "store"."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            template = N_(
                "The disk that holds %(place)s is full and nothing was changed; free some space, try again."
            )
            raise _problem("store.full", template, path) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            template = N_(
                "%(place)s cannot be written; make the file and its folder writable for you and try again."
            )
            raise _problem("store.readonly", template, path) from error
        template = N_("%(place)s cannot be used (%(detail)s); see that the path and the disk are right.")
        raise _problem("store.disk", template, path, detail=os.strerror(error.errno or 0)) from error


def _make_file(path: Path) -> None:
    """An empty file with its right mode before SQLite sees it: the umask would lock the other agents out."""
    mode = file_mode(path.parent)
    try:
        number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode)
    except FileExistsError:
        return
    try:
        os.fchmod(number, mode)
    finally:
        os.close(number)


def _check_file_system(path: Path) -> None:
    kind = file_system(str(path.parent))
    if is_network(kind) and os.environ.get(ALLOW_NETWORK, "") != "1":
        raise _problem(
            "store.network",
            N_(
                "%(place)s lies on a network file system (%(detail)s), where tickets can be lost; "
                "take a disk of this machine, or Postgres for a team, or set DESKTERM_ALLOW_NETWORK_FS=1."
            ),
            path,
            detail=kind,
        )


def _check_access(path: Path) -> None:
    """SQLite would open the file for reading only and say so when the first reply is lost."""
    wanted = [(path.parent, os.W_OK | os.X_OK)]
    wanted += [(Path(f"{path}{suffix}"), os.R_OK | os.W_OK) for suffix in ("", "-wal", "-shm")]
    for each, mode in wanted:
        if not os.access(each, mode) and each.exists():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(each))


def _problem(code: str, template: str, path: Path, detail: str = "") -> Problem:
    return Problem(code, template, kind="store", place=str(path), detail=detail)
