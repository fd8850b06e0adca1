"""Clocks: what a lead may do to them. Nothing is taken from the timeline; the fold reads what he said."""

from deskterm.rules import upkeep as u
from deskterm.rules.draft import Draft
from deskterm.rules.problems import N_, Problem
from deskterm.rules.verdicts import DueSet, Exempted, Voided

__all__ = ["exempt", "set_due", "void_event"]

METRICS = ("first_response", "next_response", "update", "resolution")


def void_event(action: u.VoidEvent, draft: Draft) -> None:
    """Take an event out of the clocks: a wrong priority, a reply that was none (rules.md 1.3, decision 4)."""
    _reasoned(action.reason)
    known = [event.seq for event in draft.facts.history if event.kind not in ("created", "rules_activated")]
    if action.event not in known:
        raise Problem(
            "clock.event",
            N_("Ticket %(ticket)s has no event %(event)s that could be taken out of its clocks."),
            kind="missing",
            choices=tuple(map(str, known)),
            field="event",
            ticket=draft.ticket.id,
            event=action.event,
        )
    draft.add(Voided(event=action.event, reason=action.reason.strip()))


def exempt(action: u.Exempt, draft: Draft) -> None:
    """Stop all clocks of a ticket for good."""
    _reasoned(action.reason)
    draft.add(Exempted(reason=action.reason.strip()))


def set_due(action: u.SetDue, draft: Draft) -> None:
    """Promise another due, or take the promise back."""
    if action.metric not in METRICS:
        raise Problem(
            "clock.metric",
            N_("%(metric)s is no clock."),
            kind="usage",
            choices=METRICS,
            field="metric",
            metric=action.metric,
        )
    if action.due is not None and action.due <= draft.now:
        raise Problem("clock.past", N_("The promised due lies in the past."), kind="usage", field="due")
    running = [cycle.metric for cycle in draft.report().cycles if cycle.stopped is None]
    if action.metric not in running:
        raise Problem(
            "clock.idle",
            N_("No %(metric)s clock is open on ticket %(ticket)s."),
            choices=running,
            field="metric",
            metric=action.metric,
            ticket=draft.ticket.id,
        )
    draft.add(DueSet(metric=action.metric, due=action.due))


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise Problem("clock.reason", N_("Say why: give a reason."), kind="usage", field="reason")
