"""Statuses of a desk's own: every cell of the table that they make of it, and what they are like."""

import pytest

from deskterm.rules import actions as a, upkeep as u
from deskterm.rules.lifecycle import TRANSITIONS, check, follow_on
from deskterm.rules.problems import Problem
from deskterm.rules.terms import STATUSES
from tests.builders import ACTORS, BOOK, DAY, HOUR, T0, a_ticket, statuses, ticket_of
from tests.rules.lifecycle.processes import OWN, OWN_STATUSES, on, rules, under

NAMES = (*STATUSES, *(each.id for each in OWN))
GIVEN = {"cause": "cable", "solution": "replaced", "reason": "spam"}


def may(old: str, new: str) -> bool:
    """What the file says of a move, at either end of it, or else the table of the specification."""
    of = {each.id: each for each in OWN}
    leaves, enters = old in of and new in of[old].goes_to, new in of and old in of[new].comes_from
    return leaves or enters or new in TRANSITIONS.get(old, ())


@pytest.mark.parametrize("new", NAMES)
@pytest.mark.parametrize("old", NAMES)
def test_a_move_is_allowed_exactly_where_the_table_or_the_file_has_it(old: str, new: str) -> None:
    ticket = a_ticket(status=old, closed_at=T0 if old in ("closed", "filed") else None)
    codes = [each.code for each in check(ticket, new, ACTORS["lead"], GIVEN, OWN_STATUSES, T0 + HOUR)]
    assert codes == ([] if may(old, new) else ["lifecycle.move"])


def test_one_of_two_own_statuses_is_enough_to_say_that_a_move_leads_from_one_to_the_other() -> None:
    assert follow_on("waiting_parts", OWN_STATUSES) == ("open", "resolved", "shipped")


def test_without_rules_no_other_status_is_known() -> None:
    (refused,) = check(a_ticket(), "waiting_parts", ACTORS["lead"], {}, BOOK, T0)
    assert (refused.code, refused.kind, refused.choices) == (
        "lifecycle.unknown",
        "usage",
        ("pending", "on_hold", "resolved", "cancelled", "merged"),
    )


@pytest.mark.parametrize(
    ("who", "goes"),
    [("agent", False), ("lead", True), ("admin", True), ("light", False), ("requester", False)],
)
def test_only_the_roles_that_a_status_names_move_a_ticket_there(who: str, goes: bool) -> None:
    refused = check(a_ticket(), "shelved", ACTORS[who], {}, OWN_STATUSES, T0 + HOUR)
    assert [each.code for each in refused] == ([] if goes else ["permission.role"])


def test_a_refused_move_tells_the_allowed_ones() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(status="waiting_parts"), u.Move(7, "pending"))
    assert refused.value.choices == ("open", "resolved", "shipped")


def test_a_move_to_an_own_waiting_status_keeps_its_reason_and_when_to_wake() -> None:
    after = ticket_of(on(a_ticket(), u.Move(7, "waiting_parts", "ordered", until=T0 + DAY)))
    assert (after.status, after.wait_reason, after.wake_at) == ("waiting_parts", "ordered", T0 + DAY)


def test_a_move_to_where_the_ticket_is_says_so() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(), u.Move(7, "open"))
    assert refused.value.code == "move.same"


def test_the_requesters_reply_brings_a_ticket_back_from_an_own_waiting_status() -> None:
    assert statuses(on(a_ticket(status="waiting_parts"), a.Reply(7, "any news?"), "requester")) == ["open"]


def test_a_reply_is_kept_where_the_desks_own_status_does_not_lead_back() -> None:
    after = on(a_ticket(status="shelved"), a.Reply(7, "any news?"), "requester", now=T0 + HOUR)
    assert (statuses(after), ticket_of(after).waiting_since) == ([], T0 + HOUR)


def test_an_own_solved_status_needs_what_resolving_needs() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(), u.Move(7, "shipped", fields={"cause": "broken"}))
    assert (refused.value.code, refused.value.field) == ("lifecycle.needs_field", "solution")


def test_an_own_solved_status_is_confirmed_like_any_other() -> None:
    shipped = on(a_ticket(), u.Move(7, "shipped", fields={"cause": "broken", "solution": "sent"}))
    solved = ticket_of(shipped)
    assert (solved.resolved_at, [each.kind for each in shipped.notices]) == (T0 + HOUR, ["verify"])
    assert statuses(on(solved, a.Confirm(7), "requester")) == ["closed"]


@pytest.mark.parametrize(("age", "opens"), [(7 * DAY, True), (7 * DAY + 1, False)])
def test_an_own_closed_status_has_the_window_too(age: int, opens: bool) -> None:
    filed = a_ticket(status="filed", closed_at=T0)
    decision = on(filed, a.Reply(7, "again"), "requester", now=T0 + age)
    assert (statuses(decision), len(decision.roots)) == ((["open"], 0) if opens else ([], 1))


def test_fields_are_frozen_in_an_own_closed_status() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(status="filed", closed_at=T0), a.SetFields(7, {"category": "lan"}))
    assert refused.value.code == "ticket.frozen"


def test_moving_sets_the_fields_that_come_along_in_the_same_step() -> None:
    decision = on(a_ticket(), u.Move(7, "waiting_parts", fields={"vendor": "acme", "cf.part": "P-7"}))
    after = ticket_of(decision)
    assert (after.status, after.vendor, after.custom) == ("waiting_parts", "acme", {"part": "P-7"})


def test_resolving_needs_what_the_rules_name() -> None:
    book = under(rules(resolve_needs=("solution", "category", "cf.root")))
    refused = check(a_ticket(category="lan"), "resolved", ACTORS["agent"], {}, book, T0)
    assert [(each.code, each.field) for each in refused] == [
        ("lifecycle.needs_field", "solution"),
        ("lifecycle.needs_field", "cf.root"),
    ]


def test_what_the_ticket_has_already_need_not_be_told_again() -> None:
    book = under(rules(resolve_needs=("solution", "cf.root")))
    ticket = a_ticket(custom={"root": "human"})
    assert statuses(on(ticket, a.Resolve(7, solution="restarted"), book=book)) == ["resolved"]


def test_a_move_by_hand_to_resolved_may_lean_on_the_words_of_the_last_time() -> None:
    ticket = a_ticket(cause="cable", solution="replaced")
    assert statuses(on(ticket, u.Move(7, "resolved"))) == ["resolved"]


def test_a_requester_moves_nothing_by_himself() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(status="pending"), u.Move(7, "open"), "requester")
    assert refused.value.code == "permission.role"


def test_a_stranger_does_not_even_learn_that_the_ticket_is_there() -> None:
    with pytest.raises(Problem) as refused:
        on(a_ticket(status="pending"), u.Move(7, "open"), "stranger")
    assert refused.value.code == "ticket.missing"
