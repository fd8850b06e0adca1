"""What counts as work of an assignee: open tickets whose resolution clock may run, each with its weight."""

from dataclasses import replace
from typing import Any

import pytest

from deskterm.rules.load import load_of
from deskterm.rules.rulebook import Capacity, Policy, RuleBook
from tests.builders import a_ticket
from tests.rules.routing.builders import a_desk

STD = Policy("std", pause={"resolution": frozenset({"pending"})})
RULES = RuleBook(rev=1, policies=(STD,), capacity=Capacity(priority={"P1": 3}, channel={"chat": 2}))


def load(rules: RuleBook = RULES, **ticket: Any) -> int:
    """The weight of a ticket under the policy std."""
    return load_of(a_ticket(**{"policy": "std", **ticket}), replace(a_desk(rules), rules=rules))


@pytest.mark.parametrize(
    ("status", "weight"),
    [("new", 1), ("open", 1), ("pending", 0), ("on_hold", 1), ("resolved", 0), ("closed", 0), ("merged", 0)],
)
def test_only_a_ticket_whose_resolution_runs_is_load(status: str, weight: int) -> None:
    assert load(status=status) == weight


def test_without_a_policy_every_open_ticket_is_load() -> None:
    assert load(status="pending", policy="") == 1


@pytest.mark.parametrize(
    ("ticket", "weight"),
    [
        ({"priority": "P1", "channel": "chat"}, 3),
        ({"priority": "P3", "channel": "chat"}, 2),
        ({"priority": "P3", "channel": "mail"}, 1),
    ],
)
def test_a_ticket_weighs_what_its_priority_or_its_channel_does(ticket: dict[str, Any], weight: int) -> None:
    assert load(**ticket) == weight
