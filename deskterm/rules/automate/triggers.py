"""Triggers: what the rules add to one root event, to a fixed point (rules.md section 4)."""

from deskterm.rules.automate.acts import perform_act
from deskterm.rules.automate.effects import DEEPEST, MOST_FIRINGS, LoopStopped, failure
from deskterm.rules.changes import Said
from deskterm.rules.conditions import conditions_of
from deskterm.rules.draft import Draft
from deskterm.rules.problems import Problem
from deskterm.rules.rulebook import RuleBook, Trigger
from deskterm.rules.ruleview import Root, RuleView

__all__ = ["from_a_machine", "run_triggers", "view_of", "woken"]

_ALSO = {"message": "updated"}  # a message is an update too; what opens a ticket is neither


def run_triggers(draft: Draft, root: Root, rules: RuleBook, *, depth: int = 0) -> None:
    """Fire the triggers that `root` wakes, top to bottom, until a whole pass fires none; each at most once.

    `changed:` looks back to before the root; `message`, `by` and `channel` stay those of the root, whatever
    the triggers themselves write. After 50 firings, or more than five roots deep, a LoopStopped is recorded
    and the rest stays undone.
    """
    waiting = [each for each in rules.triggers if woken(each, root)]
    if not waiting:
        return
    batch = _Batch(draft, root, rules, depth, waiting)
    if depth > DEEPEST:
        batch.stop("depth", depth, waiting[0])
        return
    while batch.fires():
        pass


def woken(trigger: Trigger, root: Root) -> bool:
    """Whether `trigger` is one for such an event."""
    return root.event in trigger.on or _ALSO.get(root.event) in trigger.on


def view_of(draft: Draft, root: Root) -> RuleView:
    """The draft as a condition sees it, with the messages that it has so far."""
    said = tuple(change.body for change in draft.changes if isinstance(change, Said))
    return RuleView(draft.ticket, draft.book, draft.facts, root, draft.now, said)


def from_a_machine(draft: Draft) -> bool:
    """Whether an automatic message of the requester's side came in: it is never answered (mail loops)."""
    return any(
        isinstance(change, Said)
        and change.auto
        and change.side == "requester"
        and change.because != "action confirm"  # his word on the solution, kept apart from the conversation
        for change in draft.changes
    )


class _Batch:
    """The triggers of one root: those that have not fired yet, in the order of the file."""

    def __init__(self, draft: Draft, root: Root, rules: RuleBook, depth: int, waiting: list[Trigger]) -> None:
        self.draft = draft
        self.rules = rules
        self.depth = depth
        self.waiting = waiting
        self.conditions = conditions_of(rules)
        self.view = view_of(draft, root)
        self.mute = from_a_machine(draft)
        self.firings = 0

    def fires(self) -> bool:
        """One pass over all that wait; whether another one is needed."""
        fired = False
        for trigger in tuple(self.waiting):
            if not self.holds(trigger):
                continue
            if self.firings == MOST_FIRINGS:
                self.stop("firings", self.firings, trigger)
                return False
            self.fire(trigger)
            fired = True
        return fired

    def holds(self, trigger: Trigger) -> bool:
        if self.view.ticket is not self.draft.ticket:
            self.view = self.view.of(self.draft.ticket)
        try:
            return self.conditions.holds(trigger.when, self.view)
        except Problem as problem:  # a word that the desk no longer has: no reason to refuse a person's work
            self.waiting.remove(trigger)
            self.draft.add(failure("when", problem, self.because(trigger)))
            self.draft.warnings.append(problem)
            return False

    def fire(self, trigger: Trigger) -> None:
        self.waiting.remove(trigger)
        self.firings += 1
        for act in trigger.do:
            perform_act(act, self.draft, self.because(trigger), mute=self.mute, depth=self.depth)

    def stop(self, limit: str, count: int, trigger: Trigger) -> None:
        self.draft.add(LoopStopped(limit=limit, count=count, because=self.because(trigger)))

    def because(self, trigger: Trigger) -> str:
        return f"trigger {trigger.id}@{self.rules.rev}"
