"""The seven tickets of the design, and the queries that find them."""

import json
from pathlib import Path
from typing import Any

import pytest

from deskterm.rules.query import QueryContext, Vocabulary, parse
from deskterm.rules.query.order import arranged
from tests.rules.query.builders import CONTEXT, DAY, HOUR, NOW, WORDS, Seen, a_ticket

CASES = Path(__file__).parents[3].parent / "shared" / "data" / "rules" / "worked_cases.json"

DESK = (
    a_ticket(
        "VPN will not connect",
        "error 809 on Wi-Fi",
        id=1,
        priority="high",
        assignee="li",
        tier="gold",
        tags=frozenset({"vpn"}),
        next_due_at=NOW + 2 * HOUR,
    ),
    a_ticket(
        "密码重置 password reset", "忘记密码了", id=2, assignee="kim", lang="zh", next_due_at=NOW - HOUR
    ),
    a_ticket(
        "New laptop program",
        "RAM upgrade",
        id=3,
        status="pending",
        priority="low",
        tags=frozenset({"hw", "vpn"}),
    ),
    a_ticket(
        "Printer on fire",
        "please help, paper jam",
        id=4,
        status="new",
        priority="urgent",
        tier="gold",
        created_at=NOW - 5 * DAY,
        next_due_at=NOW + 600,
    ),
    a_ticket("spam offer", "buy now", id=5, status="closed", priority="low", tags=frozenset({"spam"})),
    a_ticket(
        "ＶＰＮ 无法连接",
        "全角字符",
        id=6,
        priority="high",
        assignee="kim",
        tier="silver",
        tags=frozenset({"vpn"}),
        next_due_at=NOW + 5 * HOUR,
        waiting_since=NOW - 3 * HOUR,
    ),
    a_ticket(
        'Billing "double" charge',
        "O'Brien charged twice",
        id=7,
        priority="high",
        queue="cs",
        created_at=NOW - 40 * DAY,
        next_due_at=NOW + 4 * HOUR,
    ),
)

FOUND = {
    "": [2, 4, 1, 7, 6, 3, 5],
    "status:open priority>=high": [1, 7, 6],
    "assignee:me": [2, 6],
    "due<4h": [2, 4, 1],
    "due<=4h": [2, 4, 1, 7],
    "is:overdue": [2],
    "tag:vpn -assignee:me": [1, 3],
    "vpn": [1, 6],
    '"will not"': [1],
    "ram": [3],
    "progr*": [3],
    "密码": [2],
    "码密": [],
    "-tier:gold sort:id": [2, 3, 5, 6, 7],
    "tier!=gold sort:id": [2, 3, 5, 6, 7],
    "tier:none sort:id": [2, 3, 5, 7],
    "tier:none,silver sort:id": [2, 3, 5, 6, 7],
    "tag:none sort:id": [2, 4, 7],
    "tag!=none sort:id": [1, 3, 5, 6],
    "(tier:gold OR lang:zh) -status:pending sort:-priority": [4, 1, 2],
    "tier:gold OR lang:zh -status:pending": [2, 4, 1],
    "created<2026-02-26 sort:created": [7, 4],
    "created>=2026-02 created:<2026-03 sort:id": [4],
    "age>3d sort:created": [7, 4],
    "created<-3d sort:created": [7, 4],
    "waiting>2h": [6],
    'subject~"wi fi"': [],
    "wi-fi": [1],
    '"o\'brien"': [7],
    '"\\"double\\""': [7],
    "priority:urgent,high sort:-priority,due": [4, 1, 7, 6],
    "is:unassigned is:open sort:due": [4, 7],
    "is:unassigned is:unsolved sort:due": [4, 7, 3],
    "-(tag:vpn OR tag:spam) sort:id": [2, 4, 7],
    "NOT (tag:vpn OR tag:spam) AND id>2 sort:id": [4, 7],
    "created:today sort:id": [1, 2, 3, 5, 6],
    "domain:acme.* tag:vpn sort:id": [1, 3, 6],
    "-domain:*.example": [],
    "sort:-due": [6, 7, 1, 4, 2, 3, 5],
    "is:unsolved sort:age": [1, 2, 3, 6, 4, 7],
}


def numbers(text: str, tickets: tuple[Seen, ...], context: QueryContext) -> list[int]:
    """The numbers of the tickets that the query finds, in its order."""
    query = parse(text, vocabulary=context.vocabulary)
    found = [each for each in tickets if query.matches(each, context)]
    return [each.id for each in arranged(found, query.order, context.vocabulary)]


@pytest.mark.parametrize(("text", "expected"), FOUND.items(), ids=FOUND)
def test_the_query_finds_them_in_this_order(text: str, expected: list[int]) -> None:
    assert numbers(text, DESK, CONTEXT) == expected


def test_the_worked_cases_of_the_design_hold_to_the_letter() -> None:
    if not CASES.exists():
        pytest.skip(f"{CASES.name} is not beside this clone")
    given = json.loads(CASES.read_text("utf-8"))["queries"]
    words = Vocabulary(priorities=tuple(given["priorities"]))
    context = QueryContext(given["now"], given["me"], given["timezone"], words)
    tickets = tuple(_worked(each, words) for each in given["tickets"])
    wrong = {
        case["id"]: found
        for case in given["cases"]
        if (found := numbers(case["query"], tickets, context)) != case["expected"]
    }
    assert wrong == {}
    assert words == WORDS


def _worked(ticket: dict[str, Any], words: Vocabulary) -> Seen:
    del ticket["breached"]
    ticket["group"] = ticket.pop("grp")
    ticket["priority"] = words.priorities[ticket["priority"]]
    ticket["tags"] = frozenset(ticket["tags"])
    return a_ticket(**ticket)
