"""The timer's work on one ticket: everything that is due, in the order in which it should have been done."""

from typing import Final

from deskterm.rules.automate.acts import perform_act
from deskterm.rules.automate.automations import Due, Holds, Wake, due_automations, due_wake
from deskterm.rules.automate.catchup import Verdict, Work, collapse, one_notice_each, order_due
from deskterm.rules.automate.effects import failure
from deskterm.rules.automate.triggers import view_of
from deskterm.rules.changes import Claim
from deskterm.rules.conditions import conditions_of
from deskterm.rules.draft import Draft
from deskterm.rules.handlers.states import bring_back
from deskterm.rules.rulebook import Act, RuleBook
from deskterm.rules.ruleview import Root
from deskterm.rules.stays import Overstay, overstay

__all__ = ["due_work", "holds_now", "run_due"]

_MOST: Final = 200  # pieces of work for one ticket at one look; what is left is due at the next one
_WORST_FIRST: Final = ("failed", "done", "kept", "muted", "nothing")


def run_due(draft: Draft) -> None:
    """Do what is due on the draft's ticket by its moment, each piece under a Claim of its key.

    What one piece changes may undo the reason of the next, so each is looked for anew. What several levels
    have to tell one person becomes one notice.
    """
    told = len(draft.notices)
    for _ in range(_MOST):
        work = due_work(draft)
        if not work:
            break
        _do(work[0], draft)
    one_notice_each(draft.notices, told)


def due_work(draft: Draft) -> list[Work]:
    """What is due by now and has not been done, in the order of time."""
    ticket, fired = draft.ticket, draft.fired()
    history = draft.timeline()
    levels = collapse(ticket.id, draft.report(), history, draft.book.editions, draft.now, fired)
    wake = due_wake(ticket, history, draft.now)
    rules = draft.book.rules
    automations: tuple[Due, ...] = ()
    if rules is not None and rules.automations:
        automations = due_automations(
            ticket.id, draft.trail(), rules, draft.now, fired, holds_now(draft, rules)
        )
    stay = overstay(ticket, history, draft.book, fired) if ticket.stage else None
    if stay is not None and (stay.nominal_at > draft.now or not stay.seq):  # 0: it began just now
        stay = None
    return order_due(levels, automations, None if wake is not None and wake.key in fired else wake, stay)


def holds_now(draft: Draft, rules: RuleBook) -> Holds:
    """Answers whether a condition of `rules` holds for the draft's ticket as it is now."""
    return lambda node: conditions_of(rules).holds(node, view_of(draft, Root()))


def _do(work: Work, draft: Draft) -> None:
    match work:
        case Verdict():
            _level(work, draft)
        case Wake():
            _wake(work, draft)
        case Overstay():
            _overstay(work, draft)
        case Due():
            rules = draft.book.rules
            name = f"automation {work.rule.id}@{rules.rev if rules else 0}"
            outcome = _acts(work.rule.do, draft, name, escalates=False)
            draft.claims.append(Claim(work.key, name, work.nominal_at, outcome))


def _level(verdict: Verdict, draft: Draft) -> None:
    crossing = verdict.crossing
    name = f"level {crossing.owner}/{crossing.level.id}@{crossing.rev}"
    outcome = verdict.outcome
    if outcome == "act":
        outcome = _acts(crossing.level.do, draft, name, escalates=True)
    draft.claims.append(Claim(verdict.key, name, verdict.nominal_at, outcome))


def _overstay(stay: Overstay, draft: Draft) -> None:
    rules = draft.book.rules
    name = f"blueprint {stay.blueprint}/{stay.stage.id}@{rules.rev if rules else 0}"
    outcome = "skipped_new" if stay.new else _acts(stay.stage.do, draft, name, escalates=True)
    draft.claims.append(Claim(stay.key, name, stay.nominal_at, outcome))


def _acts(do: tuple[Act, ...], draft: Draft, because: str, *, escalates: bool) -> str:
    """Do all of them; returns what is most worth telling of their outcomes."""
    outcomes = [perform_act(act, draft, because, escalates=escalates) for act in do]
    return min(outcomes, key=_WORST_FIRST.index, default="nothing")


def _wake(wake: Wake, draft: Draft) -> None:
    reason, draft.because = draft.because, "lifecycle"
    outcome = "done"
    problem = bring_back(draft)
    if problem is not None:  # a status of the desk's own that leads elsewhere: nothing wakes it by itself
        draft.add(failure("wake", problem))
        draft.warnings.append(problem)
        outcome = "failed"
    draft.because = reason
    draft.claims.append(Claim(wake.key, "wake", wake.nominal_at, outcome))
