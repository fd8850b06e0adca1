"""Undoing: what an action changed comes back, or nothing does; what was said stays."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from deskterm.rules import actions as a
from deskterm.rules.changes import Decision
from deskterm.rules.facts import Ticket
from deskterm.rules.problems import Problem
from deskterm.rules.upkeep import Undo
from tests.builders import DAY, T0, Story, kinds, statuses

FIELDS = (
    *("subject", "priority", "type", "category", "impact", "urgency", "queue_id", "group_id", "assignee_id"),
    *("tags", "custom", "wait_reason", "wake_at", "stage"),
)
ACTIONS: tuple[a.TicketAction, ...] = (
    a.Assign(7, agent="kim"),
    a.Assign(7, agent="lee", group="network"),
    a.Assign(7, agent="", group="apps"),
    a.Assign(7, agent="omar", group="apps"),
    a.SetFields(7, {"impact": "high", "urgency": "high"}),
    a.SetFields(7, {"queue": "apps", "category": "hw", "cf.site": "Berlin"}),
    a.SetFields(7, {"cf.site": "", "subject": "VPN drops again", "type": "incident"}),
    a.Tag(7, ("vpn", "vip"), ("old",)),
    a.Tag(7, ("old",), ("vpn",)),
    a.Pend(7, "asked", T0 + 90 * DAY),
    a.Pend(7, "asked twice", T0 + 91 * DAY),
    a.Hold(7, "parts", "northline"),
    a.Resolve(7, "cable", "replaced"),
    a.Reopen(7),
    a.Cancel(7, "spam"),
    a.Reply(7, "and now?"),
    a.Note(7, "hm"),
)


def standing(ticket: Ticket | None) -> dict[str, Any]:
    assert ticket is not None
    return {name: getattr(ticket, name) for name in FIELDS}


def tried(story: Story, action: a.TicketAction, who: str = "lead") -> Decision | None:
    try:
        return story.does(action, who)
    except Problem:
        return None


def refused(story: Story, action: a.TicketAction, who: str = "lead") -> Problem:
    with pytest.raises(Problem) as caught:
        story.does(action, who)
    return caught.value


def worked() -> Story:
    """A ticket of the network group that lee took up."""
    story = Story(queue="network")
    story.does(a.Assign(7, agent="lee"), "lead")
    return story


@given(st.lists(st.sampled_from(ACTIONS), max_size=8), st.sampled_from(ACTIONS))
def test_what_is_taken_back_stands_as_it_stood_before(steps: list[Any], last: a.TicketAction) -> None:
    story = worked()
    for step in steps:
        tried(story, step)
    before, version = story.ticket, story.ticket.version if story.ticket else 0
    if tried(story, last) is None or story.ticket is None or story.ticket.version == version:
        return
    if tried(story, Undo(7)) is not None:
        assert standing(story.ticket) == standing(before)
        assert before is not None
        assert story.ticket.status == before.status


@given(st.lists(st.sampled_from(ACTIONS), max_size=8), st.sampled_from(ACTIONS), st.sampled_from(ACTIONS))
def test_what_was_changed_again_is_not_taken_back(
    steps: list[Any], mine: a.TicketAction, other: a.TicketAction
) -> None:
    story = worked()
    for step in steps:
        tried(story, step)
    if tried(story, mine) is None or story.ticket is None:
        return
    version = story.ticket.version
    if tried(story, other, "admin") is None or story.ticket.version == version:
        return
    after = story.ticket
    if tried(story, Undo(7, version)) is not None:
        changed = {name for name in FIELDS if standing(after)[name] != standing(story.ticket)[name]}
        theirs = {str(event.data.get("name")) for event in story.events if event.version == after.version}
        assert not changed & theirs


def test_a_tag_a_priority_and_a_group_come_back_in_one_action() -> None:
    story = worked()
    story.does(a.Assign(7, agent="omar", group="apps"), "lead")
    assert kinds(story.does(Undo(7), "lead")) == ["assigned", "group"]
    assert story.ticket is not None
    assert (story.ticket.assignee_id, story.ticket.group_id) == (2, 1)


def test_the_same_is_not_taken_back_twice() -> None:
    story = worked()
    story.does(a.Tag(7, ("vpn",)), "lead")
    version = story.ticket.version if story.ticket else 0
    story.does(Undo(7), "lead")
    assert refused(story, Undo(7)).code == "undo.again"
    assert refused(story, Undo(7, version)).code == "undo.touched"


def test_taking_back_can_itself_be_taken_back_by_its_version() -> None:
    story = worked()
    story.does(a.Tag(7, ("vpn",)), "lead")
    story.does(Undo(7), "lead")
    story.does(Undo(7, story.ticket.version if story.ticket else 0), "lead")
    assert story.ticket is not None
    assert story.ticket.tags == {"vpn"}


def test_somebody_else_who_changed_it_since_is_named() -> None:
    story = worked()
    story.does(a.SetFields(7, {"priority": "P1"}), "lead")
    story.does(a.SetFields(7, {"priority": "P2"}), "agent")
    problem = refused(story, Undo(7))
    assert (problem.kind, problem.values["what"], problem.values["who"]) == ("stale", "priority", "kim")


def test_what_somebody_else_did_to_other_fields_stays() -> None:
    story = worked()
    story.does(a.Tag(7, ("vpn",)), "lead")
    story.does(a.SetFields(7, {"priority": "P1"}), "agent")
    story.does(Undo(7), "lead")
    assert story.ticket is not None
    assert (story.ticket.tags, story.ticket.priority) == (frozenset(), "P1")


def test_ones_own_last_action_is_meant_whatever_others_did_after_it() -> None:
    story = worked()
    story.does(a.Tag(7, ("vpn",)), "lead")
    story.does(a.Note(7, "seen"), "agent")
    assert kinds(story.does(Undo(7), "lead")) == ["tags"]


def test_a_solution_that_is_taken_back_counts_as_opened_again_and_says_so() -> None:
    story = worked()
    story.does(a.Resolve(7, "cable", "replaced"), "lead")
    decision = story.does(Undo(7), "lead")
    assert statuses(decision) == ["open"]
    assert [each.code for each in decision.warnings] == ["undo.reopened"]
    assert story.ticket is not None
    assert story.ticket.reopen_count == 1


def test_a_ticket_that_was_taken_up_does_not_become_new_again() -> None:
    story = Story(queue="network")
    story.does(a.Assign(7, agent="lee"), "lead")
    decision = story.does(Undo(7), "lead")
    assert (kinds(decision), [each.code for each in decision.warnings]) == (["assigned"], ["undo.new"])


def test_a_wait_comes_back_with_its_reason_and_time() -> None:
    story = worked()
    story.does(a.Pend(7, "asked", T0 + DAY), "lead")
    story.does(a.Hold(7, "parts"), "lead")
    story.does(Undo(7), "lead")
    assert story.ticket is not None
    assert (story.ticket.status, story.ticket.wait_reason, story.ticket.wake_at) == (
        "pending",
        "asked",
        T0 + DAY,
    )


def test_a_way_that_does_not_lead_back_is_refused_whole() -> None:
    story = worked()
    story.does(a.Pend(7, "asked"), "lead")
    story.does(a.Resolve(7, "cable", "replaced"), "lead")
    assert refused(story, Undo(7)).code == "lifecycle.move"


@pytest.mark.parametrize("action", [a.Reply(7, "done?"), a.Note(7, "hm")], ids=["reply", "note"])
def test_words_alone_cannot_be_taken_back(action: a.TicketAction) -> None:
    story = worked()
    story.does(a.Pend(7, "asked"), "lead")
    story.does(action, "lead")
    assert refused(story, Undo(7)).code == "undo.nothing"


def test_the_opening_of_a_ticket_is_not_taken_back() -> None:
    assert refused(Story(), Undo(7, 1)).code == "undo.opened"


def test_a_version_that_there_is_not_is_told() -> None:
    assert refused(Story(), Undo(7, 9)).code == "undo.version"


def test_whoever_did_nothing_has_nothing_to_take_back() -> None:
    assert refused(worked(), Undo(7), "admin").code == "undo.none"


def test_an_assignee_who_has_left_is_not_made_one_again() -> None:
    story = Story(queue="network")
    story.does(a.Assign(7, agent="lee"), "lead")
    place = next(place for place, event in enumerate(story.events) if event.kind == "assigned")
    story.events[place] = replace(story.events[place], data={"old": "gus", "new": "lee"})
    assert refused(story, Undo(7)).code == "name.unknown"
