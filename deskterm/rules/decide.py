"""Decide: the one pure function between asking and doing."""

from deskterm.rules.actions import Action, TicketAction
from deskterm.rules.changes import Decision
from deskterm.rules.conclude import conclude
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Actor, Book, Facts
from deskterm.rules.handlers import handler_of
from deskterm.rules.permissions import permit
from deskterm.rules.problems import N_, Problem

__all__ = ["decide", "moment", "name_of"]


def name_of(action: Action) -> str:
    """The name an action has in `because` and in timelines, such as open_ticket."""
    letters = type(action).__name__
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in letters).lstrip("_")


def moment(facts: Facts, now: int) -> int:
    """The instant of an action asked for at `now`: clocks may be set back, a timeline only goes on."""
    return max(now, facts.history[-1].at) if facts.history else now


def decide(
    action: Action, actor: Actor, facts: Facts, book: Book, now: int, *, because: str = "", depth: int = 0
) -> Decision:
    """What `action` by `actor` at `now` does to `facts`; raises the Problem that refuses it.

    A rule that asks for it says so in `because`, and how many roots deep that is.
    """
    if isinstance(action, TicketAction) and facts.ticket is None:
        raise Problem(
            "ticket.missing", N_("There is no ticket %(ticket)s."), kind="missing", ticket=action.ticket
        )
    permit(action, actor, facts.ticket, book)
    draft = Draft(facts, actor, book, now, because or f"action {name_of(action)}", depth)
    handler_of(action)(action, draft)
    if book.rules is not None:  # most commands of a desk without rules of its own need none of it
        from deskterm.rules.cascade import cascade

        cascade(draft, depth)
    return conclude(draft)
