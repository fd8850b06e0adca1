"""The timer's work on one ticket: the worked cases T07 to T10, L04 and L10 through a draft; catching up."""

from dataclasses import replace
from typing import Any

import pytest

from deskterm.rules.automate.automations import Due, Wake
from deskterm.rules.automate.catchup import Verdict, appeared, one_notice_each, order_due
from deskterm.rules.automate.timer import due_work, run_due
from deskterm.rules.changes import Notice
from deskterm.rules.draft import Draft
from deskterm.rules.facts import SYSTEM, Actor, Event
from deskterm.rules.rulebook import Act, Automation, Level, RuleBook, Wait
from tests.builders import BOOK, KIM, LEAD, a_ticket
from tests.rules.automate.drafts import a_draft, act, moved_to, notices, told, when
from tests.rules.sla.timelines import (
    CALENDARS,
    HOUR,
    MINUTE,
    STD,
    Step,
    at,
    customer,
    events,
    opened,
    shown,
    status,
)

TELL_LEAD, TELL_KIM = act("notify", ("lead",)), act("notify", ("assignee",))


def level(name: str, amount: int, *do: Act, basis: str = "offset", late: str = "collapse") -> Level:
    return Level(name, "resolution", basis, amount, do, late)


LEVELS = (
    level("warn75", 75, TELL_KIM, basis="percent"),
    level("warn30m", -30 * MINUTE, TELL_KIM, TELL_LEAD),
    level("L1", 0, TELL_LEAD, act("add_tags", ("breached",))),
    level("L2", HOUR, TELL_KIM, act("set", {"priority": "+1"})),
    level("L3", 4 * HOUR, TELL_LEAD, act("reassign", "lead")),
)
CLOSE = Automation("close", when("status:resolved"), Wait(0, 3), "NY", (act("set", {"status": "closed"}),))


def rules(*levels: Level, rev: int = 1, **more: Any) -> RuleBook:
    """A revision whose only policy has those levels (all of them, when none is named)."""
    policy = STD._replace(levels=levels or LEVELS)
    return RuleBook(rev=rev, calendars=CALENDARS, policies=(policy,), **more)


def a_tick(
    *steps: Step,
    now: str,
    under: RuleBook | None = None,
    older: tuple[RuleBook, ...] = (),
    fired: frozenset[str] = frozenset(),
    **ticket: Any,
) -> Draft:
    """The timer looks at a ticket of kim's at `now`, with nothing done yet."""
    under = under or rules()
    editions = {each.rev: each for each in (*older, under)}
    draft = a_draft(
        a_ticket(assignee_id=KIM, **{"priority": "P1", **ticket}),
        who="system",
        rules=under,
        history=tuple(events(steps)),
        book=replace(BOOK, editions=editions),
        now=at(now),
        because="action tick",
    )
    draft.facts = replace(draft.facts, fired=fired)
    return draft


def ticked(*steps: Step, **more: Any) -> Draft:
    """The same after the timer's work."""
    draft = a_tick(*steps, **more)
    run_due(draft)
    return draft


def claimed(draft: Draft) -> list[tuple[str, str]]:
    """The last word of each key and its outcome."""
    return [(claim.key.rpartition("/")[2], claim.outcome) for claim in draft.claims]


P1 = opened(priority="P1")  # Monday 10:00, four hours


def test_T07_back_after_three_days_the_levels_act_in_order_and_the_warnings_do_not() -> None:
    assert claimed(ticked(P1, now="03-05 12:00")) == [
        ("warn75", "skipped_late"),
        ("warn30m", "skipped_late"),
        ("L1", "done"),
        ("L2", "done"),
        ("L3", "done"),
    ]


def test_T07_one_person_is_told_once_of_the_last_of_several() -> None:
    draft = ticked(P1, now="03-05 12:00")
    told = [
        (each.to, each.because, each.payload.get("levels", 1))
        for each in draft.notices
        if each.kind == "notify"
    ]
    assert told == [("kim", "level std/L2@1", 1), ("lee", "level std/L3@1", 2)]


def test_T07_what_they_change_is_changed() -> None:
    ticket = ticked(P1, now="03-05 12:00", priority="P2").ticket
    assert (ticket.priority, sorted(ticket.tags), ticket.assignee_id) == ("P1", ["breached"], 2)


def test_T08_a_second_look_finds_nothing() -> None:
    first = ticked(P1, now="03-05 12:00")
    keys = frozenset(claim.key for claim in first.claims)
    second = ticked(P1, now="03-05 12:01", fired=keys)
    assert (second.claims, second.changes, second.notices) == ([], [], [])


def test_T08_in_the_same_decision_too() -> None:
    draft = ticked(P1, now="03-05 12:00")
    assert due_work(draft) == []


def test_T09_another_cycle_has_keys_of_its_own() -> None:
    steps = (P1, status("03-02 14:30", "resolved"), status("03-03 09:00", "open", reopened=True))
    fired = frozenset(f"sla/7/resolution/1/{each.id}" for each in LEVELS)
    draft = ticked(*steps, now="03-03 13:01", fired=fired)
    assert [claim.key for claim in draft.claims if claim.outcome == "done"] == ["sla/7/resolution/3/L1"]


def test_T10_a_warning_on_time_is_sent() -> None:
    draft = ticked(P1, now="03-02 13:00")
    assert (claimed(draft), notices(draft)) == ([("warn75", "done")], ["kim"])


def test_a_claim_carries_the_instant_at_which_it_should_have_been() -> None:
    draft = ticked(P1, now="03-05 12:00")
    assert [shown(claim.nominal_at) for claim in draft.claims] == [
        "03-02 13:00",
        "03-02 13:30",
        "03-02 14:00",
        "03-02 15:00",
        "03-03 10:00",
    ]


def test_a_warning_that_is_late_is_still_sent_while_there_is_time() -> None:
    assert claimed(ticked(P1, now="03-02 13:50"))[0] == ("warn75", "done")


def test_a_level_that_must_fire_does_however_late() -> None:
    must = level("warn", 75, TELL_KIM, basis="percent", late="fire")
    assert claimed(ticked(P1, now="03-05 12:00", under=rules(must))) == [("warn", "done")]


@pytest.mark.parametrize(("now", "outcome"), [("03-02 14:15", "done"), ("03-02 14:16", "skipped_late")])
def test_a_level_that_may_be_skipped_is_when_it_is_a_quarter_of_an_hour_late(now: str, outcome: str) -> None:
    may = level("L1", 0, TELL_LEAD, late="skip")
    assert claimed(ticked(P1, now=now, under=rules(may))) == [("L1", outcome)]


def test_a_level_takes_a_ticket_from_whom_a_person_gave_it_to() -> None:
    given: Step = ("03-02 10:30", "assigned", {"old": "", "new": "kim"})
    draft = a_tick(P1, given, now="03-05 12:00")
    by_hand = replace(draft.facts.history[1], actor=Actor("agent", KIM), because="action assign")
    draft.facts = replace(draft.facts, history=(draft.facts.history[0], by_hand))
    run_due(draft)
    assert draft.ticket.assignee_id == LEAD


def test_a_level_of_a_clock_that_only_just_begins_waits_until_its_beginning_has_a_number() -> None:
    draft = a_tick(P1, now="03-05 12:00")
    draft.facts = replace(draft.facts, history=(replace(draft.facts.history[0], seq=0),))
    assert (len(draft.report().crossings), due_work(draft)) == (5, [])


def test_nobody_is_escalated_for_what_is_over() -> None:
    draft = ticked(P1, status("03-02 16:00", "resolved"), now="03-02 17:00", status="resolved")
    assert (claimed(draft), draft.notices) == (
        [
            ("warn75", "skipped_done"),
            ("warn30m", "skipped_done"),
            ("L1", "skipped_done"),
            ("L2", "skipped_done"),
        ],
        [],
    )


def test_a_level_without_an_act_is_no_work() -> None:
    assert claimed(ticked(P1, now="03-05 12:00", under=rules(level("L1", 0)))) == []


def test_a_level_that_a_guard_refuses_is_claimed_as_failed() -> None:
    bad = level("L1", 0, act("set", {"status": "closed"}), act("add_tags", ("breached",)))
    draft = ticked(P1, now="03-05 12:00", under=rules(bad))
    assert (claimed(draft), [kind for kind, *_ in told(draft)]) == (
        [("L1", "failed")],
        ["rule_failed", "tags"],
    )


class TestNewLevels:
    """rules.md section 4: to rename or add a level storms no old ticket."""

    OLD = rules(level("L1", 0, TELL_LEAD))
    NEW = rules(level("L1", 0, TELL_LEAD), level("L0", -HOUR, TELL_LEAD, late="fire"), rev=2)
    ACTIVATED: Step = ("03-03 10:00", "rules_activated", {"rev": 2})
    APPLIED: Step = ("03-02 10:00", "policy_applied", {"policy": "std", "rev": 1})

    def test_one_that_an_activation_brought_when_its_time_was_over_is_skipped(self) -> None:
        fired = frozenset({"sla/7/resolution/1/L1"})
        draft = ticked(
            P1,
            self.APPLIED,
            self.ACTIVATED,
            now="03-03 10:01",
            under=self.NEW,
            older=(self.OLD,),
            fired=fired,
        )
        assert claimed(draft) == [("L0", "skipped_new")]

    def test_one_that_was_there_before_is_not_forgotten_by_an_activation(self) -> None:
        draft = ticked(P1, self.APPLIED, self.ACTIVATED, now="03-03 10:01", under=self.NEW, older=(self.OLD,))
        assert ("L1", "done") in claimed(draft)

    def test_one_whose_time_is_still_to_come_acts(self) -> None:
        early: Step = ("03-02 11:00", "rules_activated", {"rev": 2})
        draft = ticked(P1, self.APPLIED, early, now="03-02 13:00", under=self.NEW, older=(self.OLD,))
        assert claimed(draft) == [("L0", "done")]

    def test_the_level_of_an_unknown_revision_was_never_there(self) -> None:
        crossing = a_tick(P1, now="03-05 12:00").report().crossings[0]
        history = [Event(1, 5, "rules_activated", SYSTEM, {"rev": 9})]
        assert appeared(crossing, history, {}) == -1


class TestAutomations:
    RESOLVED = (opened(priority="P4"), status("03-05 15:00", "resolved"))

    def closed(self, *steps: Step, now: str, **ticket: Any) -> Draft:
        under = rules(level("L1", 0), automations=(CLOSE,))
        return ticked(*self.RESOLVED, *steps, now=now, under=under, **{"status": "resolved", **ticket})

    def test_L04_silence_closes_on_tuesday_evening(self) -> None:
        draft = self.closed(now="03-10 17:00")
        assert (moved_to(draft), draft.claims[0].key, draft.claims[0].rule) == (
            ["closed"],
            "auto/7/close/2/0",
            "automation close@1",
        )

    def test_L04_a_second_earlier_nothing_happens(self) -> None:
        assert self.closed(now="03-10 16:59:59").claims == []

    def test_L10_mail_that_was_heard_first_keeps_it_open(self) -> None:
        draft = self.closed(
            customer("03-13 09:00"),
            status("03-13 09:00", "open", reopened=True),
            now="03-13 09:01",
            status="open",
        )
        assert (draft.claims, draft.ticket.status) == ([], "open")

    def test_what_one_piece_undid_is_not_done_any_more(self) -> None:
        """To wake on Wednesday, to be nudged then too, seen on Monday: it wakes, and nobody is nudged."""
        nudge = Automation("nudge", when("status:pending"), Wait(0, 2), "NY", (act("reply", "nudge"),))
        wake_at = at("03-04 09:00")
        draft = ticked(
            opened(priority="P4"),
            status("03-02 11:00", "pending", until=wake_at),
            now="03-09 09:00",
            under=rules(level("L1", 0), automations=(nudge,)),
            status="pending",
            wake_at=wake_at,
        )
        assert ([claim.key for claim in draft.claims], moved_to(draft)) == (["wake/7/2"], ["open"])


def test_a_waiting_ticket_wakes_in_the_name_of_the_lifecycle() -> None:
    wake_at = at("03-04 09:00")
    steps = (opened(priority="P4"), status("03-02 11:00", "on_hold", until=wake_at, reason="parts"))
    draft = ticked(*steps, now="03-04 09:00", status="on_hold", wake_at=wake_at)
    assert (told(draft)[0][:2], draft.ticket.wake_at, draft.because) == (
        ("status", "lifecycle"),
        None,
        "action tick",
    )


def test_due_work_is_ordered_by_the_time_at_which_it_should_have_been() -> None:
    levels = [each for each in due_work(a_tick(P1, now="03-05 12:00")) if isinstance(each, Verdict)]
    wake = Wake(2, at("03-02 14:30"), "wake/7/2")
    automation = Due(CLOSE, 0, 2, at("03-02 14:00"), "auto/7/close/2/0")
    ordered = order_due(levels, [automation], wake)
    assert [each.key.rpartition("/")[2] for each in ordered] == [
        "warn75", "warn30m", "L1", "0", "2", "L2", "L3",
    ]  # fmt: skip


def test_notices_of_people_and_of_other_rules_are_left_alone() -> None:
    kept = [Notice("notify", "kim", "level std/L0@1"), Notice("notify", "kim", "trigger t@1")]
    mixed = [*kept, Notice("notify", "kim", "level std/L1@1"), Notice("notify", "kim", "level std/L2@1")]
    one_notice_each(mixed, 1)
    assert mixed == [*kept, Notice("notify", "kim", "level std/L2@1", payload={"levels": 2})]
