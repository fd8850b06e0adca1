"""Retracing: what a ticket was after each event of its timeline."""

from typing import Any

import pytest

from deskterm.rules import actions as a
from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.query import parse
from deskterm.rules.query.bind import bind
from deskterm.rules.query.context import QueryContext
from deskterm.rules.query.matches import holds
from deskterm.rules.retrace import Retraced, retrace, untraceable
from tests.builders import BOOK, HOUR, T0, Story, events_of

CONTEXT = QueryContext(now=T0, me="kim")
OPENED = {
    "priority": "P2",
    "status": "new",
    "queue": "triage",
    "requester": "ann@acme.example",
    "tags": ["vpn"],
}


def ends_as(*steps: tuple[str, dict[str, Any]]) -> Retraced:
    """What a ticket is after OPENED and those steps."""
    history = events_of([(T0, "created", OPENED), *((T0 + 60, kind, data) for kind, data in steps)])
    *_, (_, last) = retrace(history)
    return last


@pytest.mark.parametrize(
    ("step", "query"),
    [
        (
            ("status", {"old": "new", "new": "on_hold", "vendor": "northline"}),
            "status:on_hold vendor:northline",
        ),
        (("status", {"old": "closed", "new": "open", "reopened": True}), "is:reopened is:open"),
        (("field", {"name": "priority", "old": "P2", "new": "P1"}), "priority>P2"),
        (("field", {"name": "queue", "old": "triage", "new": "apps"}), "queue:apps"),
        (("field", {"name": "cf.asset", "old": "", "new": "n7"}), "cf.asset:n7"),
        (("field", {"name": "subject", "old": "", "new": "WLAN fällt aus"}), "subject~wlan"),
        (("assigned", {"old": "", "new": "kim"}), "assignee:me"),
        (("group", {"old": "", "new": "network"}), "group:network is:unassigned"),
        (("tags", {"added": ["urgent"], "removed": ["vpn"]}), "tag:urgent -tag:vpn"),
        (
            ("message", {"public": True, "side": "agent"}),
            "status:new domain:acme.example requester:ann@acme.example",
        ),
    ],
)
def test_a_condition_holds_on_what_the_ticket_had_become(
    step: tuple[str, dict[str, Any]], query: str
) -> None:
    condition = bind(parse(query).where, CONTEXT)
    assert holds(condition, ends_as(step))
    assert untraceable(condition) == frozenset()


def test_every_event_comes_with_the_ticket_right_after_it() -> None:
    history = events_of(
        [
            (T0, "created", OPENED),
            (T0 + 1, "status", {"old": "new", "new": "open"}),
            (T0 + 2, "status", {"old": "open", "new": "pending"}),
        ]
    )
    assert [ticket.status for _, ticket in retrace(history)] == ["new", "open", "pending"]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("due<4h", {"due"}),
        ("is:overdue OR text~vpn", {"due", "text"}),
        ("-(age>3d tier:gold)", {"created", "tier"}),
        ("is:atrisk", {"sla"}),
        ("status:open cf.asset:any", set()),
    ],
)
def test_what_no_timeline_tells_is_named(query: str, fields: set[str]) -> None:
    assert untraceable(bind(parse(query).where, CONTEXT)) == fields


def test_a_field_that_is_not_retraced_changes_nothing() -> None:
    assert ends_as(("field", {"name": "wake_at", "old": "", "new": "5"})) == ends_as()


def test_a_history_that_lacks_its_beginning_is_read_as_far_as_it_goes() -> None:
    event = Event(1, T0, "assigned", SYSTEM, {"old": "", "new": "kim"})
    assert [ticket.assignee for _, ticket in retrace([event])] == ["kim"]


def test_the_last_of_a_story_is_the_ticket_that_it_ended_with() -> None:
    story = Story(type="incident", tags=("vpn",), custom={"asset": "n7"}, who="agent")
    story.does(a.Assign(1, agent="kim", group="network"), after=HOUR)
    story.does(a.SetFields(1, {"priority": "P1", "category": "network.vpn", "vendor": "northline"}))
    story.does(a.Pend(1, reason="logs", until=T0 + 9 * HOUR))
    ticket = story.ticket
    assert ticket is not None
    *_, (_, last) = retrace(story.events)
    people = (BOOK.agents[ticket.assignee_id or 0].login, BOOK.groups[ticket.group_id or 0].name)
    assert (last.assignee, last.group) == people
    names = ("status", "priority", "type", "category", "vendor", "tags", "custom", "channel")
    assert [getattr(last, name) for name in names] == [getattr(ticket, name) for name in names]
