"""The clocks that a viewer reads are those that the store keeps as dues, under the rules of their time."""

import pytest

from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from tests.builders import DAY, HOUR
from tests.desks import Bench
from tests.screens.explained import RULES


def stored(bench: Bench, number: int) -> tuple[int | None, str]:
    row = bench.desk.ticket(number, viewer=bench.actor("ada")).row
    return row.next_due_at, row.sla_state


def read(bench: Bench, number: int) -> tuple[int | None, str]:
    report = bench.desk.clocks(number, viewer=bench.actor("ada"))
    return report.next_due, report.state


@pytest.mark.parametrize("after", [0, HOUR, 5 * HOUR, 3 * DAY])
def test_what_is_read_is_what_is_stored_after_a_look_of_the_timer(bench: Bench, after: int) -> None:
    bench.desk.ruling.activate("small.toml", RULES, {}, bench.actor("ada"))
    number = bench.opens(type="incident")
    bench.clock.advance(HOUR // 2)
    bench.does(a.Reply(number, "We look."), "kim")
    bench.clock.advance(after)
    bench.desk.tick()
    assert read(bench, number) == stored(bench, number)


def test_a_ticket_from_before_the_rules_is_read_under_both(bench: Bench) -> None:
    number = bench.opens()
    bench.clock.advance(HOUR)
    bench.desk.ruling.activate("small.toml", RULES, {}, bench.actor("ada"))
    assert read(bench, number) == stored(bench, number)
    assert {cycle.policy for cycle in bench.desk.clocks(number, viewer=bench.actor("ada")).cycles} == {
        "standard"
    }


def test_the_clocks_of_a_ticket_that_one_may_not_see_are_as_missing_as_it_is(bench: Bench) -> None:
    number = bench.opens()
    bench.does(a.AddContact("Eve", ("eve@other.example",)))
    with pytest.raises(Problem, match="no ticket"):
        bench.desk.clocks(number, viewer=bench.actor("eve@other.example"))
