"""Routing: fifty conditions on a ticket, compiled and as written, and a ticket through a whole rule book."""

import statistics
from collections.abc import Callable

from benchmarks.measure import Figure, timed
from deskterm.rules.choose import Work, choose
from deskterm.rules.conditions import compile_condition, conditions_of, context_of
from deskterm.rules.facts import Agent, Book, Contact, Facts, Group, Organization, Queue, Ticket
from deskterm.rules.query import parse
from deskterm.rules.query.ast import Node
from deskterm.rules.routing import route_ticket
from deskterm.rules.rulebook import Assign, Classify, Policy, Route, RuleBook
from deskterm.rules.ruleview import Root, RuleView
from deskterm.rules.trace import to_json

_NOW = 1_772_445_600
_WHENS = (
    'text~"vpn","remote access" type:incident',
    "category:network.* -priority:P1",
    "tier:gold channel:chat",
    'text~"site down","outage*","everyone"',
    "category:refund (tier:gold OR type:complaint)",
    "domain:*.us region:none",
    "tag:major,outage priority>=P2",
    "requester.vip:yes impact:high",
    "cf.asset:pc-* age<4h",
    "group:network changed:priority",
)


def run(quick: bool) -> list[Figure]:
    """What a new ticket costs on its way through the rules; nothing of it touches a database."""
    rounds = 200 if quick else 2_000
    nodes = [parse(_WHENS[place % len(_WHENS)], rules=True).where for place in range(50)]
    rules = _rules(nodes)
    tests = [compile_condition(node, context_of(rules)) for node in nodes]
    context = context_of(rules)
    book, facts, ticket = _desk(rules)

    def view() -> RuleView:
        return RuleView(ticket, book, facts, Root("created", "requester"), _NOW, (_BODY,))

    def compiled() -> None:
        seen = view()
        for test in tests:
            test(seen)

    def interpreted() -> None:
        seen = view()
        for node in nodes:
            node.matches(seen, context)

    def choosing() -> None:
        work = Work(book.groups[1], _NOW)
        choose(Assign("least_loaded", relax=("away",)), book.agents.values(), work)

    conditions_of(rules)
    fast, slow = _micro(compiled, rounds), _micro(interpreted, rounds // 10)
    routed = route_ticket(view(), rules)
    size = len(str(to_json(routed.trace)))
    return [
        Figure("50 conditions on a new ticket, compiled", fast, "us", 50),
        Figure("the same, bound and walked as trees", slow, "us", note=f"{slow / fast:.1f}x"),
        Figure("compiling 50 conditions", _micro(lambda: _compiled(nodes, rules), rounds // 10), "us"),
        Figure("choosing among 20 agents", _micro(choosing, rounds // 10), "us"),
        Figure("50 rules with their trace", _micro(lambda: route_ticket(view(), rules), rounds // 10), "us"),
        Figure(
            "writing the trace", _micro(lambda: to_json(routed.trace), rounds // 10), "us", note=f"{size} B"
        ),
    ]


_BODY = "Since this morning the connection drops every hour, for me and for a colleague. " * 5


def _micro(call: Callable[[], object], rounds: int) -> float:
    call()
    return statistics.median(timed(call) for _ in range(max(rounds, 20))) * 1e6


def _compiled(nodes: list[Node], rules: RuleBook) -> None:
    context = context_of(rules)
    for node in nodes:
        compile_condition(node, context)


def _rules(nodes: list[Node]) -> RuleBook:
    """30 classifications, 15 routes, 5 policies, and one of each that takes everything."""
    every = parse("").where
    classify = [Classify(f"c{at}", node, {"category": f"x{at}"}) for at, node in enumerate(nodes[:30])]
    routes = [Route(f"r{at}", node, queue="network") for at, node in enumerate(nodes[30:45])]
    last = Route("last", every, queue="network", assign=Assign("least_loaded"))
    policies = [Policy(f"p{at}", node) for at, node in enumerate(nodes[45:])]
    return RuleBook(
        name="it.toml",
        rev=1,
        classify=tuple(classify),
        routes=(*routes, last),
        policies=(*policies, Policy("all", every)),
    )


def _desk(rules: RuleBook) -> tuple[Book, Facts, Ticket]:
    agents = {number: Agent(number, f"agent{number}", "Agent", capacity=10) for number in range(1, 21)}
    book = Book(
        agents=agents,
        groups={1: Group(1, "network", members=frozenset(agents))},
        queues={1: Queue(1, "triage"), 2: Queue(2, "network", group_id=1)},
        group_names={"network": 1},
        queue_names={"triage": 1, "network": 2},
        rules=rules,
    )
    contact = Contact(1, "Ann Li", ("ann@acme.example",), (1,))
    facts = Facts(requester=contact, organization=Organization(1, "ACME", "silver"))
    ticket = Ticket(
        id=-1,
        version=1,
        subject="Printer on the second floor is out of paper",
        status="new",
        priority="P3",
        queue_id=1,
        created_at=_NOW,
        updated_at=_NOW,
        channel="mail",
        submitter_kind="requester",
        requester_id=1,
        organization_id=1,
        type="incident",
    )
    return book, facts, ticket
