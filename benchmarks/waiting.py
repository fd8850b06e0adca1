"""Waiting: how long another process that wants to write to a desk in a file is kept out; run as a process."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select

__all__ = ["waits"]

_POLL = 0.0002
_PAUSE = 0.002


@contextmanager
def waits(path: Path) -> Iterator[list[float]]:
    """Seconds that a process which asks for the lock every 2 ms had to wait; the list is filled at the end.

    The time of a commit would say too much: what SQLite moves from its log into the file keeps nobody out.
    """
    found: list[float] = []
    command = [sys.executable, "-m", "benchmarks.waiting", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        yield found
        found += json.loads(process.communicate()[0])


def _watch(path: str) -> list[float]:
    database = sqlite3.connect(path, isolation_level=None, timeout=0)
    found: list[float] = []
    while not select([sys.stdin], [], [], _PAUSE)[0]:
        begin = time.perf_counter()
        while not _entered(database):
            time.sleep(_POLL)
        found.append(time.perf_counter() - begin)
        database.execute("ROLLBACK")
    return found


def _entered(database: sqlite3.Connection) -> bool:
    try:
        database.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


if __name__ == "__main__":
    sys.stdout.write("\n")
    sys.stdout.flush()
    json.dump(_watch(sys.argv[1]), sys.stdout)
