"""Whom a ticket is for: addresses, organizations, tiers, and who is refused."""

import pytest

from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from tests.desks import Bench


def test_any_address_of_a_contact_finds_him_his_organization_and_tier(bench: Bench) -> None:
    number = bench.opens(requester="Ann.Li@HOME.example")
    row = bench.desk.ticket(number, viewer=bench.actor("ada")).row
    assert (row.requester, row.requester_name) == ("ann@acme.example", "Ann Li")


def test_the_domain_of_an_unknown_requester_gives_organization_and_tier(bench: Bench) -> None:
    number = bench.opens(requester="new@mail.acme.example")
    row = bench.desk.ticket(number, viewer=bench.actor("ada")).row
    assert (row.organization, row.tier) == ("ACME", "gold")


def test_two_organizations_leave_it_unset_with_a_warning_that_names_them(bench: Bench) -> None:
    bench.does(a.AddOrganization("Globex"))
    bench.does(a.SetContact("ann@acme.example", add_organizations=("ACME", "Globex")))
    receipt = bench.does(a.OpenTicket("x", requester="ann@acme.example"))
    row = bench.desk.ticket(receipt.ticket or 0, viewer=bench.actor("ada")).row
    assert (row.organization, len(receipt.warnings), "ACME, Globex" in receipt.warnings[0]) == ("", 1, True)


def test_an_agent_who_opens_for_himself_is_the_requester(bench: Bench) -> None:
    receipt = bench.does(a.OpenTicket("my mouse"), "kim")
    row = bench.desk.ticket(receipt.ticket or 0, viewer=bench.actor("ada")).row
    assert row.requester_name == "Kim Agent"


def test_his_second_ticket_is_for_the_same_contact(bench: Bench) -> None:
    for _ in range(2):
        bench.does(a.OpenTicket("my mouse"), "kim")
    assert len(bench.desk.contacts("Kim Agent", viewer=bench.actor("ada"))) == 1


def test_the_answer_of_an_agent_on_his_own_ticket_meets_no_promise(bench: Bench) -> None:
    number = bench.does(a.OpenTicket("my mouse"), "kim").ticket or 0
    bench.does(a.Reply(number, "any news?"), "kim")
    assert bench.desk.ticket(number, viewer=bench.actor("ada")).first_response_at is None


@pytest.mark.parametrize(
    "wrong", ["", "nobody", "a@", "@b", "a b@c.example", "<a@b.example>", "a@b\x1b.example"]
)
def test_what_is_no_address_is_refused_as_usage(bench: Bench, wrong: str) -> None:
    with pytest.raises(Problem) as refused:
        bench.does(a.AddContact("X", (wrong,)))
    assert refused.value.kind == "usage"


def test_an_address_belongs_to_one_contact(bench: Bench) -> None:
    with pytest.raises(Problem) as refused:
        bench.does(a.AddContact("Bo", ("ann@acme.example",)))
    assert refused.value.code == "name.taken"


def test_a_domain_belongs_to_one_organization(bench: Bench) -> None:
    with pytest.raises(Problem) as refused:
        bench.does(a.AddOrganization("Other", domains=("acme.example",)))
    assert refused.value.code == "name.taken"


def test_the_last_admin_stays_admin(bench: Bench) -> None:
    with pytest.raises(Problem) as refused:
        bench.does(a.SetAgent("ada", role="agent"))
    assert refused.value.code == "agent.last_admin"


def test_an_agent_outside_the_group_is_refused_with_the_members(bench: Bench) -> None:
    number = bench.opens(queue="network")
    with pytest.raises(Problem) as refused:
        bench.does(a.Assign(number, agent="ada"))
    assert refused.value.choices == ("kim", "lee")


def test_another_group_lets_an_assignee_from_outside_go(bench: Bench) -> None:
    number = bench.opens(queue="network", assignee="kim")
    bench.does(a.Assign(number, group="service-desk"))
    assert bench.desk.ticket(number, viewer=bench.actor("ada")).row.assignee == ""


def test_a_requester_sees_his_own_tickets_only(bench: Bench) -> None:
    mine = bench.opens()
    bench.opens(requester="bo@globex.example")
    assert bench.ids(who="ann@acme.example") == [mine]


def test_a_requester_cannot_tell_a_foreign_ticket_from_none(bench: Bench) -> None:
    bench.opens()
    foreign = bench.opens(requester="bo@globex.example")
    ann = bench.actor("ann@acme.example")
    sentences = []
    for number in (foreign, 99):
        with pytest.raises(Problem) as refused:
            bench.desk.ticket(number, viewer=ann)
        sentences.append((refused.value.code, refused.value.template))
    assert sentences[0] == sentences[1]


def test_a_contact_of_an_unknown_organization_is_refused(bench: Bench) -> None:
    with pytest.raises(Problem) as refused:
        bench.does(a.AddContact("Bo", organization="Nowhere"))
    assert refused.value.code == "name.missing"
