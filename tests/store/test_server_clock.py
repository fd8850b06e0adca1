"""One clock: whatever time the hosts believe it is, a desk on Postgres goes by the server's."""

import os
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from deskterm.bootstrap import open_desk
from deskterm.clock import FrozenClock, ManualClock, ServerClock, SystemClock
from deskterm.config import load, with_database
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.store.engine import open_store
from tests.builders import HOUR
from tests.desks import Bench, a_desk
from tests.store.children import run

LONG = 30 * 365 * 24 * HOUR
HOST = """
import json, sys, time
real, wrong = time.time, float(sys.argv[2])
time.time = lambda: real() + wrong
from deskterm.bootstrap import open_desk
from deskterm.config import load, with_database
from deskterm.rules import actions as a
desk = open_desk(with_database(load({}), sys.argv[1]), login="ada")
ada, clock = desk.agent("ada"), desk.clock
"""
"""Another computer, whose clock is wrong by the second argument; it works at the desk of the first."""


def server_time(url: str) -> float:
    """What time it is by the server."""
    with psycopg.connect(url) as connection:
        (found,) = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchall()
    return float(found[0])


@pytest.fixture
def bench(pg_database: str) -> Iterator[Bench]:
    """A desk on Postgres that was made two hours ago."""
    made = a_desk(pg_database, int(server_time(pg_database)) - 2 * HOUR)
    yield made
    made.desk.close()


@pytest.fixture
def desk(bench: Bench) -> Iterator[Desk]:
    """The same desk as a command opens it."""
    with closing(open_desk(with_database(load({}), bench.url), login="ada")) as made:
        yield made


def test_a_desk_on_postgres_has_the_server_s_clock_and_one_in_a_file_the_computer_s(
    desk: Desk, tmp_path: object
) -> None:
    assert isinstance(desk.clock, ServerClock)
    with closing(open_store(f"sqlite:///{tmp_path}/desk.db")) as store:
        assert isinstance(store.clock, SystemClock)


def test_a_clock_that_was_asked_to_stand_still_does_so_on_postgres_too(bench: Bench) -> None:
    settings = with_database(load({"DESKTERM_NOW": "2026-03-02T10:00:00Z"}), bench.url)
    with closing(open_desk(settings, login="ada")) as found:
        assert isinstance(found.clock, FrozenClock)


def test_a_clock_that_a_test_moves_stays_in_charge(bench: Bench) -> None:
    desk = Desk(bench.desk.store, ManualClock(12345))
    made = desk.perform(a.OpenTicket("x", requester="ann@acme.example"), desk.agent("ada"))
    assert made.at == 12345


@pytest.mark.parametrize("wrong", [-LONG, -600, 600, LONG])
def test_a_host_whose_clock_is_wrong_writes_by_the_server_s(bench: Bench, wrong: int) -> None:
    number, began = bench.opens(), server_time(bench.url)
    note = "print(json.dumps(desk.perform(a.Note(int(sys.argv[3]), 'x'), ada).at))"
    at = run(HOST + note, bench.url, wrong, number)
    assert int(began) <= at <= server_time(bench.url)


def test_hosts_that_disagree_by_twenty_minutes_write_one_timeline(bench: Bench) -> None:
    number = bench.opens()
    note = "desk.perform(a.Note(int(sys.argv[3]), sys.argv[2]), ada); print('0')"
    for wrong in (-600, 600, -600, 600):
        run(HOST + note, bench.url, wrong, number)
    told = bench.desk.ticket(number, viewer=bench.actor("ada")).timeline
    notes = [(each.at, each.message.body) for each in told if each.message][1:]
    now = server_time(bench.url)
    assert [body for _, body in notes] == ["-600", "600", "-600", "600"]
    assert [at for at, _ in notes] == sorted(at for at, _ in notes)
    assert all(now - 300 < at <= now for at, _ in notes)


@pytest.mark.parametrize(("wrong", "until", "status"), [(600, 300, "pending"), (-600, -300, "open")])
def test_a_host_whose_clock_is_wrong_wakes_what_waits_at_the_right_time(
    bench: Bench, wrong: int, until: int, status: str
) -> None:
    number = bench.opens()
    bench.does(a.Pend(number, until=int(server_time(bench.url)) + until))
    run(HOST + "desk.tick(); print('0')", bench.url, wrong)
    assert bench.desk.ticket(number, viewer=bench.actor("ada")).row.status == status


def test_what_people_type_is_counted_from_the_server_s_time(bench: Bench) -> None:
    number = bench.opens()
    command = """
from deskterm.__main__ import main
sys.argv[1:] = ["pending", sys.argv[3], "--until", "1h", "--json"]
main()
"""
    environment = {"DESKTERM_DB": bench.url, "DESKTERM_AS": "ada", "DESKTERM_CONFIG": os.devnull}
    run(HOST.partition("from deskterm")[0] + command, bench.url, 600, number, **environment)
    told = bench.desk.ticket(number, viewer=bench.actor("ada")).timeline
    (until,) = (each.data["until"] for each in told if "until" in each.data)
    assert abs(until - server_time(bench.url) - HOUR) < 300


def test_a_clock_that_is_set_while_the_desk_is_open_moves_nothing(desk: Desk, bench: Bench) -> None:
    clock = desk.clock
    assert isinstance(clock, ServerClock)
    clock._clock = lambda: 0.0
    assert clock.doubtful
    assert abs(clock.now() - server_time(bench.url)) < 2
    desk.book()
    assert (clock.doubtful, abs(clock.now() - server_time(bench.url)) < 2) == (False, True)
