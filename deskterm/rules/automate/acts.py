"""Acts: what an entry of a `do` makes of a draft, in ordinary changes and notices."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Self

from deskterm.rules.automate import setting, speaking
from deskterm.rules.automate.effects import failure
from deskterm.rules.automate.manner import Manner
from deskterm.rules.automate.people import names_of
from deskterm.rules.draft import Draft
from deskterm.rules.facts import EMPTY, SYSTEM, Ticket
from deskterm.rules.problems import Problem
from deskterm.rules.rulebook import Act

__all__ = ["perform_act"]

_LETTERS: Final = ("reply", "verify", "webhook")  # notices that go out whoever acts

_VERBS: Final[Mapping[str, Callable[[Act, Draft, Manner], str]]] = MappingProxyType(
    {
        "notify": speaking.notify,
        "set": setting.set_values,
        "reassign": setting.reassign,
        "add_tags": setting.add_tags,
        "remove_tags": setting.remove_tags,
        "note": speaking.note,
        "reply": speaking.reply,
        "webhook": speaking.webhook,
        "create_child": speaking.open_child,
    }
)


def perform_act(
    act: Act,
    draft: Draft,
    because: str,
    *,
    person: bool = False,
    escalates: bool = False,
    mute: bool = False,
    depth: int = 0,
    answers: Mapping[str, str] = EMPTY,
) -> str:
    """Do `act`, all of it or nothing; returns done, nothing, kept, muted or failed.

    A `person`'s act (a macro) that a guard refuses raises its Problem. A rule's never fails the root: it
    leaves a RuleFailed and a warning. What a person chose is kept unless the act forces or `escalates`.
    """
    acting, reason, mark = draft.actor, draft.because, _Mark.of(draft)
    manner = Manner(acting, person, person or escalates or act.force, mute, depth, answers)
    draft.because = because
    if not person:
        draft.actor = SYSTEM
    try:
        outcome = _VERBS[act.verb](act, draft, manner)
    except Problem as problem:
        mark.undo(draft)
        if person:
            raise
        draft.add(failure(act.verb, problem))
        draft.warnings.append(problem)
        return "failed"
    finally:
        draft.actor, draft.because = acting, reason
    mark.spare(draft, names_of(acting, draft))
    return outcome or ("done" if mark.grown(draft) else "nothing")


class _Mark(NamedTuple):
    """How far a draft was, so that half an act can be taken back."""

    lengths: tuple[int, ...]
    after: Ticket | None
    reroute: bool

    @classmethod
    def of(cls, draft: Draft) -> Self:
        return cls(tuple(len(each) for each in _lists(draft)), draft.after, draft.reroute)

    def undo(self, draft: Draft) -> None:
        for each, length in zip(_lists(draft), self.lengths, strict=True):
            del each[length:]
        draft.after, draft.reroute = self.after, self.reroute

    def grown(self, draft: Draft) -> bool:
        """Whether anything happened; a warning alone is nothing."""
        longer = zip(_lists(draft)[1:], self.lengths[1:], strict=True)
        return draft.reroute != self.reroute or any(len(each) > length for each, length in longer)

    def spare(self, draft: Draft, names: tuple[str, ...]) -> None:
        """Tell nobody what he did himself."""
        place = self.lengths[-1]
        told = draft.notices[place:]
        draft.notices[place:] = [each for each in told if each.kind in _LETTERS or each.to not in names]


def _lists(draft: Draft) -> tuple[list[Any], ...]:
    return draft.warnings, draft.changes, draft.roots, draft.notices
