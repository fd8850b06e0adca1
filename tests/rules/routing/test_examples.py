"""The inline tests of the example desks, as far as routing decides them (worked cases I01 to I07)."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deskterm.rules.facts import Agent, Book, Contact, Facts, Group, Organization, Queue, Standing
from deskterm.rules.routing import Routing, route_ticket
from deskterm.rules.rulebook import RuleBook, RuleTest
from deskterm.rules.rulefile import load
from deskterm.rules.ruleview import Root, RuleView
from tests.builders import a_ticket

EXAMPLES = Path(__file__).parents[3] / "examples"
BOOKS = {name: load((EXAMPLES / name).read_text("utf-8"), name) for name in ("it.toml", "cs.toml")}
CASES = [(name, test) for name, book in BOOKS.items() for test in book.tests]


def an_instant(text: str, zone: str) -> int:
    """2026-03-02T10:00, perhaps with a zone behind it."""
    wall, _, named = text.partition(" ")
    return int(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(named or zone)).timestamp())


def a_staff(test: RuleTest) -> tuple[list[Agent], dict[int, Standing], dict[str, set[int]]]:
    """The agents of an inline test, what they have to do, and who is in which group."""
    agents: list[Agent] = []
    stands: dict[int, Standing] = {}
    members: dict[str, set[int]] = {}
    for number, row in enumerate(test.table["agents"], 1):
        traits = {"presence": row.get("presence", "online"), "skills": row.get("skills", {})}
        agents.append(Agent(number, row["id"], row["id"], capacity=row.get("cap", 0), **traits))
        for group in row["groups"]:
            members.setdefault(group, set()).add(number)
        stands[number] = Standing(row.get("load", 0), dict.fromkeys(range(1, 9), row.get("last_seq", 0)))
    return agents, stands, members


def a_book(rules: RuleBook, agents: list[Agent], members: Mapping[str, set[int]]) -> Book:
    """A desk with the queues and groups that the rules name."""
    groups = [
        Group(number, name, members=frozenset(members.get(name, ())))
        for number, name in enumerate(rules.groups, 1)
    ]
    names = dict.fromkeys(("inbox", *(each.queue for each in rules.routes)))
    queues = [Queue(number, name) for number, name in enumerate(names, 1)]
    return Book(
        agents={each.id: each for each in agents},
        groups={each.id: each for each in groups},
        queues={each.id: each for each in queues},
        logins={each.login: each.id for each in agents},
        group_names={each.name: each.id for each in groups},
        queue_names={each.name: each.id for each in queues},
        terms=rules.terms,
        rules=rules,
    )


def routed(rules: RuleBook, test: RuleTest) -> tuple[Routing, Book]:
    """The ticket of an inline test after the rules."""
    told = dict(test.table["ticket"])
    agents, stands, members = a_staff(test)
    book = a_book(rules, agents, members)
    address = f"{told.pop('requester')}@{told.pop('domain', 'x.example')}"
    facts = Facts(
        requester=Contact(11, "Requester", (address,)),
        organization=Organization(5, "Org", told.pop("tier", "")),
        standing=stands,
    )
    ticket = a_ticket(
        **{
            "organization_id": 5,
            "queue_id": 1,
            "group_id": None,
            "priority": rules.terms.default_priority,
            **told,
        }
    )
    now = an_instant(test.table["at"], rules.timezone)
    return route_ticket(RuleView(ticket, book, facts, Root("created", "requester"), now), rules), book


def outcome(routing: Routing, book: Book) -> dict[str, Any]:
    """What an inline test can expect of routing."""
    found = routing.choice.agent if routing.choice else None
    return {
        **{name: getattr(routing.ticket, name) for name in ("priority", "category", "type", "region")},
        "tags": sorted(routing.ticket.tags),
        "queue": routing.queue,
        "route": routing.route.id if routing.route else "",
        "assignee": book.agents[found].login if found else "",
        "sla": routing.policy.id if routing.policy else "",
    }


@pytest.mark.parametrize(("name", "test"), CASES, ids=[test.name for _, test in CASES])
def test_the_example_desk_does_what_its_own_test_expects(name: str, test: RuleTest) -> None:
    expected = {key: value for key, value in test.table["expect"].items() if key != "due"}
    found = outcome(*routed(BOOKS[name], test))
    assert {key: found[key] for key in expected} == expected


def test_there_are_seven_of_them() -> None:
    assert len(CASES) >= 7
