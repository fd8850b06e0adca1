"""Laws of the lifecycle: whatever anybody does in whatever order, only moves that are in the table happen."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from deskterm.rules import actions as a, upkeep as u
from deskterm.rules.changes import Decision
from deskterm.rules.decide import decide
from deskterm.rules.facts import Book, Event, Facts, Ticket
from deskterm.rules.lifecycle import TRANSITIONS, check, follow_on, ways
from deskterm.rules.problems import Problem
from deskterm.rules.prospects import prospects
from deskterm.rules.terms import STATUSES
from tests.builders import ACTORS, ANN, BOOK, DAY, HOUR, T0
from tests.rules.lifecycle.processes import CHANGE, CHANGES, OWN, OWN_STATUSES, a_change, rules, under

STAGES = {each.id: each for each in CHANGE.stages}
BOTH = under(rules(*OWN, blueprints=(CHANGE,)))
NAMES = (*STATUSES, *(each.id for each in OWN), *STAGES)
WORDS = {"cause": "cable", "solution": "replaced", "impact": "high", "cf.rollback": "tape"}
ACTIONS: tuple[a.TicketAction, ...] = (
    a.Reply(7, "and now?"),
    a.Note(7, "hm"),
    a.Pend(7, "asked", T0 + 90 * DAY),
    a.Hold(7, "board"),
    a.Resolve(7, "cable", "replaced"),
    a.Confirm(7),
    a.Reject(7, "no"),
    a.Close(7),
    a.Reopen(7),
    a.Cancel(7, "spam"),
    a.Assign(7, agent="kim"),
    a.SetFields(7, {"type": "change"}),
    a.SetFields(7, {"type": "incident"}),
    a.SetFields(7, {"impact": "high", "cf.rollback": "tape"}),
    *(u.Move(7, name, "full", WORDS) for name in NAMES),
)
steps = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS), st.sampled_from(sorted(ACTORS)), st.sampled_from((60, HOUR, 8 * DAY))
    ),
    max_size=30,
)


class Walk:
    """A ticket of Ann's to which anything is done; what is refused changes nothing."""

    def __init__(self, book: Book, kind: str) -> None:
        self.book = book
        self.now = T0
        self.events: list[Event] = []
        action = a.OpenTicket("VPN drops", type=kind)
        self._take(decide(action, ACTORS["requester"], Facts(requester=ANN), book, T0), "requester")

    def could(self, action: a.TicketAction, who: str) -> bool:
        """Whether it would be done at this very moment."""
        facts = Facts(ticket=self.ticket, history=tuple(self.events), requester=ANN)
        try:
            decide(action, ACTORS[who], facts, self.book, self.now)
        except Problem:
            return False
        return True

    def does(self, action: a.TicketAction, who: str, after: int) -> Decision | None:
        """The decision, or None for a refusal."""
        self.now += after
        facts = Facts(ticket=self.ticket, history=tuple(self.events), requester=ANN)
        try:
            decision = decide(action, ACTORS[who], facts, self.book, self.now)
        except Problem:
            return None
        self._take(decision, who)
        return decision

    def _take(self, decision: Decision, who: str) -> None:
        assert decision.after is not None
        self.ticket: Ticket = replace(decision.after, id=7)
        for each in decision.changes:
            seq = len(self.events) + 1
            self.events.append(Event(seq, self.now, each.kind, ACTORS[who], each.facts(), each.because))


def moved(decision: Decision) -> list[tuple[str, str]]:
    """The moves of a decision from status to status."""
    return [(each.facts()["old"], each.facts()["new"]) for each in decision.changes if each.kind == "status"]


@pytest.mark.parametrize("book", [BOOK, OWN_STATUSES], ids=["built-in", "own statuses"])
@given(steps)
def test_no_ticket_makes_a_move_that_the_table_lacks(book: Book, steps: list[Any]) -> None:
    walk = Walk(book, "incident")
    for step in steps:
        decision = walk.does(*step)
        for old, new in moved(decision) if decision else ():
            assert new in follow_on(old, book)


@given(steps, st.sampled_from(["change", "incident"]))
def test_a_guided_ticket_stands_in_a_stage_and_its_status_is_the_stages(steps: list[Any], kind: str) -> None:
    walk = Walk(BOTH, kind)
    for step in steps:
        before = walk.ticket
        if walk.does(*step) is None:
            assert walk.ticket == before
        ticket = walk.ticket
        if ticket.type != "change":
            assert ticket.stage == ""
            continue
        stage = STAGES[ticket.stage]
        began = stage.status == "new" and ticket.status != "merged"  # it had a status when it got its type
        assert began or ticket.status in (stage.status, "closed", "cancelled")


@given(steps)
def test_a_guided_ticket_only_goes_where_its_stage_leads(steps: list[Any]) -> None:
    walk = Walk(CHANGES, "change")
    for step in steps:
        before = walk.ticket
        decision = walk.does(*step)
        if decision is None or before.type != "change" or walk.ticket.type != "change":
            continue
        old, new = before.stage, walk.ticket.stage
        assert old == new or new in STAGES[old].goes_to


@given(steps, st.sampled_from(NAMES), st.sampled_from(["lead", "agent", "light", "admin"]))
def test_a_move_is_done_exactly_where_asking_finds_no_refusal(steps: list[Any], to: str, who: str) -> None:
    walk = Walk(BOTH, "change")
    for step in steps:
        walk.does(*step)
    refused = check(walk.ticket, to, ACTORS[who], {**WORDS, "reason": "full"}, BOTH, walk.now + 60)
    same = to == walk.ticket.status and not refused
    done = walk.does(u.Move(7, to, "full", WORDS), who, 60) is not None
    assert done == (not refused and not (same and to not in STAGES))


@given(steps, st.sampled_from(["lead", "agent", "admin"]))
def test_every_way_that_is_offered_can_be_gone(steps: list[Any], who: str) -> None:
    walk = Walk(BOTH, "change")
    for step in steps:
        walk.does(*step)
    for way in ways(walk.ticket, ACTORS[who], BOTH, walk.now):
        lacks = [each for each in way.refusals if each.code != "lifecycle.needs_field"]
        given = {**WORDS, "reason": "full"}
        assert check(walk.ticket, way.to, ACTORS[who], given, BOTH, walk.now) == [] or lacks


def test_the_ways_of_a_guided_ticket_are_its_next_stages_and_the_ends_that_are_always_there() -> None:
    test = a_change("test")
    assert [way.to for way in ways(test, ACTORS["lead"], CHANGES, T0)] == [
        "build",
        "done",
        "given_up",
        "cancelled",
    ]
    done = a_change("given_up")
    assert [way.to for way in ways(done, ACTORS["lead"], CHANGES, T0)] == ["closed"]


@pytest.mark.parametrize("status", STATUSES)
def test_the_ways_of_a_ticket_that_nothing_guides_are_those_of_the_table(status: str) -> None:
    walk = Walk(BOOK, "incident")
    ticket = replace(walk.ticket, status=status)
    found = {way.to for way in ways(ticket, ACTORS["lead"], BOOK, T0)}
    assert found == TRANSITIONS[status] - {"merged"}


@given(steps, st.sampled_from(["lead", "agent", "light", "admin"]))
def test_what_is_offered_is_done_and_what_is_greyed_out_is_refused(steps: list[Any], who: str) -> None:
    walk = Walk(BOTH, "change")
    for step in steps:
        walk.does(*step)
    for each in prospects(walk.ticket, ACTORS[who], BOTH, walk.now):
        given = {name: WORDS.get(name, "high") for name in each.needs if name != "reason"}
        move: Any = u.Move(7, each.to, "full", given)
        if each.anew:
            move = (a.Pend if each.status == "pending" else a.Hold)(7, f"{walk.ticket.wait_reason}!")
        assert walk.could(move, who) == (each.refusal is None), each


@given(steps, st.sampled_from(["lead", "agent"]))
def test_a_move_is_refused_for_want_of_exactly_what_is_asked_for(steps: list[Any], who: str) -> None:
    walk = Walk(BOTH, "change")
    for step in steps:
        walk.does(*step)
    for each in prospects(walk.ticket, ACTORS[who], BOTH, walk.now):
        bare = check(walk.ticket, each.to, ACTORS[who], {}, BOTH, walk.now)
        if each.refusal is None and not each.anew:
            assert bool(bare) == bool(each.needs)
