"""Moves through the lifecycle: waiting, solving, verifying, closing, opening again."""

from deskterm.rules import actions as a
from deskterm.rules.changes import FieldSet, Said, StatusSet
from deskterm.rules.draft import Draft
from deskterm.rules.lifecycle import check_move, needs
from deskterm.rules.permissions import role_on, side_of
from deskterm.rules.problems import N_, Problem
from deskterm.rules.terms import ROLES

__all__ = ["cancel", "close", "confirm", "hold", "move", "pend", "reject", "reopen", "resolve"]


def move(draft: Draft, to: str, *, reason: str = "", until: int | None = None, **words: str) -> int:
    """Move the draft's ticket after the table and the needs of `to` are met; returns the change's place."""
    ticket = draft.ticket
    check_move(ticket, to, draft.now)
    needs(to, {"reason": reason, **words})
    _refuse_past(until, draft.now)
    if draft.book.terms.is_open(to) and draft.facts.duplicate is not None:
        # alerts are counted on the newer one meanwhile
        draft.add(FieldSet(name="dedupe_key", old=ticket.dedupe_key, new=""))
    return draft.add(
        StatusSet(
            old=ticket.status,
            new=to,
            reason=reason,
            until=until,
            vendor=words.get("vendor", ""),
            cause=words.get("cause", ""),
            solution=words.get("solution", ""),
            reopened=to == "open" and draft.book.terms.category(ticket.status) in ("solved", "closed"),
        )
    )


def pend(action: a.Pend, draft: Draft) -> None:
    """Wait for the requester; a ticket that waits already gets the new reason and time."""
    if draft.ticket.status == "pending":
        _wait_anew(draft, action.reason, action.until)
        return
    move(draft, "pending", reason=action.reason, until=action.until)


def hold(action: a.Hold, draft: Draft) -> None:
    """Wait for a third party; a ticket that waits already gets the new reason, vendor and time."""
    if draft.ticket.status == "on_hold":
        _wait_anew(draft, action.reason, action.until, action.vendor)
        return
    move(draft, "on_hold", reason=action.reason, until=action.until, vendor=action.vendor)


def _wait_anew(draft: Draft, reason: str, until: int | None, vendor: str = "") -> None:
    _refuse_past(until, draft.now)
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


def _refuse_past(until: int | None, now: int) -> None:
    if until is not None and until <= now:
        raise Problem("wait.past", N_("The time to wake up lies in the past."), kind="usage", field="until")


def resolve(action: a.Resolve, draft: Draft) -> None:
    """Solved, with cause and solution; the requester is asked whether it is."""
    requester = draft.facts.requester
    answer_to = requester.addresses[0] if requester and requester.addresses else ""
    check_move(draft.ticket, "resolved", draft.now)
    if action.reply.strip():
        side = side_of(draft.actor, draft.ticket, draft.book)
        place = draft.add(Said(body=action.reply, public=True, side=side))
        draft.notify("reply", answer_to, place)
    moved = move(draft, "resolved", cause=action.cause.strip(), solution=action.solution.strip())
    draft.notify("verify", answer_to, moved)


def confirm(action: a.Confirm, draft: Draft) -> None:
    """The requester says it is solved (or an agent passes his word on): closed."""
    _resolved_only(draft)
    if action.comment.strip():
        draft.add(Said(body=action.comment, public=True, side="requester", auto=True))
    move(draft, "closed", reason="confirmed")


def reject(action: a.Reject, draft: Draft) -> None:
    """The requester says it is not solved: open again, counted."""
    _resolved_only(draft)
    if not action.reason.strip():
        raise Problem("lifecycle.needs_field", N_("To reject a solution give a %(field)s."), field="reason")
    place = draft.add(Said(body=action.reason, public=True, side="requester"))
    move(draft, "open", reason=action.reason)
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
    if ticket.status == "cancelled":
        role = role_on(draft.actor, ticket.group_id, draft.book)
        if ROLES.index(role) < ROLES.index("lead"):
            raise Problem(
                "permission.role",
                N_("This needs the role %(least)s; you are %(role)s."),
                least="lead",
                role=role,
            )
    move(draft, "open", reason=action.reason)


def cancel(action: a.Cancel, draft: Draft) -> None:
    """Withdrawn: its clocks are cancelled."""
    move(draft, "cancelled", reason=action.reason.strip())


def _resolved_only(draft: Draft) -> None:
    if draft.ticket.status != "resolved":
        raise Problem(
            "verify.not_resolved",
            N_("Ticket %(ticket)s is %(old)s: only a resolved ticket can be confirmed or rejected."),
            ticket=draft.ticket.id,
            old=draft.ticket.status,
        )
