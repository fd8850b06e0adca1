"""The status table of the specification (rules.md section 5), every cell."""

import pytest

from deskterm.rules import actions as a
from deskterm.rules.lifecycle import TRANSITIONS, check
from deskterm.rules.problems import Problem
from deskterm.rules.terms import STATUSES
from tests.builders import ACTORS, BOOK, DAY, HOUR, T0, a_ticket, on, statuses, ticket_of

TABLE = {
    "new": "open pending on_hold resolved cancelled merged",
    "open": "pending on_hold resolved cancelled merged",
    "pending": "open on_hold resolved cancelled",
    "on_hold": "open pending resolved",
    "resolved": "open closed",
    "closed": "open",
    "cancelled": "open",
    "merged": "open",
}
GIVEN = {"cause": "cable", "solution": "replaced", "reason": "spam"}
CELLS = [(old, new) for old in STATUSES for new in STATUSES]

MOVES = {
    "pending": a.Pend(7, reason="asked for the serial number"),
    "on_hold": a.Hold(7, vendor="northline"),
    "resolved": a.Resolve(7, cause="cable", solution="replaced"),
    "closed": a.Close(7, reason="no answer"),
    "cancelled": a.Cancel(7, reason="spam"),
}


@pytest.mark.parametrize(("old", "new"), CELLS)
def test_a_move_is_allowed_exactly_where_the_table_has_it(old: str, new: str) -> None:
    allowed = new in TABLE[old].split()
    ticket = a_ticket(status=old, closed_at=T0 if old == "closed" else None)
    refused = check(ticket, new, ACTORS["lead"], GIVEN, BOOK, T0 + HOUR)
    assert [problem.code for problem in refused] == ([] if allowed else ["lifecycle.move"])


def test_the_code_has_the_table_and_nothing_else() -> None:
    assert {old: set(row.split()) for old, row in TABLE.items()} == {
        old: set(new) for old, new in TRANSITIONS.items()
    }


@pytest.mark.parametrize("new", MOVES)
@pytest.mark.parametrize("old", STATUSES)
def test_the_actions_move_where_the_table_lets_them_and_change_nothing_elsewhere(old: str, new: str) -> None:
    ticket = a_ticket(status=old, closed_at=T0 if old in ("closed", "cancelled") else None)
    if old == new and new in ("pending", "on_hold"):
        assert statuses(on(ticket, MOVES[new], "lead")) == []
    elif new in TABLE[old].split():
        assert ticket_of(on(ticket, MOVES[new], "lead")).status == new
    else:
        with pytest.raises(Problem) as refused:
            on(ticket, MOVES[new], "lead")
        assert refused.value.choices == tuple(status for status in STATUSES if status in TABLE[old].split())


@pytest.mark.parametrize(
    ("old", "opens"),
    [(status, status in ("resolved", "closed", "cancelled", "merged")) for status in STATUSES],
)
def test_only_what_is_over_can_be_reopened(old: str, opens: bool) -> None:
    ticket = a_ticket(status=old, closed_at=T0 if old in ("closed", "cancelled", "merged") else None)
    try:
        assert (ticket_of(on(ticket, a.Reopen(7), "lead")).status, opens) == ("open", True)
    except Problem as problem:
        assert (problem.code, opens) == ("lifecycle.move", False)


@pytest.mark.parametrize("missing", ["cause", "solution"])
def test_resolving_names_the_word_that_is_missing(missing: str) -> None:
    words = {"cause": "cable", "solution": "replaced", missing: " "}
    action = a.Resolve(7, cause=words["cause"], solution=words["solution"])
    with pytest.raises(Problem) as refused:
        on(a_ticket(), action)
    assert (refused.value.code, refused.value.field) == ("lifecycle.needs_field", missing)


def test_holding_needs_a_vendor_or_a_reason() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(), a.Hold(7))
    assert refused.value.code == "lifecycle.needs_field"


def test_cancelling_needs_a_reason() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(), a.Cancel(7), "lead")
    assert refused.value.field == "reason"


def test_a_wait_cannot_end_in_the_past() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(), a.Pend(7, until=T0), now=T0 + HOUR)
    assert refused.value.code == "wait.past"


def test_a_wait_ends_before_the_calendars_do() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(), a.Pend(7, until=2**70))
    assert refused.value.code == "wait.far"


def test_waiting_keeps_its_reason_and_the_time_to_wake() -> None:
    after = ticket_of(on(a_ticket(), a.Pend(7, reason="asked", until=T0 + DAY)))
    assert (after.wait_reason, after.wake_at) == ("asked", T0 + DAY)


def test_leaving_a_wait_forgets_its_reason_and_wake_time() -> None:
    waiting = a_ticket(status="pending", wait_reason="asked", wake_at=T0 + DAY)
    after = ticket_of(on(waiting, a.Reply(7, "here it is"), "requester"))
    assert (after.status, after.wait_reason, after.wake_at) == ("open", "", None)


@pytest.mark.parametrize("status", ["pending", "on_hold", "resolved"])
def test_the_requesters_message_brings_the_ticket_back(status: str) -> None:
    assert statuses(on(a_ticket(status=status), a.Reply(7, "still broken"), "requester")) == ["open"]


@pytest.mark.parametrize("status", ["new", "open"])
def test_the_requesters_message_leaves_a_working_ticket_where_it_is(status: str) -> None:
    assert statuses(on(a_ticket(status=status), a.Reply(7, "more"), "requester")) == []


@pytest.mark.parametrize(("age", "opens"), [(7 * DAY - 60, True), (7 * DAY, True), (7 * DAY + 1, False)])
def test_a_closed_ticket_opens_again_within_seven_days_only(age: int, opens: bool) -> None:
    closed = a_ticket(status="closed", closed_at=T0)
    decision = on(closed, a.Reply(7, "it is back"), "requester", now=T0 + age)
    assert (statuses(decision), len(decision.roots)) == ((["open"], 0) if opens else ([], 1))


@pytest.mark.parametrize("action", [a.Reply(7, "on it"), a.Note(7, "hm"), a.Assign(7, agent="kim")])
def test_the_first_act_of_an_agent_opens_a_new_ticket(action: a.Action) -> None:
    assert statuses(on(a_ticket(status="new"), action)) == ["open"]


def test_classifying_a_new_ticket_leaves_it_new() -> None:
    assert statuses(on(a_ticket(status="new"), a.SetFields(7, {"priority": "P1"}))) == []


def test_confirming_closes_a_resolved_ticket() -> None:
    assert ticket_of(on(a_ticket(status="resolved"), a.Confirm(7), "requester")).status == "closed"


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "resolved"])
@pytest.mark.parametrize("action", [a.Confirm(7), a.Reject(7, "no")])
def test_only_a_resolved_ticket_can_be_confirmed_or_rejected(status: str, action: a.Action) -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(status=status, closed_at=T0 if status == "closed" else None), action, "requester")
    assert refused.value.code == "verify.not_resolved"


def test_rejecting_opens_again_and_counts() -> None:
    after = ticket_of(on(a_ticket(status="resolved", reopen_count=1), a.Reject(7, "still slow"), "requester"))
    assert (after.status, after.reopen_count) == ("open", 2)


def test_rejecting_needs_a_reason() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(status="resolved"), a.Reject(7), "requester")
    assert refused.value.field == "reason"


@pytest.mark.parametrize(("status", "action"), [("pending", a.Pend), ("on_hold", a.Hold)])
def test_a_waiting_ticket_gets_another_reason_and_time_without_a_move(status: str, action: type) -> None:
    decision = on(a_ticket(status=status), action(7, reason="vendor asked back", until=T0 + DAY))
    after = ticket_of(decision)
    assert (statuses(decision), after.wait_reason, after.wake_at) == ([], "vendor asked back", T0 + DAY)


@pytest.mark.parametrize(("status", "action"), [("pending", a.Pend(7)), ("on_hold", a.Hold(7))])
def test_waiting_again_with_nothing_new_is_refused(status: str, action: a.Action) -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(status=status), action)
    assert refused.value.code == "wait.same"
