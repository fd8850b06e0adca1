"""Writing: one process, then eight that want to write at the same time, on a disk that is asked to sync."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.big import FOLDER, big_desk, open_url
from benchmarks.measure import PYTHON, Figure, timed
from benchmarks.serving import fresh, served
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem

__all__ = ["run", "run_on_postgres"]

_WRITERS = 8
_SECONDS = 6.0


def run(quick: bool) -> Iterator[Figure]:
    """Create and reply in process; eight writers at full speed and paced."""
    desk, agent = open_url(f"sqlite:///{_fresh('write.db')}")
    opened = [
        timed(lambda: desk.perform(a.OpenTicket("x", "body " * 40, requester="a@b.example"), agent))
        for _ in range(300)
    ]
    yield Figure("perform: open a ticket (SQLite FULL)", statistics.median(opened) * 1e3, "ms", 3)
    replied = [timed(lambda n=n: desk.perform(a.Reply(n + 1, "body " * 40), agent)) for n in range(300)]  # type: ignore[misc]
    yield Figure("perform: reply (SQLite FULL)", statistics.median(replied) * 1e3, "ms", 3)
    desk.close()
    if not quick:
        large, agent = open_url(big_desk(1_000_000))
        spent = [timed(lambda: large.perform(a.Note(500_000, "x"), agent, dry_run=True)) for _ in range(50)]
        yield Figure("perform: a note at 1M tickets, dry run", statistics.median(spent) * 1e3, "ms", 3)
        large.close()
    yield from _eight(f"sqlite:///{_fresh('writers.db')}", pace=0)
    yield from _eight(f"sqlite:///{_fresh('writers.db')}", pace=160 / _WRITERS)


def run_on_postgres(_quick: bool) -> Iterator[Figure]:
    """The eight on a Postgres that waits for its disk."""
    with served() as server:
        yield from _eight(fresh(server, "writers"), pace=0, least=500)
        yield from _eight(fresh(server, "paced"), pace=160 / _WRITERS)


def _eight(url: str, pace: float, least: int = 400) -> Iterator[Figure]:
    desk, _agent = open_url(url)
    words = [PYTHON, "-m", "benchmarks.writing", url, str(pace)]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    running = [subprocess.Popen(words, **pipes) for _ in range(_WRITERS)]
    for each in running:
        each.stdout.readline()  # type: ignore[union-attr]
    reports: list[dict[str, Any]] = [json.loads(each.communicate()[0]) for each in _started(running)]
    done = sum(len(each["spent"]) for each in reports)
    errors = sum(each["errors"] for each in reports)
    lost = done - desk.count("", viewer=_agent, cap=0)
    desk.close()
    spent = sorted(second for each in reports for second in each["spent"])
    place = "" if url.startswith("sqlite") else " on Postgres"
    how = f"paced at {pace * _WRITERS:.0f}/s{place}" if pace else f"at full speed{place}"
    load = f"load average {os.getloadavg()[0]:.1f}"
    if pace:
        yield Figure(f"8 writers {how}: p99", spent[int(len(spent) * 0.99)] * 1e3, "ms", 50, note=load)
    else:
        yield Figure(f"8 writers {how}", done / _SECONDS, "/s", least, at_least=True, note=load)
        slowest = min(len(each["spent"]) for each in reports) / (done / _WRITERS)
        yield Figure(f"8 writers{place}: the slowest / the mean", slowest, "x", 0.25, at_least=True)
    yield Figure(f"8 writers {how}: errors", errors, "", 0)
    yield Figure(f"8 writers {how}: lost", lost, "", 0)


def _fresh(name: str) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in FOLDER.glob(f"{name}*"):
        each.unlink()
    return FOLDER / name


def _started(running: list[subprocess.Popen[bytes]]) -> list[subprocess.Popen[bytes]]:
    """All are ready; now they go at once."""
    for each in running:
        each.stdin.close()  # type: ignore[union-attr]
        each.stdin = None
    return running


def _write(url: str, pace: float) -> None:
    """One of the eight: opens tickets until the time is over, and reports each duration."""
    desk, agent = open_url(url)
    spent: list[float] = []
    errors = 0
    print("ready", flush=True)
    sys.stdin.read()
    due = time.perf_counter()
    end = due + _SECONDS
    while time.perf_counter() < end:
        if pace:
            due += 1 / pace
            time.sleep(max(0.0, due - time.perf_counter()))
        try:
            spent.append(
                timed(lambda: desk.perform(a.OpenTicket("x", "body", requester="a@b.example"), agent))
            )
        except Problem as problem:
            errors += 1
            print(problem, file=sys.stderr)
    print(json.dumps({"spent": spent, "errors": errors}))


if __name__ == "__main__":
    _write(sys.argv[1], float(sys.argv[2]))
