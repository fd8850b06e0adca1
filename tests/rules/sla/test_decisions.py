"""What the clocks do beyond the everyday: promises, merges, splits, voids, exemptions, revisions."""

from typing import Any

import pytest

from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.rulebook import Level, Policy, RuleBook
from deskterm.rules.sla import ClockReport, fold
from tests.rules.sla.timelines import (
    HOUR,
    LEVELLED,
    NOTIFY,
    STD,
    Step,
    agent,
    answers,
    at,
    book,
    crossed,
    customer,
    events,
    opened,
    policy,
    priority,
    shown,
    status,
    the,
    told,
)


def promise(when: str, due: str | None, metric: str = "resolution") -> Step:
    """A lead sets a due by hand, or clears it."""
    return when, "due_set", {"metric": metric, "due": None if due is None else at(due)}


def void(when: str, seq: int) -> Step:
    """A lead takes an event out of the fold."""
    return when, "sla_void", {"event": seq, "reason": "a wrong key"}


def carried(when: str, elapsed: int) -> Step:
    """A merge brings a question."""
    return when, "carried", {"metric": "next_response", "elapsed": elapsed}


def exempt(when: str) -> Step:
    """The ticket is exempted."""
    return when, "exempt", {"reason": "storm"}


# a due that was set by hand


def test_a_promised_due_holds_through_a_pause_and_outside_the_hours() -> None:
    steps = [opened(), promise("03-02 11:00", "03-07 20:00"), status("03-02 12:00", "pending")]
    report = told(*steps, now="03-04 12:00")
    assert shown(report.dues["resolution"]) == "03-07 20:00"
    assert not the(report, "resolution.1").paused


def test_a_promised_due_is_breached_in_a_pause_too() -> None:
    steps = [opened(), promise("03-02 11:00", "03-02 20:00"), status("03-02 12:00", "pending")]
    assert shown(the(told(*steps, now="03-02 20:00:01"), "resolution.1").breached_at) == "03-02 20:00"
    assert the(told(*steps, now="03-02 20:00"), "resolution.1").breached_at is None


def test_a_promise_in_the_past_is_due_when_it_is_made() -> None:
    report = told(opened(), promise("03-02 11:00", "03-01 11:00"), now="03-02 11:10")
    assert shown(the(report, "resolution.1").breached_at) == "03-02 11:00"


def test_another_priority_does_not_move_a_promised_due() -> None:
    steps = [opened(), promise("03-02 11:00", "03-09 10:00"), priority("03-02 12:00", "P1")]
    assert shown(told(*steps, now="03-02 13:00").dues["resolution"]) == "03-09 10:00"


def test_a_cleared_promise_leaves_the_clock_with_all_that_it_spent() -> None:
    steps = [opened(), promise("03-02 11:00", "03-09 10:00"), promise("03-02 14:00", None)]
    expected = {"resolution.1.due": "03-03 10:00", "resolution.1.el": 5 * HOUR}
    assert answers(told(*steps, now="03-02 15:00"), expected) == expected


def test_levels_of_a_promised_due_are_counted_on_the_wall() -> None:
    steps = [opened("03-02 10:00"), promise("03-02 10:00", "03-02 22:00")]
    report = told(*steps, now="03-03 00:00", under=LEVELLED)
    assert crossed(report, "resolution.1") == {
        "warn75": "03-02 19:00",
        "warn30m": "03-02 21:30",
        "L1": "03-02 22:00",
        "L2": "03-02 23:00",
    }


def test_a_promise_where_the_policy_has_no_target_is_a_clock_of_its_own() -> None:
    steps = [opened(policy=""), promise("03-02 11:00", "03-02 20:00")]
    assert shown(told(*steps, now="03-02 12:00").next_due) == "03-02 20:00"


# merging


QUESTION = [opened(), agent("03-02 09:30")]


@pytest.mark.parametrize(
    ("when", "spent", "due"),
    [("03-02 12:00", 3 * HOUR, "03-02 12:00"), ("03-02 10:00", HOUR, "03-02 11:00")],
)
def test_a_merge_brings_the_time_that_the_question_has_waited(when: str, spent: int, due: str) -> None:
    steps = [opened("03-02 09:00"), agent("03-02 09:30"), carried(when, spent)]
    expected: dict[str, object] = {"next_response.1.due": due, "next_response.1.el": spent}
    assert answers(told(*steps, now=when), expected) == expected


def test_a_question_that_waited_too_long_elsewhere_is_breached_after_the_merge() -> None:
    steps = [opened("03-02 09:00"), agent("03-02 09:30"), carried("03-02 12:00", 3 * HOUR)]
    assert the(told(*steps, now="03-02 12:00"), "next_response.1").breached_at is None
    late = told(*steps, now="03-02 12:00:01")
    assert shown(the(late, "next_response.1").breached_at) == "03-02 12:00"


def test_of_two_open_questions_the_one_that_waited_longer_counts() -> None:
    asked = [opened("03-02 09:00"), agent("03-02 09:30"), customer("03-02 10:00")]
    longer = told(*asked, carried("03-02 11:00", 90 * 60), now="03-02 11:00")
    shorter = told(*asked, carried("03-02 11:00", 30 * 60), now="03-02 11:00")
    dues = [shown(each.dues["next_response"]) for each in (longer, shorter)]
    assert dues == ["03-02 11:30", "03-02 12:00"]


def test_the_merged_ticket_keeps_its_breach_and_its_clocks_are_cancelled() -> None:
    steps = [
        opened("03-02 09:00"),
        agent("03-02 09:00"),
        customer("03-02 09:00"),
        ("03-02 12:00", "merged_into", {"ticket": 8}),
        status("03-02 12:00", "merged"),
    ]
    expected = {
        "next_response.1.out": "cancelled",
        "next_response.1.br": "03-02 11:00",
        "resolution.1.out": "cancelled",
    }
    report = told(*steps, now="03-09 12:00")
    assert answers(report, expected) == expected
    assert report.dues == {}


def test_unmerged_the_target_has_no_carried_question() -> None:
    before = [opened("03-02 09:00"), agent("03-02 09:30")]
    merged = told(*before, carried("03-02 10:00", HOUR), void("03-02 10:30", 3), now="03-02 10:30")
    assert merged.cycles == told(*before, now="03-02 10:30").cycles


def test_unmerged_the_source_counts_as_if_it_had_never_been_merged() -> None:
    before = [opened("03-02 09:00"), agent("03-02 09:00"), customer("03-02 09:30")]
    steps = [
        *before,
        ("03-02 10:00", "merged_into", {"ticket": 8}),
        status("03-02 10:00", "merged"),
        void("03-02 10:30", 4),
        void("03-02 10:30", 5),
        status("03-02 10:30", "open", old="merged"),
    ]
    assert told(*steps, now="03-02 10:45").cycles == told(*before, now="03-02 10:45").cycles


# splitting


def test_a_split_ticket_counts_from_the_message_it_was_made_of() -> None:
    steps = [opened("03-02 12:00", policy="std"), ("03-02 12:00", "split_from", {"at": at("03-02 11:30")})]
    expected = {"first_response.1.due": "03-02 12:30", "resolution.1.due": "03-03 11:30"}
    assert answers(told(*steps, now="03-02 12:10"), expected) == expected


def test_a_split_ticket_is_never_late_before_it_exists() -> None:
    steps = [opened("03-02 16:00"), ("03-02 16:00", "split_from", {"at": at("03-02 09:00")})]
    report = told(*steps, now="03-02 16:00:01")
    assert shown(the(report, "first_response.1").breached_at) == "03-02 16:00"


def test_the_policy_that_is_chosen_with_the_split_counts_all_of_its_time() -> None:
    split: Step = ("03-02 12:00", "split_from", {"at": at("03-01 12:00")})
    steps = [("03-02 12:00", "created", {"priority": "P2"}), split, policy("03-02 12:00", "std")]
    assert the(told(*steps, now="03-02 12:10"), "resolution.1").elapsed == 3 * HOUR + 600


# taking an event out


def test_a_void_repairs_a_wrong_priority_and_is_told() -> None:
    steps = [opened(), priority("03-02 16:00", "P1"), void("03-03 09:30", 2)]
    report = told(*steps, now="03-03 09:40")
    assert the(report, "resolution.1").breached_at is None
    assert [(each.event, each.reason, each.seq) for each in report.voids] == [(2, "a wrong key", 3)]


# exemptions


def test_an_exempt_ticket_has_no_clock_from_then_on() -> None:
    report = told(opened(), exempt("03-02 10:30"), agent("03-02 11:00"), now="03-09 12:00")
    assert (report.dues, report.next_change_at, report.exempt) == ({}, None, "storm")
    assert {each.outcome for each in report.cycles} == {"cancelled"}


def test_what_was_breached_before_the_exemption_stays_breached() -> None:
    report = told(opened(), exempt("03-02 12:00"), now="03-09 12:00")
    assert shown(the(report, "first_response.1").breached_at) == "03-02 11:00"


def test_an_exemption_that_is_void_lets_the_clocks_run_again() -> None:
    report = told(opened(), exempt("03-02 10:30"), void("03-02 10:40", 2), now="03-02 10:50")
    assert shown(report.dues["first_response"]) == "03-02 11:00"


# policies and revisions


def two(new: Policy, rev: int = 2) -> dict[int, RuleBook]:
    """STD in revision 1 and `new` in the next."""
    return {1: book(STD), rev: book(new, rev=rev)}


def under(steps: list[Step], books: dict[int, RuleBook], now: str) -> ClockReport:
    """The report under several revisions."""
    return fold(events(steps), books, at(now))


def test_an_edited_policy_changes_nothing_before_it_is_activated() -> None:
    quick = STD._replace(targets={"P2": {"resolution": HOUR}})
    assert under([opened()], two(quick), "03-02 12:00") == told(opened(), now="03-02 12:00")


def test_activation_keeps_what_was_spent_and_gives_the_new_target() -> None:
    longer = STD._replace(targets={"P2": {"resolution": 16 * HOUR}}, calendar="always")
    steps = [opened(), ("03-02 12:00", "rules_activated", {"rev": 2})]
    report = under(steps, two(longer), "03-02 13:00")
    assert shown(report.dues["resolution"]) == "03-03 02:00"
    assert the(report, "resolution.1").rev == 2


def test_a_policy_that_the_new_revision_lacks_stays_until_another_is_applied() -> None:
    other = STD._replace(id="other", targets={"P2": {"resolution": 16 * HOUR}})
    steps = [opened(), ("03-02 12:00", "rules_activated", {"rev": 2})]
    assert under(steps, two(other), "03-02 13:00").dues == told(opened(), now="03-02 13:00").dues
    applied = under([*steps, policy("03-02 12:30", "other", 2)], two(other), "03-02 13:00")
    assert shown(applied.dues["resolution"]) == "03-04 10:00"


def test_rules_that_were_activated_before_the_ticket_came_do_not_matter() -> None:
    steps = [("03-01 12:00", "rules_activated", {"rev": 2}), opened()]
    assert under(steps, two(STD), "03-02 10:30").dues == told(opened(), now="03-02 10:30").dues


def test_a_revision_that_was_not_given_is_an_error() -> None:
    with pytest.raises(KeyError):
        fold(events([opened()]), {}, at("03-02 10:30"))


def test_a_ticket_without_a_policy_is_under_the_built_in_one() -> None:
    report = fold(events([("03-02 10:00", "created", {"priority": "P1"})]), {}, at("03-02 10:10"))
    assert shown(report.dues["first_response"]) == "03-02 10:30"


def test_no_policy_no_clock_until_one_applies() -> None:
    steps = [opened(policy="")]
    assert told(*steps, now="03-02 12:00").cycles == ()
    assert shown(told(*steps, policy("03-02 12:00", "std"), now="03-02 12:10").next_due) == "03-02 13:00"


def test_a_clock_that_comes_back_has_the_time_that_it_had_spent() -> None:
    steps = [opened(), policy("03-02 12:00", ""), policy("03-02 14:00", "std")]
    expected = {"resolution.1.due": "03-03 12:00", "resolution.1.el": 3 * HOUR}
    assert answers(told(*steps, now="03-02 15:00"), expected) == expected


def test_resolving_may_cancel_what_was_not_answered() -> None:
    quiet = STD._replace(on_resolve="cancel")
    report = told(opened(), status("03-02 10:30", "resolved"), now="03-02 12:00", under=quiet)
    expected = {"first_response.1.out": "cancelled", "resolution.1.out": "met"}
    assert answers(report, expected) == expected


def test_the_update_clock_can_pause_and_the_resolution_never() -> None:
    swapped = STD._replace(pause={"update": frozenset({"pending"})})
    steps = [opened(), agent("03-02 10:30"), status("03-02 10:30", "pending")]
    assert set(told(*steps, now="03-02 12:00", under=swapped).dues) == {"resolution"}


# conversations


def test_a_question_that_reopens_a_ticket_waits_for_an_answer() -> None:
    steps = [
        opened(),
        agent("03-02 10:30"),
        status("03-02 11:00", "resolved"),
        customer("03-02 12:00"),
        status("03-02 12:00", "open"),
    ]
    assert shown(told(*steps, now="03-02 12:10").dues["next_response"]) == "03-02 14:00"


def test_thanks_for_a_solution_start_nothing_even_if_somebody_reopens_later() -> None:
    steps = [opened(), agent("03-02 10:30"), status("03-02 11:00", "resolved"), customer("03-02 12:00")]
    assert "next_response" not in told(*steps, now="03-02 12:10").dues
    assert "next_response" not in told(*steps, status("03-02 13:00", "open"), now="03-02 13:10").dues


def test_resolving_without_a_word_lets_later_questions_wait_for_an_answer() -> None:
    steps = [opened(), status("03-02 10:30", "resolved"), status("03-02 11:00", "open")]
    report = told(*steps, customer("03-02 11:10"), now="03-02 11:20")
    assert shown(report.dues["next_response"]) == "03-02 13:10"


def test_the_reply_that_resolves_promises_no_update() -> None:
    report = told(opened(), agent("03-02 10:30"), status("03-02 10:30", "resolved"), now="03-03 10:00")
    assert [each.metric for each in report.cycles] == ["first_response", "resolution"]


def test_the_description_of_an_alert_promises_no_update() -> None:
    report = told(opened(side="agent"), agent("03-02 10:00"), now="03-02 10:10")
    assert set(report.dues) == {"resolution"}


# levels and looks


WALL = STD._replace(levels=(Level("call", "resolution", "wall", 2 * HOUR, NOTIFY),))


def test_a_level_on_the_wall_does_not_wait_for_the_morning() -> None:
    report = told(opened("03-02 09:00"), now="03-02 19:00", under=WALL)
    assert crossed(report, "resolution.1") == {"call": "03-02 19:00"}


def test_a_level_on_the_wall_that_a_pause_covered_is_passed_when_it_ends() -> None:
    steps = [opened("03-02 09:00"), status("03-02 17:30", "pending"), status("03-03 10:00", "open")]
    assert crossed(told(*steps, now="03-03 09:59", under=WALL), "resolution.1") == {}
    assert crossed(told(*steps, now="03-03 10:00", under=WALL), "resolution.1") == {"call": "03-03 10:00"}


def test_the_breach_is_passed_when_it_is_too_late_and_not_at_the_due() -> None:
    steps = [opened(priority="P1")]
    assert "L1" not in crossed(told(*steps, now="03-02 14:00", under=LEVELLED), "resolution.1")
    late = crossed(told(*steps, now="03-02 14:00:01", under=LEVELLED), "resolution.1")
    assert late["L1"] == "03-02 14:00"


def test_a_crossing_has_the_key_of_its_cycle_whatever_comes_before_it() -> None:
    steps = [opened(priority="P1"), status("03-02 11:00", "resolved"), status("03-03 09:00", "open")]
    report = told(*steps, now="03-03 12:10", under=LEVELLED)
    keys = [each.key for each in report.crossings if each.metric == "resolution"]
    assert keys == ["sla/resolution/3/warn75"]
    assert report.crossings[-1].key_of(1042) == "sla/1042/resolution/3/warn75"


def test_levels_of_a_cycle_that_is_over_are_told_as_such() -> None:
    steps = [opened(priority="P1"), status("03-02 13:10", "resolved")]
    report = told(*steps, now="03-02 16:00", under=LEVELLED)
    assert [(each.level.id, each.stopped) for each in report.crossings if each.metric == "resolution"] == [
        ("warn75", True)
    ]


@pytest.mark.parametrize(
    ("now", "fired", "expected"),
    [
        ("03-02 10:00", (), "03-02 10:00"),  # the warning of the first response came at once
        ("03-02 10:00", ("sla/first_response/1/warn60m",), "03-02 10:30:01"),
        ("03-02 12:00", ("sla/first_response/1/warn60m",), "03-02 13:00"),
        ("03-02 13:10", ("sla/first_response/1/warn60m",), "03-02 13:00"),
        ("03-02 13:10", ("sla/first_response/1/warn60m", "sla/resolution/1/warn75"), "03-02 13:30"),
    ],
)
def test_the_next_change_is_the_first_level_that_nobody_acted_on(
    now: str, fired: tuple[str, ...], expected: str
) -> None:
    single = LEVELLED._replace(targets={"P1": {"first_response": 1800, "resolution": 4 * HOUR}})
    report = told(opened(priority="P1"), now=now, under=single, fired=fired)
    assert shown(report.next_change_at) == expected


def test_without_levels_a_look_is_due_at_three_quarters_and_after_the_due() -> None:
    only = STD._replace(targets={"P2": {"resolution": 8 * HOUR}})
    looks = [told(opened(), now=now, under=only) for now in ("03-02 10:00", "03-02 16:00", "03-03 10:00:01")]
    assert [shown(each.next_change_at) for each in looks] == ["03-02 16:00", "03-03 10:00:01", None]
    assert [each.state for each in looks] == ["ok", "warn", "overdue"]


@pytest.mark.parametrize(
    ("steps", "now", "state"),
    [
        ([opened()], "03-02 10:30", "ok"),
        ([opened()], "03-02 10:45", "warn"),
        ([opened()], "03-02 11:00:01", "overdue"),
        ([opened(), agent("03-02 10:30"), status("03-02 10:40", "pending")], "03-02 12:00", "paused"),
        ([opened(), agent("03-02 10:30"), status("03-02 12:00", "resolved")], "03-02 12:00", "met"),
        ([opened(), agent("03-02 11:30"), status("03-02 12:00", "resolved")], "03-02 12:00", "breached"),
        ([opened(), status("03-02 10:10", "cancelled")], "03-02 12:00", "none"),
    ],
)
def test_the_state_of_the_clocks(steps: list[Step], now: str, state: str) -> None:
    plain = STD._replace(
        targets={"P2": {"first_response": HOUR, "resolution": 8 * HOUR}},
        pause={"resolution": frozenset({"pending"})},
    )
    assert told(*steps, now=now, under=plain).state == state


def test_a_due_past_the_known_holidays_is_uncertain() -> None:
    far: Any = STD._replace(calendar="CN", targets={"P2": {"resolution": 3000 * HOUR}})
    assert the(told(opened(), now="03-02 10:30", under=far), "resolution.1").uncertain
    assert not the(told(opened(), now="03-02 10:30"), "resolution.1").uncertain


# at the very second


def test_at_the_due_itself_the_target_is_used_up_and_not_breached() -> None:
    cycle = the(told(opened(), now="03-02 11:00"), "first_response.1")
    assert (shown(cycle.reached_at), cycle.breached_at, cycle.remaining) == ("03-02 11:00", None, 0)


def test_raised_with_exactly_the_target_spent_the_breach_waits_for_the_next_second() -> None:
    steps = [opened(), priority("03-02 14:00", "P1")]
    at_once = crossed(told(*steps, now="03-02 14:00", under=LEVELLED), "resolution.1")
    assert at_once == {"warn75": "03-02 14:00", "warn30m": "03-02 14:00"}
    later = crossed(told(*steps, now="03-02 14:00:01", under=LEVELLED), "resolution.1")
    assert later == {**at_once, "L1": "03-02 14:00"}


def test_levels_of_a_split_ticket_are_not_passed_before_it_exists() -> None:
    steps = [opened("03-02 16:00"), ("03-02 16:00", "split_from", {"at": at("03-02 09:00")})]
    found = crossed(told(*steps, now="03-02 16:00", under=LEVELLED), "resolution.1")
    assert found == {"warn75": "03-02 16:00"}


def test_cancelled_by_mistake_a_ticket_is_resolved_for_the_first_time_yet() -> None:
    steps = [opened(), status("03-02 10:30", "cancelled"), status("03-02 12:00", "open")]
    report = told(*steps, now="03-02 12:30", under=STD._replace(reopen="ignore"))
    assert shown(report.dues["resolution"]) == "03-03 12:00"


def test_what_is_being_decided_comes_behind_all_of_its_instant() -> None:
    numbered = events([opened(), status("03-02 10:30", "pending")])
    draft = Event(0, at("03-02 10:30"), "status", SYSTEM, {"new": "open"})
    report = fold([draft, *numbered], {1: book(STD)}, at("03-02 10:40"))
    assert "resolution" in report.dues
