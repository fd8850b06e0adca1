"""Macros: pressed by a person, offered where they fit, asked for what they need, done whole or not at all."""

from typing import Any

import pytest

from deskterm.rules.changes import Said
from deskterm.rules.draft import Draft
from deskterm.rules.macros import macro_named, offered, run_macro
from deskterm.rules.problems import Problem
from deskterm.rules.rulebook import Act, Macro, RuleBook
from deskterm.rules.upkeep import RunMacro
from tests.builders import KIM, a_ticket
from tests.rules.automate.drafts import a_draft, act, notices, rules, template, told, when

HAND_OVER = Macro(
    "escalate-apps",
    "Hand to apps",
    when("group:network -category:apps.*"),
    (act("set", {"category": "apps.other", "group": "apps"}), act("note", "{note} ({{ticket.id}})")),
    ("note",),
)
SOLVE = Macro(
    "solve",
    "Solve",
    when(""),
    (act("reply", "t"), act("set", {"status": "resolved", "cause": "known", "solution": "{how}"})),
    ("how",),
)


def pressed(macro: Macro, answers: dict[str, str], **ticket: Any) -> Draft:
    book = rules(macros=(macro,), templates={"t": template("Dear {{requester.first_name}}")})
    draft = a_draft(a_ticket(**ticket), who="agent", rules=book, because="action run_macro")
    run_macro(RunMacro(7, macro.id, answers), draft)
    return draft


def refused(macro: Macro, answers: dict[str, str], **ticket: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        pressed(macro, answers, **ticket)
    return caught.value


def test_all_its_acts_are_done_in_its_name() -> None:
    draft = pressed(HAND_OVER, {"note": "their turn"})
    assert [(kind, because) for kind, because, _ in told(draft)] == [
        ("field", "macro escalate-apps@3"),
        ("group", "macro escalate-apps@3"),
        ("message", "macro escalate-apps@3"),
    ]


def test_what_was_answered_stands_where_it_was_asked_for() -> None:
    said = pressed(HAND_OVER, {"note": "see {{ticket.subject}} {note}"}).changes[-1]
    assert isinstance(said, Said)
    assert (said.body, said.public, said.auto) == ("see {{ticket.subject}} {note} (7)", False, False)


def test_a_reply_of_a_person_is_his_own_answer() -> None:
    draft = pressed(SOLVE, {"how": "restarted it"}, waiting_since=5)
    assert (
        draft.ticket.status,
        draft.ticket.solution,
        draft.ticket.last_agent_reply_at,
        notices(draft, "reply"),
    ) == (
        "resolved",
        "restarted it",
        draft.now,
        ["ann@acme.example"],
    )


def test_it_is_offered_only_where_its_condition_holds() -> None:
    problem = refused(HAND_OVER, {"note": "x"}, category="apps.mail")
    assert str(problem) == (
        'The macro "Hand to apps" is not for this ticket: it needs -category:apps.*, and that is apps.mail.'
    )


@pytest.mark.parametrize("answers", [{}, {"note": ""}, {"note": " \n"}])
def test_a_question_without_an_answer_is_asked_again(answers: dict[str, str]) -> None:
    problem = refused(HAND_OVER, answers)
    assert (problem.code, problem.field) == ("macro.ask", "note")


def test_an_answer_to_no_question_is_refused() -> None:
    problem = refused(HAND_OVER, {"note": "x", "nota": "y"})
    assert (problem.code, problem.choices) == ("macro.answer", ("note",))


def refused_halfway(*do: Act) -> tuple[str, list[str]]:
    draft = a_draft(who="agent", rules=rules(macros=(Macro("m", "M", when(""), do),)))
    with pytest.raises(Problem) as caught:
        run_macro(RunMacro(7, "m"), draft)
    return caught.value.code, [each.kind for each in draft.changes]


def test_what_a_guard_refuses_is_refused_as_a_whole() -> None:
    """The decision raises, and nothing of it is written."""
    assert refused_halfway(act("add_tags", ("x",)), act("set", {"status": "resolved"}))[0] == (
        "lifecycle.needs_field"
    )


def test_a_letter_with_a_hole_is_refused_to_a_person() -> None:
    assert refused_halfway(act("note", "for {{ticket.cf.site}}"))[0] == "template.empty"


def test_a_person_overrides_what_a_person_chose() -> None:
    up = Macro("up", "Up", when(""), (act("set", {"priority": "+1"}), act("reassign", "person:kim")))
    draft = pressed(up, {})
    assert (draft.ticket.priority, draft.ticket.assignee_id) == ("P2", KIM)


def test_a_macro_is_found_by_its_id_or_its_name() -> None:
    book = rules(macros=(HAND_OVER, SOLVE))
    assert (macro_named("solve", book), macro_named("Hand to apps", book)) == (SOLVE, HAND_OVER)


def test_an_unknown_macro_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(Problem) as caught:
        macro_named("slove", rules(macros=(HAND_OVER, SOLVE)))
    assert caught.value.choices == ("solve",)


def test_a_desk_without_macros_says_so() -> None:
    with pytest.raises(Problem, match="have no macros"):
        macro_named("solve", RuleBook())


def test_those_that_fit_are_offered_in_the_order_of_the_file() -> None:
    book = rules(macros=(HAND_OVER, SOLVE))
    fits, other = a_draft(rules=book), a_draft(a_ticket(group_id=2), rules=book)
    assert ([each.id for each in offered(fits)], [each.id for each in offered(other)]) == (
        ["escalate-apps", "solve"],
        ["solve"],
    )
