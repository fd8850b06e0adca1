"""Agents, groups and queues."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from deskterm.rules import actions as a
from deskterm.rules.changes import NEW, Record
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Group
from deskterm.rules.handlers.records import given, record
from deskterm.rules.names import address, agent_named, check_value, group_named, queue_named, slug
from deskterm.rules.problems import N_, Problem

__all__ = ["add_agent", "add_group", "add_queue", "set_agent", "set_group", "set_queue", "skilled"]

_SKILL: Final = re.compile(r"\w[\w.-]{0,63}")
_MOST: Final = 1_000_000


def add_agent(action: a.AddAgent, draft: Draft) -> None:
    """A new agent, at once a member of the named groups."""
    login = slug("agent", action.login)
    _refuse_taken("agent", login, draft.book.logins)
    role = check_value("role", action.role)
    email = address(action.email) if action.email else ""
    names = tuple(dict.fromkeys(action.groups))
    groups = tuple(group_named(each, draft.book).id for each in names)
    values = {"login": login, "name": action.name.strip() or login, "role": role, "email": email}
    told = {"role": role, "email": email, "groups": list(names)}
    draft.add(
        Record(
            noun="agent",
            id=NEW,
            name=login,
            values=values,
            links={"groups": groups},
            told={key: value for key, value in told.items() if value},
        )
    )


def set_agent(action: a.SetAgent, draft: Draft) -> None:
    """Change what is given; the last active admin stays one."""
    agent = agent_named(action.login, draft.book, active=False)
    values = given(action, ("name", "role", "email", "active", "tz", "lang", "capacity", "shift"))
    if "role" in values:
        check_value("role", values["role"])
    if values.get("email"):
        values["email"] = address(values["email"])
    stays = values.get("role", agent.role) == "admin" and values.get("active", agent.active)
    others = [
        each
        for each in draft.book.agents.values()
        if each.role == "admin" and each.active and each.id != agent.id
    ]
    if agent.role == "admin" and agent.active and not stays and not others:
        raise Problem(
            "agent.last_admin", N_("%(agent)s is the last admin: make another one first."), agent=agent.login
        )
    told = dict(values)
    if action.skills is not None:
        values["skills"] = skilled(agent.skills, action.skills)
        told["skills"] = [f"{name} {level}" for name, level in values["skills"].items()]
    _check_work(values, draft)
    record(draft, "agent", agent.id, agent.login, values, {}, told)


def skilled(had: Mapping[str, int], changed: Mapping[str, int]) -> dict[str, int]:
    """The skills with those that change, by name; a level of 0 takes one away. Raises Problem (usage)."""
    for name, level in changed.items():
        if not _SKILL.fullmatch(name):
            template = N_('"%(name)s" is no name of a skill: use letters, digits, - _ and dots.')
            raise Problem("skill.name", template, kind="usage", field="skill", name=name)
        if not 0 <= level <= _MOST:
            template = N_("The level of %(name)s must be a whole number from 1 to %(most)d, or 0 for none.")
            raise Problem("skill.level", template, kind="usage", field="skill", name=name, most=_MOST)
    found = {**had, **changed}
    return {name: found[name] for name in sorted(found) if found[name]}


def _check_work(values: Mapping[str, Any], draft: Draft) -> None:
    """The capacity is a number from 0, the shift a calendar of the rules in force."""
    if not 0 <= values.get("capacity", 0) <= _MOST:
        template = N_("The capacity must be a whole number from 0 (what the rules say) to %(most)d.")
        raise Problem("agent.capacity", template, kind="usage", field="capacity", most=_MOST)
    shift = values.get("shift", "")
    known = draft.book.rules.calendars if draft.book.rules else {"always": None}
    if shift and shift not in known:
        template = N_("The rules in force have no calendar %(name)s that could be a shift.")
        choices = [name for name in known if name != "always"]
        raise Problem("agent.shift", template, kind="missing", choices=choices, field="shift", name=shift)


def add_group(action: a.AddGroup, draft: Draft) -> None:
    """A new group; its leads are members too."""
    name = slug("group", action.name)
    _refuse_taken("group", name, draft.book.group_names)
    members = _ids(draft, (*action.members, *action.leads))
    leads = _ids(draft, action.leads)
    told = {
        "title": action.title,
        "members": sorted({*action.members, *action.leads}),
        "leads": list(action.leads),
    }
    draft.add(
        Record(
            noun="group",
            id=NEW,
            name=name,
            values={"name": name, "title": action.title.strip() or name},
            links={"members": members, "leads": leads},
            told={key: value for key, value in told.items() if value},
        )
    )


def set_group(action: a.SetGroup, draft: Draft) -> None:
    """Change title, members and leads."""
    group = group_named(action.group, draft.book)
    values = given(action, ("title", "active"))
    links: dict[str, tuple[Any, ...]] = {}
    told: dict[str, Any] = dict(values)
    if action.add_members or action.remove_members or action.add_leads or action.remove_leads:
        members, leads = _memberships(action, draft, group)
        links = {"members": tuple(sorted(members)), "leads": tuple(sorted(leads))}
        told["members"] = sorted(draft.book.agents[each].login for each in members)
        told["leads"] = sorted(draft.book.agents[each].login for each in leads)
    record(draft, "group", group.id, group.name, values, links, told)


def _memberships(action: a.SetGroup, draft: Draft, group: Group) -> tuple[set[int], set[int]]:
    gone = set(_ids(draft, action.remove_members, active=False))
    demoted = set(_ids(draft, action.remove_leads, active=False)) | gone
    leads = (set(group.leads) - demoted) | set(_ids(draft, action.add_leads))
    members = (set(group.members) - gone) | set(_ids(draft, action.add_members)) | leads
    return members, leads


def add_queue(action: a.AddQueue, draft: Draft) -> None:
    """A new queue, worked by a group."""
    name = slug("queue", action.name)
    _refuse_taken("queue", name, draft.book.queue_names)
    group = group_named(action.group, draft.book).id if action.group else None
    told = {"title": action.title, "group": action.group}
    draft.add(
        Record(
            noun="queue",
            id=NEW,
            name=name,
            values={"name": name, "title": action.title.strip() or name, "group_id": group},
            told={key: value for key, value in told.items() if value},
        )
    )


def set_queue(action: a.SetQueue, draft: Draft) -> None:
    """Change title, group or whether it takes tickets."""
    queue = queue_named(action.queue, draft.book)
    told = given(action, ("title", "group", "active"))
    values = {key: value for key, value in told.items() if key != "group"}
    if action.group is not None:
        values["group_id"] = group_named(action.group, draft.book).id if action.group else None
    record(draft, "queue", queue.id, queue.name, values, {}, told)


def _ids(draft: Draft, logins: Iterable[str], *, active: bool = True) -> tuple[int, ...]:
    return tuple(dict.fromkeys(agent_named(each, draft.book, active=active).id for each in logins))


def _refuse_taken(noun: str, name: str, known: Any) -> None:
    if name in known:
        raise Problem("name.taken", N_("The %(field)s %(name)s exists already."), field=noun, name=name)
