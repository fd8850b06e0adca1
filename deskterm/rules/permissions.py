"""Permissions: who may ask for which action. The desk denies what stands nowhere here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from deskterm.rules import actions as a
from deskterm.rules.facts import Actor, Agent, Book, Event, Ticket
from deskterm.rules.problems import N_, Problem
from deskterm.rules.terms import ROLES

__all__ = [
    "LEAST_ROLE",
    "TASK_ROLE",
    "agent_of",
    "is_requester",
    "permit",
    "permit_task",
    "role_on",
    "sees",
    "side_of",
]

# the least role that may ask; "requester" means on his own ticket only
LEAST_ROLE: Final[Mapping[type[a.Action], str]] = MappingProxyType(
    {
        a.OpenTicket: "requester",
        a.Reply: "requester",
        a.Confirm: "requester",
        a.Reject: "requester",
        a.Attach: "requester",
        a.Note: "light",
        a.Assign: "agent",
        a.SetFields: "agent",
        a.Tag: "agent",
        a.Pend: "agent",
        a.Hold: "agent",
        a.Resolve: "agent",
        a.Reopen: "agent",
        a.Close: "lead",
        a.Cancel: "lead",
        a.AddContact: "agent",
        a.SetContact: "agent",
        a.AddOrganization: "agent",
        a.SetOrganization: "agent",
        a.AddAgent: "admin",
        a.SetAgent: "admin",
        a.AddGroup: "admin",
        a.SetGroup: "lead",
        a.AddQueue: "admin",
        a.SetQueue: "lead",
    }
)


TASK_ROLE: Final[Mapping[str, str]] = MappingProxyType(
    {"import": "admin", "restore": "admin", "export": "lead", "backup": "lead", "rules": "lead"}
)
"""The least role for what concerns the whole desk and is no action on it."""


def permit_task(task: str, actor: Actor, book: Book) -> None:
    """Refuse a task on the whole desk to whoever has less than its role."""
    _refuse_below(TASK_ROLE[task], role_on(actor, None, book))


def agent_of(actor: Actor, book: Book) -> Agent | None:
    """The agent behind `actor`, None for a requester or the system."""
    return book.agents.get(actor.id) if actor.kind == "agent" and actor.id is not None else None


def is_requester(actor: Actor, ticket: Ticket, book: Book) -> bool:
    """True when the ticket is for `actor`, agent or not (staff are requesters on their own tickets)."""
    if ticket.requester_id is None:
        return False
    if actor.kind == "requester":
        return actor.id == ticket.requester_id
    agent = agent_of(actor, book)
    return agent is not None and agent.contact_id == ticket.requester_id


def side_of(actor: Actor, ticket: Ticket, book: Book) -> str:
    """On whose side of this ticket the actor stands: "requester" or "agent"."""
    return "requester" if actor.kind == "requester" or is_requester(actor, ticket, book) else "agent"


def sees(actor: Actor, event: Event) -> bool:
    """Whether an event of a ticket that `actor` may see is for him too: a requester sees what is public."""
    if actor.kind != "requester" or event.kind in ("created", "status"):
        return True
    if event.kind == "attached":
        return not event.data.get("internal")
    return event.kind == "message" and bool(event.data.get("public"))


def role_on(actor: Actor, group_id: int | None, book: Book) -> str:
    """The role of `actor`, raised to lead where he leads the group; "" for an agent who is not active."""
    if actor.kind == "system":
        return "admin"
    agent = agent_of(actor, book)
    if agent is None:
        return "requester"
    if not agent.active:
        return ""
    group = book.groups.get(group_id) if group_id is not None else None
    if agent.role == "agent" and group is not None and agent.id in group.leads:
        return "lead"
    return agent.role


_UPKEEP: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ActivateRules": "lead",
        "VoidEvent": "lead",
        "Exempt": "lead",
        "SetDue": "lead",
        "Move": "requester",
        "Reroute": "agent",
        "RunMacro": "agent",
        "Undo": "agent",
        "SetPresence": "light",
    }
)
"""The least role for actions of rules/upkeep.py, by name: most commands need none of them."""


def permit(action: a.Action, actor: Actor, ticket: Ticket | None, book: Book) -> None:
    """Refuse what the actor's role does not allow, and say which role would."""
    least = LEAST_ROLE.get(type(action)) or _UPKEEP.get(type(action).__name__, "admin")
    role = role_on(actor, _group_of(action, ticket, book), book)
    if role == "requester" and least == "requester":
        _own_only(actor, ticket, book)
        return
    if role == "light" and isinstance(action, a.Reply | a.Confirm | a.Reject) and ticket is not None:
        least = "requester" if is_requester(actor, ticket, book) else "agent"
    if role == "light" and isinstance(action, a.Attach) and not action.internal:
        least = "agent"
    _refuse_below(least, role)


def _refuse_below(least: str, role: str) -> None:
    if role == "" or ROLES.index(role) < ROLES.index(least):
        raise Problem(
            "permission.role",
            N_("This needs the role %(least)s; you are %(role)s."),
            least=least,
            role=role or N_("not active"),
        )


def _group_of(action: a.Action, ticket: Ticket | None, book: Book) -> int | None:
    if isinstance(action, a.SetGroup):
        return book.group_names.get(action.group)
    if isinstance(action, a.SetQueue):
        queue = book.queues.get(book.queue_names.get(action.queue, -1))
        return queue.group_id if queue else None
    return ticket.group_id if ticket else None


def _own_only(actor: Actor, ticket: Ticket | None, book: Book) -> None:
    if ticket is not None and not is_requester(actor, ticket, book):
        # the same words as for a number that does not exist: what is not yours changes nothing you see
        raise Problem(
            "ticket.missing", N_("There is no ticket %(ticket)s."), kind="missing", ticket=ticket.id
        )
