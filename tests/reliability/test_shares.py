"""Eight processes that open tickets at once: nobody ever carries more than he can, and turns are fair."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import func, select

from deskterm.store.tables import agents, tickets
from tests.desk.test_routing import assignees, ruled
from tests.desks import Bench
from tests.store.children import ROOT

PROCESSES = 8
WORK = """
import sys
from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.store.engine import open_store
from tests.builders import T0

url, name, turns, solve = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
desk = Desk(open_store(url), ManualClock(T0))
ada = desk.agent("ada")
print("ready", flush=True)
sys.stdin.readline()
for turn in range(turns):
    number = desk.perform(a.OpenTicket(f"{name}-{turn}", requester=f"{name}@x.example"), ada).ticket
    if solve and turn % solve:
        desk.perform(a.Resolve(number, "cause", "solution"), ada)
"""
"""Opens so many tickets and resolves all but every so-and-so-many-th at once; 0: none."""


@contextmanager
def crowd(bench: Bench, turns: int, solve: int = 0) -> Iterator[list["subprocess.Popen[str]"]]:
    """Eight processes that have begun; at the end they have done their turns without an error."""
    with ExitStack() as stack:
        crew = []
        for number in range(PROCESSES):
            words = [sys.executable, "-c", WORK, bench.url, f"p{number}", str(turns), str(solve)]
            one = subprocess.Popen(
                words,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            crew.append(stack.enter_context(one))
        for each in crew:
            assert each.stdout
            assert each.stdout.readline() == "ready\n"
        for each in crew:
            assert each.stdin
            each.stdin.write("\n")
            each.stdin.flush()
        yield crew
        told = [each.communicate()[1] for each in crew]
        assert [(each.returncode, words) for each, words in zip(crew, told, strict=True)] == [(0, "")] * len(
            crew
        )


def carried(bench: Bench) -> Counter[str]:
    """How many open tickets everybody has at one moment."""
    query = (
        select(agents.c.login, func.count())
        .join(tickets, tickets.c.assignee_id == agents.c.id)
        .where(tickets.c.is_open & (tickets.c.status != "resolved"))
        .group_by(agents.c.login)
    )
    with bench.desk.store.read() as connection:
        return Counter(dict(connection.execute(query).all()))


@pytest.mark.timeout(600)
def test_nobody_ever_carries_more_than_he_can_while_eight_open_and_solve(bench: Bench) -> None:
    ruled(bench, by="least_loaded", cap=3, agents=("mia",))
    most: Counter[str] = Counter()
    with crowd(bench, turns=20, solve=3) as crew:
        while any(each.poll() is None for each in crew):
            most |= carried(bench)
    bench.desk.tick()
    assert (most | carried(bench)) == {"lee": 3, "kim": 3, "mia": 3}
    assert carried(bench) == {"lee": 3, "kim": 3, "mia": 3}
    assert bench.desk.ruling.rebuild(repair=False).loads == {}


@pytest.mark.timeout(600)
def test_a_thousand_tickets_of_eight_processes_are_shared_within_one(bench: Bench) -> None:
    ruled(bench, agents=("mia", "omar", "sue", "tom", "uma"))
    with crowd(bench, turns=1000 // PROCESSES):
        pass
    shares = assignees(bench)
    assert (sum(shares.values()), len(shares)) == (1000, 7)
    assert max(shares.values()) - min(shares.values()) <= 1
    assert bench.desk.ruling.rebuild(repair=False).loads == {}
