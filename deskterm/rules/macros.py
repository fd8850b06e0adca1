"""Macros: several acts that a person does at one press, all of them or none."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deskterm.rules.automate.acts import perform_act
from deskterm.rules.automate.triggers import view_of
from deskterm.rules.clauses import Clause, first_false
from deskterm.rules.conditions import conditions_of
from deskterm.rules.draft import Draft
from deskterm.rules.names import nearest
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Macro, RuleBook
from deskterm.rules.ruleview import Root, side_by

if TYPE_CHECKING:
    from deskterm.rules.upkeep import RunMacro

__all__ = ["apply_macro", "macro_named", "offered", "run_macro"]


def run_macro(action: "RunMacro", draft: Draft) -> None:
    """Do what the macro `action.macro` says with the answers to what it asks."""
    rules = _rules(draft)
    root = Root("updated", side_by(draft.actor, draft.ticket, draft.book), before=draft.before)
    apply_macro(macro_named(action.macro, rules), draft, action.answers, root)


def apply_macro(macro: Macro, draft: Draft, answers: Mapping[str, str], root: Root) -> None:
    """Do all acts of `macro` on the draft, or raise the Problem that refuses one of them.

    It is refused where its condition does not hold, and without an answer to each of its questions.
    """
    rules = _rules(draft)
    blame = _blame(macro, draft, root, rules)
    if blame is not None:
        raise _unfit(macro, blame)
    _check_answers(macro, answers)
    because = f"macro {macro.id}@{rules.rev}"
    for act in macro.do:
        perform_act(act, draft, because, person=True, answers={name: answers[name] for name in macro.ask})


def offered(draft: Draft) -> tuple[Macro, ...]:
    """The macros whose conditions hold for the draft's ticket, in the order of the file."""
    rules = draft.book.rules
    if rules is None or not rules.macros:
        return ()
    root = Root("updated", side_by(draft.actor, draft.ticket, draft.book), before=draft.before)
    conditions, view = conditions_of(rules), view_of(draft, root)
    return tuple(macro for macro in rules.macros if conditions.holds(macro.when, view))


def macro_named(name: str, rules: RuleBook) -> Macro:
    """The macro with that id, or with that name. Raises Problem with the nearest id."""
    for macro in rules.macros:
        if name in (macro.id, macro.name):
            return macro
    known = [macro.id for macro in rules.macros]
    template = N_("There is no macro %(name)s.") if known else N_("The rules of this desk have no macros.")
    choices = nearest(name, known) if known else ()
    raise Problem("macro.missing", template, kind="missing", field="macro", choices=choices, name=name)


def _rules(draft: Draft) -> RuleBook:
    if draft.book.rules is None:
        raise Problem("rules.none", N_("This desk has no rules yet: activate a rule file first."))
    return draft.book.rules


def _blame(macro: Macro, draft: Draft, root: Root, rules: RuleBook) -> Clause | None:
    """The first part of its condition that does not hold, with what the ticket has instead."""
    conditions, view = conditions_of(rules), view_of(draft, root)
    if conditions.holds(macro.when, view):
        return None
    return first_false(conditions.explain(macro.when, view))


def _unfit(macro: Macro, blame: Clause) -> Problem:
    template = N_('The macro "%(name)s" is not for this ticket: it needs %(wanted)s, and that is %(actual)s.')
    if blame.actual == "":
        template = N_('The macro "%(name)s" is not for this ticket: it needs %(wanted)s.')
    return Problem("macro.when", template, name=macro.name, wanted=blame.wanted, actual=blame.actual)


def _check_answers(macro: Macro, answers: Mapping[str, str]) -> None:
    for name in macro.ask:
        if not answers.get(name, "").strip():
            template = N_('The macro "%(name)s" asks for %(field)s: say it with --answer %(field)s=TEXT.')
            raise Problem("macro.ask", template, kind="usage", field=name, name=macro.name)
    for name in answers:
        if name not in macro.ask:
            template = N_('The macro "%(name)s" does not ask for %(field)s.')
            raise Problem(
                "macro.answer", template, kind="usage", field=name, choices=macro.ask, name=macro.name
            )
