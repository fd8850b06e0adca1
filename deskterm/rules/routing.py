"""Routing: what a ticket is about, how urgent it is, where it goes and who gets it, with the reasons.

Classify, matrix, route, choose, policy, one after the other on one draft of the ticket (`walk`).
"""

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from deskterm.rules.choose import Choice, Work, choose
from deskterm.rules.conditions import conditions_of
from deskterm.rules.facts import Book, Facts, Ticket
from deskterm.rules.rulebook import Assign, Policy, Route, RuleBook
from deskterm.rules.ruleview import RuleView
from deskterm.rules.trace import Chosen, Trace
from deskterm.rules.walk import Setting, Walk, is_valid

__all__ = ["Routing", "choose_agent", "choose_policy", "route_ticket"]


class Routing(NamedTuple):
    """What the rules make of a ticket; `ticket` is the draft with all of it done but the assignment.

    `sets` are the fields that became different (priority, queue and group too), each once, in order; `tags`
    those that came. `queue` and `group` are the names where it lies then, `choice` is None where nobody was
    looked for, `policy` the SLA policy that takes it.
    """

    ticket: Ticket
    sets: tuple[Setting, ...]
    tags: tuple[Setting, ...]
    priority: str
    route: Route | None
    queue: str
    group: str
    choice: Choice | None
    policy: Policy | None
    trace: Trace

    @property
    def wants_agent(self) -> bool:
        """Whether somebody should have it and nobody could take it yet."""
        return self.choice is not None and self.choice.agent is None


def route_ticket(
    view: RuleView,
    rules: RuleBook,
    given: Collection[str] = frozenset(),
    excluded: Collection[int] = frozenset(),
) -> Routing:
    """Where the ticket of `view` goes by `rules`, which have to be those of `view.book`.

    `given` names the fields that a person chose: of these priority, queue, group and assignee stay, and a
    route that would move them only says so in the trace. `excluded` are agents who gave the ticket back. A
    ticket with an assignee keeps him as long as he is in its group.
    """
    walk = Walk(view, rules, given)
    for rule in rules.classify:
        walk.classify(rule)
    walk.settle()
    route = next((each for each in rules.routes if walk.follow(each)), None)
    choice = _choice(walk, route.assign, excluded) if route is not None and walk.placed else None
    policy = _policy(walk, choice)
    chosen = Chosen.of(choice, view.book) if choice is not None else None
    return Routing(
        ticket=walk.view.ticket,
        sets=walk.sets(),
        tags=tuple(walk.tags),
        priority=walk.view.ticket.priority,
        route=route,
        queue=walk.view.queue or "",
        group=walk.view.group or "",
        choice=choice,
        policy=policy,
        trace=Trace(rules.name, rules.rev, tuple(walk.tried), walk.settled, chosen),
    )


def _choice(walk: Walk, assign: Assign, excluded: Collection[int]) -> Choice | None:
    """Nobody is looked for where the ticket is somebody's, or is to be pulled from its queue."""
    view = walk.view
    if assign.by == "none" or view.ticket.assignee_id is not None:
        return None
    if view.ticket.group_id in view.facts.waiting:
        return Choice(waits=True)
    return choose_agent(view.ticket, assign, walk.rules, view.book, view.facts, view.now, excluded)


def _policy(walk: Walk, choice: Choice | None) -> Policy | None:
    view = walk.view
    if choice is not None and choice.agent is not None:
        view = view.of(replace(view.ticket, assignee_id=choice.agent))
    return next((each for each in walk.rules.policies if walk.police(each, view)), None)


def choose_policy(view: RuleView, rules: RuleBook) -> Policy | None:
    """The SLA policy of the ticket: the first in the file that is valid at `view.now` and takes it."""
    conditions = conditions_of(rules)
    found = (
        each for each in rules.policies if is_valid(each, view.now) and conditions.holds(each.when, view)
    )
    return next(found, None)


def choose_agent(
    ticket: Ticket,
    assign: Assign,
    rules: RuleBook,
    book: Book,
    facts: Facts,
    now: int,
    excluded: Collection[int] = frozenset(),
) -> Choice:
    """Who gets a ticket that lies in its group already; whoever drains a queue asks here.

    A ticket of no group is nobody's, unless `assign` names a person.
    """
    group = book.groups.get(ticket.group_id or 0)
    if group is None and assign.by != "person":
        return Choice()
    solver, solved = facts.solved_by or (None, 0)
    work = Work(
        group=group,
        now=now,
        weight=rules.capacity.weight(ticket.priority, ticket.channel),
        requester=_agent_behind(ticket, book, facts),
        excluded=excluded,
        sticky=solver if assign.sticky and now - solved <= assign.sticky else None,
        standing=facts.standing,
        calendars=rules.calendars,
        capacity=rules.capacity,
    )
    return choose(assign, book.agents.values(), work)


def _agent_behind(ticket: Ticket, book: Book, facts: Facts) -> int | None:
    """The agent whom the ticket is for; one who was no requester before is known by his address."""
    wanted, known = ticket.requester_id, facts.requester
    if wanted is None:
        return None
    addresses = known.addresses if known is not None and known.id == wanted else ()
    for agent in book.agents.values():
        if agent.contact_id == wanted or agent.email.lower() in addresses:
            return agent.id
    return None
