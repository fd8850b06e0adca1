"""Whom a rule means: the lead, a group, the requester, as addresses and logins."""

from deskterm.rules.draft import Draft
from deskterm.rules.facts import Actor, Agent, Group
from deskterm.rules.names import agent_named, group_named

__all__ = ["leads", "names_of", "recipients"]


def recipients(name: str, draft: Draft) -> tuple[str, ...]:
    """The logins (of active agents) or the address that `name` stands for: none when nobody holds the part.

    Raises Problem for a group or login that the desk does not know.
    """
    kind, _, rest = name.partition(":")
    match kind:
        case "requester":
            requester = draft.facts.requester
            return requester.addresses[:1] if requester else ()
        case "assignee":
            agent = draft.book.agents.get(draft.ticket.assignee_id or 0)
            return (agent.login,) if agent and agent.active else ()
        case "lead":
            return tuple(agent.login for agent in leads(draft))
    if kind == "group":
        members = sorted(group_named(rest, draft.book).members)
        return tuple(each.login for each in _active(members, draft))
    return (agent_named(rest if kind == "agent" else name, draft.book).login,)


def leads(draft: Draft) -> tuple[Agent, ...]:
    """The active leads of the ticket's group, else of its queue's: first the one that the rules name."""
    book = draft.book
    queue = book.queues.get(draft.ticket.queue_id)
    group = book.groups.get(draft.ticket.group_id or (queue.group_id if queue else None) or 0)
    if group is None:
        return ()
    named = book.logins.get(_named_lead(group, draft))
    others = sorted(group.leads - {named})
    return _active([*([] if named is None else [named]), *others], draft)


def _named_lead(group: Group, draft: Draft) -> str:
    rules = draft.book.rules
    rule = rules.groups.get(group.name) if rules is not None else None
    return rule.lead if rule is not None else ""


def _active(ids: list[int], draft: Draft) -> tuple[Agent, ...]:
    found = (draft.book.agents.get(each) for each in ids)
    return tuple(agent for agent in found if agent is not None and agent.active)


def names_of(actor: Actor, draft: Draft) -> tuple[str, ...]:
    """Under which names notices would reach `actor`."""
    if actor.kind == "agent":
        agent = draft.book.agents.get(actor.id or 0)
        return (agent.login,) if agent else ()
    requester = draft.facts.requester
    if actor.kind == "requester" and requester is not None and requester.id == actor.id:
        return requester.addresses
    return ()
