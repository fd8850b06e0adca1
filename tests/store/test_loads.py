"""Counters of everybody's work: put right by what they are off, whoever adds to them meanwhile."""

from functools import partial

from sqlalchemy import update

from deskterm.rules.load import weigh
from deskterm.store import loads
from deskterm.store.tables import agents
from tests.desks import Bench


def test_counters_are_put_right_though_somebody_is_given_work_meanwhile(bench: Bench) -> None:
    store = bench.desk.store
    bench.opens(assignee="kim")
    with store.transaction() as connection:
        connection.execute(update(agents).where(agents.c.login == "kim").values(load=7))
    with store.read() as connection:
        wrong = loads.count_loads(connection, partial(weigh, bench.desk.book()))
    bench.opens(assignee="kim")
    with store.transaction() as connection:
        loads.correct(connection, wrong)
    assert (list(wrong.values()), bench.desk.ruling.rebuild(repair=False).loads) == ([(7, 1)], {})
