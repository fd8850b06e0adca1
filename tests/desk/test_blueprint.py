"""A ticket type with its own process (features.md row 101) on a desk: from a rule file to the timer."""

import pytest

from deskterm.rules import actions as a, upkeep as u
from deskterm.rules.problems import Problem
from tests.desk.lives import ANN, OFFICE, Life
from tests.desks import Bench

CHANGE = """
[[blueprint]]
id = "change"
type = "change"
[[blueprint.stage]]
id = "intake"
status = "new"
to = ["approval", "build"]
[[blueprint.stage]]
id = "approval"
status = "on_hold"
to = ["build"]
limit = "4h"
calendar = "NY"
do = [{ add_tags = ["late"] }, { notify = ["lead"] }]
[[blueprint.stage]]
id = "build"
status = "open"
to = ["approval", "done"]
who = ["lead"]
needs = ["cf.rollback"]
[[blueprint.stage]]
id = "done"
status = "resolved"
to = ["build"]
"""


@pytest.fixture
def life(bench: Bench) -> Life:
    life = Life(bench)
    life.at("2026-03-05 11:00")
    life.rules(OFFICE, CHANGE)
    life.opens(type="change")
    return life


def waits(life: Life) -> None:
    """Kim asks for an approval."""
    life.does(u.Move(life.number, "approval", "board meets"))


def late(life: Life) -> list[str]:
    """The tags, and how often the lead was told."""
    with life.bench.desk.store.read() as connection:
        sql = "SELECT count(*) FROM outbox WHERE kind = 'notify'"
        return [*life.ticket.row.tags, str(connection.exec_driver_sql(sql).scalar_one())]


def stays(life: Life) -> list[str]:
    """The names of the stages that the ticket went through."""
    facts = [each.data for each in life.ticket.timeline if each.kind == "field"]
    return [each["new"] for each in facts if each["name"] == "stage"]


def test_a_ticket_of_the_type_begins_its_process_in_the_name_of_the_lifecycle(life: Life) -> None:
    told = [each for each in life.ticket.timeline if each.data.get("name") == "stage"]
    assert [(each.data["new"], each.because, each.actor) for each in told] == [
        ("intake", "lifecycle", "system")
    ]


def test_a_ticket_goes_through_its_process(life: Life) -> None:
    waits(life)
    life.does(u.Move(life.number, "build", fields={"cf.rollback": "tape"}), "lee")
    life.does(a.Resolve(life.number, "age", "new one"), "kim")
    assert (stays(life), life.ticket.stage, life.ticket.row.status) == (
        ["intake", "approval", "build", "done"],
        "done",
        "resolved",
    )
    life.does(a.Confirm(life.number), ANN)
    assert (life.ticket.stage, life.ticket.row.status) == ("done", "closed")


def test_a_refused_move_leaves_no_trace(life: Life) -> None:
    before = life.ticket
    for action, who in (
        (u.Move(life.number, "done"), "lee"),
        (u.Move(life.number, "build", fields={"cf.rollback": "tape"}), "kim"),
        (u.Move(life.number, "build", fields={"priority": "P1"}), "lee"),
        (a.Resolve(life.number, "age", "new one"), "lee"),
    ):
        with pytest.raises(Problem):
            life.does(action, who)
    assert life.ticket == before


def test_a_stay_beyond_its_limit_is_seen_to_at_that_second(life: Life) -> None:
    waits(life)
    life.ticks("2026-03-05 14:59:59")
    assert late(life) == ["0"]
    life.ticks("2026-03-05 15:00")
    assert late(life) == ["late", "1"]


def test_the_limit_counts_open_time_of_its_calendar(life: Life) -> None:
    life.at("2026-03-06 16:00")
    waits(life)
    life.ticks("2026-03-09 11:59")
    assert late(life) == ["0"]
    life.ticks("2026-03-09 12:00")
    assert late(life) == ["late", "1"]


def test_a_stay_is_seen_to_once_however_often_and_late_anybody_looks(life: Life) -> None:
    waits(life)
    for wall in ("2026-03-20 09:00", "2026-03-20 09:01", "2026-03-21 09:00"):
        life.ticks(wall)
    assert late(life) == ["late", "1"]
    (key,) = life.keys
    assert key.startswith(f"stage/{life.number}/change/approval/")


def test_the_next_stay_in_the_same_stage_is_another_one(life: Life) -> None:
    waits(life)
    life.ticks("2026-03-05 15:00")
    life.does(u.Move(life.number, "build", fields={"cf.rollback": "tape"}), "lee")
    life.does(u.Move(life.number, "approval", "again"), "lee")
    life.ticks("2026-03-06 11:00")
    assert (late(life)[-1], len(life.keys)) == ("2", 2)


def test_who_left_in_time_is_not_late(life: Life) -> None:
    waits(life)
    life.at("2026-03-05 14:00")
    life.does(u.Move(life.number, "build", fields={"cf.rollback": "tape"}), "lee")
    life.ticks("2026-03-20 09:00")
    assert (late(life), life.keys) == (["0"], [])


def test_a_limit_that_comes_later_storms_no_stay_that_was_long_already(life: Life) -> None:
    life.rules(OFFICE, CHANGE.replace('limit = "4h"', 'limit = "40h"'))
    waits(life)
    life.at("2026-03-06 12:00")
    life.rules(OFFICE, CHANGE)
    life.ticks("2026-03-06 12:01")
    assert (late(life), len(life.keys)) == (["0"], 1)


def test_the_timer_knows_when_to_look(life: Life) -> None:
    waits(life)
    life.at("2026-03-05 14:59:59")
    assert life.bench.desk.tick().looked == 0
    life.at("2026-03-05 15:00")
    assert (life.bench.desk.tick().looked, life.bench.desk.tick().looked) == (1, 0)
    assert life.bench.desk.ruling.rebuild(repair=False).wrong == ()
