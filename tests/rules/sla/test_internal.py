"""The desk's own promises and its vendors': they run beside the customer's clocks and never move them."""

from typing import Any

from deskterm.rules.query import parse
from deskterm.rules.rulebook import Level, Ola, Policy, RuleBook, Uc
from deskterm.rules.sla import Share, fold
from tests.rules.sla.timelines import (
    HOUR,
    MINUTE,
    NOTIFY,
    STD,
    Step,
    agent,
    answers,
    at,
    book,
    crossed,
    events,
    opened,
    policy,
    status,
    the,
    told,
)

OLA = Ola("network-own", "network", "NY", {"own": 30 * MINUTE, "work": 6 * HOUR})
UC = Uc("isp", parse("status:on_hold vendor:northline").where, "always", {"restore": 6 * HOUR})
BOOK = book(STD, olas=(OLA,), ucs=(UC,))


def group(when: str, new: str) -> Step:
    """Another group has it."""
    return when, "group", {"new": new}


def assigned(when: str, new: str) -> Step:
    """Another agent has it."""
    return when, "assigned", {"new": new}


def beside(*steps: Step, now: str, under: RuleBook = BOOK) -> Any:
    """The report under BOOK."""
    return told(*steps, now=now, under=under)


# stays in a group


def test_a_stay_is_owned_when_somebody_takes_it_up() -> None:
    steps = [opened(), group("03-02 11:00", "network"), assigned("03-02 11:20", "kim")]
    report = beside(*steps, now="03-02 12:00")
    expected = {
        "own.1.out": "met",
        "own.1.el": 20 * MINUTE,
        "work.1.el": HOUR,
        "work.1.due": "03-02 17:00",
    }
    assert answers(report, expected) == expected


def test_a_public_word_takes_it_up_and_a_note_does_not() -> None:
    steps = [opened(), group("03-02 11:00", "network"), agent("03-02 11:10", public=False)]
    assert the(beside(*steps, now="03-02 11:20"), "own.1").stopped is None
    assert the(beside(*steps, agent("03-02 11:15"), now="03-02 11:20"), "own.1").elapsed == 15 * MINUTE


def test_leaving_the_group_ends_the_stay_and_coming_back_is_another() -> None:
    steps = [
        opened(group="network"),
        group("03-02 11:00", "apps"),
        group("03-02 13:00", "network"),
    ]
    expected = {
        "work.1.out": "met",
        "own.1.out": "breached",
        "own.1.br": "03-02 10:30",
        "work.2.el": HOUR,
        "own.2.due": "03-02 13:30",
    }
    report = beside(*steps, now="03-02 14:00")
    assert answers(report, expected) == expected


def test_whoever_brings_it_along_owns_it() -> None:
    report = beside(opened(group="network", assignee="kim"), now="03-02 12:00")
    assert [each.metric for each in report.internal] == ["work"]


def test_an_assignee_who_stays_behind_leaves_the_stay_to_be_taken_up() -> None:
    steps = [
        opened(group="apps", assignee="omar"),
        group("03-02 11:00", "network"),
        assigned("03-02 11:00", ""),
    ]
    assert the(beside(*steps, now="03-02 11:10"), "own.1").elapsed == 10 * MINUTE


def test_resolving_ends_the_work_and_reopening_begins_it_again() -> None:
    steps = [
        opened(group="network"),
        assigned("03-02 10:10", "kim"),
        status("03-02 12:00", "resolved"),
        status("03-02 14:00", "open"),
    ]
    expected = {"work.1.out": "met", "work.1.el": 2 * HOUR, "work.2.el": HOUR}
    assert answers(beside(*steps, now="03-02 15:00"), expected) == expected


def test_a_pending_ticket_is_still_work_of_the_group() -> None:
    steps = [opened(group="network"), status("03-02 10:00", "pending")]
    assert the(beside(*steps, now="03-02 12:00"), "work.1").elapsed == 2 * HOUR


def test_an_ola_never_moves_a_due_of_the_customer() -> None:
    steps = [opened(group="network"), assigned("03-02 10:45", "kim"), agent("03-02 10:50")]
    beside_it, alone = beside(*steps, now="03-02 12:00"), told(*steps, now="03-02 12:00")
    assert (beside_it.cycles, beside_it.dues, beside_it.state) == (alone.cycles, alone.dues, alone.state)


def test_a_level_of_an_ola_has_a_key_of_its_own() -> None:
    levelled = OLA._replace(levels=(Level("slow", "own", "offset", 0, NOTIFY),))
    report = beside(opened(group="network"), now="03-02 10:40", under=book(STD, olas=(levelled,)))
    assert crossed(report, "own.1") == {"slow": "03-02 10:30"}
    passed = report.crossings[0]
    assert (passed.key, passed.owner) == ("ola/network-own/own/1/slow", "network-own")
    assert passed.key_of(7) == "ola/7/network-own/own/1/slow"


def test_an_ola_that_is_activated_in_the_middle_of_a_stay_begins_then() -> None:
    steps = [opened(group="network"), ("03-02 12:00", "rules_activated", {"rev": 2})]
    books = {1: book(STD), 2: book(STD, rev=2, olas=(OLA,))}
    report = fold(events(steps), books, at("03-02 12:10"))
    assert the(report, "own.1").elapsed == 10 * MINUTE


def test_a_shorter_ola_keeps_what_the_stay_has_spent() -> None:
    steps = [opened(group="network"), ("03-02 12:00", "rules_activated", {"rev": 2})]
    quick = OLA._replace(targets={"work": 3 * HOUR})
    books = {1: book(STD, olas=(OLA,)), 2: book(STD, rev=2, olas=(quick,))}
    expected: dict[str, object] = {"work.1.due": "03-02 13:00", "work.1.el": 2 * HOUR + 600}
    assert answers(fold(events(steps), books, at("03-02 12:10")), expected) == expected


def test_the_policy_that_is_chosen_with_the_ticket_brings_its_ola() -> None:
    created: Step = ("03-02 10:00", "created", {"priority": "P2", "group": "network"})
    report = beside(created, policy("03-02 10:00", "std"), now="03-02 10:10")
    assert the(report, "own.1").elapsed == 10 * MINUTE


# vendors


def test_a_vendor_s_clock_runs_while_one_waits_for_him() -> None:
    steps = [
        opened(),
        status("03-02 11:00", "on_hold", vendor="northline"),
        status("03-02 20:00", "open"),
    ]
    expected = {
        "restore.1.out": "breached",
        "restore.1.br": "03-02 17:00",
        "restore.1.stop": "03-02 20:00",
    }
    assert answers(beside(*steps, now="03-03 12:00"), expected) == expected


def test_waiting_for_another_vendor_is_not_his_time() -> None:
    report = beside(opened(), status("03-02 11:00", "on_hold", vendor="acme"), now="03-02 12:00")
    assert report.internal == ()


def test_a_vendor_who_is_named_later_has_his_time_from_then_on() -> None:
    named: Step = ("03-02 12:00", "field", {"name": "vendor", "old": "", "new": "northline"})
    report = beside(opened(), status("03-02 11:00", "on_hold"), named, now="03-02 13:00")
    assert (the(report, "restore.1").elapsed, the(report, "restore.1").start_seq) == (HOUR, 3)


def test_what_turns_within_one_instant_begins_nothing() -> None:
    steps = [
        opened(),
        status("03-02 11:00", "on_hold", vendor="northline"),
        ("03-02 11:00", "field", {"name": "vendor", "old": "northline", "new": "acme"}),
    ]
    assert beside(*steps, now="03-02 12:00").internal == ()


def test_a_second_wait_for_the_vendor_is_a_second_cycle() -> None:
    hold = {"vendor": "northline"}
    steps = [
        opened(),
        status("03-02 11:00", "on_hold", **hold),
        status("03-02 12:00", "open"),
        status("03-02 13:00", "on_hold", **hold),
    ]
    expected = {"restore.1.out": "met", "restore.2.due": "03-02 19:00"}
    assert answers(beside(*steps, now="03-02 14:00"), expected) == expected


# who had it while it was late


def test_an_overrun_is_shared_among_those_who_had_the_ticket() -> None:
    only = Policy("std", calendar="NY", targets={"P1": {"resolution": 4 * HOUR}})
    steps = [
        opened(priority="P1", group="network"),
        group("03-02 15:00", "apps"),
        status("03-02 16:00", "on_hold", vendor="northline"),
        status("03-03 10:00", "resolved"),
    ]
    report = beside(*steps, now="03-09 10:00", under=book(only, olas=(OLA,), ucs=(UC,)))
    assert set(report.attribution) == {
        Share("resolution", 1, "group", "network", HOUR),
        Share("resolution", 1, "group", "apps", 3 * HOUR),
        Share("resolution", 1, "uc", "isp", 2 * HOUR),
    }


def test_nobody_is_named_where_nothing_is_late() -> None:
    assert beside(opened(group="network"), agent("03-02 10:10"), now="03-02 10:30").attribution == ()


def test_the_breach_of_an_ola_is_worth_a_look_a_second_after_its_due() -> None:
    levelled = OLA._replace(levels=(Level("slow", "own", "offset", 0, NOTIFY),))
    alone = book(Policy("none"), olas=(levelled,))
    report = beside(opened(group="network", policy="none"), now="03-02 10:30", under=alone)
    assert report.next_change_at == at("03-02 10:30:01")
