"""Automations: the worked cases of waiting and closing (L04 to L06, L10, T11, T12), what moves an anchor."""

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from deskterm.rules.automate.automations import due_automations, due_wake, next_automation_at, next_wake_at
from deskterm.rules.facts import Event
from deskterm.rules.query.ast import Node
from deskterm.rules.retrace import Trail, retrace
from deskterm.rules.rulebook import Automation, RuleBook, Wait
from tests.builders import a_ticket
from tests.rules.automate.drafts import act, when
from tests.rules.sla.timelines import (
    CALENDARS,
    CN,
    NY,
    Step,
    agent,
    at,
    customer,
    events,
    opened,
    shown,
    status,
)

THREE_DAYS = Wait(0, 3)
CLOSE = (act("set", {"status": "closed"}),)


def automation(
    name: str = "close", anchor: str = "status:resolved", after: Wait = THREE_DAYS, **more: Any
) -> Automation:
    node = when(more.pop("condition", ""))
    return Automation(name, when(anchor), after, more.pop("calendar", "NY"), CLOSE, node, **more)


def book(*automations: Automation) -> RuleBook:
    return RuleBook(rev=3, calendars=CALENDARS, automations=automations or (automation(),))


def always(node: Node) -> bool:
    return True


def never(node: Node) -> bool:
    return False


def trail(history: list[Event]) -> Trail:
    """The events, each with what the ticket was after it."""
    return tuple(retrace(history))


def due(
    *steps: Step, now: str, rules: RuleBook | None = None, zone: str = NY, fired: Any = ()
) -> list[tuple[str, str | None]]:
    """The keys that are due at `now` and their nominal times."""
    found = due_automations(7, trail(events(steps, zone)), rules or book(), at(now, zone), frozenset(fired))
    return [(each.key, shown(each.nominal_at, zone)) for each in found]


def following(
    *steps: Step, now: str, rules: RuleBook | None = None, zone: str = NY, fired: Any = ()
) -> str | None:
    """When the next automation has something to do."""
    found = next_automation_at(
        7, trail(events(steps, zone)), rules or book(), at(now, zone), frozenset(fired)
    )
    return shown(found, zone)


RESOLVED = (opened(), status("03-05 15:00", "resolved"))


def test_L04_three_business_days_after_thursday_end_with_tuesday() -> None:
    assert due(*RESOLVED, now="03-20 12:00") == [("auto/7/close/2/0", "03-10 17:00")]


def test_L05_make_up_days_count_and_the_spring_festival_does_not() -> None:
    steps = (opened("02-12 10:00"), status("02-12 15:00", "resolved"))
    rules = book(automation(calendar="CN"))
    assert due(*steps, now="03-01 12:00", rules=rules, zone=CN) == [("auto/7/close/2/0", "02-24 18:00")]


def test_it_is_due_at_its_second_and_not_before() -> None:
    assert (due(*RESOLVED, now="03-10 16:59:59"), len(due(*RESOLVED, now="03-10 17:00"))) == ([], 1)


def test_L06_what_the_requester_rejects_is_never_closed() -> None:
    rejected = (*RESOLVED, customer("03-06 10:00"), status("03-06 10:00", "open", reopened=True))
    assert (due(*rejected, now="03-20 12:00"), following(*rejected, now="03-06 10:00")) == ([], None)


def test_L06_resolving_it_again_is_another_anchor() -> None:
    again = (
        *RESOLVED,
        customer("03-06 10:00"),
        status("03-06 10:00", "open", reopened=True),
        status("03-09 09:00", "resolved"),
    )
    assert due(*again, now="03-20 12:00") == [("auto/7/close/5/0", "03-12 17:00")]


def test_L10_a_reply_that_came_during_the_outage_is_heard_first() -> None:
    """Resolved Thu 15:00, due Tue 17:00; down until Fri, when the mail of Monday is taken in first."""
    mail = (*RESOLVED, customer("03-13 09:00"), status("03-13 09:00", "open", reopened=True))
    assert due(*mail, now="03-13 09:00") == []


class TestWhatMovesTheAnchor:
    """features.md, row 17: the days count from the last public agent reply."""

    def test_a_public_reply_of_an_agent_does(self) -> None:
        steps = (*RESOLVED, agent("03-06 11:00"))
        assert due(*steps, now="03-20 12:00") == [("auto/7/close/3/0", "03-11 17:00")]

    @pytest.mark.parametrize(
        "step",
        [
            ("03-06 11:00", "message", {"public": False, "side": "agent"}),
            agent("03-06 11:00", auto=True),
            customer("03-06 11:00"),
            ("03-06 11:00", "field", {"name": "priority", "old": "P2", "new": "P1"}),
            ("03-06 11:00", "tags", {"added": ["breached"], "removed": []}),
            ("03-06 11:00", "assigned", {"old": "", "new": "kim"}),
            ("03-06 11:00", "rules_activated", {"rev": 4}),
        ],
        ids=["note", "automatic", "thanks", "field", "tag", "assigned", "rules"],
    )
    def test_nothing_else_does(self, step: Step) -> None:
        assert due(*RESOLVED, step, now="03-20 12:00") == [("auto/7/close/2/0", "03-10 17:00")]

    def test_a_reply_from_before_it_was_true_does_not_count(self) -> None:
        steps = (opened(), agent("03-05 15:00"), status("03-05 15:00", "resolved"))
        assert due(*steps, now="03-20 12:00") == [("auto/7/close/3/0", "03-10 17:00")]

    def test_a_condition_that_is_true_from_the_start_counts_from_there(self) -> None:
        rules = book(automation("new", "status:new", Wait(3600)))
        early = (("03-01 10:00", "rules_activated", {"rev": 3}), opened())
        assert due(*early, now="03-20 12:00", rules=rules) == [("auto/7/new/2/0", "03-02 11:00")]


def test_T11_whoever_looks_finds_the_same_key() -> None:
    looked = {due(*RESOLVED, now=now)[0] for now in ("03-10 17:00", "03-10 17:01", "03-15 09:00")}
    assert looked == {("auto/7/close/2/0", "03-10 17:00")}


def test_T12_the_same_anchor_is_not_due_again() -> None:
    fired = ["auto/7/close/2/0"]
    assert (
        due(*RESOLVED, now="03-20 12:00", fired=fired),
        following(*RESOLVED, now="03-20 12:00", fired=fired),
    ) == (
        [],
        None,
    )


def test_T12_a_new_spell_is_due_again() -> None:
    pending = automation("nudge", "status:pending", Wait(0, 2))
    steps = (
        opened(),
        status("03-02 11:00", "pending"),
        status("03-05 09:00", "open"),
        status("03-05 10:00", "pending"),
    )
    assert due(*steps, now="03-20 12:00", rules=book(pending), fired=["auto/7/nudge/2/0"]) == [
        ("auto/7/nudge/4/0", "03-09 17:00")
    ]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (Wait(4 * 3600), "03-06 11:00"),  # open hours of New York
        (Wait(2 * 86_400, wall=True), "03-07 15:00"),
        (Wait(0, 1), "03-06 17:00"),
        (Wait(), "03-05 15:00"),
    ],
)
def test_a_wait_is_of_open_hours_of_the_clock_or_of_business_days(after: Wait, expected: str) -> None:
    assert following(*RESOLVED, now="03-05 15:00", rules=book(automation(after=after))) == expected


class TestEvery:
    RULES = book(automation("remind", "status:pending", Wait(3600), every=2 * 3600))
    PENDING = (opened(), status("03-02 11:00", "pending"))

    def test_it_is_due_again_after_each_stretch_of_open_time(self) -> None:
        at_first = due(*self.PENDING, now="03-02 12:00", rules=self.RULES)
        then = due(*self.PENDING, now="03-03 10:00", rules=self.RULES, fired=["auto/7/remind/2/1"])
        assert (at_first, then) == (
            [("auto/7/remind/2/0", "03-02 12:00")],
            [("auto/7/remind/2/3", "03-03 10:00")],
        )

    def test_after_an_outage_it_is_due_once(self) -> None:
        assert due(*self.PENDING, now="03-05 12:30", rules=self.RULES) == [
            ("auto/7/remind/2/12", "03-05 12:00")
        ]

    def test_the_next_one_follows_the_last_that_was_done(self) -> None:
        fired = ["auto/7/remind/2/12"]
        assert following(*self.PENDING, now="03-05 12:30", rules=self.RULES, fired=fired) == "03-05 14:00"

    def test_a_clock_set_back_makes_nothing_due_twice(self) -> None:
        fired = ["auto/7/remind/2/12"]
        assert due(*self.PENDING, now="03-05 10:30", rules=self.RULES, fired=fired) == []

    def test_years_of_steps_cost_no_more_than_one(self) -> None:
        hourly = book(automation("h", "status:pending", Wait(60), every=60, calendar="always"))
        found = due_automations(7, trail(events(self.PENDING)), hourly, at("03-02 11:00") + 9 * 365 * 86_400)
        assert [each.step for each in found] == [9 * 365 * 1440 - 1]


class TestTheSecondCondition:
    RULES = book(automation(condition="-tag:keep"))

    def look(self, holds: Any, rules: RuleBook | None = None) -> tuple[int, str | None]:
        history, now = trail(events(RESOLVED)), at("03-20 12:07")
        rules = rules or self.RULES
        found = due_automations(7, history, rules, now, holds=holds)
        return len(found), shown(next_automation_at(7, history, rules, now, holds=holds))

    def test_it_is_asked_when_the_time_has_come(self) -> None:
        assert self.look(always) == (1, "03-10 17:00")

    def test_what_it_keeps_back_is_not_looked_at_until_something_changes(self) -> None:
        assert self.look(never) == (0, None)

    @pytest.mark.parametrize("condition", ["age>30d", "hours:NY", "-(tag:x OR is:overdue)", "waiting>2h"])
    def test_what_time_alone_can_make_true_is_looked_at_every_quarter_of_an_hour(
        self, condition: str
    ) -> None:
        rules = book(automation(condition=condition))
        assert self.look(never, rules) == (0, "03-20 12:15")


def test_an_anchor_that_no_timeline_tells_is_never_true() -> None:
    assert due(*RESOLVED, now="03-20 12:00", rules=book(automation(anchor="waiting>2h"))) == []


@pytest.mark.parametrize("anchor", ["is:resolved", "-is:open", "status:resolved -tag:keep", "cf.x:none"])
def test_any_anchor_that_the_timeline_tells_will_do(anchor: str) -> None:
    assert len(due(*RESOLVED, now="03-20 12:00", rules=book(automation(anchor=anchor)))) == 1


def test_a_wait_beyond_all_calendars_is_never_over() -> None:
    rules = book(automation(after=Wait(0, 200_000)), automation("h", after=Wait(10**10)))
    assert following(*RESOLVED, now="03-20 12:00", rules=rules) is None


def test_what_is_only_being_decided_is_due_with_its_number() -> None:
    history = [
        *events([opened()]),
        Event(0, at("03-05 15:00"), "status", events([opened()])[0].actor, {"new": "resolved"}),
    ]
    rules, now, told = book(automation(after=Wait())), at("03-05 15:00"), trail(history)
    assert (due_automations(7, told, rules, now), next_automation_at(7, told, rules, now)) == ((), now)


def test_what_is_due_comes_in_the_order_of_time() -> None:
    rules = book(
        automation("late", after=Wait(7200)), automation("b", after=Wait(60)), automation("a", after=Wait(60))
    )
    assert [key for key, _ in due(*RESOLVED, now="03-20 12:00", rules=rules)] == [
        "auto/7/a/2/0",
        "auto/7/b/2/0",
        "auto/7/late/2/0",
    ]


STEPS = st.lists(
    st.tuples(
        st.integers(60, 3 * 86_400),
        st.sampled_from(
            [
                ("status", {"new": "resolved"}),
                ("status", {"new": "open"}),
                ("status", {"new": "pending"}),
                ("message", {"public": True, "side": "agent"}),
                ("message", {"public": True, "side": "agent", "auto": True}),
                ("message", {"public": False, "side": "agent"}),
                ("tags", {"added": ["x"], "removed": []}),
            ]
        ),
    ),
    max_size=10,
)
RULES = st.sampled_from(
    [
        automation(after=Wait(3600)),
        automation(after=Wait(0, 1)),
        automation("p", "status:pending", Wait(7200), every=3600),
        automation("n", "-status:resolved", Wait(86_400, wall=True)),
        automation("t", "tag:x", Wait(600), every=86_400, calendar="always"),
    ]
)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    STEPS, st.lists(RULES, min_size=1, max_size=3, unique_by=lambda rule: rule.id), st.integers(0, 9 * 86_400)
)
def test_a_timer_that_wakes_when_it_is_told_to_does_all_that_one_does_that_looks_all_the_time(
    steps: Any, automations: Any, rest: int
) -> None:
    """The keys of a timer led by `next_automation_at`, and of one that looks every half hour."""
    history, now = events([opened()]), at("03-02 10:00")
    rules = book(*automations)
    for seq, (gap, (kind, data)) in enumerate(steps, 2):
        now += gap
        history.append(Event(seq, now, kind, history[0].actor, data))
    led, end, told = set[str](), now + rest, trail(history)
    moment = now
    for _ in range(400):
        led |= {each.key for each in due_automations(7, told, rules, moment, frozenset(led))}
        following = next_automation_at(7, told, rules, moment, frozenset(led))
        assert following is None or following > moment
        if following is None or following > end:
            break
        moment = following
    looked = set[str]()
    for look in [now, *(nominal for nominal in range(now, end, 1800)), end]:
        looked |= {each.key for each in due_automations(7, told, rules, look, frozenset(looked))}
    assert looked == led


def test_a_waiting_ticket_wakes_at_its_time_under_the_event_that_said_so() -> None:
    history = events(
        [opened(), status("03-03 10:00", "pending", until=at("03-06 09:00")), agent("03-03 11:00")]
    )
    ticket = a_ticket(status="pending", wake_at=at("03-06 09:00"))
    wake = due_wake(ticket, history, at("03-06 09:00"))
    assert (due_wake(ticket, history, at("03-06 08:59")), wake and wake.key) == (None, "wake/7/2")


def test_another_time_is_another_key() -> None:
    steps = [
        opened(),
        status("03-03 10:00", "pending", until=at("03-06 09:00")),
        ("03-04 10:00", "field", {"name": "wake_at", "old": "", "new": str(at("03-09 09:00"))}),
    ]
    wake = due_wake(a_ticket(status="pending", wake_at=at("03-09 09:00")), events(steps), at("03-10 09:00"))
    assert wake is not None
    assert wake.key == "wake/7/3"


def test_a_ticket_that_could_not_be_woken_is_not_tried_again() -> None:
    history = events([opened(), status("03-03 10:00", "pending", until=at("03-06 09:00"))])
    ticket = a_ticket(status="pending", wake_at=at("03-06 09:00"))
    assert (next_wake_at(ticket, history), next_wake_at(ticket, history, frozenset({"wake/7/2"}))) == (
        at("03-06 09:00"),
        None,
    )
