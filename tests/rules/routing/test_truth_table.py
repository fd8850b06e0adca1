"""Every operator against a value, another value, none at all and several: what a rule author can rely on.

Missing never equals, compares or contains; its negation therefore holds; `none` and `any` ask for it.
"""

from typing import Any

import pytest

from deskterm.rules.conditions import compile_condition
from deskterm.rules.query.context import QueryContext, Vocabulary
from tests.builders import HOUR, T0, a_ticket
from tests.rules.routing.builders import a_view, when

CONTEXT = QueryContext(0, vocabulary=Vocabulary(("low", "normal", "high", "urgent")))

ENUM: list[dict[str, Any]] = [{"category": "net"}, {"category": "apps"}, {"category": ""}]
CUSTOM: list[dict[str, Any]] = [{"custom": {"x": "net"}}, {"custom": {"x": ""}}, {"custom": {}}]
TAGS: list[dict[str, Any]] = [
    {"tags": frozenset({"net"})},
    {"tags": frozenset({"net", "vip"})},
    {"tags": frozenset({"apps"})},
    {"tags": frozenset()},
]
SCALE: list[dict[str, Any]] = [
    {"priority": "high"},
    {"priority": "low"},
    {"priority": "odd"},
    {"priority": ""},
]
NUMBER: list[dict[str, Any]] = [{"parent_id": 5}, {"parent_id": 9}, {"parent_id": None}]
DUE: list[dict[str, Any]] = [
    {"next_due_at": T0 + HOUR},
    {"next_due_at": T0 - HOUR},
    {"next_due_at": None},
]
SINCE: list[dict[str, Any]] = [
    {"waiting_since": T0 - 3 * HOUR},
    {"waiting_since": T0 - HOUR},
    {"waiting_since": None},
]
WORDS: list[dict[str, Any]] = [{"subject": "VPN is down"}, {"subject": "The down VPN"}, {"subject": "!!"}]

TABLE = [
    ("category:net", ENUM, "+--"),
    ("category=net", ENUM, "+--"),
    ("category!=net", ENUM, "-++"),
    ("-category:net", ENUM, "-++"),
    ("category:net,apps", ENUM, "++-"),
    ("category!=net,apps", ENUM, "--+"),
    ("category:n*", ENUM, "+--"),
    ("category:*s", ENUM, "-+-"),
    ("category:none", ENUM, "--+"),
    ("category:any", ENUM, "++-"),
    ("cf.x:net", CUSTOM, "+--"),
    ("cf.x!=net", CUSTOM, "-++"),
    ("cf.x:n*", CUSTOM, "+--"),
    ("cf.x:none", CUSTOM, "-++"),
    ("cf.x:any", CUSTOM, "+--"),
    ("tag:net", TAGS, "++--"),
    ("tag!=net", TAGS, "--++"),
    ("tag:net,apps", TAGS, "+++-"),
    ("tag:net tag:vip", TAGS, "-+--"),
    ("tag:v*", TAGS, "-+--"),
    ("-tag:v*", TAGS, "+-++"),
    ("tag:none", TAGS, "---+"),
    ("tag:any", TAGS, "+++-"),
    ("priority:high", SCALE, "+---"),
    ("priority!=high", SCALE, "-+++"),
    ("priority>=high", SCALE, "+---"),
    ("priority<high", SCALE, "-+--"),
    ("-priority<high", SCALE, "+-++"),
    ("priority:none", SCALE, "---+"),
    ("parent:5", NUMBER, "+--"),
    ("parent!=5", NUMBER, "-++"),
    ("parent<9", NUMBER, "+--"),
    ("parent<=9", NUMBER, "++-"),
    ("parent>5", NUMBER, "-+-"),
    ("parent>=5", NUMBER, "++-"),
    ("parent:any", NUMBER, "++-"),
    ("parent:none", NUMBER, "--+"),
    ("due<2h", DUE, "++-"),
    ("due>0m", DUE, "+--"),
    ("-due<2h", DUE, "--+"),
    ("is:overdue", DUE, "-+-"),
    ("-is:overdue", DUE, "+-+"),
    ("is:overdue,resolved", DUE, "-+-"),
    ("due:today", DUE, "++-"),
    ("due:none", DUE, "--+"),
    ("waiting>2h", SINCE, "+--"),
    ("waiting<2h", SINCE, "-+-"),
    ("waiting>=3h", SINCE, "+--"),
    ("waiting:none", SINCE, "--+"),
    ("subject~vpn", WORDS, "++-"),
    ('subject~"vpn is"', WORDS, "+--"),
    ('subject~"dow*"', WORDS, "++-"),
    ("-subject~vpn", WORDS, "--+"),
    ("subject~vpn,nothing", WORDS, "++-"),
    ("text~vpn", WORDS, "++-"),
    ("", ENUM, "+++"),
    ("category:net OR priority:normal", ENUM, "+++"),
    ("category:net -category:net", ENUM, "---"),
]


@pytest.mark.parametrize(("text", "tickets", "answers"), TABLE, ids=[row[0] or "everything" for row in TABLE])
def test_an_operator_answers_for_every_kind_of_value(
    text: str, tickets: list[dict[str, Any]], answers: str
) -> None:
    test = compile_condition(when(text), CONTEXT)
    found = [test(a_view(a_ticket(**{"priority": "normal", **each}))) for each in tickets]
    assert "".join("+" if each else "-" for each in found) == answers
