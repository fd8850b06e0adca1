"""Wording on a real desk: which canned response one reads, in which language, and which macros fit."""

import pytest

from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.rules.upkeep import ActivateRules, RunMacro
from tests.desks import Bench
from tests.rulefiles import LEAST

RULES = (
    LEAST
    + """
[[template]]
id = "hello"
name = "Say hello"
[template.text]
"" = "Hello {{requester.first_name|there}}, this is {{agent.first_name}}."
zh = "{{requester.name}}，您好"

[[template]]
id = "site"
queue = "network"
text = "We come to {{ticket.cf.site}}."

[[macro]]
id = "urgent"
name = "Make it urgent"
when = 'priority:P3'
ask = ["why"]
do = [{ set = { priority = "P1" } }, { note = "{why}" }]

[[macro]]
id = "greet"
when = 'queue:network'
do = [{ add_tags = ["greeted"] }, { reply = "site" }]
"""
)


@pytest.fixture
def ruled(bench: Bench) -> Bench:
    """A desk with two canned responses and two macros of its own."""
    bench.does(ActivateRules("words.toml", RULES))
    return bench


def rendered(bench: Bench, name: str, ticket: int, **how: str) -> str:
    return bench.desk.render(name, ticket, viewer=bench.actor("kim"), lang=how.get("lang"))


def refused(bench: Bench, name: str, ticket: int, **values: str) -> Problem:
    with pytest.raises(Problem) as raised:
        bench.desk.wording.render(name, ticket, bench.actor("kim"), None, values)
    return raised.value


def test_the_values_are_those_of_the_ticket_and_of_whoever_writes(ruled: Bench) -> None:
    assert rendered(ruled, "hello", ruled.opens()) == "Hello Ann, this is Kim."


def test_an_empty_value_gives_way_to_the_text_behind_the_bar(ruled: Bench) -> None:
    number = ruled.opens(requester="x@globex.example")
    assert rendered(ruled, "hello", number) == "Hello there, this is Kim."


def test_the_requesters_language_chooses_the_text(ruled: Bench) -> None:
    number = ruled.opens()
    ruled.does(a.SetContact("ann@acme.example", lang="zh_CN"))
    assert rendered(ruled, "hello", number) == "Ann Li，您好"


def test_a_language_without_a_text_falls_back_to_the_one_for_every_other(ruled: Bench) -> None:
    number = ruled.opens()
    ruled.does(a.SetContact("ann@acme.example", lang="de"))
    assert rendered(ruled, "hello", number).startswith("Hello")


def test_a_language_that_is_asked_for_goes_before_the_requesters(ruled: Bench) -> None:
    assert rendered(ruled, "hello", ruled.opens(), lang="zh") == "Ann Li，您好"


def test_a_placeholder_without_a_value_is_refused_by_its_name(ruled: Bench) -> None:
    assert "ticket.cf.site" in str(refused(ruled, "site", ruled.opens()))


def test_a_value_that_is_given_fills_the_hole(ruled: Bench) -> None:
    text = ruled.desk.wording.render(
        "site", ruled.opens(), ruled.actor("kim"), None, {"ticket.cf.site": "Berlin"}
    )
    assert text == "We come to Berlin."


def test_a_value_for_what_is_no_placeholder_is_refused(ruled: Bench) -> None:
    assert refused(ruled, "hello", ruled.opens(), **{"requester.nme": "x"}).choices[0] == "requester.name"


def test_a_value_is_never_read_for_placeholders_again(ruled: Bench) -> None:
    number = ruled.opens("{{agent.login}} {{", requester="x@globex.example")
    assert "{{agent.login}} {{" in rendered(ruled, "nudge", number)


def test_an_unknown_template_is_refused_with_the_nearest(ruled: Bench) -> None:
    assert refused(ruled, "helo", ruled.opens()).choices[0] == "hello"


def test_a_ticket_that_there_is_not_is_missing(ruled: Bench) -> None:
    assert refused(ruled, "hello", 99).kind == "missing"


def test_a_desk_without_rules_has_the_built_in_responses(bench: Bench) -> None:
    assert [each.id for each in bench.desk.templates(viewer=bench.actor("kim"))] == [
        "ack",
        "nudge",
        "resolved",
        "closed",
    ]


def test_a_requester_sees_no_canned_response(ruled: Bench) -> None:
    ruled.opens()
    with pytest.raises(Problem) as raised:
        ruled.desk.templates(viewer=ruled.actor("ann@acme.example"))
    assert raised.value.code == "permission.staff"


@pytest.mark.parametrize(("queue", "there"), [("network", True), ("triage", False)])
def test_a_response_of_one_queue_is_there_for_its_tickets_only(ruled: Bench, queue: str, there: bool) -> None:
    found = ruled.desk.wording.canned(ruled.opens(queue=queue), ruled.actor("kim"))
    assert ("site" in [each.template.id for each in found]) is there


def test_a_response_that_cannot_be_filled_says_why_beside_the_others(ruled: Bench) -> None:
    found = ruled.desk.wording.canned(ruled.opens(queue="network"), ruled.actor("kim"))
    assert [each.template.id for each in found if each.problem] == ["site"]


def test_a_macro_is_offered_with_the_tickets_it_is_for(ruled: Bench) -> None:
    first, second = ruled.opens(queue="network"), ruled.opens(queue="triage", priority="P2")
    offers = ruled.desk.wording.offers([first, second], ruled.actor("kim"))
    assert {each.macro.id: each.tickets for each in offers} == {"urgent": (first,), "greet": (first,)}


def test_a_desk_without_rules_offers_no_macro(bench: Bench) -> None:
    assert bench.desk.wording.offers([bench.opens()], bench.actor("kim")) == ()


def test_a_macro_whose_last_step_is_refused_leaves_the_ticket_as_it_was(ruled: Bench) -> None:
    number = ruled.opens(queue="network")
    before = ruled.desk.ticket(number, viewer=ruled.actor("kim"))
    with pytest.raises(Problem):
        ruled.does(RunMacro(number, "greet"), "kim")  # the reply has a hole; the tag came before it
    assert ruled.desk.ticket(number, viewer=ruled.actor("kim")) == before


def test_what_a_macro_did_names_the_macro(ruled: Bench) -> None:
    number = ruled.opens()
    receipt = ruled.does(RunMacro(number, "urgent", {"why": "the boss asks"}), "kim")
    assert {each["because"] for each in receipt.changes if each["kind"] == "field"} == {"macro urgent@1"}
