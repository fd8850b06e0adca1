"""Cascade: what the rules add to what somebody did, in one order (rules.md section 4).

Routing of a new ticket, the start of its blueprint, triggers to their fixed point, the SLA policy. The clocks
come last, in the draft itself. A desk without rules of its own goes through none of it.
"""

from dataclasses import replace

from deskterm.rules.changes import Assigned, FieldSet, Opened, Regrouped, Said, Tagged
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Contact, Organization
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.ruleview import Root, RuleView, side_by
from deskterm.rules.verdicts import PolicyApplied

__all__ = ["cascade", "root_of", "take_policy"]

_CHOSEN = ("priority", "queue", "group", "assignee")


def cascade(draft: Draft, depth: int = 0) -> None:
    """Let the rules have their say on the draft's ticket, `depth` roots below the person who began."""
    rules = draft.book.rules
    if rules is None or draft.after is None or not _touched(draft):
        return
    _know_requester(draft)
    root = root_of(draft)
    if root.event == "created" or draft.reroute:
        _route(draft, root, rules)
    _begin(draft, rules)
    if rules.triggers and draft.changes:
        from deskterm.rules.automate.triggers import run_triggers

        run_triggers(draft, root, rules, depth=depth)
        if draft.reroute:
            _route(draft, root, rules)
        _begin(draft, rules)
    take_policy(draft, root, rules)


def _begin(draft: Draft, rules: RuleBook) -> None:
    """A ticket that has just got its type begins the blueprint of it."""
    if rules.blueprints or draft.ticket.stage:
        from deskterm.rules.handlers.moves import begin

        begin(draft)


def root_of(draft: Draft) -> Root:
    """The event that this draft is, as conditions ask for it."""
    said = next((change for change in draft.changes if isinstance(change, Said)), None)
    opened = any(isinstance(change, Opened) for change in draft.changes)
    event = "created" if opened else "message" if said is not None else "updated"
    by = side_by(draft.actor, draft.ticket, draft.book)
    return Root(event, by, said.body if said else None, draft.before, said.channel if said else "")


def take_policy(draft: Draft, root: Root, rules: RuleBook) -> None:
    """Put the ticket under the first policy that takes it now, unless it is under that one already."""
    from deskterm.rules.routing import choose_policy

    if not draft.book.terms.is_open(draft.ticket.status) and not draft.ticket.policy:
        return
    found = choose_policy(RuleView(draft.ticket, draft.book, draft.facts, root, draft.now), rules)
    policy = found.id if found else ""
    # a policy that is chosen again under a later revision needs no word: the activation stands in between
    if policy != draft.ticket.policy or draft.ticket.policy_rev == 0:
        because = f"policy@{rules.rev}"
        draft.add(PolicyApplied(because=because, old=draft.ticket.policy, policy=policy, rev=rules.rev))


def _touched(draft: Draft) -> bool:
    """Whether the ticket itself was changed, and not only a person or a place."""
    asked = draft.reroute or draft.refreshes
    return draft.existing is None and (asked or any(change.kind != "record" for change in draft.changes))


def _know_requester(draft: Draft) -> None:
    """A contact that this decision makes is the requester whom conditions ask about, and so is his home."""
    facts, ticket = draft.facts, draft.ticket
    requester = facts.requester
    if requester is None and ticket.requester_id is not None:
        made = next((each for each in draft.changes if each.kind == "record" and each.facts()["new"]), None)
        told = made.facts() if made else {}
        if told.get("noun") == "contact":
            addresses = tuple(told.get("addresses", ()))
            requester = Contact(ticket.requester_id, str(told["name"]), addresses)
    home = facts.organization or _home(draft)
    if requester is not facts.requester or home is not facts.organization:
        draft.facts = replace(facts, requester=requester, organization=home)


def _home(draft: Draft) -> Organization | None:
    known = (*draft.facts.organizations, *draft.facts.domain_organizations)
    return next((each for each in known if each.id == draft.ticket.organization_id), None)


def _route(draft: Draft, root: Root, rules: RuleBook) -> None:
    from deskterm.rules.automate.standing import chosen_by_person
    from deskterm.rules.routing import route_ticket
    from deskterm.rules.trace import to_json
    from deskterm.rules.verdicts import Routed

    said = tuple(change.body for change in draft.changes if isinstance(change, Said))
    view = RuleView(draft.ticket, draft.book, draft.facts, root, draft.now, said)
    draft.reroute = False
    given = [name for name in _CHOSEN if chosen_by_person(name, draft, draft.actor)]
    routing = route_ticket(view, rules, given, draft.excluded())
    for each in routing.sets:
        if each.field == "group":
            draft.add(Regrouped(because=each.because, old=each.old, new=each.new))
        else:
            draft.add(FieldSet(because=each.because, name=each.field, old=each.old, new=each.new))
    for because in dict.fromkeys(each.because for each in routing.tags):
        added = sorted(each.new for each in routing.tags if each.because == because)
        draft.add(Tagged(because=because, added=tuple(added)))
    name = routing.route.id if routing.route else ""
    because = f"route {name}@{rules.rev}" if name else f"rules@{rules.rev}"
    draft.add(
        Routed(because=because, route=name, wants_agent=routing.wants_agent, trace=to_json(routing.trace))
    )
    if routing.choice is not None and routing.choice.agent is not None:
        hand_over(draft, routing.choice.agent, because)
    elif draft.ticket.assignee_id is not None and routing.ticket.assignee_id is None:
        # it lies in another group now, and he is not in it
        draft.add(Assigned(because=because, old=draft.book.agents[draft.ticket.assignee_id].login, new=""))


def hand_over(draft: Draft, agent: int, because: str) -> None:
    """Give the ticket to the agent whom the rules chose: it is his turn, and he is told."""
    login = draft.book.agents[agent].login
    old = draft.book.agents.get(draft.ticket.assignee_id or 0)
    place = draft.add(Assigned(because=because, old=old.login if old else "", new=login))
    draft.took_turn = (draft.ticket.group_id, agent)
    if not (draft.actor.kind == "agent" and draft.actor.id == agent):
        draft.notify("assigned", login, place)
