"""What was acknowledged outlives kill -9, once and whole; the rest is there once and whole or not at all."""

import json
import time
from collections import Counter

import pytest

from deskterm.store.engine import Store
from tests.desks import Bench
from tests.reliability.killing import keys
from tests.reliability.stored import dump
from tests.reliability.twin import contradictions
from tests.store.children import run

CAMPAIGN = "from tests.reliability.killing import main; main()"


def test_nothing_that_four_killed_writers_acknowledged_is_lost_or_done_twice(bench: Bench) -> None:
    assert survived(bench, tickets=2, turns=50, kills=1000) > 15


@pytest.mark.soak
def test_a_thousand_kills_lose_nothing(bench: Bench) -> None:
    assert survived(bench, tickets=100, turns=100_000, kills=1000) == 1000


def survived(bench: Bench, tickets: int, turns: int, kills: int) -> int:
    """Kill writers that work on this desk and see that it is whole; how many were killed."""
    for _ in range(tickets):
        bench.opens(queue="network")
    before = len(dump(bench.desk.store)["events"])
    killed, done = run(CAMPAIGN, bench.url, tickets, turns, kills)
    store = bench.desk.store
    wait_for_the_dead(store)
    held = dump(store)
    receipts = {row["key"]: json.loads(row["receipt"]) for row in held["receipts"]}
    assert set(keys(done)) <= set(receipts)
    made = [event for key, receipt in receipts.items() if key[0] == "w" for event in receipt["events"]]
    assert sorted(made) == [row["id"] for row in held["events"]][before:]  # each event in one receipt
    words = Counter(row["body"] for row in held["messages"])
    assert max(words[key] for key in receipts) == 1
    assert contradictions(held, bench.desk.book()) == []
    if store.dialect == "sqlite":
        with store.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    return int(killed)


def wait_for_the_dead(store: Store) -> None:
    """Postgres finishes what a killed client has sent already."""
    if store.dialect != "postgresql":
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
    until = time.monotonic() + 20
    with store.read() as connection:
        while connection.exec_driver_sql(others).scalar_one() > 1:
            assert time.monotonic() < until
            time.sleep(0.02)
