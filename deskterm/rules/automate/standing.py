"""What a person chose stays chosen (features.md row 42): who last had the say about a field."""

from collections.abc import Iterator
from typing import Any, Final

from deskterm.rules.draft import Draft
from deskterm.rules.facts import Actor

__all__ = ["chosen_by_person"]

_BY_HAND: Final = ("action ", "macro ")
_KINDS: Final = {"assignee": "assigned", "group": "group"}


def chosen_by_person(name: str, draft: Draft, acting: Actor) -> bool:
    """Whether an agent himself last set `name` (priority, queue, group, assignee), in this root or before it.

    Of what he opened a ticket with, `chosen` in its first event lists what he named himself. What was taken
    away is nobody's choice: a ticket without an assignee may get one from a rule.
    """
    if name == "assignee" and draft.ticket.assignee_id is None:
        return False
    for kind, told, because, actor in _newest_first(draft, acting):
        if _about(name, kind, told):
            return actor.kind == "agent" and because.startswith(_BY_HAND)
    return False


def _newest_first(draft: Draft, acting: Actor) -> Iterator[tuple[str, Any, str, Actor]]:
    for change in reversed(draft.changes):
        yield change.kind, change.facts(), change.because, acting
    for event in reversed(draft.facts.history):
        yield event.kind, event.data, event.because, event.actor


def _about(name: str, kind: str, told: Any) -> bool:
    if kind == "field":
        return name not in _KINDS and told.get("name") == name
    if kind == "created":
        return name in told.get("chosen", ())
    return kind == _KINDS.get(name)
