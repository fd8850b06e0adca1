"""Rules come into force: previewed, pinned, seen by everybody at once, and never by halves."""

import re
from pathlib import Path
from threading import Thread

import pytest

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.rules.rulefile import RuleFaults, load
from deskterm.rules.upkeep import ActivateRules, Move
from deskterm.store import locks, progress
from deskterm.store.engine import open_store
from deskterm.store.progress import Progress
from tests.desk.importing import Case
from tests.desks import Bench

HOUR = 3600

RULES = """
format = 1
desk = "it"
timezone = "UTC"

[priority]
order = ["low", "normal", "high"]
default = "normal"

[calendar.always]
tz = "UTC"
week = {{ mon-sun = ["00:00-24:00"] }}

[[lifecycle.status]]
id = "waiting_parts"
category = "waiting"
from = ["open"]
to = ["open", "resolved"]

[[route]]
id = "all"
when = ''
queue = "network"
group = "network"

[[sla]]
id = "{policy}"
when = ''
calendar = "always"
target.low = {{ resolution = "{hours}h" }}
target.normal = {{ resolution = "{hours}h" }}
target.high = {{ resolution = "{hours}h" }}
"""


def rules(hours: int = 8, policy: str = "one") -> str:
    """A small rule file: every ticket has to be solved within `hours`."""
    return RULES.format(hours=hours, policy=policy)


def activate(bench: Bench, text: str) -> None:
    bench.desk.ruling.activate("desk.toml", text, {}, bench.actor("ada"))


def due(bench: Bench, number: int) -> int | None:
    return bench.desk.ticket(number, viewer=bench.actor("ada")).row.next_due_at


@pytest.fixture
def ruled(bench: Bench) -> Bench:
    """A bench on which everything has to be solved within eight hours."""
    activate(bench, rules())
    return bench


def test_a_ticket_has_the_due_of_its_policy(ruled: Bench) -> None:
    number = ruled.opens()
    assert due(ruled, number) == ruled.clock.now() + 8 * HOUR


def test_the_first_rules_of_a_desk_reach_its_tickets_whatever_their_policy_is_called(bench: Bench) -> None:
    number, opened = bench.opens(priority="P3"), bench.clock.now()
    text = rules(policy="default").replace('["low", "normal", "high"]', '["P4", "P3", "P2", "P1"]')
    text = text.replace('default = "normal"', 'default = "P3"').replace("target.normal", "target.P3")
    text = text.replace("target.low", "target.P4").replace("target.high", "target.P1")
    text = re.sub(r"\[\[lifecycle.status\]\]\n(.+\n)+", "", text) + 'target.P2 = { resolution = "8h" }\n'
    bench.desk.ruling.rebuild()
    activate(bench, text)
    first = due(bench, number)
    activate(bench, text.replace("8h", "4h"))
    assert (first, due(bench, number)) == (opened + 8 * HOUR, opened + 4 * HOUR)


def test_another_revision_keeps_what_was_spent(ruled: Bench) -> None:
    number, opened = ruled.opens(), ruled.clock.now()
    ruled.clock.advance(2 * HOUR)
    activate(ruled, rules(hours=4))
    assert due(ruled, number) == opened + 4 * HOUR


def test_a_target_that_is_spent_already_ends_at_the_activation(ruled: Bench) -> None:
    number = ruled.opens()
    ruled.clock.advance(6 * HOUR)
    activate(ruled, rules(hours=4))
    assert due(ruled, number) == ruled.clock.now()


def test_what_was_judged_before_stays_judged(ruled: Bench) -> None:
    number = ruled.opens()
    ruled.clock.advance(6 * HOUR)
    ruled.does(a.Resolve(number, "cause", "solution"))
    activate(ruled, rules(hours=4))
    row = ruled.desk.ticket(number, viewer=ruled.actor("ada")).row
    assert row.sla_state == "met"


def test_a_preview_says_what_then_happens(ruled: Bench) -> None:
    numbers = [ruled.opens(f"ticket {turn}") for turn in range(3)]
    ruled.clock.advance(6 * HOUR)
    moved = ruled.desk.ruling.preview(load(rules(hours=4), "desk.toml")).moved
    activate(ruled, rules(hours=4))
    assert {each.ticket: each.new_due for each in moved} == {each: due(ruled, each) for each in numbers}


def test_a_group_of_the_desk_that_the_file_says_nothing_more_of_can_be_used(bench: Bench) -> None:
    bench.does(a.AddGroup("apps"))
    activate(bench, rules() + '\n[group.apps]\nlead = "lee"\n')
    assert bench.desk.ticket(bench.opens(), viewer=bench.actor("ada")).row.group == "network"


def test_a_preview_counts_what_would_be_overdue(ruled: Bench) -> None:
    ruled.opens("old")
    ruled.clock.advance(6 * HOUR)
    ruled.opens("new")
    preview = ruled.desk.ruling.preview(load(rules(hours=4), "desk.toml"))
    assert (preview.tickets, preview.dues, preview.overdue) == (2, 2, 1)


def test_a_preview_counts_what_would_have_no_clock_any_more(ruled: Bench) -> None:
    ruled.opens(priority="low")
    without = rules().replace('"low", ', "").replace('target.low = { resolution = "8h" }\n', "")
    assert ruled.desk.ruling.preview(load(without, "desk.toml")).lost == 1


def test_a_preview_writes_nothing(ruled: Bench) -> None:
    number = ruled.opens()
    before = due(ruled, number)
    ruled.desk.ruling.preview(load(rules(hours=1), "desk.toml"))
    assert (due(ruled, number), ruled.desk.ruling.active().rev) == (before, 1)


def test_a_file_with_a_fault_leaves_the_rules_as_they_are(ruled: Bench) -> None:
    with pytest.raises(RuleFaults):
        activate(ruled, rules().replace('queue = "network"', 'queue = "nowhere"'))
    assert ruled.desk.ruling.active().rev == 1


def test_another_policy_is_told_on_the_timeline(ruled: Bench) -> None:
    number = ruled.opens()
    activate(ruled, rules(policy="two"))
    told = ruled.desk.ticket(number, viewer=ruled.actor("ada")).timeline[-1]
    assert (told.kind, told.data["old"], told.data["policy"]) == ("policy_applied", "one", "two")


def test_an_earlier_revision_can_come_back(ruled: Bench) -> None:
    number, opened = ruled.opens(), ruled.clock.now()
    activate(ruled, rules(hours=4))
    activate(ruled, ruled.desk.ruling.revisions()[-1].body)
    assert (due(ruled, number), ruled.desk.ruling.active().rev) == (opened + 8 * HOUR, 3)


def test_a_colleague_s_process_goes_by_the_new_rules_at_once(ruled: Bench) -> None:
    elsewhere = Desk(open_store(ruled.url), ManualClock(ruled.clock.now()))
    elsewhere.perform(a.Note(ruled.opens(), "here"), elsewhere.agent("kim"))
    activate(ruled, rules(hours=2))
    receipt = elsewhere.perform(a.OpenTicket("New", requester="ann@acme.example"), elsewhere.agent("kim"))
    row = elsewhere.ticket(receipt.ticket or 0, viewer=elsewhere.agent("kim")).row
    assert row.next_due_at == receipt.at + 2 * HOUR
    elsewhere.store.close()


def test_priorities_are_those_of_the_rules(ruled: Bench) -> None:
    low, high = ruled.opens(priority="low"), ruled.opens(priority="high")
    assert ruled.ids("sort:-priority") == [high, low]


def test_a_priority_that_the_rules_do_not_have_is_refused_with_theirs(ruled: Bench) -> None:
    with pytest.raises(Problem) as caught:
        ruled.opens(priority="P1")
    assert caught.value.choices == ("high", "normal", "low")


def test_tickets_of_before_are_sorted_by_the_new_words(bench: Bench) -> None:
    number = bench.opens(priority="P1")
    activate(
        bench,
        rules()
        .replace('order = ["low", "normal", "high"]', 'order = ["P1", "normal", "low", "high"]')
        .replace("target.low", "target.P1 = { resolution = '1h' }\ntarget.low"),
    )
    other = bench.opens(priority="high")
    assert bench.ids("sort:-priority") == [other, number]


def test_a_status_that_tickets_are_in_cannot_leave_the_rules(ruled: Bench) -> None:
    number = ruled.opens()
    ruled.does(a.Note(number, "taken up"))
    ruled.does(Move(number, "waiting_parts"))
    with pytest.raises(Problem, match="waiting_parts"):
        activate(ruled, rules().replace("waiting_parts", "waiting_vendor"))


def test_after_any_of_it_all_projections_are_what_timeline_and_rules_say(ruled: Bench) -> None:
    numbers = [ruled.opens(f"ticket {turn}") for turn in range(4)]
    ruled.does(a.Reply(numbers[0], "hello"), "kim")
    ruled.does(a.Pend(numbers[1]), "kim")
    ruled.clock.advance(3 * HOUR)
    activate(ruled, rules(hours=4, policy="two"))
    ruled.does(a.Resolve(numbers[2], "cause", "solution"), "kim")
    ruled.clock.advance(3 * HOUR)
    ruled.desk.tick()
    assert ruled.desk.ruling.rebuild(repair=False)[1:] == ((), {})


def test_what_is_wrong_in_the_store_is_found_and_put_right(ruled: Bench) -> None:
    number = ruled.opens()
    with ruled.desk.store.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE tickets SET due_resolve = 1, next_due_at = 1 WHERE id = {number}")
    found = ruled.desk.ruling.rebuild()
    assert [each[:3] for each in found.wrong] == [(number, "due_resolve", 1), (number, "next_due_at", 1)]
    assert ruled.desk.ruling.rebuild(repair=False).wrong == ()


def test_an_activation_that_was_broken_off_is_ended_by_a_rebuild(ruled: Bench) -> None:
    number, opened = ruled.opens(), ruled.clock.now()
    ruled.does(ActivateRules("desk.toml", rules(hours=4, policy="two")))  # and then the process was killed
    assert ruled.desk.ruling.rebuild(repair=False).wrong != ()
    ruled.desk.ruling.rebuild()
    told = ruled.desk.ticket(number, viewer=ruled.actor("ada")).timeline[-1]
    assert (told.kind, told.data.get("policy"), due(ruled, number)) == (
        "policy_applied",
        "two",
        opened + 4 * HOUR,
    )
    assert ruled.desk.ruling.rebuild(repair=False)[1:] == ((), {})


def test_a_ticket_whose_policy_is_gone_is_wrong_though_its_dues_are_the_same(ruled: Bench) -> None:
    number = ruled.opens()
    ruled.does(ActivateRules("desk.toml", rules(policy="two"), {}))  # and then the process was killed
    assert ruled.desk.ruling.rebuild(repair=False).wrong == ((number, "policy", "one", "two"),)


def test_an_activation_that_was_broken_off_is_ended_by_the_timer(ruled: Bench) -> None:
    number, opened = ruled.opens(), ruled.clock.now()
    ruled.does(ActivateRules("desk.toml", rules(hours=4), {}))  # and then the process was killed
    ruled.desk.tick()
    assert due(ruled, number) == opened + 4 * HOUR


def test_the_timer_leaves_an_activation_to_the_process_that_is_at_it(ruled: Bench) -> None:
    number, opened = ruled.opens(), ruled.clock.now()
    ruled.does(ActivateRules("desk.toml", rules(hours=4), {}))
    with ruled.desk.store.transaction() as connection:
        progress.keep(connection, Progress(1, 2, 0, ruled.clock.now() - 59))
    ruled.desk.tick()
    assert due(ruled, number) == opened + 8 * HOUR


def test_what_was_done_of_an_activation_is_not_done_again(ruled: Bench) -> None:
    numbers, opened = [ruled.opens(f"ticket {turn}") for turn in range(3)], ruled.clock.now()
    ruled.does(ActivateRules("desk.toml", rules(hours=4), {}))
    with ruled.desk.store.transaction() as connection:
        progress.keep(connection, Progress(1, 2, numbers[1], ruled.clock.now() - 60))
    ruled.desk.tick()
    assert [due(ruled, each) for each in numbers] == [opened + 8 * HOUR, opened + 8 * HOUR, opened + 4 * HOUR]


def test_rules_that_come_into_force_meanwhile_begin_anew(ruled: Bench) -> None:
    numbers, opened = [ruled.opens(f"ticket {turn}") for turn in range(3)], ruled.clock.now()
    ruled.does(ActivateRules("desk.toml", rules(hours=4), {}))
    with ruled.desk.store.transaction() as connection:
        progress.keep(connection, Progress(1, 2, numbers[1], ruled.clock.now()))
    activate(ruled, rules(hours=2))
    assert {due(ruled, each) for each in numbers} == {opened + 2 * HOUR}


def test_a_desk_that_comes_from_elsewhere_is_brought_under_its_rules_by_the_timer(ruled: Bench) -> None:
    number, opened = ruled.opens(), ruled.clock.now()
    with ruled.desk.store.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM settings WHERE name = 'brought'")
        connection.exec_driver_sql(f"UPDATE tickets SET clocks = NULL, next_due_at = 1 WHERE id = {number}")
    ruled.desk.tick()
    assert due(ruled, number) == opened + 8 * HOUR


def test_open_tickets_that_are_imported_come_under_the_rules(ruled: Bench, tmp_path: Path) -> None:
    case = Case(ruled.desk, tmp_path)
    case.brings("id,title,opened,solved,closed,state\n7,VPN,2026-03-02 09:00,,,O\n")
    ruled.desk.tick()
    clocks = [ruled.desk.clocks(row.id, viewer=ruled.actor("ada")) for row in case.rows()]
    assert [each.cycles[-1].policy for each in clocks] == ["one"]


def test_what_was_decided_by_the_old_rules_is_written_before_others_come_into_force(ruled: Bench) -> None:
    number, opened = ruled.opens(), ruled.clock.now()
    elsewhere = Desk(open_store(ruled.url), ManualClock(opened))
    ada = elsewhere.agent("ada")
    other = Thread(target=elsewhere.ruling.activate, args=("desk.toml", rules(hours=2), {}, ada))
    with ruled.desk.store.transaction() as connection:
        locks.hold(connection, a.Note(number, "decided"), ada)
        other.start()
        other.join(0.2)
        assert ruled.desk.ruling.active().rev == 1
    other.join()
    elsewhere.store.close()
    assert due(ruled, number) == opened + 2 * HOUR
