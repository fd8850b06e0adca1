"""Collision: a ticket changed while somebody looked at an older version of it."""

from deskterm.rules.actions import Action, TicketAction
from deskterm.rules.facts import Actor, Book, Facts
from deskterm.rules.permissions import permit, sees
from deskterm.rules.problems import N_, Problem

__all__ = ["refuse_stale"]

_TOLD_LIMIT = 3  # names in the sentence


def refuse_stale(action: Action, actor: Actor, facts: Facts, book: Book, seen: int | None) -> None:
    """Refuse an action on a ticket that is no longer the version `seen`, with who did what since.

    What the actor may not see is no change to him; one who may not act at all learns no more than that.
    """
    ticket = facts.ticket
    if seen is None or ticket is None or not isinstance(action, TicketAction) or ticket.version == seen:
        return
    permit(action, actor, ticket, book)
    if seen > ticket.version:
        raise Problem(
            "ticket.unseen",
            N_("Ticket %(ticket)s has version %(version)s, not %(seen)s: look again, then repeat."),
            kind="stale",
            ticket=ticket.id,
            version=ticket.version,
            seen=seen,
        )
    since = [event for event in facts.history if event.version > seen and sees(actor, event)]
    if actor.kind == "requester" and not since:
        return
    names = dict.fromkeys(_name(event.actor, book) for event in since)
    kinds = dict.fromkeys(event.kind for event in since)
    raise Problem(
        "ticket.stale",
        N_(
            "Ticket %(ticket)s changed while you looked at it: %(who)s did %(what)s. Look again, then repeat."
        ),
        kind="stale",
        ticket=ticket.id,
        who=", ".join(list(names)[:_TOLD_LIMIT]) or "?",
        what=", ".join(kinds) or "?",
        seen=seen,
        version=ticket.version,
    )


def _name(actor: Actor, book: Book) -> str:
    if actor.kind == "agent":
        agent = book.agents.get(actor.id or 0)
        return agent.login if agent else "?"
    return actor.kind
