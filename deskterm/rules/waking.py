"""Waking: when the timer has to look at a ticket again for anything but its clocks."""

from typing import TYPE_CHECKING

from deskterm.rules.facts import Ticket
from deskterm.rules.sla.outlook import first_of

if TYPE_CHECKING:
    from deskterm.rules.draft import Draft
    from deskterm.rules.query.ast import Node

__all__ = ["next_instant"]


def next_instant(ticket: Ticket, draft: "Draft") -> int | None:
    """The first instant at which something but its clocks has to be looked at on `ticket`; None: never."""
    moments: list[int | None] = []
    history = draft.timeline()
    if ticket.wake_at is not None:
        from deskterm.rules.automate.automations import next_wake_at

        moments.append(next_wake_at(ticket, history, draft.fired()))
    if ticket.stage:
        from deskterm.rules.stays import overstay

        stay = overstay(ticket, history, draft.book, draft.fired())
        moments.append(stay.nominal_at if stay else None)
    rules = draft.book.rules
    if rules is not None and rules.automations:
        from deskterm.rules.automate.automations import next_automation_at
        from deskterm.rules.automate.triggers import view_of
        from deskterm.rules.conditions import conditions_of
        from deskterm.rules.ruleview import Root

        def holds(node: "Node") -> bool:
            return conditions_of(rules).holds(node, view_of(draft, Root()))

        moments.append(next_automation_at(ticket.id, draft.trail(), rules, draft.now, draft.fired(), holds))
    return first_of(*moments)
