"""Fields: assignment, classification, tags."""

from deskterm.rules import actions as a
from deskterm.rules.changes import Assigned, FieldSet, Regrouped, Tagged
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Agent, Group
from deskterm.rules.handlers.messages import auto_open
from deskterm.rules.names import (
    LISTED,
    agent_named,
    check_field,
    check_length,
    check_tag,
    check_value,
    group_named,
    queue_named,
)
from deskterm.rules.problems import N_, Problem

__all__ = ["assign", "give_to", "refuse_frozen", "refuse_outside", "set_fields", "tag"]

_REQUIRED = ("subject", "priority", "queue")
_CHOSEN = ("priority", "type", "impact", "urgency")


def assign(action: a.Assign, draft: Draft) -> None:
    """Hand over; an agent outside the group is refused, another group lets an outside assignee go."""
    if action.agent is None and action.group is None:
        raise Problem("assign.nothing", N_("Say to which agent or group."), kind="usage", field="agent")
    refuse_frozen(draft)
    agent = agent_named(action.agent, draft.book) if action.agent else None
    if action.group is not None:
        _regroup(draft, group_named(action.group, draft.book) if action.group else None)
    if action.agent is not None:
        _hand_to(draft, agent)


def _hand_to(draft: Draft, agent: Agent | None) -> None:
    if agent is not None:
        refuse_outside(agent, draft)
    give_to(draft, agent)
    auto_open(draft)


def refuse_outside(agent: Agent, draft: Draft) -> None:
    """Refuse an assignee who works on no tickets, or not in the group that has this one."""
    if agent.role in ("requester", "light"):
        raise Problem(
            "assign.role", N_("%(agent)s is a light agent and cannot be the assignee."), agent=agent.login
        )
    group = draft.book.groups.get(draft.ticket.group_id or 0)
    if group is not None and group.members and agent.id not in group.members:
        members = sorted(draft.book.agents[each].login for each in group.members)
        raise Problem(
            "assign.outside",
            N_("%(agent)s is not in the group %(group)s: choose a member, or another group too."),
            choices=members,
            field="agent",
            agent=agent.login,
            group=group.name,
        )


def give_to(draft: Draft, agent: Agent | None) -> None:
    """Make somebody (None: nobody) the assignee and tell him; nothing where he is."""
    old = draft.book.agents.get(draft.ticket.assignee_id or 0)
    if (old.id if old else None) == (agent.id if agent else None):
        return
    place = draft.add(Assigned(old=old.login if old else "", new=agent.login if agent else ""))
    if agent is not None and not (draft.actor.kind == "agent" and draft.actor.id == agent.id):
        draft.notify("assigned", agent.login, place)


def _regroup(draft: Draft, group: Group | None) -> None:
    old = draft.book.groups.get(draft.ticket.group_id or 0)
    if (old.id if old else None) == (group.id if group else None):
        return
    draft.add(Regrouped(old=old.name if old else "", new=group.name if group else ""))
    holder = draft.ticket.assignee_id
    if holder is not None and group is not None and group.members and holder not in group.members:
        give_to(draft, None)


def set_fields(action: a.SetFields, draft: Draft) -> None:
    """Set several fields at once, all or none; impact and urgency give the priority unless it is set too."""
    if not action.fields:
        raise Problem("set.nothing", N_("Say which field to set: name=value."), kind="usage", field="fields")
    refuse_frozen(draft)
    for name, value in action.fields.items():
        _set_one(draft, name, value)
    changed = {"impact", "urgency"} & set(action.fields)
    matrix = draft.book.terms.matrix
    meant = matrix.get(draft.ticket.impact, {}).get(draft.ticket.urgency, "")
    if changed and meant and "priority" not in action.fields:
        _set_one(draft, "priority", meant)


def _set_one(draft: Draft, name: str, value: str) -> None:
    check_field(name)
    if name == "group":
        _regroup(draft, group_named(value, draft.book) if value else None)
        return
    if not value.strip() and name in _REQUIRED:
        raise Problem("set.required", N_("%(field)s cannot be empty."), kind="usage", field=name)
    if name == "queue":
        _requeue(draft, value)
        return
    if name in _CHOSEN and value:
        check_value(name, value, draft.book.terms)
    if name.startswith("cf.") or name in LISTED:
        check_length(name, value)
    old = (
        draft.ticket.custom.get(name[3:], "") if name.startswith("cf.") else str(getattr(draft.ticket, name))
    )
    if old != value:
        draft.add(FieldSet(name=name, old=old, new=value))


def _requeue(draft: Draft, name: str) -> None:
    queue = queue_named(name, draft.book)
    old = draft.book.queues[draft.ticket.queue_id]
    if queue.id == old.id:
        return
    draft.add(FieldSet(name="queue", old=old.name, new=queue.name))
    if queue.group_id is not None:
        _regroup(draft, draft.book.groups[queue.group_id])


def tag(action: a.Tag, draft: Draft) -> None:
    """Add and remove tags; a tag is a word without space, comma or quotes."""
    if not action.add and not action.remove:
        raise Problem("tag.nothing", N_("Say which tag to add or remove."), kind="usage", field="tag")
    for each in action.add:
        check_tag(each)
    refuse_frozen(draft)
    have = draft.ticket.tags
    added = tuple(sorted(set(action.add) - have))
    removed = tuple(sorted((set(action.remove) & have) - set(action.add)))
    if added or removed:
        draft.add(Tagged(added=added, removed=removed))


def refuse_frozen(draft: Draft) -> None:
    """Refuse to change a ticket that is closed."""
    ticket = draft.ticket
    if draft.book.terms.category(ticket.status) == "closed":
        raise Problem(
            "ticket.frozen",
            N_("Ticket %(ticket)s is %(status)s and can no longer be changed: reopen it or write a note."),
            ticket=ticket.id,
            status=ticket.status,
        )
