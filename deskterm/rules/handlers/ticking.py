"""Ticking: what the timer asks for; the rules say what that is."""

from typing import Any

from deskterm.rules import actions as a, upkeep as u
from deskterm.rules.draft import Draft
from deskterm.rules.handlers.opening import open_ticket
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Recurring

__all__ = ["open_recurring", "tick"]


def tick(_action: u.Tick, draft: Draft) -> None:
    """Everything that is due on the ticket, and its clocks brought up to date even if nothing is."""
    from deskterm.rules.automate.timer import run_due

    draft.refreshes = True
    run_due(draft)


def open_recurring(action: u.OpenRecurring, draft: Draft) -> None:
    """The ticket of one occurrence; the missed ones before it are written down as such."""
    from deskterm.rules.changes import Claim

    rules = draft.book.rules
    found: Recurring | None = None
    if rules is not None:
        found = next((each for each in rules.recurring if each.id == action.rule), None)
    if rules is None or found is None:
        raise Problem(
            "recurring.unknown",
            N_("The rules have no recurring ticket %(name)s."),
            kind="missing",
            name=action.rule,
        )
    key = f"recur/{found.id}/{action.nominal_at}"
    if key in draft.facts.fired:
        return  # another process was faster
    draft.because = name = f"recurring {found.id}@{rules.rev}"
    for missed in action.missed:
        draft.claims.append(Claim(f"recur/{found.id}/{missed}", name, missed, "skipped_late"))
    if found.skip_if_open and draft.facts.duplicate is not None:
        draft.claims.append(Claim(key, name, action.nominal_at, "skipped_open"))
        return
    draft.claims.append(Claim(key, name, action.nominal_at, "done"))
    open_ticket(as_opening(found), draft)


def as_opening(rule: Recurring) -> a.OpenTicket:
    """What opening the ticket of a recurring rule asks for."""
    values: dict[str, Any] = {"channel": "system"}
    custom: dict[str, str] = {}
    for name, value in rule.ticket.items():
        if name.startswith("cf."):
            custom[name[3:]] = str(value)
        else:
            values[name] = tuple(value) if name == "tags" else str(value)
    dedupe = f"recurring/{rule.id}" if rule.skip_if_open else ""
    return a.OpenTicket(custom=custom, dedupe_key=dedupe, **values)
