"""Child tickets that a rule opens: a root of their own, a step deeper, and not without end."""

from collections.abc import Mapping
from typing import Any, Final

from deskterm.rules.actions import OpenTicket
from deskterm.rules.automate.effects import DEEPEST, LoopStopped
from deskterm.rules.changes import Follow
from deskterm.rules.draft import Draft
from deskterm.rules.names import nearest
from deskterm.rules.problems import N_, Problem

__all__ = ["CHILD_FIELDS", "create_child"]

CHILD_FIELDS: Final = (
    *("subject", "body", "queue", "group", "assignee", "priority", "type", "category", "impact", "urgency"),
    *("vendor", "lang", "region", "tags", "requester", "channel"),
)
"""What the table of a create_child may say, besides cf.NAME."""


def create_child(table: Mapping[str, Any], draft: Draft, depth: int) -> str:
    """Ask for a child of the draft's ticket with the fields in `table` (for the same requester)."""
    if depth > DEEPEST:
        draft.add(LoopStopped(limit="depth", count=depth))
        return "failed"
    values: dict[str, Any] = {}
    custom: dict[str, str] = {}
    for name, value in table.items():
        if name.startswith("cf."):
            custom[name[3:]] = str(value)
        elif name in CHILD_FIELDS:
            values[name] = tuple(value) if name == "tags" else str(value)
        else:
            template = N_("A child ticket has no field %(name)s.")
            raise Problem(
                "field.unknown", template, kind="usage", choices=nearest(name, CHILD_FIELDS), name=name
            )
    requester = draft.facts.requester
    answered = requester.addresses[0] if requester and requester.addresses else ""
    basic = {"subject": draft.ticket.subject, "requester": answered, "channel": "system", "custom": custom}
    action = OpenTicket(**{**basic, **values})
    draft.roots.append(Follow(action, depth, draft.because, draft.ticket.id))
    return ""
