"""A Postgres that goes away in the middle of work: one sentence, nothing lost, and it goes on by itself."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest

from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.store.engine import open_store
from tests.desks import a_desk
from tests.pg_server import NoServer
from tests.reliability.asking import questions, refusals, sentence_of
from tests.reliability.cable import AFTER, BEFORE, cable
from tests.reliability.stored import dump
from tests.reliability.twin import contradictions
from tests.store.own_server import OwnServer, own_server

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    """A server that may be stopped, with a database of ann's."""
    try:
        with own_server() as made:
            made.does("ALTER DATABASE desk OWNER TO ann")
            yield made
    except NoServer as reason:
        if os.environ.get("DESKTERM_REQUIRE_PG") == "1":
            pytest.fail(f"DESKTERM_REQUIRE_PG=1, but {reason}")
        pytest.skip(str(reason))


def test_while_the_server_is_away_each_question_gets_one_sentence_and_then_its_answer(
    server: OwnServer,
) -> None:
    bench = a_desk(server.url("ann:tiger"))
    number = bench.opens()
    with closing(bench.desk), questions(bench.desk, number, bench.actor("ada")) as asked:
        assert set(refusals(asked).values()) == {""}
        for how in (signal.SIGINT, signal.SIGQUIT):
            server.stop(how)
            assert set(refusals(asked).values()) == {"store.unreachable"}
            server.start()
            assert set(refusals(asked).values()) == {""}


def test_what_was_acknowledged_before_a_crash_of_the_server_is_there_after_it(server: OwnServer) -> None:
    bench = a_desk(server.url("ann:tiger"))
    number, ada = bench.opens(), bench.actor("ada")
    before = bench.desk.ticket(number, viewer=ada).row.version

    def work(writer: int) -> list[str]:
        return [
            patiently(bench.desk, a.Note(number, f"{writer}-{turn}"), f"{writer}-{turn}")
            for turn in range(60)
        ]

    with closing(bench.desk), ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(work, writer) for writer in range(4)]
        for crash in range(1, 4):
            while bench_version(bench.desk, number) < before + crash * 40:
                time.sleep(0.01)
            server.stop(signal.SIGQUIT)
            server.start()
        told = [code for writer in writers for code in writer.result()]
        timeline = bench.desk.ticket(number, viewer=ada).timeline
        notes = sorted(line.message.body for line in timeline if line.message and not line.message.public)
        assert notes == sorted(f"{writer}-{turn}" for writer in range(4) for turn in range(60))
        assert contradictions(dump(bench.desk.store), bench.desk.book()) == []
        assert set(told) <= {"", "store.unreachable", "store.unknown"}
        assert "store.unreachable" in told


def bench_version(desk: Desk, number: int) -> int:
    """The version of a ticket; 0 while nobody knows."""
    try:
        return desk.ticket(number, viewer=desk.agent("ada")).row.version
    except Problem as problem:
        assert problem.kind == "store"
        return 0


def patiently(desk: Desk, action: a.Action, key: str) -> str:
    """Perform until it is acknowledged, under one key; the code of the last Problem on the way."""
    told = ""
    for _ in range(1000):
        try:
            desk.perform(action, desk.agent("ada"), key=key)
        except Problem as problem:
            assert problem.kind == "store", problem
            told = problem.code
            time.sleep(0.02)
        else:
            return told
    raise TimeoutError(told)


@pytest.mark.parametrize("how", [BEFORE, AFTER])
def test_a_cable_that_is_cut_at_any_message_leaves_an_action_undone_or_done_once(
    pg_database: str, how: str
) -> None:
    bench = a_desk(pg_database)
    action = a.Resolve(bench.opens(), "carrier", "line replaced", "Works again?")
    with closing(bench.desk), cable(pg_database) as between:
        with closing(Desk(open_store(between.url), bench.clock)) as desk:
            ada = desk.agent("ada")
            before = dump(bench.desk.store)
            code, message = "store.unreachable", 1  # at the first one a dead connection is replaced
            while code == "store.unreachable":
                assert dump(bench.desk.store) == before, f"cut at message {message}"
                message += 1
                desk.book()  # on a new connection, before it is cut again
                between.cut(message, how)
                code, _ = sentence_of(partial(desk.perform, action, ada, key="k"))
            again = desk.perform(action, ada, key="k")
        assert (code, message > 10) == ("store.unknown", True)  # the answer to the commit
        assert again.replayed == (how == AFTER)
        assert [row["id"] for row in dump(bench.desk.store)["events"]][-len(again.events) :] == list(
            again.events
        )
        assert contradictions(dump(bench.desk.store), bench.desk.book()) == []


def test_an_action_on_a_connection_that_died_meanwhile_is_done_on_a_new_one(pg_database: str) -> None:
    bench = a_desk(pg_database)
    number = bench.opens()
    with (
        closing(bench.desk),
        cable(pg_database) as between,
        closing(Desk(open_store(between.url), bench.clock)) as desk,
    ):
        ada = desk.agent("ada")
        between.cut(1, BEFORE)
        assert desk.perform(a.Note(number, "x"), ada).version == 2
