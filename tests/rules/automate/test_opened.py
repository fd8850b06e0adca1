"""Tickets that rules open: whatever the rule file may say of a new ticket, the ticket gets."""

import pytest

from deskterm.rules.actions import OpenTicket
from deskterm.rules.automate.acts import perform_act
from deskterm.rules.handlers.ticking import as_opening
from deskterm.rules.rulebook import Recurring
from deskterm.rules.rulefile.acts import _OPENED as SAYABLE
from tests.rules.automate.drafts import a_draft, act


@pytest.mark.parametrize("field", SAYABLE)
def test_a_child_gets_every_field_that_a_rule_file_may_give_it(field: str) -> None:
    draft = a_draft()
    given, gets = (["high"], ("high",)) if field == "tags" else ("high", "high")
    perform_act(act("create_child", {"subject": "x", field: given}), draft, "trigger t@3")
    opened = [root.action for root in draft.roots if isinstance(root.action, OpenTicket)]
    assert [getattr(each, field) for each in opened] == [gets]


@pytest.mark.parametrize("field", SAYABLE)
def test_a_recurring_ticket_gets_every_field_that_a_rule_file_may_give_it(field: str) -> None:
    given, gets = (["high"], ("high",)) if field == "tags" else ("high", "high")
    rule = Recurring("r", "daily 07:00", "UTC", {"subject": "x", field: given})
    assert getattr(as_opening(rule), field) == gets


def test_a_recurring_ticket_of_no_channel_comes_from_the_system() -> None:
    assert as_opening(Recurring("r", "daily 07:00", "UTC", {"subject": "x"})).channel == "system"
