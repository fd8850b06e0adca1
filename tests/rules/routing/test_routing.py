"""Where a ticket goes: classifications, the matrix, routes, and what a person chose."""

from dataclasses import replace
from typing import Any

import pytest

from deskterm.rules.facts import EMPTY, Agent, Contact, Facts, Group
from deskterm.rules.routing import Routing, choose_agent, choose_policy, route_ticket
from deskterm.rules.rulebook import Assign, Capacity, Classify, Policy, Route, RuleBook
from deskterm.rules.ruleview import Root, RuleView
from deskterm.rules.terms import DEFAULT_TERMS, LEVELS
from tests.builders import ANN, DAY, T0, a_ticket
from tests.rules.routing.builders import ACME, NOW, a_desk, an_agent, calendars, standing, when

TURN = Assign("round_robin")
KIM, LEE = an_agent(21, "kim"), an_agent(22, "lee")
AWAY = an_agent(23, "abe", presence="away")


def a_book(**more: Any) -> RuleBook:
    """A rule book in its third revision."""
    return RuleBook(name="it.toml", rev=3, **more)


def classify(number: int, text: str = "", **more: Any) -> Classify:
    """The classification cNUMBER, on line NUMBER."""
    return Classify(f"c{number}", when(text), line=number, **more)


def route(name: str, text: str = "", **more: Any) -> Route:
    """A route into a queue."""
    return Route(name, when(text), **{"queue": name if name in ("net", "care") else "", **more})


def routed(
    rules: RuleBook,
    *agents: Agent,
    facts: dict[str, Any] | None = None,
    given: tuple[str, ...] = (),
    excluded: tuple[int, ...] = (),
    **ticket: Any,
) -> Routing:
    """A ticket as it was just opened in triage, after the rules."""
    new: dict[str, Any] = {"id": -1, "queue_id": 1, "group_id": None, "organization_id": ACME.id}
    known = replace(Facts(requester=ANN, organization=ACME), **(facts or {}))
    view = RuleView(
        a_ticket(**{**new, **ticket}), a_desk(rules, *agents), known, Root("created", "requester"), NOW
    )
    return route_ticket(view, rules, given, excluded)


def sets(routing: Routing) -> dict[str, str]:
    """What became different: field -> new value."""
    return {each.field: each.new for each in routing.sets}


# ------------------------------------------------------------------------------------------ classifications


def test_every_matching_classification_runs_and_says_why() -> None:
    rules = a_book(classify=(classify(1, set={"category": "net"}), classify(2, set={"region": "cn"})))
    assert [(each.field, each.old, each.new, each.because) for each in routed(rules).sets] == [
        ("category", "", "net", "classify c1@3"),
        ("region", "", "cn", "classify c2@3"),
    ]


def test_a_later_classification_sees_what_an_earlier_one_set() -> None:
    rules = a_book(
        classify=(
            classify(1, set={"category": "net.vpn"}, add_tags=("vpn",)),
            classify(2, "category:net.* tag:vpn", set={"region": "cn"}),
        )
    )
    assert sets(routed(rules)) == {"category": "net.vpn", "region": "cn"}


@pytest.mark.parametrize(("first", "expected"), [(1, "net"), (2, "apps")])
def test_the_first_to_set_a_field_keeps_it_so_the_order_decides(first: int, expected: str) -> None:
    both = {1: classify(1, set={"category": "net"}), 2: classify(2, set={"category": "apps"})}
    rules = a_book(classify=(both[first], both[3 - first]))
    assert sets(routed(rules)) == {"category": expected}


def test_an_override_beats_an_earlier_classification() -> None:
    rules = a_book(
        classify=(classify(1, set={"category": "net"}), classify(2, set={"category": "apps"}, override=True))
    )
    assert [(each.new, each.because) for each in routed(rules).sets] == [("apps", "classify c2@3")]


def test_set_corrects_what_was_submitted_and_fill_does_not() -> None:
    rules = a_book(classify=(classify(1, set={"type": "request"}, fill={"category": "apps"}),))
    assert sets(routed(rules, type="incident", category="net")) == {"type": "request"}


def test_fill_gives_a_value_to_what_is_empty() -> None:
    rules = a_book(classify=(classify(1, fill={"category": "apps", "cf.asset": "pc-7"}),))
    assert sets(routed(rules)) == {"category": "apps", "cf.asset": "pc-7"}


def test_a_submitted_value_that_fill_left_belongs_to_no_rule() -> None:
    rules = a_book(
        classify=(classify(1, fill={"category": "apps"}), classify(2, set={"category": "hardware"}))
    )
    assert sets(routed(rules, category="net")) == {"category": "hardware"}


def test_tags_accumulate_each_once() -> None:
    rules = a_book(
        classify=(classify(1, add_tags=("vpn", "old")), classify(2, add_tags=("vpn", "cn"))),
        routes=(route("net", add_tags=("routed",)),),
    )
    routing = routed(rules, tags=frozenset({"old"}))
    assert [(each.new, each.because) for each in routing.tags] == [
        ("vpn", "classify c1@3"),
        ("cn", "classify c2@3"),
        ("routed", "route net@3"),
    ]
    assert routing.ticket.tags == {"old", "vpn", "cn", "routed"}


# ------------------------------------------------------------------------------------------------- priority


def test_M01_the_matrix_row_by_row_high_medium_low_impact() -> None:
    cells = [
        routed(a_book(), impact=impact, urgency=urgency).priority
        for impact in reversed(LEVELS)
        for urgency in reversed(LEVELS)
    ]
    assert cells == ["P1", "P2", "P3", "P2", "P3", "P4", "P3", "P4", "P4"]


def test_without_impact_and_urgency_the_priority_is_the_one_it_was_opened_with() -> None:
    assert routed(a_book()).priority == DEFAULT_TERMS.default_priority


def test_impact_and_urgency_that_a_rule_set_give_the_priority() -> None:
    rules = a_book(classify=(classify(1, set={"impact": "high", "urgency": "high"}),))
    routing = routed(rules, impact="low", urgency="low", priority="P4")
    assert [(each.field, each.new, each.because) for each in routing.sets][-1] == (
        "priority",
        "P1",
        "matrix@3",
    )


def test_a_priority_that_a_rule_set_beats_the_matrix() -> None:
    rules = a_book(classify=(classify(1, set={"priority": "P1"}),))
    assert routed(rules, impact="low", urgency="low").priority == "P1"


def test_a_priority_that_a_person_chose_beats_both() -> None:
    rules = a_book(classify=(classify(1, set={"priority": "P1", "impact": "high", "urgency": "high"}),))
    routing = routed(rules, given=("priority",), priority="P4")
    assert (routing.priority, routing.trace.settled.source) == ("P4", "person")


def test_not_even_an_override_changes_what_a_person_chose() -> None:
    rules = a_book(classify=(classify(1, set={"priority": "P1"}, override=True),))
    assert routed(rules, given=("priority",), priority="P4").priority == "P4"


def test_a_continuing_route_that_sets_the_urgency_moves_the_priority_too() -> None:
    rules = a_book(
        routes=(
            route("vip", set={"urgency": "high"}, goes_on=True),
            route("net", "priority:P1"),
            route("care"),
        )
    )
    assert routed(rules, impact="high", urgency="low").queue == "net"


@pytest.mark.parametrize(("urgency", "expected"), [("", "P1"), ("high", "P3")])
def test_a_ticket_that_is_routed_again_keeps_its_priority_unless_a_rule_moves_the_matrix(
    urgency: str, expected: str
) -> None:
    """Low impact and low urgency are P4, but somebody raised it since."""
    rules = a_book(classify=(classify(1, set={"urgency": urgency} if urgency else {"region": "cn"}),))
    raised = a_ticket(impact="low", urgency="low", priority="P1")
    view = RuleView(raised, a_desk(rules), Facts(), Root("updated", "agent", before=raised), NOW)
    assert route_ticket(view, rules).priority == expected


# --------------------------------------------------------------------------------------------------- routes


def test_the_first_matching_route_decides() -> None:
    rules = a_book(routes=(route("net", "category:net"), route("care")))
    assert routed(rules, category="net").queue == "net"
    assert routed(rules).queue == "care"


def test_the_other_order_is_another_answer() -> None:
    overlapping = (route("net", "tier:gold"), route("care", "channel:cli"))
    queues = [routed(a_book(routes=order)).queue for order in (overlapping, overlapping[::-1])]
    assert queues == ["net", "care"]


def test_a_continuing_route_only_sets_fields() -> None:
    rules = a_book(
        routes=(route("net", set={"region": "cn"}, goes_on=True), route("care", "region:cn"), route("net"))
    )
    routing = routed(rules)
    assert (routing.route, routing.queue) == (rules.routes[1], "care")
    assert sets(routing) == {"region": "cn", "queue": "care", "group": "care"}


def test_routes_behind_the_deciding_one_are_not_tried() -> None:
    rules = a_book(routes=(route("net"), route("care")))
    assert [each.id for each in routed(rules).trace.tried] == ["net"]


def test_no_route_leaves_the_ticket_where_it_lies() -> None:
    routing = routed(a_book(routes=(route("net", "category:none-such"),)), KIM)
    assert (routing.route, routing.queue, routing.choice, routing.wants_agent) == (
        None,
        "triage",
        None,
        False,
    )


def test_a_queue_brings_its_group_along() -> None:
    assert routed(a_book(routes=(route("net"),))).group == "net"


def test_a_route_may_name_another_group_than_that_of_its_queue() -> None:
    routing = routed(a_book(routes=(route("net", group="care"),)))
    assert (routing.queue, routing.group) == ("net", "care")


@pytest.mark.parametrize(
    ("text", "ticket"),
    [
        ("subject~vpn", {"subject": "The VPN is down"}),
        ("cf.product:crm", {"custom": {"product": "crm"}}),
        ("region:cn", {"region": "cn"}),
        ("tier:gold", {"organization_id": ACME.id}),
        ("cf.skill:cisco", {"custom": {"skill": "cisco"}}),
        ("tag:router", {"tags": frozenset({"router"})}),
        ("channel:phone", {"channel": "phone"}),
        ("cf.asset:pc-*", {"custom": {"asset": "pc-7"}}),
    ],
    ids=["subject", "product", "region", "tier", "skill", "tag", "channel", "asset"],
)
def test_a_ticket_can_be_routed_by_each_dimension(text: str, ticket: dict[str, Any]) -> None:
    rules = a_book(routes=(route("net", text), route("care")))
    other: dict[str, Any] = {"subject": "Printer jam", "organization_id": None}
    assert routed(rules, **{**other, **ticket}).queue == "net"
    assert routed(rules, **other).queue == "care"


def test_outside_the_hours_of_a_calendar_another_route_matches() -> None:
    routes = (route("net", "-hours:office"), route("care"))
    queues = [routed(a_book(routes=routes, calendars=calendars(office=each))).queue for each in (False, True)]
    assert queues == ["net", "care"]


@pytest.mark.parametrize("wrong", [{"queue": "gone"}, {"queue": "", "group": "gone"}])
def test_a_queue_or_group_that_left_the_desk_is_noted_and_nothing_breaks(wrong: dict[str, str]) -> None:
    routing = routed(a_book(routes=(route("net", **wrong),)))
    assert routing.queue == "triage"
    assert [each.verb for each in routing.trace.tried[0].did] == ["unknown"]


def test_a_priority_that_left_the_desk_is_noted() -> None:
    routing = routed(a_book(classify=(classify(1, set={"priority": "urgent"}),)))
    assert (routing.priority, routing.trace.tried[0].did[0].verb) == ("P3", "unknown")


# ------------------------------------------------------------------------------------- what a person chose


def test_a_ticket_stays_in_the_queue_that_a_person_chose_and_nobody_is_looked_for() -> None:
    routing = routed(
        a_book(routes=(route("net", assign=TURN),)), KIM, given=("queue",), queue_id=3, group_id=2
    )
    assert (routing.queue, routing.group, routing.choice) == ("care", "care", None)
    assert [(each.verb, each.value) for each in routing.trace.tried[0].did] == [("placed", "net")]


def test_a_route_to_where_a_person_put_it_assigns_as_usual() -> None:
    routing = routed(
        a_book(routes=(route("net", assign=TURN),)), KIM, given=("queue",), queue_id=2, group_id=1
    )
    assert routing.choice is not None
    assert routing.choice.agent == KIM.id


def test_a_ticket_stays_in_the_group_that_a_person_chose() -> None:
    assert routed(a_book(routes=(route("net"),)), given=("group",), group_id=2).group == "care"


def test_an_assignee_whom_a_person_chose_keeps_it() -> None:
    rules = a_book(routes=(route("net", assign=TURN),))
    routing = routed(rules, KIM, LEE, given=("assignee",), assignee_id=LEE.id)
    assert (routing.queue, routing.choice, routing.ticket.assignee_id) == ("net", None, LEE.id)


def test_a_ticket_does_not_leave_the_assignee_whom_a_person_chose() -> None:
    rules = a_book(routes=(route("care", assign=TURN),))
    book = a_desk(rules, KIM)
    groups = {**book.groups, 2: Group(2, "care", members=frozenset({99}))}
    ticket = a_ticket(queue_id=2, group_id=1, assignee_id=KIM.id)
    view = RuleView(ticket, replace(book, groups=groups), Facts(), Root(), NOW)
    assert route_ticket(view, rules, ("assignee",)).queue == "net"
    assert route_ticket(view, rules).ticket.assignee_id is None


def test_a_rule_corrects_a_category_whoever_chose_it() -> None:
    rules = a_book(classify=(classify(1, set={"category": "net"}),))
    assert sets(routed(rules, given=("category",), category="apps")) == {"category": "net"}


# ------------------------------------------------------------------------------------------------ who gets it


def test_a_route_gives_the_ticket_to_a_member_of_its_group() -> None:
    routing = routed(
        a_book(routes=(route("net", assign=TURN),)),
        *(KIM, LEE),
        facts={"standing": {KIM.id: standing(turn=2), LEE.id: standing(turn=1)}},
    )
    assert routing.choice is not None
    assert (routing.choice.agent, routing.wants_agent) == (LEE.id, False)


def test_where_nobody_fits_the_ticket_waits_for_somebody() -> None:
    assert routed(a_book(routes=(route("net", assign=TURN),)), AWAY).wants_agent


def test_a_ticket_that_is_pulled_from_the_queue_waits_for_nobody() -> None:
    routing = routed(a_book(routes=(route("net", assign=Assign("none")),)), KIM)
    assert (routing.choice, routing.wants_agent) == (None, False)


def test_a_new_ticket_does_not_overtake_those_that_wait_for_the_group() -> None:
    routing = routed(a_book(routes=(route("net", assign=TURN),)), KIM, facts={"waiting": frozenset({1})})
    assert routing.choice is not None
    assert (routing.choice.waits, routing.choice.agent, routing.wants_agent) == (True, None, True)


@pytest.mark.parametrize(("ago", "expected"), [(14 * DAY, LEE.id), (14 * DAY + 1, KIM.id)])
def test_who_solved_something_for_the_requester_gets_it_for_as_long_as_the_route_says(
    ago: int, expected: int
) -> None:
    rules = a_book(routes=(route("net", assign=replace_assign(sticky=14 * DAY)),))
    facts = {"solved_by": (LEE.id, T0 - ago), "standing": {LEE.id: standing(turn=9)}}
    choice = routed(rules, KIM, LEE, facts=facts).choice
    assert choice is not None
    assert choice.agent == expected


def replace_assign(**more: Any) -> Assign:
    """Round robin with more to it."""
    return TURN._replace(**more)


def test_a_route_without_stickiness_asks_nobody_who_solved_the_last_one() -> None:
    facts = {"solved_by": (LEE.id, T0), "standing": {LEE.id: standing(turn=9)}}
    choice = routed(a_book(routes=(route("net", assign=TURN),)), KIM, LEE, facts=facts).choice
    assert choice is not None
    assert choice.agent == KIM.id


@pytest.mark.parametrize(
    ("agent", "contact"),
    [
        (replace(KIM, contact_id=ANN.id), ANN),
        (replace(KIM, email="Kim@desk.example"), Contact(-1, "Kim", ("kim@desk.example",))),
    ],
    ids=["known", "for the first time"],
)
def test_nobody_is_given_his_own_ticket(agent: Agent, contact: Contact) -> None:
    rules = a_book(routes=(route("net", assign=TURN),))
    choice = routed(rules, agent, LEE, facts={"requester": contact}, requester_id=contact.id).choice
    assert choice is not None
    assert [(each.login, each.reason) for each in choice.table] == [("kim", "requester"), ("lee", "")]


def test_whoever_gave_it_back_does_not_get_it_again() -> None:
    choice = routed(a_book(routes=(route("net", assign=TURN),)), KIM, LEE, excluded=(KIM.id,)).choice
    assert choice is not None
    assert choice.agent == LEE.id


def test_the_weight_of_its_priority_counts() -> None:
    rules = a_book(routes=(route("net", assign=TURN),), capacity=Capacity(priority={"P1": 2}))
    full = {"standing": {KIM.id: standing(load=9)}}
    assert routed(rules, KIM, facts=full, given=("priority",), priority="P1").wants_agent
    assert not routed(rules, KIM, facts=full).wants_agent


def test_a_ticket_of_no_group_is_given_to_nobody_but_a_named_person() -> None:
    by_turn = routed(a_book(routes=(route("x", assign=TURN),)), KIM).choice
    by_name = routed(a_book(routes=(route("x", assign=Assign("person", person="kim")),)), KIM).choice
    assert (by_turn and by_turn.agent, by_name and by_name.agent) == (None, KIM.id)


def test_a_waiting_ticket_is_given_away_where_it_lies() -> None:
    rules = a_book()
    assert choose_agent(a_ticket(), TURN, rules, a_desk(rules, KIM), Facts(), NOW).agent == KIM.id


# --------------------------------------------------------------------------------------------------- policy


def policies(*found: tuple[str, str, int | None, int | None]) -> tuple[Policy, ...]:
    """Policies from id, condition and dates."""
    return tuple(
        Policy(name, when(text), valid_from=first, valid_until=last) for name, text, first, last in found
    )


def chosen(rules: RuleBook, **ticket: Any) -> str | None:
    """The id of the policy of a ticket."""
    view = RuleView(a_ticket(**ticket), a_desk(rules), Facts(organization=ACME), Root(), NOW)
    policy = choose_policy(view, rules)
    return policy.id if policy else None


def test_the_first_matching_policy_in_the_file_applies() -> None:
    rules = a_book(policies=policies(("p1", "priority:P1", None, None), ("std", "", None, None)))
    assert (chosen(rules, priority="P1"), chosen(rules, priority="P2")) == ("p1", "std")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ((None, None), "dated"),
        ((NOW, None), "dated"),
        ((NOW + 1, None), "std"),
        ((None, NOW), "std"),
        ((None, NOW + 1), "dated"),
    ],
)
def test_a_policy_applies_from_its_first_date_until_before_its_last(
    dates: tuple[int | None, int | None], expected: str
) -> None:
    assert chosen(a_book(policies=policies(("dated", "", *dates), ("std", "", None, None)))) == expected


def test_a_desk_without_a_matching_policy_has_none() -> None:
    assert chosen(a_book(policies=policies(("gold", "tier:gold", None, None)))) is None


def test_the_policy_is_chosen_for_the_ticket_as_the_route_left_it() -> None:
    rules = a_book(
        routes=(route("net", assign=TURN),),
        policies=policies(("kim", "queue:net assignee:kim", None, None), ("std", "", None, None)),
    )
    routing = routed(rules, KIM)
    assert routing.policy is not None
    assert routing.policy.id == "kim"


def test_a_rule_book_without_rules_changes_nothing() -> None:
    routing = routed(a_book())
    assert (routing.sets, routing.tags, routing.route, routing.policy) == ((), (), None, None)
    assert routing.trace.left == EMPTY
