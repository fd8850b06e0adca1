"""Placing: who gets what waits, and whether somebody can be given anything at all."""

from dataclasses import replace
from typing import Any

from deskterm.rules import upkeep as u
from deskterm.rules.cascade import hand_over
from deskterm.rules.draft import Draft
from deskterm.rules.handlers.records import record
from deskterm.rules.names import agent_named
from deskterm.rules.permissions import role_on
from deskterm.rules.problems import N_, Problem
from deskterm.rules.terms import ROLES

__all__ = ["place", "reroute", "set_presence"]

PRESENCES = ("online", "away", "offline")


def reroute(_action: u.Reroute, draft: Draft) -> None:
    """Ask for routing; the cascade does it."""
    if draft.book.rules is None:
        raise Problem("rules.none", N_("This desk has no rules yet: activate a rule file first."))
    draft.reroute = True


def place(_action: u.Place, draft: Draft) -> None:
    """Give a waiting ticket to somebody who can take it now; nothing happens where nobody can.

    One that was sent by a route which the rules no longer have is sent anew, or it would wait for ever.
    """
    from deskterm.rules.routing import choose_agent

    rules, ticket = draft.book.rules, draft.ticket
    route = next((each for each in rules.routes if each.id == ticket.route), None) if rules else None
    if rules is None or not ticket.wants_agent or ticket.assignee_id is not None:
        return
    if route is None:
        draft.facts = replace(draft.facts, waiting=draft.facts.waiting - {ticket.group_id})  # it is its turn
        draft.reroute = True
        return
    choice = choose_agent(ticket, route.assign, rules, draft.book, draft.facts, draft.now, draft.excluded())
    if choice.agent is not None:
        hand_over(draft, choice.agent, f"route {route.id}@{rules.rev}")


def set_presence(action: u.SetPresence, draft: Draft) -> None:
    """An agent says it for himself, a lead for anybody."""
    agent = agent_named(action.login, draft.book)
    own = draft.actor.kind == "agent" and draft.actor.id == agent.id
    role = role_on(draft.actor, None, draft.book)
    if not own and ROLES.index(role) < ROLES.index("lead") and not _leads(draft, agent.id):
        raise Problem(
            "permission.role", N_("This needs the role %(least)s; you are %(role)s."), least="lead", role=role
        )
    values = _absence(action, draft)
    if action.presence is not None:
        if action.presence not in PRESENCES:
            raise Problem(
                "presence.unknown",
                N_("%(value)s is no presence."),
                kind="usage",
                choices=PRESENCES,
                field="presence",
                value=action.presence,
            )
        values["presence"] = action.presence
    record(draft, "agent", agent.id, agent.login, values, {}, values)


def _absence(action: u.SetPresence, draft: Draft) -> dict[str, Any]:
    if action.back:
        return {"out_from": None, "out_until": None, "substitute": ""}
    values: dict[str, Any] = {}
    if action.out_from is not None or action.out_until is not None:
        start, end = action.out_from if action.out_from is not None else draft.now, action.out_until
        if end is not None and end <= start:
            raise Problem(
                "presence.order", N_("He would be back before he leaves."), kind="usage", field="until"
            )
        values |= {"out_from": start, "out_until": end}
    if action.substitute is not None:
        stands_in = agent_named(action.substitute, draft.book).login if action.substitute else ""
        if stands_in == action.login:
            raise Problem(
                "presence.substitute", N_("Nobody stands in for himself."), kind="usage", field="substitute"
            )
        values["substitute"] = stands_in
    return values


def _leads(draft: Draft, agent: int) -> bool:
    groups = draft.book.groups.values()
    return any(draft.actor.id in group.leads and agent in group.members for group in groups)
