"""Moves through the lifecycle: waiting, solving, verifying, closing, opening again."""

from deskterm.rules import actions as a
from deskterm.rules.changes import FieldSet, Said, StatusSet
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Actor
from deskterm.rules.lifecycle import Aim, aim_at, refusals, verifies
from deskterm.rules.names import check_length
from deskterm.rules.permissions import side_of
from deskterm.rules.problems import N_, Problem

__all__ = [
    "answer_to",
    "bring_back",
    "cancel",
    "close",
    "confirm",
    "go",
    "hold",
    "move",
    "pend",
    "refuse_past",
    "reject",
    "reopen",
    "resolve",
]

_LAST = 253_402_300_799  # the last second of the year 9999


def move(
    draft: Draft,
    to: str,
    *,
    reason: str = "",
    until: int | None = None,
    actor: Actor | None = None,
    **words: str,
) -> int:
    """Move the draft's ticket after the table and the needs of `to` are met; returns the change's place.

    `actor` is whose right to do so counts, where that is not who acts.
    """
    ticket = draft.ticket
    aim = aim_at(ticket, to, draft.book)
    given = {name: word for name, word in {"reason": reason, **words}.items() if word}
    for problem in refusals(ticket, aim, actor or draft.actor, given, draft.book, draft.now):
        raise problem
    return go(draft, aim, reason=reason, until=until, **words)


def go(draft: Draft, aim: Aim, *, reason: str = "", until: int | None = None, **words: str) -> int:
    """Make a move that nothing refuses; returns the place of its first change."""
    ticket, terms = draft.ticket, draft.book.terms
    refuse_past(until, draft.now)
    if terms.is_open(aim.status) and draft.facts.duplicate is not None:
        # alerts are counted on the newer one meanwhile
        draft.add(FieldSet(name="dedupe_key", old=ticket.dedupe_key, new=""))
    place = len(draft.changes)
    if aim.status != ticket.status:
        was, becomes = terms.category(ticket.status), terms.category(aim.status)
        draft.add(
            StatusSet(
                old=ticket.status,
                new=aim.status,
                reason=reason,
                until=until,
                vendor=words.get("vendor", ""),
                cause=words.get("cause", ""),
                solution=words.get("solution", ""),
                reopened=was in ("solved", "closed") and becomes in ("new", "open", "waiting"),
            )
        )
        if becomes == "solved" and was != "solved" and verifies(draft.book):
            draft.notify("verify", answer_to(draft), place)
    if aim.stage is not None and aim.stage.id != ticket.stage:
        told = "" if aim.status != ticket.status else reason  # the status tells it already
        draft.add(FieldSet(name="stage", old=ticket.stage, new=aim.stage.id, reason=told))
    return place


def bring_back(draft: Draft) -> Problem | None:
    """Open a ticket that waits or is over, for its requester wrote or its time has come; or why it stays.

    Where a blueprint guides it, that is a move only into a stage that is open to everybody.
    """
    try:
        move(draft, "open", actor=_requester(draft))
    except Problem as problem:
        return problem
    return None


def answer_to(draft: Draft) -> str:
    """The address of the requester, "" where he has none."""
    requester = draft.facts.requester
    return requester.addresses[0] if requester and requester.addresses else ""


def _requester(draft: Draft) -> Actor:
    return Actor("requester", draft.ticket.requester_id)


def pend(action: a.Pend, draft: Draft) -> None:
    """Wait for the requester; a ticket that waits already gets the new reason and time."""
    if draft.ticket.status == "pending":
        _wait_anew(draft, action.reason, action.until)
        return
    move(draft, "pending", reason=action.reason, until=action.until)


def hold(action: a.Hold, draft: Draft) -> None:
    """Wait for a third party; a ticket that waits already gets the new reason, vendor and time."""
    check_length("vendor", action.vendor)
    if draft.ticket.status == "on_hold":
        _wait_anew(draft, action.reason, action.until, action.vendor)
        return
    move(draft, "on_hold", reason=action.reason, until=action.until, vendor=action.vendor)


def _wait_anew(draft: Draft, reason: str, until: int | None, vendor: str = "") -> None:
    refuse_past(until, draft.now)
    ticket = draft.ticket
    if reason and reason != ticket.wait_reason:
        draft.add(FieldSet(name="wait_reason", old=ticket.wait_reason, new=reason))
    if vendor and vendor != ticket.vendor:
        draft.add(FieldSet(name="vendor", old=ticket.vendor, new=vendor))
    if until is not None and until != ticket.wake_at:
        draft.add(FieldSet(name="wake_at", old=str(ticket.wake_at or ""), new=str(until)))
    if not draft.changes:
        raise Problem(
            "wait.same",
            N_("Ticket %(ticket)s waits already: give another reason or another time to change that."),
            ticket=ticket.id,
        )


def refuse_past(until: int | None, now: int) -> None:
    """Refuse a time to wake up that has come already, or that no calendar has."""
    if until is not None and until > _LAST:
        template = N_("The time to wake up lies behind the year 9999.")
        raise Problem("wait.far", template, kind="usage", field="until")
    if until is not None and until <= now:
        raise Problem("wait.past", N_("The time to wake up lies in the past."), kind="usage", field="until")


def resolve(action: a.Resolve, draft: Draft) -> None:
    """Solved, with cause and solution; the requester is asked whether it is."""
    if action.reply.strip():
        side = side_of(draft.actor, draft.ticket, draft.book)
        place = draft.add(Said(body=action.reply, public=True, side=side))
        draft.notify("reply", answer_to(draft), place)
    move(draft, "resolved", cause=action.cause.strip(), solution=action.solution.strip())


def confirm(action: a.Confirm, draft: Draft) -> None:
    """The requester says it is solved (or an agent passes his word on): closed."""
    _solved_only(draft)
    if action.comment.strip():
        draft.add(Said(body=action.comment, public=True, side="requester", auto=True))
    move(draft, "closed", reason="confirmed", actor=_requester(draft))


def reject(action: a.Reject, draft: Draft) -> None:
    """The requester says it is not solved: open again, counted."""
    _solved_only(draft)
    if not action.reason.strip():
        raise Problem("lifecycle.needs_field", N_("To reject a solution give a %(field)s."), field="reason")
    place = draft.add(Said(body=action.reason, public=True, side="requester"))
    move(draft, "open", reason=action.reason, actor=_requester(draft))
    agent = draft.book.agents.get(draft.ticket.assignee_id or 0)
    draft.notify("rejected", agent.login if agent else "", place)


def close(action: a.Close, draft: Draft) -> None:
    """A lead or the system closes a resolved ticket without the requester's word."""
    move(draft, "closed", reason=action.reason)


def reopen(action: a.Reopen, draft: Draft) -> None:
    """Open again by hand; a cancelled ticket only by a lead."""
    ticket = draft.ticket
    if draft.book.terms.category(ticket.status) not in ("solved", "closed"):
        raise Problem(
            "lifecycle.move",
            N_("Ticket %(ticket)s is %(old)s: only resolved, closed or cancelled tickets can be reopened."),
            ticket=ticket.id,
            old=ticket.status,
        )
    move(draft, "open", reason=action.reason)


def cancel(action: a.Cancel, draft: Draft) -> None:
    """Withdrawn: its clocks are cancelled."""
    move(draft, "cancelled", reason=action.reason.strip())


def _solved_only(draft: Draft) -> None:
    if draft.book.terms.category(draft.ticket.status) != "solved":
        raise Problem(
            "verify.not_resolved",
            N_("Ticket %(ticket)s is %(old)s: only a resolved ticket can be confirmed or rejected."),
            ticket=draft.ticket.id,
            old=draft.ticket.status,
        )
