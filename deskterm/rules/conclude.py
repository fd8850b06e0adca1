"""Conclude: a draft that is done becomes a decision; versions, clocks and loads are brought up to date."""

from collections.abc import Mapping
from dataclasses import replace

from deskterm.rules.changes import Decision, Left
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Ticket
from deskterm.rules.load import load_of
from deskterm.rules.sla import project
from deskterm.rules.sla.outlook import first_of
from deskterm.rules.waking import next_instant

__all__ = ["conclude"]


def conclude(draft: Draft) -> Decision:
    """The whole answer that `draft` has grown to."""
    after, left = _brought_up_to_date(draft)
    return Decision(
        before=draft.before,
        after=after,
        changes=tuple(draft.changes),
        notices=tuple(draft.notices),
        warnings=tuple(draft.warnings),
        existing=draft.existing,
        terms=draft.book.terms,
        loads=_loads(draft, after),
        turn=draft.took_turn,
        claims=tuple(draft.claims),
        roots=tuple(draft.roots),
        left=left,
    )


def _brought_up_to_date(draft: Draft) -> tuple[Ticket | None, Left | None]:
    """The ticket with its version, its clocks, and the next instant at which the timer has to look at it."""
    ticket = draft.after
    changed = any(change.kind != "record" for change in draft.changes)
    if ticket is None or not (changed or draft.refreshes):
        return ticket, None
    if changed:
        version = draft.before.version + 1 if draft.before else 1
        ticket = replace(ticket, updated_at=draft.now, version=version)
    report = draft.report()
    other = next_instant(ticket, draft)
    left = Left(None if report.voids else report.rest, first_of(report.later_at, other))
    return project(ticket, report, next_change_at=first_of(report.next_change_at, other)), left


def _loads(draft: Draft, after: Ticket | None) -> Mapping[int, int]:
    """By how much the open work of agents grows or shrinks."""
    loads: dict[int, int] = {}
    for ticket, sign in ((draft.before, -1), (after, 1)):
        if ticket is not None and ticket.assignee_id is not None:
            weight = load_of(ticket, draft.book)
            loads[ticket.assignee_id] = loads.get(ticket.assignee_id, 0) + sign * weight
    return {agent: change for agent, change in sorted(loads.items()) if change}
