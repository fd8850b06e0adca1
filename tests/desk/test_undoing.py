"""A macro on many tickets, taken back: what changed comes back everywhere, what was said stays."""

import pytest
from sqlalchemy import select

from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.rules.upkeep import RunMacro, Undo
from deskterm.store.tables import agents
from tests.desks import Bench
from tests.rulefiles import LEAST

RULES = (
    LEAST
    + """
[[trigger]]
id = "pager"
on = ["updated"]
when = 'changed:priority priority:P1'
do = [{ add_tags = ["paged"] }]

[[macro]]
id = "outage"
name = "Part of the outage"
when = 'is:open'
do = [
  { add_tags = ["outage"] },
  { set = { priority = "P1", group = "service-desk" } },
  { reassign = "person:ada" },
  { note = "One of many." },
]
"""
)


@pytest.fixture
def ruled(bench: Bench) -> Bench:
    bench.desk.ruling.activate("macros.toml", RULES, {}, bench.actor("ada"))
    return bench


def told(bench: Bench, number: int) -> tuple[object, ...]:
    row = bench.desk.ticket(number, viewer=bench.actor("ada")).row
    return row.status, row.priority, row.group, row.assignee, frozenset(row.tags)


def loads(bench: Bench) -> list[tuple[str, int]]:
    with bench.desk.store.read() as connection:
        rows = connection.execute(select(agents.c.login, agents.c.load).order_by(agents.c.login))
        return [(login, load) for login, load in rows]


def test_a_macro_on_two_hundred_tickets_is_taken_back_on_all_but_those_that_were_changed_since(
    ruled: Bench,
) -> None:
    numbers = [ruled.opens(f"Phone {place}", priority="P3") for place in range(200)]
    for number in numbers:
        ruled.does(a.Assign(number, agent="kim", group="network"), "kim")
    before, work = {number: told(ruled, number) for number in numbers}, loads(ruled)
    for number in numbers:
        ruled.does(RunMacro(number, "outage"), "lee")
    assert ruled.desk.count("tag:paged tag:outage assignee:ada", viewer=ruled.actor("ada")) == 200
    changed = numbers[::50]
    for number in changed:
        ruled.does(a.Assign(number, agent="kim", group="network"), "kim")
    undone, refused = [], []
    for number in numbers:
        try:
            undone.append(ruled.does(Undo(number), "lee"))
        except Problem as problem:
            refused.append((problem.code, problem.values["who"]))
    assert refused == [("undo.touched", "kim")] * len(changed)
    back = [number for number in numbers if number not in changed]
    assert {number: told(ruled, number) for number in back} == {number: before[number] for number in back}
    assert undone[0].warnings == ("The internal note stays.",)
    assert loads(ruled) == work


def test_the_timeline_tells_who_took_it_back(ruled: Bench) -> None:
    number = ruled.opens(priority="P3")
    ruled.does(RunMacro(number, "outage"), "lee")
    ruled.does(Undo(number), "lee")
    last = ruled.desk.ticket(number, viewer=ruled.actor("ada")).timeline[-1]
    assert (last.actor, last.because) == ("lee", "action undo")


def test_a_dry_run_says_what_would_come_back_and_changes_nothing(ruled: Bench) -> None:
    number = ruled.opens(priority="P3")
    ruled.does(RunMacro(number, "outage"), "lee")
    before = told(ruled, number)
    receipt = ruled.does(Undo(number), "lee", dry_run=True)
    assert {each["kind"] for each in receipt.changes} >= {"tags", "field", "assigned"}
    assert told(ruled, number) == before


def test_a_light_agent_takes_nothing_back(ruled: Bench) -> None:
    number = ruled.opens()
    ruled.does(a.Note(number, "hm"), "lil")
    with pytest.raises(Problem) as caught:
        ruled.does(Undo(number), "lil")
    assert caught.value.code == "permission.role"


def test_the_clocks_stand_as_the_timeline_tells_after_an_undo(ruled: Bench) -> None:
    number = ruled.opens(priority="P3")
    ruled.does(a.Resolve(number, "cable", "replaced"), "lee")
    ruled.clock.advance(60)
    receipt = ruled.does(Undo(number), "lee")
    assert told(ruled, number)[0] == "open"
    assert "counts as opened again" in receipt.warnings[-1]
    assert ruled.desk.ruling.rebuild(repair=False).wrong == ()
