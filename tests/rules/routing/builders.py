"""Views, agents and rule books for the tests of routing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from hypothesis import strategies as st

from deskterm.rules.facts import Agent, Book, Contact, Facts, Group, Organization, Queue, Standing, Ticket
from deskterm.rules.query import parse
from deskterm.rules.query.ast import Node
from deskterm.rules.query.context import SPECIFIED
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.ruleview import Root, RuleView
from deskterm.rules.terms import STATUSES, Terms
from tests.builders import ANN, T0, a_ticket

NOW = T0
WORDS = Terms(priorities=("low", "normal", "high", "urgent"), default_priority="normal")
ACME = Organization(5, "ACME", "gold", frozenset({"acme.example"}))


class Hours:
    """A calendar that is open or not, whatever the time."""

    def __init__(self, now_open: bool) -> None:
        self.now_open = now_open

    def is_open(self, t: int) -> bool:
        return self.now_open


def calendars(**states: bool) -> Mapping[str, Any]:
    """Calendars by name, open or not."""
    return {name: Hours(state) for name, state in states.items()}


def when(text: str) -> Node:
    """The condition of a rule."""
    return parse(text, rules=True, vocabulary=SPECIFIED).where


def a_desk(rules: RuleBook | None = None, *agents: Agent) -> Book:
    """The groups net (all agents given) and care (nobody), a queue for each, triage for what has none."""
    members = frozenset(each.id for each in agents)
    groups = [Group(1, "net", "Network", members), Group(2, "care", "Care")]
    queues = [Queue(1, "triage", "Triage"), Queue(2, "net", "Network", 1), Queue(3, "care", "Care", 2)]
    rules = rules or RuleBook(terms=WORDS)
    return Book(
        agents={each.id: each for each in agents},
        groups={each.id: each for each in groups},
        queues={each.id: each for each in queues},
        logins={each.login: each.id for each in agents},
        group_names={each.name: each.id for each in groups},
        queue_names={each.name: each.id for each in queues},
        terms=rules.terms,
        rules=rules,
    )


def a_view(
    ticket: Ticket | None = None, *, rules: RuleBook | None = None, root: Root | None = None, **more: Any
) -> RuleView:
    """A new ticket of Ann's, of the organization ACME, as the rules see it at NOW."""
    facts = replace(Facts(requester=ANN, organization=ACME), **more.pop("facts", {}))
    new = ticket or a_ticket(queue_id=1, group_id=None, organization_id=ACME.id, priority="normal")
    return RuleView(new, a_desk(rules), facts, root or Root("created", "requester"), NOW, **more)


def an_agent(number: int, login: str = "", **more: Any) -> Agent:
    """An agent who is there and has room for ten tickets."""
    return Agent(
        number, login or f"agent{number}", (login or f"agent{number}").title(), **{"capacity": 10, **more}
    )


def standing(load: int = 0, turn: int = 0) -> Standing:
    """So much work, and that turn in group net."""
    return Standing(load, {1: turn})


# ------------------------------------------------------------------------------------------- random views

_names = st.sampled_from(["", "vpn", "hw", "none", "network.vpn", "en", "x"])
_instants = st.one_of(st.none(), st.integers(NOW - 40 * 86_400, NOW + 40 * 86_400))
_texts = st.sampled_from(["", "VPN will not connect", "忘记密码了", "thanks", "status"])


def _tickets() -> st.SearchStrategy[Ticket]:
    return st.builds(
        cast("Callable[..., Ticket]", a_ticket),
        id=st.integers(1, 5),
        subject=_texts,
        status=st.sampled_from(STATUSES),
        priority=st.sampled_from([*WORDS.priorities, "odd", ""]),
        queue_id=st.integers(1, 3),
        group_id=st.sampled_from([None, 1, 2]),
        assignee_id=st.sampled_from([None, 21, 22]),
        requester_id=st.sampled_from([None, ANN.id, 12]),
        organization_id=st.sampled_from([None, ACME.id, 6]),
        type=_names,
        category=_names,
        impact=_names,
        vendor=_names,
        region=_names,
        lang=_names,
        parent_id=st.one_of(st.none(), st.integers(1, 5)),
        tags=st.frozensets(st.sampled_from(["vpn", "hw", "none"])),
        custom=st.dictionaries(st.just("合同-no"), st.sampled_from(["vpn", "hw", ""])),
        created_at=st.integers(NOW - 40 * 86_400, NOW),
        next_due_at=_instants,
        waiting_since=_instants,
        reopen_count=st.integers(0, 2),
        sla_state=st.sampled_from(["ok", "warn", "breached", "paused", "none"]),
    )


def views() -> st.SearchStrategy[RuleView]:
    """Views with much missing, of any event."""
    book = a_desk(
        RuleBook(terms=WORDS, calendars=calendars(vpn=True, hw=False)),
        an_agent(21, "kim"),
        an_agent(22, "vpn"),
    )
    contact = st.sampled_from([None, ANN, Contact(12, "vpn"), replace(ANN, vip=True)])
    root = st.builds(
        Root,
        event=st.sampled_from(["", "created", "message", "vpn"]),
        by=st.sampled_from(["", "requester", "agent", "system"]),
        message=st.one_of(st.none(), _texts),
        before=st.one_of(st.none(), _tickets()),
        channel=st.sampled_from(["", "mail", "vpn"]),
    )
    facts = st.builds(
        Facts, requester=contact, organization=st.sampled_from([None, ACME, replace(ACME, id=6, tier="")])
    )
    moments = st.integers(NOW - 86_400, NOW + 86_400)
    said = st.lists(_texts, max_size=2).map(tuple)
    return st.builds(RuleView, _tickets(), st.just(book), facts, root, moments, said)
