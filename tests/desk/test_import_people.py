"""Import of people and words: whom a row names, who of them is an agent, and who said what."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.store.rows import AgentRow
from tests.desk.importing import TICKETS, Case
from tests.desks import a_desk, sqlite_url

LEAST = """
source = "old"
[rows]
key = "id"
[ticket]
subject = "id"
created_at = "opened"
status = { value = "open" }
"""
T0 = 1_772_445_600  # 2026-03-02 10:00 UTC


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A founded desk in a file."""
    with closing(a_desk(sqlite_url(tmp_path), people=False).desk) as desk:
        yield Case(desk, tmp_path)


def people(case: Case, mapping: str, *rows: Mapping[str, object], least: str = LEAST) -> None:
    """Bring the rows, opened at T0 unless they say when."""
    lines = (json.dumps({"id": n, "opened": "2026-03-02T10:00:00Z", **row}) for n, row in enumerate(rows, 1))
    case.brings("\n".join(lines) + "\n", least + mapping, "export.jsonl")


def agents(case: Case) -> dict[str, AgentRow]:
    return {row.login: row for row in case.desk.agents() if row.login != "ada"}


REQUESTER = '[requester]\nkey = "who"\nname = "{first} {last}"\naddress = "mail"\nphone = "phone"\n'


def test_a_requester_is_made_once_and_known_by_his_key(case: Case) -> None:
    row = {"who": 7, "first": "Ann", "last": "Li", "mail": "Ann@ACME.example", "phone": "+49 30"}
    people(case, REQUESTER, row, row, {**row, "mail": "other@acme.example"})
    (contact,) = case.desk.contacts(viewer=Actor("system"))
    assert (contact.name, contact.addresses, contact.phone) == ("Ann Li", ("ann@acme.example",), "+49 30")
    assert {row.requester for row in case.rows()} == {"ann@acme.example"}


def test_a_requester_whom_the_desk_knows_by_address_is_that_contact(case: Case) -> None:
    case.desk.perform(a.AddContact("Ann of here", ("ann@acme.example",)), case.desk.agent("ada"))
    people(case, REQUESTER, {"who": 7, "first": "Ann", "last": "Li", "mail": "ann@acme.example"})
    assert [contact.name for contact in case.desk.contacts(viewer=Actor("system"))] == ["Ann of here"]


@pytest.mark.parametrize("mail", ["nobody", "a b@c", "<x@y>", "\u202e@acme.example"])
def test_what_is_no_address_costs_the_requester_nothing_but_the_address(case: Case, mail: str) -> None:
    people(case, REQUESTER, {"who": 7, "first": "Ann", "last": "Li", "mail": mail})
    (contact,) = case.desk.contacts(viewer=Actor("system"))
    assert (contact.name, contact.addresses) == ("Ann Li", ())


def test_a_requester_without_a_key_is_known_by_his_address(case: Case) -> None:
    mapping = '[requester]\naddress = "mail"\n'
    people(case, mapping, {"mail": "ANN@acme.example"}, {"mail": "ann@acme.example"}, {"mail": None})
    assert [row.requester for row in case.rows("sort:id")] == ["ann@acme.example", "ann@acme.example", ""]
    assert len(case.desk.contacts(viewer=Actor("system"))) == 1


def test_an_organization_gets_the_people_and_the_tickets(case: Case) -> None:
    mapping = '[requester]\naddress = "mail"\n[organization]\nname = "company"\n'
    row = {"mail": "ann@acme.example", "company": "ACME [north] GmbH"}
    people(case, mapping, row, row)
    (organization,) = case.desk.organizations()
    assert (organization.name, organization.contacts) == ("ACME [north] GmbH", 1)
    assert {row.organization for row in case.rows()} == {"ACME [north] GmbH"}


def test_agents_groups_and_queues_get_names_that_a_query_can_take(case: Case) -> None:
    mapping = """
[assignee]
login = "tech"
name = "tech"
[group]
name = "team"
title = "team"
[queue]
name = "line"
"""
    people(case, mapping, {"tech": "Kim Park (ext.)", "team": "網絡 1st line", "line": "second,line"})
    (row,) = case.rows("assignee:Kim-Park-ext group:網絡-1st-line queue:second-line")
    assert (row.assignee_name, case.desk.groups()[-1].title) == ("Kim Park (ext.)", "網絡 1st line")


def test_an_agent_whom_the_desk_knows_stays_as_he_is(case: Case) -> None:
    people(case, '[assignee]\nlogin = "tech"\nname = "tech"\nrole = "light"\n', {"tech": "ada"})
    (ada,) = (row for row in case.desk.agents() if row.login == "ada")
    assert (ada.name, ada.role) == ("Ada Admin", "admin")


EVERYBODY = """
[assignee]
login = "tech"
name = "Technician {tech}"
[submitter]
login = "by"
role = "light"
active = false
"""


def test_who_only_entered_tickets_is_no_agent_who_gets_some(case: Case) -> None:
    people(case, EVERYBODY, {"tech": "kim", "by": "joe"})
    found = agents(case)
    assert (found["joe"].role, found["joe"].active, found["kim"].active) == ("light", False, True)
    assert case.ticket().submitter == "joe"


def test_who_is_assigned_anywhere_in_the_file_is_an_agent_wherever_he_came_first(case: Case) -> None:
    people(case, EVERYBODY, {"by": "kim"}, {"tech": "kim"})
    kim = agents(case)["kim"]
    assert (kim.name, kim.role, kim.active) == ("Technician kim", "agent", True)


def test_a_ticket_that_nobody_entered_was_entered_by_its_requester(case: Case) -> None:
    people(case, '[requester]\naddress = "mail"\n', {"mail": "ann@acme.example"}, {})
    assert [case.ticket(number).submitter for number in (1, 2)] == ["ann@acme.example", "system"]


def test_the_words_of_a_ticket_are_its_requesters(case: Case) -> None:
    body = "Hello\n\x1b[31m"
    mapping = TICKETS.replace("[ticket]", '[ticket]\nbody = "body"') + '[requester]\nkey = "title"\n'
    text = f'id,title,state,opened,solved,closed,body\n1,x,O,2026-03-02 10:00,?,?,"{body}"\n'
    case.brings(text, mapping)
    message = case.ticket().timeline[1].message
    assert message is not None
    assert (message.body, message.public, message.author_kind) == (body, True, "requester")


TALK = """
[requester]
key = "who"
address = "mail"
[messages]
each = "comments"
body = "text"
at = "when"
public = "public"
author = "by"
login = "agent-{by}"
"""


def test_a_list_of_comments_becomes_the_conversation(case: Case) -> None:
    comments = [
        {"text": "it broke", "when": "2026-03-02T10:00:00Z", "public": True, "by": 7},
        {"text": "try this", "when": "2026-03-02T10:10:00Z", "public": True, "by": 3},
        {"text": "odd one", "when": "2026-03-02T10:05:00Z", "public": False, "by": 4},
        {"text": None, "when": "2026-03-02T10:05:00Z", "public": False, "by": 4},
    ]
    people(case, TALK, {"who": 7, "mail": "ann@acme.example", "comments": comments})
    lines = [line.message for line in case.ticket().timeline if line.message]
    assert [(line.body, line.public, line.author, (line.at - T0) // 60) for line in lines] == [
        ("it broke", True, "ann@acme.example", 0),
        ("odd one", False, "agent-4", 5),
        ("try this", True, "agent-3", 10),
    ]
    assert case.ticket().first_response_at == T0 + 600


def test_a_comment_is_internal_unless_the_export_says_otherwise(case: Case) -> None:
    mapping = TALK.replace('public = "public"\n', "")
    people(case, mapping, {"comments": [{"text": "hush", "when": "2026-03-02T10:00:00Z", "by": 3}]})
    message = case.ticket().timeline[1].message
    assert message is not None
    assert not message.public


@pytest.mark.parametrize(
    ("comments", "reason"),
    [
        ('{"text": 1}', "is no JSON list."),
        ([{"text": "x", "when": "then"}], '"then" is no time'),
        ([{"text": "x", "public": "perhaps"}], 'messages.public: "perhaps" is neither true nor false.'),
    ],
)
def test_a_conversation_that_cannot_be_read_rejects_the_row(
    case: Case, comments: object, reason: str
) -> None:
    people(case, TALK, {"comments": comments})
    assert case.rows() == []
    assert reason in json.loads(case.rejects("export.jsonl.rejects.jsonl"))["reason"]


def test_a_row_of_an_audit_log_may_carry_words(case: Case) -> None:
    mapping = """
[messages]
body = "note"
public = { column = "type", map = { "comment" = "true", "work note" = "false" } }
"""
    rows = (
        {"key": 1, "note": "seen", "type": "work note"},
        {"key": 1, "note": "fixed", "type": "comment", "opened": "2026-03-02T10:01:00Z"},
    )
    states = LEAST.replace('key = "id"', 'key = "key"\nare = "states"\nat = "opened"')
    people(case, mapping, *rows, least=states)
    lines = [line.message for line in case.ticket().timeline if line.message]
    assert [(line.body, line.public) for line in lines] == [("seen", False), ("fixed", True)]
