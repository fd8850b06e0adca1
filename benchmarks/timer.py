"""The timer: a look that finds nothing, one that finds much, and rules that change for every open ticket."""

import gc
import re
import sqlite3
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.big import FOLDER
from benchmarks.measure import Figure, timed
from benchmarks.waiting import waits
from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.desk.founding import found
from deskterm.rules import actions as a
from deskterm.rules.upkeep import ActivateRules
from deskterm.store.engine import open_store
from deskterm.store.schema import ensure

__all__ = ["run"]

_START = 1_772_460_000  # a Monday, 14:00 UTC, 09:00 in New York
_RULES = Path(__file__).parents[1] / "examples" / "it.toml"
_MODELS = 40


def run(quick: bool) -> Iterator[Figure]:
    """Looks at small and large desks under examples/it.toml; every ticket of these desks is open."""
    small, large = 10_000, 200_000 if quick else 1_000_000
    for size in (small, large):
        desk, _clock = _desk(size)
        desk.tick()
        spent = statistics.median(timed(desk.tick) for _ in range(30))
        yield Figure(f"a look with nothing due, {size:,} open", spent * 1e3, "ms", 5)
        desk.close()
    yield from _due()
    for size in (5_000,) if quick else (20_000, 100_000):
        yield from _activation(size)


def _due() -> Iterator[Figure]:
    """400 tickets are due at once: first only their state is another, then two levels act.

    The processor is what counts: another program on this machine makes every commit wait. Behind a first look
    nothing is left of the activation, and garbage is looked for as seldom as in `deskterm timer`.
    """
    desk, clock = _desk(400)
    desk.tick()
    gc.collect()
    gc.freeze()
    waited, floor = _floor(FOLDER / "floor.db")
    for hours, what in ((6.1, "its state is another"), (42, "levels are crossed")):
        clock.advance(int(hours * 3600))
        begin, busy = time.perf_counter(), time.process_time()
        done = desk.tick()
        looked = max(1, done.looked) / 1e3
        each, worked = (time.perf_counter() - begin) / looked, (time.process_time() - busy) / looked
        note = f"{each:.2f} ms with the disk, {worked / floor:.1f}x the floor; {done.acted} acted on"
        yield Figure(f"work on each ticket that is due: {what}", worked, "ms", 1, note=note)
    note = f"{waited:.2f} ms with the disk"
    yield Figure("the floor: an update and an insert, committed", floor, "ms", note=note)
    gc.unfreeze()
    desk.close()


def _floor(path: Path) -> tuple[float, float]:
    """Milliseconds, and those of work, of a transaction of sqlite3 that changes a row and adds another."""
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a, b)")
    database.execute("INSERT INTO t VALUES (1, 2)")

    def once() -> None:
        database.execute("BEGIN IMMEDIATE")
        database.execute("UPDATE t SET b = b + 1 WHERE a = 1")
        database.execute("INSERT INTO t VALUES (2, 3)")
        database.execute("COMMIT")

    busy = time.process_time()
    waited = statistics.median(timed(once) for _ in range(200))
    worked = (time.process_time() - busy) / 200
    database.close()
    return waited * 1e3, worked * 1e3


def _activation(size: int) -> Iterator[Figure]:
    """Rules that touch nothing that lies there, some of it, all of it, and what only timelines tell."""
    desk, clock = _desk(size)
    text = _RULES.read_text(encoding="utf-8").partition("[[test]]")[0]
    desk.ruling.refresh()
    bodies = {
        "a route": text.replace('queue  = "triage"', 'queue  = "network"', 1),
        "one target": text.replace('resolution = "8h"', 'resolution = "9h"', 1),
        "every target": re.sub(r'resolution = "(\d+)', lambda match: f'resolution = "{match[1]}1', text),
        "an automation": text.replace('after = "3bd"', 'after = "4bd"', 1),
    }
    for what, body in bodies.items():
        clock.advance(600)
        desk.perform(ActivateRules("it.toml", body), desk.agent("bench"))
        with waits(FOLDER / "timer.db") as locks:
            busy = time.process_time()
            spent = timed(desk.ruling.follow)
            worked = (time.process_time() - busy) / size * 1e6
        note = f"{worked:.1f} us of work each: a million would take {worked:.0f} s of one processor"
        yield Figure(f"activation of {what}, {size:,} open", spent, "s", 15 * size / 1e6, note=note)
        note = f"median {statistics.median(locks) * 1e3:.1f} ms of {len(locks)}"
        yield Figure("the longest that others had to wait meanwhile", max(locks) * 1e3, "ms", 20, note=note)
    desk.close()


# -- desks on which everything is open


def _desk(size: int) -> tuple[Desk, ManualClock]:
    """A new desk with so many open tickets: copies of a few that were answered, raised or left alone."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / "timer.db"
    for each in FOLDER.glob("timer.db*"):
        each.unlink()
    desk, clock = _opened(path)
    found(desk, "bench")
    _people(desk)
    desk.perform(ActivateRules("it.toml", _RULES.read_text(encoding="utf-8")), desk.agent("bench"))
    for number in range(_MODELS):
        _model(desk, clock, number)
    desk.close()
    _multiply(path, size)
    desk, _ = _opened(path, clock)
    return desk, clock


def _opened(path: Path, clock: ManualClock | None = None) -> tuple[Desk, ManualClock]:
    clock = clock or ManualClock(_START)
    store = open_store(f"sqlite:///{path}", folders=True)
    ensure(store)
    return Desk(store, clock), clock


def _people(desk: Desk) -> None:
    bench = desk.agent("bench")
    for group in ("network", "apps"):
        desk.perform(a.AddGroup(group), bench)
    for queue in ("network", "major"):
        desk.perform(a.AddQueue(queue, group="network"), bench)
    for login, group in (("dana", "service-desk"), ("lee", "network"), ("kim", "network"), ("omar", "apps")):
        desk.perform(a.AddAgent(login, groups=(group,)), bench)
        desk.perform(a.SetAgent(login, skills={"network": 3, "cisco": 2}), bench)


def _model(desk: Desk, clock: ManualClock, number: int) -> None:
    kim = desk.agent("kim")
    words = ("VPN drops", "Printer is out of paper", "Cannot log in")[number % 3]
    who, urgency = f"u{number}@x.example", ("high", "medium")[number % 2]
    action = a.OpenTicket(words, "words " * 20, who, type="incident", impact="medium", urgency=urgency)
    ticket = desk.perform(action, kim).ticket or 0
    clock.advance(1)
    desk.perform(a.Note(ticket, "seen"), kim)
    if number % 2:
        desk.perform(a.Reply(ticket, "We look into it."), kim)
        desk.perform(a.Reply(ticket, "Thank you, it is urgent."), desk.requester(who))
    if number % 5 == 0:
        desk.perform(a.Pend(ticket), kim)


def _multiply(path: Path, size: int) -> None:
    database = sqlite3.connect(path)
    database.executescript("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-400000;")
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    indexes = database.execute(made).fetchall()
    for name, _ in indexes:
        database.execute(f'DROP INDEX "{name}"')
    times = f"n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {size // _MODELS - 1})"
    for table, key in (("tickets", "id"), ("events", "ticket_id")):
        names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        kept = [name for name in names if table == "tickets" or name != "id"]
        chosen = ", ".join(f't."{name}"' if name != key else f"t.{key} + n.k * {_MODELS}" for name in kept)
        quoted = ", ".join(f'"{name}"' for name in kept)
        copies = f"SELECT {chosen} FROM n, {table} t WHERE t.{key} > 0 ORDER BY n.k, t.id"
        database.execute(f"INSERT INTO {table} ({quoted}) WITH RECURSIVE {times} {copies}")
    for _, sql in indexes:
        database.execute(sql)
    database.execute("ANALYZE")
    database.commit()
    database.close()
