"""Blueprints (features.md row 101): the guided process of a ticket type, all its moves and nothing else."""

import pytest

from deskterm.rules import actions as a, upkeep as u
from deskterm.rules.lifecycle import TRANSITIONS, check
from deskterm.rules.problems import Problem
from deskterm.rules.rulebook import Blueprint, Stage
from deskterm.rules.terms import STATUSES
from tests.builders import ACTORS, HOUR, T0, a_ticket, statuses, ticket_of
from tests.rules.lifecycle.processes import CHANGE, CHANGES, a_change, on, opened, rules, under

STAGES = {each.id: each for each in CHANGE.stages}
GIVEN = {"impact": "high", "cf.rollback": "tape", "cause": "age", "solution": "new one", "reason": "full"}


def stages(decision: object) -> list[str]:
    """The stages that a decision moves through."""
    changes = getattr(decision, "changes", ())
    return [each.new for each in changes if each.kind == "field" and each.name == "stage"]


@pytest.mark.parametrize("new", STAGES)
@pytest.mark.parametrize("old", STAGES)
def test_a_stage_is_reached_exactly_from_where_the_file_says(old: str, new: str) -> None:
    ticket = a_change(old, closed_at=T0 if old == "review" else None)
    refused = check(ticket, new, ACTORS["lead"], GIVEN, CHANGES, T0 + HOUR)
    assert [each.code for each in refused] == ([] if new in STAGES[old].goes_to else ["blueprint.move"])


@pytest.mark.parametrize("new", STAGES)
@pytest.mark.parametrize("old", STAGES)
def test_moving_does_what_asking_promises_and_a_refused_move_changes_nothing(old: str, new: str) -> None:
    ticket = a_change(old, closed_at=T0 if old == "review" else None)
    action = u.Move(7, new, "full", {name: GIVEN[name] for name in GIVEN if name != "reason"})
    if new in STAGES[old].goes_to:
        after = ticket_of(on(ticket, action, "lead", CHANGES))
        assert (after.stage, after.status) == (new, STAGES[new].status)
    else:
        with pytest.raises(Problem) as refused:
            on(ticket, action, "lead", CHANGES)
        assert refused.value.choices == STAGES[old].goes_to


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("old", STAGES)
def test_a_status_is_reached_where_exactly_one_next_stage_stands_for_it(old: str, status: str) -> None:
    ticket = a_change(old, closed_at=T0 if old == "review" else None)
    standing = [each for each in STAGES[old].goes_to if STAGES[each].status == status]
    ends = status == "cancelled" or (status == "closed" and STAGES[old].status == "resolved")
    allowed = len(standing) == 1 or (ends and not standing and status in TRANSITIONS[STAGES[old].status])
    assert (check(ticket, status, ACTORS["lead"], GIVEN, CHANGES, T0 + HOUR) == []) is allowed


def test_a_plain_action_goes_along_the_blueprint() -> None:
    decision = on(a_change("assess"), a.Hold(7, reason="board meets on friday"), book=CHANGES)
    assert (statuses(decision), stages(decision)) == (["on_hold"], ["approval"])


def test_a_plain_action_that_no_next_stage_stands_for_is_refused_with_the_stages() -> None:
    with pytest.raises(Problem) as refused:
        on(a_change("assess"), a.Resolve(7, "age", "new one"), book=CHANGES)
    assert (refused.value.code, refused.value.choices) == ("blueprint.move", ("approval", "ask"))


def test_a_plain_action_that_several_next_stages_stand_for_names_them() -> None:
    with pytest.raises(Problem) as refused:
        on(a_change("test"), a.Resolve(7, "age", "new one"), book=CHANGES)
    assert refused.value.choices == ("done", "given_up")


def test_a_solution_is_confirmed_even_where_the_blueprint_ends_with_it() -> None:
    after = ticket_of(on(a_change("given_up"), a.Confirm(7), "requester", CHANGES))
    assert (after.status, after.stage) == ("closed", "given_up")


def test_a_ticket_can_be_withdrawn_from_any_open_stage_and_brought_back_to_it() -> None:
    cancelled = ticket_of(on(a_change("build"), a.Cancel(7, "not needed"), "lead", CHANGES))
    assert (cancelled.status, cancelled.stage) == ("cancelled", "build")
    back = ticket_of(on(cancelled, a.Reopen(7), "lead", CHANGES))
    assert (back.status, back.stage) == ("open", "build")


@pytest.mark.parametrize(
    ("who", "goes"), [("agent", False), ("lead", True), ("admin", True), ("light", False)]
)
def test_only_the_roles_that_a_stage_names_move_a_ticket_there(who: str, goes: bool) -> None:
    refused = check(a_change("approval"), "build", ACTORS[who], {}, CHANGES, T0 + HOUR)
    assert [each.code for each in refused] == ([] if goes else ["permission.role"])


def test_a_stage_names_all_that_it_needs_in_one_sentence() -> None:
    with pytest.raises(Problem) as refused:
        on(a_change("intake"), u.Move(7, "assess"), book=CHANGES)
    assert str(refused.value) == "Before the stage assess say: impact, cf.rollback."


def test_what_a_stage_needs_may_come_with_the_move() -> None:
    action = u.Move(7, "assess", fields={"impact": "high", "cf.rollback": "tape"})
    after = ticket_of(on(a_change("intake"), action, book=CHANGES))
    assert (after.stage, after.impact, after.custom) == ("assess", "high", {"rollback": "tape"})


def test_what_a_stage_needs_may_be_there_already_but_not_be_taken_away_by_the_move() -> None:
    ticket = a_change("intake", impact="high", custom={"rollback": "tape"})
    assert ticket_of(on(ticket, u.Move(7, "assess"), book=CHANGES)).stage == "assess"
    with pytest.raises(Problem):
        on(ticket, u.Move(7, "assess", fields={"cf.rollback": ""}), book=CHANGES)


def test_a_move_between_stages_of_one_status_moves_no_clock_and_keeps_its_reason() -> None:
    decision = on(a_change("test"), u.Move(7, "build", "a test failed"), "lead", CHANGES)
    told = [each.facts() for each in decision.changes if each.kind == "field"]
    assert statuses(decision) == []
    assert told == [{"name": "stage", "old": "test", "new": "build", "reason": "a test failed"}]


def test_a_ticket_begins_with_the_first_stage_of_its_type() -> None:
    after = ticket_of(opened(a.OpenTicket("Move the mail server", type="change")))
    assert (after.stage, after.status) == ("intake", "new")


def test_a_ticket_without_a_blueprint_has_no_stage() -> None:
    assert ticket_of(opened(a.OpenTicket("VPN drops", type="incident"))).stage == ""


def test_another_type_begins_its_own_blueprint() -> None:
    decision = on(a_ticket(type="incident"), a.SetFields(7, {"type": "change"}), book=CHANGES)
    assert (ticket_of(decision).stage, decision.changes[-2].because) == ("intake", "lifecycle")


def test_a_type_without_a_blueprint_ends_it() -> None:
    assert ticket_of(on(a_change("build"), a.SetFields(7, {"type": "incident"}), book=CHANGES)).stage == ""


def test_the_first_act_of_an_agent_leaves_a_guided_ticket_in_its_stage() -> None:
    after = ticket_of(on(a_change("intake"), a.Note(7, "looking"), book=CHANGES))
    assert (after.stage, after.status) == ("intake", "new")


def test_a_reply_goes_back_to_the_only_open_stage_that_anybody_may_enter() -> None:
    asked = a_change("ask", impact="high", custom={"rollback": "tape"})
    decision = on(asked, a.Reply(7, "here it is"), "requester", CHANGES)
    assert (statuses(decision), stages(decision)) == (["open"], ["assess"])


def test_a_reply_approves_nothing() -> None:
    after = ticket_of(on(a_change("approval"), a.Reply(7, "please hurry"), "requester", CHANGES))
    assert (after.stage, after.status, after.waiting_since) == ("approval", "on_hold", T0 + HOUR)


def test_a_reply_to_a_process_without_a_way_back_becomes_a_ticket_that_follows() -> None:
    decision = on(a_change("given_up"), a.Reply(7, "but I need it"), "requester", CHANGES)
    assert (decision.changes, len(decision.roots)) == ((), 1)


def test_a_ticket_from_before_the_blueprint_moves_freely_and_may_enter_it() -> None:
    ticket = a_ticket(type="change")
    assert statuses(on(ticket, a.Pend(7, "asked"), book=CHANGES)) == ["pending"]
    assert ticket_of(on(ticket, u.Move(7, "test"), book=CHANGES)).stage == "test"


@pytest.mark.parametrize("name", ["buildd", ""])
def test_a_name_that_nothing_has_is_refused(name: str) -> None:
    with pytest.raises(Problem) as refused:
        on(a_change("assess"), u.Move(7, name), book=CHANGES)
    assert refused.value.code in ("blueprint.move", "lifecycle.unknown")


ANSWERED = Blueprint(
    "change",
    "change",
    (
        Stage("asked", "pending", ("answered",)),
        Stage("answered", "open", (), who=("requester", "light", "agent"), needs=("cf.site",)),
    ),
)


@pytest.mark.parametrize("name", ["priority", "subject", "assignee", "group", "queue", "cf.other"])
@pytest.mark.parametrize("who", ["requester", "light"])
def test_whoever_may_only_move_sets_nothing_that_the_move_does_not_need(who: str, name: str) -> None:
    asked = a_ticket(type="change", stage="asked", status="pending")
    book = under(rules(blueprints=(ANSWERED,)))
    needed = {"cf.site": "Hangzhou"}
    assert ticket_of(on(asked, u.Move(7, "answered", fields=needed), who, book)).custom == {
        "site": "Hangzhou"
    }
    with pytest.raises(Problem) as refused:
        on(asked, u.Move(7, "answered", fields={**needed, name: "kim"}), who, book)
    assert (refused.value.code, refused.value.field) == ("permission.field", name)
