"""Many processes write one file: all in turn, none starved, nothing lost, also when they are killed."""

from pathlib import Path

from deskterm.store.engine import open_store
from deskterm.store.schema import ensure
from tests.desks import sqlite_url
from tests.store.children import run

CROWD = """
import json, os, sys, time
from deskterm.store.engine import open_store
from deskterm.store.schema import ensure
url, seconds = sys.argv[1], float(sys.argv[2])

def work(number, pipe):
    store = open_store(url)
    done = 0
    os.read(start[0], 1)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with store.transaction() as connection:
            for part in range(4):
                row = (f"{number} {done} {part}", "x" * 500)
                connection.exec_driver_sql("INSERT INTO settings VALUES (?, ?)", row)
            busy = time.perf_counter() + 0.0005
            while time.perf_counter() < busy:
                pass
        done += 1
    store.close()
    os.write(pipe, f"{done}\\n".encode())

start, answers = os.pipe(), os.pipe()
children = []
for number in range(8):
    if not (child := os.fork()):
        work(number, answers[1])
        os._exit(0)
    children.append(child)
os.write(start[1], b"12345678")
failed = [child for child in children if os.waitpid(child, 0)[1]]
counts = [int(count) for count in os.read(answers[0], 1000).split()]
print(json.dumps([failed, counts]))
"""


def test_eight_writers_get_their_turns_and_lose_nothing(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path))
    ensure(store)
    failed, counts = run(CROWD, sqlite_url(tmp_path), 1.5)
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM settings WHERE name <> 'book'").scalar_one()
    store.close()
    assert failed == []
    assert rows == 4 * sum(counts)
    assert min(counts) > sum(counts) / 8 / 4


KILLED = """
import json, os, random, signal, sys, time
from deskterm.store.engine import open_store
from deskterm.store.schema import ensure
url, kills = sys.argv[1], int(sys.argv[2])
dice = random.Random(1)

def work(round, number, pipe):
    store, done = open_store(url), 0
    while True:
        with store.transaction() as connection:
            for part in range(3):
                row = (f"{round} {number} {done} {part}", "")
                connection.exec_driver_sql("INSERT INTO settings VALUES (?, ?)", row)
        os.write(pipe, f"{round} {number} {done}\\n".encode())
        done += 1

acknowledged = []
for round in range(kills):
    answers = os.pipe()
    children = []
    for number in range(2):
        if not (child := os.fork()):
            work(round, number, answers[1])
        children.append(child)
    os.close(answers[1])
    told = os.read(answers[0], 100)
    time.sleep(dice.uniform(0, 0.02))
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    while more := os.read(answers[0], 65536):
        told += more
    os.close(answers[0])
    acknowledged += told.decode().splitlines()
print(json.dumps(acknowledged))
"""


def test_what_was_acknowledged_outlives_a_kill_and_the_rest_is_whole_or_not_there(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path))
    ensure(store)
    store.close()
    acknowledged = run(KILLED, sqlite_url(tmp_path), 25)
    store = open_store(sqlite_url(tmp_path))
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM settings WHERE name <> 'book'").scalars().all()
        whole = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
    store.close()
    parts: dict[str, int] = {}
    for row in rows:
        action = row.rpartition(" ")[0]
        parts[action] = parts.get(action, 0) + 1
    assert set(acknowledged) <= set(parts)
    assert set(parts.values()) == {3}
    assert whole == "ok"
