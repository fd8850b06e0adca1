"""Lifecycle: which status may follow which, who may move a ticket there, and what the move needs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from deskterm.rules.facts import Ticket
from deskterm.rules.problems import N_, Problem
from deskterm.rules.terms import CATEGORY, STATUSES

__all__ = ["REOPEN_WINDOW", "TRANSITIONS", "check_move", "needs", "within_window"]

REOPEN_WINDOW: Final = 7 * 86400  # wall seconds after closing; later replies need a new ticket

# rules.md section 5; merging has its own action and moves nothing here
TRANSITIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "new": frozenset({"open", "pending", "on_hold", "resolved", "cancelled", "merged"}),
        "open": frozenset({"pending", "on_hold", "resolved", "cancelled", "merged"}),
        "pending": frozenset({"open", "on_hold", "resolved", "cancelled"}),
        "on_hold": frozenset({"open", "pending", "resolved"}),
        "resolved": frozenset({"open", "closed"}),
        "closed": frozenset({"open"}),
        "cancelled": frozenset({"open"}),
        "merged": frozenset({"open"}),
    }
)


def within_window(ticket: Ticket, now: int) -> bool:
    """True while a closed ticket may still open again."""
    return ticket.closed_at is None or now - ticket.closed_at <= REOPEN_WINDOW


def check_move(ticket: Ticket, to: str, now: int) -> None:
    """Refuse a move the table does not know, with the moves it knows."""
    allowed = TRANSITIONS[ticket.status]
    if to not in allowed:
        raise Problem(
            "lifecycle.move",
            N_("A ticket that is %(old)s cannot become %(new)s."),
            choices=[status for status in STATUSES if status in allowed],
            field="status",
            old=ticket.status,
            new=to,
        )
    if ticket.status == "closed" and not within_window(ticket, now):
        raise Problem(
            "lifecycle.window",
            N_("Ticket %(ticket)s was closed more than %(days)s days ago: open a new ticket."),
            field="status",
            ticket=ticket.id,
            days=REOPEN_WINDOW // 86400,
        )


def needs(to: str, given: Mapping[str, str]) -> None:
    """Refuse a move whose required words are missing: cause and solution, a reason, a vendor."""
    if to == "resolved":
        for name in ("cause", "solution"):
            if not given.get(name, "").strip():
                raise _lacks(name, N_("To resolve a ticket say its %(field)s."))
    if to == "on_hold" and not (given.get("reason", "").strip() or given.get("vendor", "").strip()):
        raise _lacks("reason", N_("To put a ticket on hold name the vendor or give a %(field)s."))
    if CATEGORY[to] == "closed" and to == "cancelled" and not given.get("reason", "").strip():
        raise _lacks("reason", N_("To cancel a ticket give a %(field)s."))


def _lacks(field: str, sentence: str) -> Problem:
    return Problem("lifecycle.needs_field", sentence, field=field)
