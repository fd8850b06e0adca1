"""Replay: rules of today on tickets of the past; what is compared, what is kept, what cannot be told."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from deskterm.rules.builtin import BUILT_IN
from deskterm.rules.changes import Said
from deskterm.rules.facts import SYSTEM, Actor, Event, Facts
from deskterm.rules.problems import Problem
from deskterm.rules.replay import Replayed, replay_ticket, timeless, traced
from deskterm.rules.rulebook import Assign, RuleBook, RuleTest, Trigger
from deskterm.rules.rulefile import load
from deskterm.rules.ruletests.playing import Play
from deskterm.rules.ruletests.reading import read_case
from deskterm.rules.sla import fold
from tests.builders import DAY, HOUR, T0
from tests.rules.routing.builders import when

TEXT = """
[calendar.always]
tz = "UTC"
week = { mon-sun = ["00:00-24:00"] }
[group.net]
[group.apps]
[[classify]]
id = "vpn"
when = 'text~"vpn"'
set = { category = "net.vpn", add_tags = ["vpn"] }
[[classify]]
id = "vip"
when = 'requester.vip:yes'
set = { urgency = "high", impact = "high" }
[[route]]
id = "net"
when = 'category:net.*'
queue = "net"
group = "net"
assign = { by = "round_robin" }
[[route]]
id = "rest"
when = ''
queue = "apps"
group = "apps"
assign = { by = "none" }
[[sla]]
id = "urgent"
when = 'priority>=P2'
calendar = "always"
target.P1 = { first_response = "30m", next_response = "1h", update = "2h", resolution = "4h" }
target.P2 = { first_response = "1h", resolution = "8h" }
[[sla]]
id = "std"
when = ''
calendar = "always"
pause = { resolution = ["pending"] }
reopen = "resume"
target.P3 = { first_response = "4h", next_response = "8h", resolution = "24h" }
target.P4 = { first_response = "8h", resolution = "48h" }
[[trigger]]
id = "ack"
on = ["created"]
when = 'by:requester'
do = [{ reply = "ack", auto = true }]
[[trigger]]
id = "hot"
on = ["message"]
when = 'by:requester message~"urgent"'
do = [{ set = { priority = "P2" } }, { add_tags = ["hot"] }]
"""
RULES = load(TEXT, "then.toml")
STEPS: list[dict[str, Any]] = [
    {"event": "message", "body": "any news?"},
    {"event": "message", "body": "this is urgent"},
    {"event": "reply", "body": "which client?"},
    {"event": "note", "body": "strange"},
    {"event": "pend", "reason": "asked"},
    {"event": "hold", "vendor": "northline"},
    {"event": "resolve", "cause": "line", "solution": "new line"},
    {"event": "reject", "reason": "no"},
    {"event": "confirm"},
    {"event": "reopen", "reason": "again"},
    {"event": "field", "name": "priority", "value": "P1"},
    {"event": "field", "name": "priority", "value": "P4"},
    {"event": "field", "set": {"impact": "low", "urgency": "high"}},
    {"event": "field", "name": "queue", "value": "apps"},
    {"event": "assign", "group": "apps"},
    {"event": "tags", "add": ["odd"], "remove": ["vpn"]},
    {"event": "reroute"},
    {"event": "exempt", "reason": "a test"},
    {"event": "due", "metric": "resolution", "due": "2026-03-09T10:00"},
]
TICKETS: list[dict[str, Any]] = [
    {"subject": "VPN drops"},
    {"subject": "Printer", "body": "the VPN is fine"},
    {"subject": "Printer", "vip": True},
    {"subject": "Printer", "impact": "low", "urgency": "low", "tags": ["old"], "cf": {"site": "Berlin"}},
    {"subject": "VPN drops", "by": "kim", "queue": "apps", "priority": "P2"},
    {"subject": "VPN drops", "by": "system", "lang": "zh", "region": "cn"},
]


def lived(ticket: dict[str, Any], steps: list[dict[str, Any]], rules: RuleBook = RULES) -> Play:
    """A ticket that went its way under `rules`; what is refused on the way does not happen."""
    times = (f"2026-03-0{2 + number // 6}T{10 + 2 * (number % 6)}:00" for number in range(len(steps)))
    then = [{"at": at, **step} for at, step in zip(times, steps, strict=True)]
    table = {
        "at": "2026-03-02T09:00",
        "ticket": ticket,
        "agents": [{"id": "kim", "groups": ["net", "apps"]}, {"id": "omar", "groups": ["apps"]}],
        "then": then,
        "expect": {"at": "2026-03-08T00:00"},
    }
    case, faults = read_case(RuleTest("a life", table, 1), rules._replace(rev=1))
    assert case is not None, faults
    play = Play(case, rules._replace(rev=1))
    play.open()
    for step in case.then:
        with suppress(Problem):
            play.step(step)
    play.let_pass(case.expect.at)
    return play


def said(play: Play) -> dict[int, str]:
    """The words of its messages, by event."""
    bodies: list[str] = []
    for decided in play.decided:
        bodies += [change.body for change in decided.decision.changes if isinstance(change, Said)]
    spoken = [event.seq for event in play.facts.history if event.kind == "message"]
    return dict(zip(spoken, bodies, strict=True))


def replayed(play: Play, candidate: RuleBook = RULES, rules: RuleBook = RULES) -> Replayed:
    """The life again, under the rules of then and others."""
    then = timeless(play.book, rules._replace(rev=1))
    return replay_ticket(
        play.facts, said(play), then, timeless(play.book, candidate._replace(rev=2)), play.now
    )


def changed(play: Play, candidate: RuleBook) -> dict[str, tuple[object, object]]:
    """What the candidate makes different: field -> then and now."""
    return {each.field: (each.then, each.now) for each in replayed(play, candidate).differences}


LIVES = st.builds(lived, st.sampled_from(TICKETS), st.lists(st.sampled_from(STEPS), max_size=10))


# ------------------------------------------------------------------------------------------------------- laws


@given(LIVES)
@settings(max_examples=40)
def test_replaying_the_rules_in_force_differs_in_nothing(play: Play) -> None:
    assert replayed(play).differences == ()


@given(LIVES)
@settings(max_examples=40)
def test_what_is_replayed_is_what_happened(play: Play) -> None:
    then = replayed(play).then
    opened = play.decided[0].decision.after
    assert opened is not None
    named = ("priority", "category", "type", "impact", "urgency", "region", "lang", "route", "policy")
    assert {name: then.fields[name] for name in named} == {name: getattr(opened, name) for name in named}
    assert then.fields["queue"] == play.book.queues[opened.queue_id].name
    assert then.fields["group"] == play.book.groups[opened.group_id or 0].name
    assert then.tags == opened.tags
    dues = {
        "first_response": opened.due_first,
        "next_response": opened.due_next,
        "update": opened.due_update,
        "resolution": opened.due_resolve,
    }
    assert then.dues == {metric: due for metric, due in dues.items() if due is not None}


@given(LIVES)
@settings(max_examples=40)
def test_the_clocks_end_as_they_ended(play: Play) -> None:
    report = fold(play.facts.history, play.book.editions, play.now)
    late = {cycle.metric for cycle in report.cycles if cycle.breached_at is not None}
    last = {cycle.metric: "breached" if cycle.metric in late else cycle.outcome for cycle in report.cycles}
    assert replayed(play).then.ended == last


@given(LIVES, st.sampled_from(("first_response", "resolution")), st.sampled_from(("P1", "P2", "P3", "P4")))
@settings(max_examples=40)
def test_one_other_target_moves_that_due_only(play: Play, metric: str, priority: str) -> None:
    policies = tuple(
        policy._replace(
            targets={
                name: {
                    each: 7 * 60 if (name, each) == (priority, metric) else old for each, old in row.items()
                }
                for name, row in policy.targets.items()
            }
        )
        for policy in RULES.policies
    )
    found = changed(play, RULES._replace(policies=policies))
    assert found.keys() <= {f"due.{metric}", f"outcome.{metric}"}
    if play.decided[0].decision.after is not None and play.decided[0].decision.after.priority == priority:
        assert found[f"due.{metric}"][1] == play.case.at + 7 * 60


@given(LIVES)
@settings(max_examples=20)
def test_what_the_ticket_was_later_does_not_change_where_it_went(play: Play) -> None:
    now = replace(play.ticket, priority="P4", category="else", tags=frozenset({"else"}), subject="else")
    facts = replace(play.facts, ticket=now)
    then = timeless(play.book, RULES._replace(rev=1))
    again = replay_ticket(facts, said(play), then, then, play.now)
    assert again.then == replayed(play).then


# --------------------------------------------------------------------------------------------- a candidate


def test_another_route_takes_the_ticket_to_another_queue_and_group() -> None:
    found = changed(lived(TICKETS[0], []), RULES._replace(routes=RULES.routes[1:]))
    assert found == {"queue": ("net", "apps"), "group": ("net", "apps"), "route": ("net", "rest")}


def test_another_classification_changes_fields_and_tags() -> None:
    found = changed(lived(TICKETS[0], []), RULES._replace(classify=()))
    assert found["category"] == ("net.vpn", "")
    assert found["tags"] == ("vpn", "")


def test_words_that_came_later_are_not_asked_when_it_is_routed() -> None:
    play = lived({"subject": "Printer"}, [{"event": "message", "body": "or is it the vpn?"}])
    assert replayed(play).then.fields["category"] == ""


def test_the_words_it_was_opened_with_are_asked() -> None:
    assert replayed(lived(TICKETS[1], [])).then.fields["category"] == "net.vpn"


def test_another_policy_gives_other_dues_and_broken_promises() -> None:
    found = changed(lived(TICKETS[1], []), RULES._replace(policies=RULES.policies[1:]))
    assert found == {}
    strict = RULES.policies[1]._replace(targets={"P3": {"first_response": HOUR, "resolution": HOUR}})
    step = {"event": "reply", "body": "which client?"}
    found = changed(
        lived(TICKETS[0], [{"event": "note", "body": "x"}, step]), RULES._replace(policies=(strict,))
    )
    at = T0 - HOUR
    assert found == {
        "due.first_response": (at + 4 * HOUR, at + HOUR),
        "due.resolution": (at + DAY, at + HOUR),
        "outcome.first_response": ("met", "breached"),
    }


def test_a_trigger_of_the_candidate_has_its_say_on_the_opening() -> None:
    hot = Trigger("hot", ("created",), when("tag:vpn"), RULES.triggers[1].do)
    found = changed(lived(TICKETS[0], []), RULES._replace(triggers=(hot,)))
    assert (found["priority"], found["policy"]) == (("P3", "P2"), ("std", "urgent"))


def test_what_a_trigger_did_later_is_done_by_the_triggers_of_each_revision_anew() -> None:
    play = lived(TICKETS[0], [STEPS[1], STEPS[3], STEPS[3], STEPS[3], STEPS[3], STEPS[6]])
    assert any(event.because.startswith("trigger hot") for event in play.facts.history)
    found = changed(play, RULES._replace(triggers=()))
    assert found == {"outcome.resolution": ("breached", "met")}, (
        "after 11 hours: 8 are allowed as P2, 24 as P3"
    )


def test_what_an_agent_chose_stays_under_other_rules() -> None:
    everything_to_net = RULES.routes[1]._replace(queue="net", group="net")
    now = replayed(lived(TICKETS[4], []), RULES._replace(routes=(everything_to_net,))).now
    assert (now.fields["queue"], now.fields["priority"]) == ("apps", "P2")


def test_only_a_person_whom_a_route_names_is_compared() -> None:
    routes = tuple(each._replace(assign=Assign("person", "omar")) for each in RULES.routes[1:])
    found = changed(lived(TICKETS[2], []), RULES._replace(routes=routes))
    assert found == {"assignee": ("", "omar")}


def test_another_default_priority_holds_for_what_nobody_gave() -> None:
    terms = RULES.terms._replace(default_priority="P4")
    candidate = RULES._replace(terms=terms)
    assert changed(lived(TICKETS[0], []), candidate)["priority"] == ("P3", "P4")
    assert "priority" not in changed(lived(TICKETS[4], []), candidate)


def test_a_voided_event_stays_void() -> None:
    play = lived(TICKETS[4], [{"event": "field", "name": "priority", "value": "P1"}])
    wrong = next(event for event in play.facts.history if event.data.get("new") == "P1")
    void = Event(
        99,
        play.case.at + 3 * HOUR,
        "sla_void",
        Actor("agent", 1),
        {"event": wrong.seq},
        "action void_event",
        9,
    )
    facts = replace(play.facts, history=(*play.facts.history, void))
    then = timeless(play.book, RULES._replace(rev=1))
    at = play.case.at + 5 * HOUR
    assert replay_ticket(play.facts, said(play), then, then, at).then.ended["resolution"] == "breached"
    voided = replay_ticket(facts, said(play), then, then, at)
    assert voided.then.ended["resolution"] == "active"


def test_a_desk_without_rules_of_its_own_is_replayed_by_the_built_in_ones() -> None:
    play = lived(TICKETS[0], [])
    built_in = timeless(play.book, BUILT_IN)
    outcome = replay_ticket(play.facts, said(play), built_in, built_in, play.case.at).then
    assert outcome.fields["policy"] == "default"
    assert outcome.fields["category"] == ""
    assert outcome.dues["first_response"] == play.case.at + 8 * HOUR


# -------------------------------------------------------------------------------------- what cannot be told


@pytest.mark.parametrize("facts", [Facts(), Facts(history=(Event(1, T0, "created", SYSTEM),))])
def test_nothing_is_refused(facts: Facts) -> None:
    book = timeless(lived(TICKETS[0], []).book, RULES)
    with pytest.raises(Problem) as refusal:
        replay_ticket(facts, {}, book, book, T0)
    assert refusal.value.code == "replay.nothing"


def test_a_timeline_without_an_opening_is_refused() -> None:
    play = lived(TICKETS[0], [])
    book = timeless(play.book, RULES)
    with pytest.raises(Problem) as refusal:
        replay_ticket(replace(play.facts, history=play.facts.history[1:]), {}, book, book, T0)
    assert refusal.value.code == "replay.opening"


def test_a_ticket_that_a_rule_opened_is_replayed_with_its_words() -> None:
    play = lived(TICKETS[1], [])
    names = {"action open_ticket": "recurring weekly@1"}
    history = tuple(
        replace(each, because=names.get(each.because, each.because)) for each in play.facts.history
    )
    then = timeless(play.book, RULES._replace(rev=1))
    again = replay_ticket(replace(play.facts, history=history), said(play), then, then, play.now)
    assert again.then == replayed(play).then
    assert again.then.fields["category"] == "net.vpn"


def test_names_that_the_desk_has_no_more_are_passed_over() -> None:
    play = lived(TICKETS[0], [{"event": "field", "name": "queue", "value": "apps"}])
    names = {name: number for name, number in play.book.queue_names.items() if name != "apps"}
    book = timeless(replace(play.book, queue_names=names), RULES._replace(rev=1))
    assert replay_ticket(play.facts, said(play), book, book, play.now).differences == ()


def test_the_trace_of_a_candidate_names_what_it_tried() -> None:
    play = lived(TICKETS[0], [])
    rules = RULES._replace(rev=5, routes=RULES.routes[1:])
    trace = traced(play.facts, said(play), replace(play.book, rules=rules, terms=rules.terms))
    assert [(each.kind, each.id) for each in trace.tried if each.holds] == [
        ("classify", "vpn"),
        ("route", "rest"),
        ("policy", "std"),
    ]
    assert trace.rev == 5
