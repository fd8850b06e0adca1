"""People and places: contacts, organizations, agents, groups, queues."""

import pytest

from tests.cli.conftest import Cli


def test_a_contact_is_added_found_and_changed(cli: Cli) -> None:
    cli.ok(
        *(
            "contact",
            "add",
            "Bo Hart",
            "-a",
            "bo@globex.example",
            "-a",
            "bo@home.example",
            "--org",
            "ACME",
            "--vip",
        ),
        *("--phone", "+49 30 1", "--language", "de", "--timezone", "Europe/Berlin"),
    )
    cli.ok(
        "contact",
        "set",
        "bo@home.example",
        "--name",
        "Bo H.",
        "--no-vip",
        "--remove-address",
        "bo@home.example",
    )
    found = cli.ok("contact", "show", "bo@globex.example", "--json").json
    del found["id"]
    assert found == {
        "name": "Bo H.",
        "addresses": ["bo@globex.example"],
        "organizations": ["ACME"],
        "vip": False,
        "language": "de",
        "timezone": "Europe/Berlin",
        "phone": "+49 30 1",
        "open_tickets": 0,
    }


def test_contacts_are_listed_by_part_of_a_name(cli: Cli) -> None:
    cli.ok("contact", "add", "Bo Hart", "-a", "bo@globex.example")
    assert [each["name"] for each in cli.ok("contact", "list", "hart", "--json").json["contacts"]] == [
        "Bo Hart"
    ]


def test_an_organization_is_changed(cli: Cli) -> None:
    cli.ok(
        "org",
        "set",
        "ACME",
        "--tier",
        "silver",
        "--add-domain",
        "acme.test",
        "--remove-domain",
        "acme.example",
    )
    [found] = cli.ok("org", "list", "--json").json["organizations"]
    assert (found["name"], found["tier"], found["domains"]) == ("ACME", "silver", ["acme.test"])


def test_an_agent_who_leaves_no_longer_acts(cli: Cli) -> None:
    cli.ok("agent", "set", "kim", "--inactive")
    assert cli("list", "--as", "kim").code == 1


def test_an_agent_changes_role_and_name(cli: Cli) -> None:
    cli.ok("agent", "set", "kim", "--role", "lead", "--name", "Kim K.", "--email", "kim@desk.example")
    rows = {each["login"]: each for each in cli.ok("agent", "list", "--json").json["agents"]}
    assert (rows["kim"]["role"], rows["kim"]["name"], rows["kim"]["email"]) == (
        "lead",
        "Kim K.",
        "kim@desk.example",
    )


def test_a_group_gets_and_loses_people(cli: Cli) -> None:
    cli.ok("group", "set", "network", "--add-member", "ada", "--remove-member", "kim", "--add-lead", "lee")
    rows = {each["name"]: each for each in cli.ok("group", "list", "--json").json["groups"]}
    assert (rows["network"]["members"], rows["network"]["leads"]) == (["ada", "lee"], ["lee"])


def test_a_queue_changes_its_group(cli: Cli) -> None:
    cli.ok("queue", "set", "net", "--title", "Net & more", "--group", "service-desk")
    rows = {each["name"]: each for each in cli.ok("queue", "list", "--json").json["queues"]}
    assert (rows["net"]["title"], rows["net"]["group"]) == ("Net & more", "service-desk")


def test_the_answer_says_what_was_made(cli: Cli) -> None:
    assert cli.ok("queue", "add", "hr", "--title", "People").text == "new queue hr: title People\n"


@pytest.mark.parametrize("noun", ["contact", "org", "agent", "group", "queue"])
@pytest.mark.parametrize("form", ["--csv", "--plain", "--jsonl", "--json"])
def test_every_list_has_every_form(cli: Cli, noun: str, form: str) -> None:
    assert cli.ok(noun, "list", form).out.endswith(b"\n")


@pytest.mark.parametrize("noun", ["org", "agent", "group", "queue"])
def test_a_requester_sees_no_staff_and_no_other_customers(cli: Cli, noun: str) -> None:
    ran = cli(noun, "list", "--as", "ann@acme.example")
    assert (ran.code, ran.text) == (1, "")


def test_a_requester_sees_only_himself_among_the_contacts(cli: Cli) -> None:
    cli.ok("contact", "add", "Bo Hart", "-a", "bo@globex.example")
    rows = cli.ok("contact", "list", "--json", "--as", "ann@acme.example").json["contacts"]
    assert [each["name"] for each in rows] == ["Ann Li"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["agent", "add", "kim"], 1),
        (["agent", "add", "eve", "--role", "boss"], 2),
        (["agent", "add", "two words"], 2),
        (["queue", "add", "x", "--group", "none"], 2),
        (["contact", "add", "X", "-a", "no address"], 2),
        (["contact", "set", "nobody@example.com", "--name", "X"], 3),
        (["org", "set", "None", "--tier", "X"], 3),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_name_is_refused(cli: Cli, arguments: list[str], code: int) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.text, ran.said.count("\n")) == (code, "", 1)


def test_an_address_alone_makes_a_contact_who_can_be_written_to(cli: Cli) -> None:
    cli.ok("contact", "add", "bob@x.example")
    found = cli.ok("contact", "show", "bob@x.example", "--json").json
    assert (found["name"], found["addresses"]) == ("bob@x.example", ["bob@x.example"])


def test_a_contact_may_be_named_beside_his_address(cli: Cli) -> None:
    cli.ok("contact", "add", "bob@x.example", "--name", "Bob", "-a", "bob@home.example")
    found = cli.ok("contact", "show", "bob@x.example", "--json").json
    assert (found["name"], found["addresses"]) == ("Bob", ["bob@x.example", "bob@home.example"])


def test_a_name_is_given_once(cli: Cli) -> None:
    assert cli("contact", "add", "Bob", "--name", "Bob").code == 2


def test_roles_are_translated_for_people_and_stay_for_programs(cli: Cli) -> None:
    for_people = cli.ok("agent", "list", "--lang", "zh_CN").text
    for_programs = cli.ok("agent", "list", "--lang", "zh_CN", "--plain").text
    assert ("light" in for_people, "\tlight\t" in for_programs) == (False, True)
