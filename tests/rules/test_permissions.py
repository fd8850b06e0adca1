"""Who may do what: the whole table of roles and actions, and the cases between."""

from dataclasses import replace
from typing import Any

import pytest

from deskterm.rules import actions as a
from deskterm.rules.decide import decide
from deskterm.rules.facts import Facts
from deskterm.rules.permissions import LEAST_ROLE
from deskterm.rules.problems import Problem
from tests.builders import ACTORS, ANN, BOOK, T0, Story, a_ticket, on, ticket_of

TICKET_ACTIONS: dict[str, tuple[a.Action, str]] = {
    "reply": (a.Reply(7, "hello"), "requester agent lead admin system"),
    "note": (a.Note(7, "psst"), "light agent lead admin system"),
    "assign": (a.Assign(7, agent="lee"), "agent lead admin system"),
    "set": (a.SetFields(7, {"priority": "P1"}), "agent lead admin system"),
    "tag": (a.Tag(7, add=("vpn",)), "agent lead admin system"),
    "pend": (a.Pend(7), "agent lead admin system"),
    "hold": (a.Hold(7, "parts"), "agent lead admin system"),
    "resolve": (a.Resolve(7, "x", "y"), "agent lead admin system"),
    "cancel": (a.Cancel(7, "spam"), "lead admin system"),
    "attach": (a.Attach(7, (a.Attachment("a.txt", "0" * 64, 1),)), "requester light agent lead admin system"),
    "attach public": (
        a.Attach(7, (a.Attachment("a.txt", "0" * 64, 1),), internal=False),
        "requester agent lead admin system",
    ),
}
RESOLVED_ACTIONS: dict[str, tuple[a.Action, str]] = {
    "confirm": (a.Confirm(7), "requester agent lead admin system"),
    "reject": (a.Reject(7, "no"), "requester agent lead admin system"),
    "close": (a.Close(7), "lead admin system"),
    "reopen": (a.Reopen(7), "agent lead admin system"),
}
CELLS = [
    (name, action, who, who in allowed.split(), status)
    for table, status in ((TICKET_ACTIONS, "open"), (RESOLVED_ACTIONS, "resolved"))
    for name, (action, allowed) in table.items()
    for who in ACTORS
]


@pytest.mark.parametrize(("name", "action", "who", "allowed", "status"), CELLS)
def test_a_role_may_exactly_what_the_table_says(
    name: str, action: a.Action, who: str, allowed: bool, status: str
) -> None:
    try:
        on(a_ticket(status=status), action, who)
    except Problem as problem:
        refused = (
            "ticket.missing"
            if who == "stranger" and LEAST_ROLE[type(action)] == "requester"
            else "permission.role"
        )
        assert (problem.code, allowed) == (refused, False), name
    else:
        assert allowed, name


def test_every_action_stands_in_the_table_of_roles() -> None:
    known = {each for each in vars(a).values() if isinstance(each, type) and issubclass(each, a.Action)}
    assert known - {a.Action, a.TicketAction} == set(LEAST_ROLE)


def test_a_lead_is_a_lead_in_his_own_group_only() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(group_id=2), a.Cancel(7, "spam"), "lead")
    assert refused.value.code == "permission.role"


def test_somebody_elses_ticket_does_not_exist_for_a_requester() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(), a.Reply(7, "let me see"), "stranger")
    assert (refused.value.code, refused.value.kind) == ("ticket.missing", "missing")


def test_a_cancelled_ticket_is_reopened_by_a_lead_only() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(status="cancelled", closed_at=T0), a.Reopen(7), "agent")
    assert refused.value.code == "permission.role"


def test_a_requesters_file_is_public() -> None:
    files = (a.Attachment("log.txt", "0" * 64, 1),)
    decision = on(a_ticket(), a.Attach(7, files, internal=True), "requester")
    assert decision.changes[0].facts()["internal"] is False


def test_a_light_agents_words_never_reach_the_requester() -> None:
    story = Story()
    story.does(a.Note(1, "I saw the cable"), "light")
    assert story.events[-2].data["public"] is False or story.events[-1].kind == "status"


def test_the_ticket_of_an_agent_opened_for_himself_counts_him_as_requester() -> None:
    assert ticket_of(on(a_ticket(), a.Reply(7, "hi"), "agent")).first_response_at is not None


@pytest.mark.parametrize(
    "fields",
    [
        {"priority": "P1"},
        {"impact": "high"},
        {"urgency": "high"},
        {"assignee": "kim"},
        {"group": "network"},
        {"tags": ("vip",)},
        {"dedupe_key": "disk"},
        {"parent": 7},
        {"follows": 7},
    ],
)
@pytest.mark.parametrize("who", ["requester", "light"])
def test_opening_sets_nothing_that_its_author_could_not_set_afterwards(
    who: str, fields: dict[str, Any]
) -> None:
    with pytest.raises(Problem) as refused:
        Story(who=who, **fields)
    assert refused.value.code == "permission.field"


def test_a_requester_opens_for_himself_only() -> None:
    facts = Facts(requester=replace(ANN, id=12, addresses=("eve@acme.example",)))
    with pytest.raises(Problem) as refused:
        decide(a.OpenTicket("x", requester="eve@acme.example"), ACTORS["requester"], facts, BOOK, T0)
    assert refused.value.field == "requester"


def test_a_light_agent_opens_for_a_caller() -> None:
    assert Story(who="light").ticket is not None
