"""The world of a test: a desk with the people, groups and queues that it and the rule file name."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from deskterm.rules.facts import Agent, Book, Contact, Facts, Group, Organization, Queue, Standing
from deskterm.rules.rulebook import Act, RuleBook
from deskterm.rules.ruletests.case import Case, Seat

__all__ = ["REQUESTER", "a_desk", "what_is_known"]

REQUESTER: Final = 1
"""The number of the contact whom the ticket of a test is for."""

_HOME: Final = 1
_NOWHERE: Final = "inbox"  # where tickets lie that no route takes
_OF_TICKET: Final = ("lead", "assignee", "requester")


class _Names(NamedTuple):
    """Who and what is named, in order; `queues` with the group that works them."""

    agents: dict[str, None]
    groups: dict[str, None]
    queues: dict[str, str]

    def put(self, kind: str, name: object) -> None:
        """Take up a name of that kind."""
        if not isinstance(name, str) or not name:
            return
        if kind == "queue":
            self.queues.setdefault(name, "")
        else:
            (self.groups if kind == "group" else self.agents).setdefault(name)


def a_desk(case: Case, rules: RuleBook) -> Book:
    """The desk as it is when the ticket comes in; ids are given in the order of the names."""
    names = _named(case, rules)
    seats = {seat.id: seat for seat in case.agents}
    logins = {login: number for number, login in enumerate(names.agents, 1)}
    agents = [_agent(number, seats.get(login), login, case) for login, number in logins.items()]
    groups = [_group(number, name, case, rules, logins) for number, name in enumerate(names.groups, 1)]
    group_names = {group.name: group.id for group in groups}
    queues = [
        Queue(number, name, group_id=group_names.get(group))
        for number, (name, group) in enumerate(names.queues.items(), 1)
    ]
    return Book(
        agents={agent.id: agent for agent in agents},
        groups={group.id: group for group in groups},
        queues={queue.id: queue for queue in queues},
        logins=logins,
        group_names=group_names,
        queue_names={queue.name: queue.id for queue in queues},
        terms=rules.terms,
        rules=rules,
        editions=MappingProxyType({rules.rev: rules}),
    )


def what_is_known(case: Case, book: Book) -> Facts:
    """What a decision may ask before the ticket is there: its requester, and what everybody has to do."""
    ticket = case.ticket
    known_as = str(ticket.get("requester", "requester"))
    home = None
    if ticket.get("tier") or ticket.get("org"):
        home = Organization(_HOME, str(ticket.get("org", "organization")), str(ticket.get("tier", "")))
    contact = None
    if known_as:
        contact = Contact(
            REQUESTER,
            known_as,
            (_address(known_as, ticket),),
            (home.id,) if home else (),
            vip=bool(ticket["vip"]) if "vip" in ticket else False,
            lang=str(ticket.get("lang", "")),
        )
    standing = {
        book.logins[seat.id]: Standing(seat.load, dict.fromkeys(book.groups, seat.last_seq))
        for seat in case.agents
    }
    organizations = (home,) if home else ()
    return Facts(requester=contact, organizations=organizations, organization=home, standing=standing)


def _address(known_as: str, ticket: Mapping[str, Any]) -> str:
    """His address; one who has only a name gets one, so that he can be answered."""
    if "@" in known_as:
        return known_as.lower()
    local = "".join(each if each.isalnum() else "." for each in known_as.lower())
    return f"{local}@{str(ticket.get('domain', '')).lower() or 'example.com'}"


def _agent(number: int, seat: Seat | None, login: str, case: Case) -> Agent:
    contact = REQUESTER if case.ticket.get("requester") == login else None
    if seat is None:
        return Agent(number, login, login, presence="offline", contact_id=contact)
    return Agent(
        id=number,
        login=login,
        name=seat.name,
        role=seat.role,
        lang=seat.lang,
        contact_id=contact,
        presence=seat.presence,
        capacity=seat.cap,
        skills=seat.skills,
        shift=seat.shift,
        out_from=0 if seat.out else None,
        substitute=seat.substitute,
    )


def _group(number: int, name: str, case: Case, rules: RuleBook, logins: Mapping[str, int]) -> Group:
    """A lead is a member, whether he is at work or not."""
    rule = rules.groups.get(name)
    leads = frozenset({logins[rule.lead]} if rule and rule.lead else ())
    members = {logins[seat.id] for seat in case.agents if name in seat.groups}
    return Group(number, name, name, leads.union(members), leads)


def _named(case: Case, rules: RuleBook) -> _Names:
    names = _Names({}, {}, {})
    for seat in case.agents:
        names.put("agent", seat.id)
        names.put("agent", seat.substitute)
    _of_rules(rules, names)
    for seat in case.agents:
        for group in seat.groups:
            names.put("group", group)
    for told in (case.ticket, *(step.words for step in case.then)):
        for kind in ("queue", "group"):
            names.put(kind, told.get(kind))
    if not names.queues:
        names.put("queue", _NOWHERE)
    if not names.agents:
        names.put("agent", "agent")  # somebody has to act
    return names


def _of_rules(rules: RuleBook, names: _Names) -> None:
    for name, rule in rules.groups.items():
        names.put("group", name)
        names.put("agent", rule.lead)
    for route in reversed(rules.routes):  # what waits for its route lies where the last one would put it
        names.put("group", route.group)
        names.put("agent", route.assign.person)
        if route.queue and not names.queues.get(route.queue):
            names.queues[route.queue] = route.group
    settings = [each.set for each in rules.routes]
    settings += [each for rule in rules.classify for each in (rule.set, rule.fill)]
    for each in settings:
        for kind in ("queue", "group"):
            names.put(kind, each.get(kind))
    for ola in rules.olas:
        names.put("group", ola.group)
    for act in _acts(rules):
        _of_act(act, names)


def _acts(rules: RuleBook) -> Iterator[Act]:
    promises: Iterable[Any] = (*rules.policies, *rules.olas, *rules.ucs)
    yield from (act for each in promises for level in each.levels for act in level.do)
    doers: Iterable[Any] = (*rules.triggers, *rules.automations, *rules.macros)
    yield from (act for each in doers for act in each.do)
    yield from (act for each in rules.blueprints for stage in each.stages for act in stage.do)


def _of_act(act: Act, names: _Names) -> None:
    if act.verb in ("set", "create_child"):
        for name, kind in (("assignee", "agent"), ("group", "group"), ("queue", "queue")):
            names.put(kind, act.value.get(name))
    elif act.verb in ("notify", "reassign"):
        for recipient in (act.value,) if isinstance(act.value, str) else act.value:
            kind, _, name = recipient.rpartition(":")
            if kind or (act.verb == "notify" and name not in _OF_TICKET):
                names.put("group" if kind == "group" else "agent", name)
