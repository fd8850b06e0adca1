"""The timer on a real desk: what is due is done in its order and once, whoever looks, however late."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, NamedTuple

import pytest
from sqlalchemy import insert, select, update

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.rules.upkeep import ActivateRules
from deskterm.store.engine import open_store
from deskterm.store.tables import events, firings, outbox, rule_revisions, tickets as tickets_table
from tests.builders import DAY, HOUR, T0
from tests.desks import Bench

RULES = """
format = 1
desk = "it"
timezone = "UTC"
[calendar.always]
tz = "UTC"
week = { mon-sun = ["00:00-24:00"] }
[[route]]
id = "all"
when = ''
queue = "network"
group = "network"
assign = { by = "person", person = "kim" }
[[sla]]
id = "one"
when = ''
calendar = "always"
pause = { resolution = ["pending"] }
target.P1 = { resolution = "4h" }
target.P2 = { resolution = "4h" }
target.P3 = { resolution = "4h" }
target.P4 = { resolution = "4h" }
"""
LEVELS = """
[[sla.level]]
id = "warn"
metric = "resolution"
at = "-30m"
do = [{ notify = ["kim"] }, { note = "half an hour left" }]
[[sla.level]]
id = "L1"
metric = "resolution"
at = "breach"
do = [{ notify = ["lee"] }, { add_tags = ["breached"] }]
[[sla.level]]
id = "L2"
metric = "resolution"
at = "+2h"
do = [{ notify = ["lee"] }, { set = { priority = "P1" } }, { reassign = "person:lee" }]
"""
LATER_LEVEL = """
[[sla.level]]
id = "L0"
metric = "resolution"
at = "50%"
do = [{ notify = ["lee"] }]
"""
CLOSING = """
[[automation]]
id = "close"
anchor = "status:resolved"
after = "24h"
calendar = "always"
do = [{ set = { status = "closed" } }]
[[automation]]
id = "nudge"
anchor = "status:pending"
after = "24h"
calendar = "always"
do = [{ note = "nudge" }]
"""
MONDAYS = """
[[recurring]]
id = "backup"
on = "2nd mon 09:00"
tz = "Asia/Shanghai"
ticket = { subject = "Check the backup" }
[[recurring]]
id = "mornings"
on = "daily 07:00"
tz = "UTC"
ticket = { subject = "Look around" }
"""
NEVER_DUE = """
[calendar.rare]
tz = "UTC"
week = { mon = ["09:00-09:01"] }
[[sla]]
id = "never"
when = 'priority:P1'
calendar = "rare"
target.P1 = { resolution = "400h" }
"""
FAILING = """
[[recurring]]
id = "failing"
on = "daily 05:00"
tz = "UTC"
ticket = { subject = "Ask Omar", assignee = "omar" }
"""


class Fired(NamedTuple):
    """A row of the ledger: the key without the number of the ticket and the event, when, how."""

    name: str
    nominal: int
    fired: int
    outcome: str


def under(bench: Bench, *parts: str) -> Bench:
    """The bench under the rules above with those parts."""
    bench.does(ActivateRules("timer.toml", RULES + "".join(parts)))
    return bench


def looks(bench: Bench, seconds: int = 0) -> None:
    """Some time passes, then the timer looks."""
    bench.clock.advance(seconds)
    bench.desk.tick()


def ledger(bench: Bench) -> list[Fired]:
    """What the timer did, in the order of the instants for which it was."""
    with bench.desk.store.read() as connection:
        rows = connection.execute(select(firings).order_by(firings.c.nominal_at, firings.c.key)).all()
    return [
        Fired(row.rule.partition("@")[0], row.nominal_at - T0, row.fired_at - T0, row.outcome) for row in rows
    ]


def outcomes(bench: Bench) -> list[tuple[str, str]]:
    return [(row.name.rpartition("/")[2], row.outcome) for row in ledger(bench)]


def told(bench: Bench) -> list[tuple[str, str]]:
    """Whom levels told of what, in order."""
    query = select(outbox).where(outbox.c.kind == "notify").order_by(outbox.c.id)
    with bench.desk.store.read() as connection:
        rows = connection.execute(query).all()
    return [(row.to, row.because.partition("@")[0].rpartition("/")[2]) for row in rows]


def row(bench: Bench, number: int) -> Any:
    return bench.desk.ticket(number, viewer=bench.actor("ada")).row


def another(bench: Bench) -> Desk:
    """Another process that looks at the same desk, at the same time."""
    return Desk(open_store(bench.url), ManualClock(bench.clock.now()))


# -- levels


def test_levels_fire_in_order_and_once_with_what_they_do(bench: Bench) -> None:
    number = under(bench, LEVELS).opens()
    for _ in range(20):
        looks(bench, HOUR // 2)
    assert ledger(bench) == [
        Fired("level one/warn", 7 * HOUR // 2, 7 * HOUR // 2, "done"),
        Fired("level one/L1", 4 * HOUR, 9 * HOUR // 2, "done"),
        Fired("level one/L2", 6 * HOUR, 6 * HOUR, "done"),
    ]
    assert told(bench) == [("kim", "warn"), ("lee", "L1"), ("lee", "L2")]
    found = row(bench, number)
    assert (found.priority, found.assignee, "breached" in found.tags) == ("P1", "lee", True)


def test_what_was_solved_in_time_fires_nothing_further(bench: Bench) -> None:
    number = under(bench, LEVELS).opens()
    looks(bench, 7 * HOUR // 2)
    bench.does(a.Resolve(number, "cause", "solution"), "kim")
    looks(bench, DAY)
    assert outcomes(bench) == [("warn", "done")]


def test_a_warning_is_sent_on_time(bench: Bench) -> None:
    under(bench, LEVELS).opens()
    looks(bench, 7 * HOUR // 2 - 1)
    before = told(bench)
    looks(bench, 1)
    assert (before, told(bench)) == ([], [("kim", "warn")])


def test_after_three_days_without_a_timer_warnings_are_left_out_and_everybody_is_told_once(
    bench: Bench,
) -> None:
    number = under(bench, LEVELS).opens()
    looks(bench, 3 * DAY)
    assert outcomes(bench) == [("warn", "skipped_late"), ("L1", "done"), ("L2", "done")]
    assert told(bench) == [("lee", "L2")]
    assert row(bench, number).assignee == "lee"


def test_a_second_look_and_a_second_process_find_nothing_to_do(bench: Bench) -> None:
    under(bench, LEVELS).opens()
    looks(bench, 5 * HOUR)
    before = ledger(bench), told(bench)
    other = another(bench)
    assert (bench.desk.tick().looked, other.tick().looked, ledger(bench), told(bench)) == (0, 0, *before)
    other.close()


def test_the_second_cycle_fires_again(bench: Bench) -> None:
    number = under(bench, LEVELS).opens()
    looks(bench, 5 * HOUR)
    bench.does(a.Resolve(number, "cause", "solution"))
    bench.does(a.Reopen(number, "not solved"))
    looks(bench, 4 * HOUR + 1)
    assert [name for name, _ in outcomes(bench)].count("L1") == 2


def test_a_level_that_came_with_new_rules_is_not_made_up_for(bench: Bench) -> None:
    number = under(bench, LEVELS).opens()
    bench.clock.advance(3 * HOUR)
    under(bench, LEVELS, LATER_LEVEL)
    bench.desk.ruling.refresh()
    looks(bench, HOUR)
    assert outcomes(bench) == [("L0", "skipped_new"), ("warn", "done")]
    bench.does(a.Resolve(number, "cause", "solution"))
    bench.does(a.Reopen(number, "not solved"))
    looks(bench, 2 * HOUR)
    assert outcomes(bench)[-1] == ("L0", "done")


def test_a_clock_that_is_set_back_fires_nothing_twice_and_loses_nothing(bench: Bench) -> None:
    under(bench, LEVELS).opens()
    for step in (4 * HOUR + 1, -HOUR, HOUR, -HOUR, 3 * HOUR, -HOUR, HOUR):
        looks(bench, step)
    assert outcomes(bench) == [("warn", "skipped_late"), ("L1", "done"), ("L2", "done")]
    assert told(bench) == [("lee", "L1"), ("lee", "L2")]


# -- automations


def test_of_eight_who_close_a_ticket_at_once_one_does(bench: Bench) -> None:
    number = under(bench, CLOSING).opens()
    bench.does(a.Resolve(number, "cause", "solution"))
    bench.clock.advance(DAY)
    desks = [another(bench) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda desk: desk.tick(), desks))
    for desk in desks:
        desk.close()
    assert outcomes(bench) == [("automation close", "done")]
    told = bench.desk.ticket(number, viewer=bench.actor("ada")).timeline
    assert [each.data["new"] for each in told if each.kind == "status"].count("closed") == 1


def test_the_same_spell_is_nudged_once_and_a_new_one_again(bench: Bench) -> None:
    number = under(bench, CLOSING).opens()
    bench.does(a.Pend(number))
    for _ in range(3):
        looks(bench, DAY)
    once = outcomes(bench).count(("automation nudge", "done"))
    bench.does(a.Reply(number, "It is still broken"), "ann@acme.example")
    bench.does(a.Pend(number))
    for _ in range(3):
        looks(bench, DAY)
    assert (once, outcomes(bench).count(("automation nudge", "done"))) == (1, 2)


def test_a_ticket_wakes_once_though_the_timer_was_down(bench: Bench) -> None:
    number = under(bench).opens()
    bench.does(a.Pend(number, until=T0 + DAY))
    looks(bench, 3 * DAY)
    looks(bench, DAY)
    assert (row(bench, number).status, ledger(bench)) == ("open", [Fired("wake", DAY, 3 * DAY, "done")])


# -- recurring tickets


def subjects(bench: Bench) -> list[str]:
    return sorted(each.subject for each in bench.desk.each(viewer=bench.actor("ada")))


def test_each_occurrence_opens_one_ticket(bench: Bench) -> None:
    under(bench, MONDAYS)
    for _ in range(7 * 24):
        looks(bench, HOUR)
    assert subjects(bench) == ["Check the backup"] + ["Look around"] * 7


def test_after_three_days_without_a_timer_one_ticket_is_opened(bench: Bench) -> None:
    under(bench, MONDAYS)
    looks(bench, 9 * DAY)
    looks(bench)
    assert subjects(bench) == ["Check the backup", "Look around"]
    assert [name for name, _ in outcomes(bench)].count("recurring mornings") == 9


def test_a_recurring_ticket_that_cannot_be_opened_keeps_nothing_else_waiting(bench: Bench) -> None:
    bench.does(a.AddAgent("omar"))
    under(bench, MONDAYS, FAILING)
    bench.does(a.SetAgent("omar", active=False))
    bench.clock.advance(9 * DAY)
    (_, problem), *others = bench.desk.tick().failed
    assert (problem.values["name"], others, subjects(bench)) == (
        "failing",
        [],
        ["Check the backup", "Look around"],
    )
    bench.does(a.SetAgent("omar", active=True))
    looks(bench)
    assert "Ask Omar" in subjects(bench)


def test_a_look_that_is_stopped_opens_nothing(bench: Bench) -> None:
    under(bench, MONDAYS)
    bench.clock.advance(9 * DAY)
    assert (bench.desk.timer.tick(lambda: True).opened, subjects(bench)) == ((), [])


# -- what cannot be looked at


def slipped_in(bench: Bench, body: str) -> Desk:
    """A desk under rules that an activation refuses today, as an older one let them in."""
    bench.does(ActivateRules("never.toml", body.replace("400h", "1m")))
    with bench.desk.store.transaction() as connection:
        connection.execute(
            update(rule_revisions).where(rule_revisions.c.name == "never.toml").values(body=body)
        )
    return another(bench)


def test_a_ticket_that_cannot_be_looked_at_keeps_nobody_else_waiting(bench: Bench) -> None:
    under(bench, LEVELS)
    broken, sound = bench.opens(), bench.opens()
    bench.does(a.SetFields(broken, {"priority": "P1"}))
    bench.clock.advance(5 * HOUR)
    desk = slipped_in(bench, RULES.replace("[[sla]]", NEVER_DUE + "[[sla]]", 1) + LEVELS)
    done = desk.tick()
    desk.close()
    assert {(ticket, problem.code) for ticket, problem in done.failed} == {(broken, "calendar.exhausted")}
    assert "breached" in row(bench, sound).tags
    under(bench, LEVELS)
    looks(bench)
    assert "breached" in row(bench, broken).tags


def test_a_ticket_that_new_rules_do_not_fit_keeps_no_other_from_them(bench: Bench) -> None:
    under(bench, LEVELS)
    broken, sound = bench.opens(), bench.opens()
    bench.does(a.SetFields(broken, {"priority": "P1"}))
    desk = slipped_in(bench, RULES.replace("[[sla]]", NEVER_DUE + "[[sla]]", 1).replace('"4h"', '"9h"'))
    with pytest.raises(Problem, match=f"1 of the tickets cannot .* ticket {broken}: The calendar rare"):
        desk.ruling.refresh()
    desk.close()
    assert [row(bench, each).next_due_at - T0 for each in (sound, broken)] == [9 * HOUR, 4 * HOUR]


# -- many


def many(bench: Bench, tickets: int) -> None:
    """So many tickets that all want to be closed at once: copies of one."""
    model = bench.opens("ticket")
    bench.does(a.Resolve(model, "cause", "solution"))
    with bench.desk.store.transaction() as connection:
        told = connection.execute(
            select(events).where(events.c.ticket_id == model).order_by(events.c.id)
        ).all()
        held = connection.execute(select(tickets_table).where(tickets_table.c.id == model)).one()._mapping
        numbers = range(model + 1, model + tickets)
        connection.execute(insert(tickets_table), [{**held, "id": number} for number in numbers])
        rows = [each._asdict() for each in told]
        for each in rows:
            del each["id"]
        connection.execute(
            insert(events), [{**each, "ticket_id": number} for number in numbers for each in rows]
        )


def stopping(after: int) -> Callable[[], bool]:
    """Says that it is enough when it is asked for the time behind `after`."""
    numbers = count(1)
    return lambda: next(numbers) > after


@pytest.mark.parametrize("tickets", [500, pytest.param(2000, marks=pytest.mark.soak)])
def test_a_look_that_is_stopped_leaves_none_out_and_does_none_twice(bench: Bench, tickets: int) -> None:
    under(bench, CLOSING)
    many(bench, tickets)
    bench.clock.advance(DAY)
    looked = [bench.desk.timer.tick(stopping(tickets // 3)).looked for _ in range(2)]
    looked.append(bench.desk.tick().looked)
    assert (sum(looked), bench.desk.tick().looked) == (tickets, 0)
    assert outcomes(bench) == [("automation close", "done")] * tickets
