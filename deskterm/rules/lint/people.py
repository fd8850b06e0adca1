"""People: rules that need somebody who is not there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deskterm.rules.lint.reach import warning
from deskterm.rules.lint.tags import all_acts
from deskterm.rules.problems import N_
from deskterm.rules.rulebook import Route, RuleBook
from deskterm.rules.rulefile.faults import Fault

if TYPE_CHECKING:
    from deskterm.rules.facts import Agent, Book

__all__ = ["absent", "unmet"]


def unmet(book: RuleBook, desk: "Book | None") -> Iterator[Fault]:
    """Routes with a need that no member of their group meets, whoever is there."""
    for route in book.routes if desk is not None else ():
        if desk is None or not route.assign.need:
            continue
        members = _members(route, desk)
        if members is not None and not any(_meets(agent, route) for agent in members):
            need = ", ".join(f"{skill} {level}" for skill, level in route.assign.need.items())
            template = N_("route '%(id)s' needs %(need)s, which no member of the group %(group)s has")
            yield warning("W513", route.line, template, id=route.id, need=need, group=route.group)


def absent(book: RuleBook, desk: "Book | None", now: int | None) -> Iterator[Fault]:
    """Rules that hand over to somebody who is away at `now`, or not an agent any more."""
    if desk is None:
        return
    for route in book.routes:
        if route.assign.by == "person":
            yield from _absent(f"route '{route.id}'", route.line, route.assign.person, desk, now)
    for group in book.groups.values():
        yield from _absent(f"group '{group.name}'", group.line, group.lead, desk, now)
    for act in all_acts(book):
        if act.verb == "reassign" and act.value.startswith("person:"):
            yield from _absent("reassign", act.line, act.value.partition(":")[2], desk, now)
        if act.verb == "set" and act.value.get("assignee"):
            yield from _absent("set", act.line, act.value["assignee"], desk, now)


def _absent(rule: str, line: int, login: str, desk: "Book", now: int | None) -> Iterator[Fault]:
    agent = desk.agents.get(desk.logins.get(login, 0))
    why = _why(agent, now) if agent is not None else ""
    if agent is not None and why:
        yield warning("W514", line, why, rule=rule, agent=login, substitute=agent.substitute or "-")


def _why(agent: "Agent", now: int | None) -> str:
    """The sentence about an agent who is not there; "" for one who is."""
    if not agent.active:
        return N_("%(rule)s counts on %(agent)s, who is not active any more")
    if agent.role in ("requester", "light"):
        return N_("%(rule)s counts on %(agent)s, who is a light agent and cannot be the assignee")
    if _is_out(agent, now):
        return N_("%(rule)s counts on %(agent)s, who is out of office (substitute: %(substitute)s)")
    if agent.presence == "offline":
        return N_("%(rule)s counts on %(agent)s, who is offline")
    return ""


def _is_out(agent: "Agent", now: int | None) -> bool:
    if now is None or agent.out_from is None:
        return False
    return agent.out_from <= now and (agent.out_until is None or now < agent.out_until)


def _members(route: Route, desk: "Book") -> "list[Agent] | None":
    group = desk.groups.get(desk.group_names.get(route.group, 0))
    if group is None:
        return None
    found = (desk.agents.get(each) for each in sorted(group.members))
    return [agent for agent in found if agent is not None and agent.active]


def _meets(agent: "Agent", route: Route) -> bool:
    return all(agent.skills.get(skill, 0) >= level for skill, level in route.assign.need.items())
