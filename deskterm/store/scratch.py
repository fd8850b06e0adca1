"""Scratch: where a large file is made before it gets its name at one stroke."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deskterm.rules.problems import N_, Problem

__all__ = ["scratch"]


@contextmanager
def scratch(target: Path) -> Iterator[Path]:
    """An empty folder beside `target`, for one process at a time; what a killed one left in it is removed."""
    folder = target.with_name(f".{target.name}.part")
    folder.mkdir(mode=0o700, exist_ok=True)
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _lock(number, target)
        try:
            _empty(folder)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(number)


def _lock(number: int, target: Path) -> None:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        sentence = N_("Somebody is writing %(place)s right now; wait until that is done.")
        raise Problem("store.locked", sentence, kind="store", place=str(target)) from error


def _empty(folder: Path) -> None:
    for left in folder.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()
