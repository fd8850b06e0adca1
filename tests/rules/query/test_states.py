"""What each `is:` means."""

import pytest

from deskterm.rules.query import QueryContext, Vocabulary, parse
from deskterm.rules.query.fields import STATES
from deskterm.rules.terms import CATEGORY
from tests.rules.query.builders import CONTEXT, NOW, Seen, a_ticket

BY_STATUS = {
    "open": {"new", "open"},
    "new": {"new"},
    "pending": {"pending"},
    "waiting": {"pending", "on_hold"},
    "unsolved": {"new", "open", "pending", "on_hold"},
    "resolved": {"resolved"},
    "solved": {"resolved"},
    "closed": {"closed", "cancelled", "merged"},
}
BY_OTHERS = {
    "overdue": (a_ticket(next_due_at=NOW - 1), a_ticket(next_due_at=NOW)),
    "atrisk": (a_ticket(sla_state="warn"), a_ticket(sla_state="breached")),
    "breached": (a_ticket(sla_state="breached"), a_ticket(sla_state="warn")),
    "paused": (a_ticket(sla_state="paused"), a_ticket(sla_state="ok")),
    "mine": (a_ticket(assignee="kim"), a_ticket(assignee="li")),
    "assigned": (a_ticket(assignee="li"), a_ticket(assignee="")),
    "unassigned": (a_ticket(assignee=None), a_ticket(assignee="li")),
    "reopened": (a_ticket(reopen_count=1), a_ticket(reopen_count=0)),
}


def test_every_state_is_explained_here() -> None:
    assert {*BY_STATUS, *BY_OTHERS} == set(STATES)


@pytest.mark.parametrize(("state", "statuses"), BY_STATUS.items(), ids=BY_STATUS)
def test_a_state_of_the_work_is_a_set_of_statuses(state: str, statuses: set[str]) -> None:
    query = parse(f"is:{state}")
    assert {each for each in CATEGORY if query.matches(a_ticket(status=each), CONTEXT)} == statuses


@pytest.mark.parametrize(("state", "tickets"), BY_OTHERS.items(), ids=BY_OTHERS)
def test_other_states_look_at_one_fact(state: str, tickets: tuple[Seen, Seen]) -> None:
    inside, outside = tickets
    query = parse(f"is:{state}")
    assert query.matches(inside, CONTEXT)
    assert not query.matches(outside, CONTEXT)


def test_a_status_of_the_desk_counts_by_its_category() -> None:
    words = Vocabulary(statuses={**CATEGORY, "triage": "new"})
    ticket = a_ticket(status="triage")
    assert parse("is:open status:Triage", vocabulary=words).matches(
        ticket, QueryContext(NOW, vocabulary=words)
    )


def test_several_states_mean_any_of_them() -> None:
    query = parse("is:overdue,unassigned")
    assert query.matches(a_ticket(assignee="li", next_due_at=NOW - 1), CONTEXT)
    assert query.matches(a_ticket(), CONTEXT)
    assert not query.matches(a_ticket(assignee="li"), CONTEXT)
