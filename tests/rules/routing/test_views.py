"""What a rule sees of a ticket and of the event that woke it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from deskterm.rules.facts import SYSTEM, Actor, Agent, Contact, Facts, Organization
from deskterm.rules.query.facts import EventView
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.ruleview import Root, RuleView, side_by
from tests.builders import ACTORS, ANN, BOOK, KIM, T0, a_ticket
from tests.rules.routing.builders import ACME, NOW, a_desk, a_view, an_agent, calendars, views


def seen(
    root: Root | None = None, *, facts: Facts | None = None, said: tuple[str, ...] = (), **ticket: Any
) -> EventView:
    """A ticket as a rule sees it."""
    return RuleView(
        a_ticket(**ticket), a_desk(None, an_agent(21, "kim")), facts or Facts(), root or Root(), NOW, said
    )


def test_ids_are_seen_as_names() -> None:
    view = seen(queue_id=2, group_id=1, assignee_id=21)
    assert (view.queue, view.group, view.assignee) == ("net", "net", "kim")


def test_what_a_ticket_does_not_have_is_empty() -> None:
    view = seen(queue_id=99, group_id=None, requester_id=None)
    names = ("queue", "group", "assignee", "requester", "requester_name", "org", "tier", "domain", "category")
    assert {getattr(view, name) for name in names} == {""}
    assert (view.vip, view.parent, view.hours) == (False, None, frozenset())


def test_the_requester_is_known_by_address_domain_and_name() -> None:
    view = seen(facts=Facts(requester=replace(ANN, vip=True)))
    assert (view.requester, view.domain, view.requester_name, view.vip) == (
        "ann@acme.example",
        "acme.example",
        "Ann Li",
        True,
    )


def test_somebody_else_among_the_facts_is_not_taken_for_the_requester() -> None:
    assert seen(facts=Facts(requester=Contact(99, "Bo", ("bo@x.example",)))).requester == ""


@pytest.mark.parametrize(
    "facts",
    [
        Facts(organization=ACME),
        Facts(organizations=(Organization(6, "Other"), ACME)),
        Facts(domain_organizations=(ACME,)),
    ],
    ids=["its own", "of the requester", "of the domain"],
)
def test_the_organization_is_found_wherever_the_facts_have_it(facts: Facts) -> None:
    view = seen(facts=facts, organization_id=ACME.id)
    assert (view.org, view.tier) == ("ACME", "gold")


def test_the_text_is_the_subject_what_was_said_and_what_is_being_said() -> None:
    view = seen(subject="VPN", facts=Facts(words=" down again "), said=("再试", "OK"))
    assert view.text_n == " vpn  down again  再 试  ok "


def test_no_phrase_is_found_across_two_texts() -> None:
    assert " vpn down " not in seen(subject="VPN", said=("down",)).text_n


def test_the_message_is_that_of_the_root_whatever_rules_say_afterwards() -> None:
    view = seen(Root("message", "requester", "谢谢 you"), said=("an automatic answer",))
    assert (view.message_n, view.message_words) == (" 谢 谢 you ", 3)


def test_without_a_message_there_is_none_to_count_words_of() -> None:
    view = seen()
    assert (view.message_n, view.message_words) == (None, None)


def test_the_channel_is_that_of_the_roots_message() -> None:
    assert seen(Root(channel="mail"), channel="phone").channel == "mail"
    assert seen(Root(), channel="phone").channel == "phone"


def test_the_hours_are_the_calendars_that_are_open_now() -> None:
    rules = RuleBook(calendars=calendars(office=True, night=False))
    assert a_view(rules=rules).hours == {"office"}


@pytest.mark.parametrize(
    ("actor", "side"),
    [
        (SYSTEM, "system"),
        (Actor("requester", ANN.id), "requester"),
        (ACTORS["agent"], "agent"),
    ],
)
def test_by_tells_on_whose_side_somebody_acts(actor: Actor, side: str) -> None:
    assert side_by(actor, a_ticket(), BOOK) == side


def test_an_agent_is_a_requester_on_his_own_ticket() -> None:
    agents: dict[int, Agent] = {**BOOK.agents, KIM: replace(BOOK.agents[KIM], contact_id=ANN.id)}
    assert side_by(ACTORS["agent"], a_ticket(), replace(BOOK, agents=agents)) == "requester"


# -------------------------------------------------------------------------------------------- what changed


BEFORE = a_ticket(category="net", custom={"site": "HQ"}, tags=frozenset({"a"}))


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        ({}, set()),
        ({"priority": "P1"}, {"priority"}),
        ({"queue_id": 3}, {"queue"}),
        ({"group_id": 2}, {"group"}),
        ({"assignee_id": 21}, {"assignee"}),
        ({"requester_id": None}, {"requester", "domain"}),
        ({"organization_id": 5}, {"org", "tier"}),
        ({"category": ""}, {"category"}),
        ({"tags": frozenset()}, {"tag"}),
        ({"subject": "New"}, {"subject", "text"}),
        ({"custom": {}}, {"cf.site"}),
        ({"custom": {"site": "HQ", "floor": "2"}}, {"cf.floor"}),
        ({"custom": {"site": "HQ", "floor": ""}}, set()),
        ({"next_due_at": T0}, {"due"}),
        ({"parent_id": 3}, {"parent"}),
    ],
)
def test_changed_are_the_fields_that_differ_from_before(after: dict[str, Any], changed: set[str]) -> None:
    facts = Facts(requester=ANN, organization=ACME)
    view = RuleView(replace(BEFORE, **after), a_desk(), facts, Root("updated", "agent", before=BEFORE), NOW)
    assert view.changed == changed


def test_words_that_are_being_said_change_the_text() -> None:
    view = RuleView(BEFORE, a_desk(), Facts(), Root(before=BEFORE), NOW, ("hello",))
    assert view.changed == {"text"}


def test_everything_that_a_new_ticket_has_is_changed() -> None:
    view = seen(category="net", tags=frozenset({"a"}), id=-1)
    assert view.changed == {
        *("status", "priority", "queue", "group", "channel", "category", "subject", "text", "tag"),
        *("requester", "created", "updated"),
    }


def test_was_has_the_values_before() -> None:
    view = seen(Root(before=replace(BEFORE, assignee_id=21)), category="apps")
    assert (view.was["category"], view.was["assignee"], view.was["queue"]) == ("net", "kim", "net")
    assert seen().was == {}


# ---------------------------------------------------------------------------------- another draft, same event


@given(views(), views())
def test_the_view_of_another_draft_is_the_view_that_starts_afresh(first: RuleView, second: RuleView) -> None:
    names = [name for name in EventView.__dict__ if not name.startswith("_")]
    names += [name for name in EventView.__mro__[1].__dict__ if not name.startswith("_")]
    for name in names:
        getattr(first, name)
    fresh = RuleView(second.ticket, first.book, first.facts, first.root, first.now, first.said)
    derived = first.of(second.ticket)
    assert {name: getattr(derived, name) for name in names} == {name: getattr(fresh, name) for name in names}


def test_what_no_view_has_is_an_error() -> None:
    with pytest.raises(AttributeError, match="colour"):
        getattr(a_view(), "col" + "our")
