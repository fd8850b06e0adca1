"""`deskterm new`: a ticket from the shell."""

import pytest

from tests.cli.conftest import NOW_AT, Cli


def test_an_empty_desk_takes_a_ticket_at_once(empty: Cli) -> None:
    ran = empty("new", "VPN drops", "-r", "someone@example.com")
    assert (ran.code, ran.text, ran.said) == (0, "1\n", "")
    assert empty.show("1")["requester"] == "someone@example.com"


def test_whoever_starts_an_empty_desk_is_its_admin(empty: Cli) -> None:
    empty.new()
    agents = empty.ok("agent", "list", "--json").json["agents"]
    assert [(each["login"], each["role"]) for each in agents] == [("ada", "admin")]


def test_only_the_number_is_printed(cli: Cli) -> None:
    ran = cli("new", "-s", "X", "-q", "net", "-r", "a@b.example")
    assert (ran.code, ran.text, ran.said) == (0, "1\n", "")


def test_a_bad_queue_exits_2_with_the_valid_names(cli: Cli) -> None:
    ran = cli("new", "X", "-q", "nte")
    assert (ran.code, ran.text) == (2, "")
    assert "net, triage" in ran.said


def test_everything_that_was_given_is_on_the_ticket(cli: Cli) -> None:
    number = cli.new(
        "Laptop",
        *(
            "-q",
            "net",
            "-a",
            "kim",
            "-b",
            "broken",
            "-p",
            "P2",
            "--type",
            "incident",
            "--category",
            "hardware",
        ),
        *(
            "--impact",
            "high",
            "--urgency",
            "low",
            "-t",
            "berlin",
            "-t",
            "vip",
            "--field",
            "site=Berlin=Mitte",
        ),
        *("--channel", "phone"),
    )
    found = cli.show(number)
    wanted = {
        "subject": "Laptop",
        "queue": "net",
        "group": "network",
        "assignee": "kim",
        "priority": "P2",
        "type": "incident",
        "category": "hardware",
        "impact": "high",
        "urgency": "low",
        "tags": ["berlin", "vip"],
        "custom": {"site": "Berlin=Mitte"},
        "channel": "phone",
        "submitter": "ada",
        "requester": "ann@acme.example",
        "organization": "ACME",
        "tier": "gold",
        "created_at": NOW_AT,
    }
    assert {name: found[name] for name in wanted} == wanted


def test_language_and_region_are_given_and_shown(cli: Cli) -> None:
    cli.new("Maus", "--language", "de", "--region", "eu")
    found = cli.show("1")
    assert (found["lang"], found["region"], found["custom"]) == ("de", "eu", {})
    assert {"language: de", "region: eu"} <= set(cli.ok("show", "1").lines)


def test_the_language_is_that_of_the_requester_where_none_is_given(cli: Cli) -> None:
    cli.ok("contact", "add", "Wang", "-a", "wang@beichen.example", "--language", "zh")
    cli.ok("new", "键盘", "-r", "wang@beichen.example")
    assert cli.show("1")["lang"] == "zh"


def test_a_new_requester_gets_the_given_name(cli: Cli) -> None:
    cli.ok("new", "X", "-r", "cy@globex.example", "--name", "Cy Doe")
    assert cli.ok("contact", "show", "cy@globex.example", "--json").json["name"] == "Cy Doe"


def test_the_receipt_is_json(cli: Cli) -> None:
    receipt = cli.ok("new", "X", "--json").json
    assert (receipt["ticket"], receipt["version"], receipt["done"]) == (1, 1, "2026-03-02T10:00:00Z")


def test_a_dry_run_says_what_would_happen_and_does_nothing(cli: Cli) -> None:
    ran = cli.ok("new", "X", "-r", "ann@acme.example", "--dry-run")
    assert (ran.text, ran.said) == ("", "would: opened in queue triage\n")
    assert cli.ok("list", "--count").text == "0\n"


def test_a_key_opens_one_ticket_however_often_it_is_used(cli: Cli) -> None:
    assert {cli.ok("new", "X", "--key", "job-7").text for _ in range(3)} == {"1\n"}


def test_a_dedupe_key_notes_each_occurrence_until_the_ticket_is_closed(cli: Cli) -> None:
    numbers = [cli.ok("new", "disk full", "--dedupe-key", "disk").text.strip() for _ in range(3)]
    assert (numbers, cli.show("1")["occurrences"]) == (["1", "1", "1"], 3)
    cli.ok("cancel", "1", "--reason", "test")
    assert cli.ok("new", "disk full", "--dedupe-key", "disk").text == "2\n"


@pytest.mark.parametrize("arguments", [[], ["-b", "x"], ["", "-r", "a@b.example"], ["  "]])
def test_a_ticket_needs_a_subject(cli: Cli, arguments: list[str]) -> None:
    ran = cli("new", *arguments)
    assert (ran.code, "subject" in ran.said) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["A", "-s", "B"],
        ["A", "-p", "P9"],
        ["A", "--type", "riddle"],
        ["A", "--impact", "huge"],
        ["A", "--channel", "pigeon"],
        ["A", "-a", "nobody"],
        ["A", "-g", "nobody"],
        ["A", "-t", "two words"],
        ["A", "--field", "site"],
        ["A", "--field", "=Berlin"],
        ["A", "-r", "no address"],
        ["A", "--attach", "/nowhere/at/all"],
        ["A", "--file", "/nowhere/at/all"],
        ["A", "-b", "x", "--file", "y"],
        ["A", "--tz", "Mars/Olympus"],
        ["A", "--lang", "klingon"],
    ],
)
def test_a_wrong_value_exits_2_in_one_sentence_and_opens_nothing(cli: Cli, arguments: list[str]) -> None:
    ran = cli("new", *arguments)
    assert (ran.code, ran.text, ran.said.count("\n")) == (2, "", 1)
    assert cli.ok("list", "--count").text == "0\n"


def test_what_the_requester_has_open_is_shown_when_it_is_asked_for(cli: Cli) -> None:
    cli.new("Printer on fire")
    ran = cli.ok("new", "Smoke", "-r", "ann@acme.example", "--suggest")
    assert ("#1  Printer on fire" in ran.said, ran.text) == (True, "2\n")


def test_what_is_open_under_the_same_words_is_shown_too(cli: Cli) -> None:
    cli.new("VPN drops in Berlin")
    ran = cli.ok("new", "vpn drops", "-r", "bo@globex.example", "--suggest")
    assert ran.said == "Open under the same words:\n  #1  VPN drops in Berlin\n"


def test_a_script_is_not_told_what_the_requester_has_open(cli: Cli) -> None:
    cli.new()
    assert cli.ok("new", "Smoke", "-r", "ann@acme.example").said == ""


def test_a_person_is(cli: Cli) -> None:
    cli.new()
    assert "VPN drops" in cli.ok("new", "Smoke", "-r", "ann@acme.example", terminal=True).said


def test_two_organizations_leave_it_unset_with_a_warning(cli: Cli) -> None:
    cli.ok("org", "add", "Globex")
    cli.ok("contact", "set", "ann@acme.example", "--add-org", "ACME", "--add-org", "Globex")
    ran = cli.ok("new", "X", "-r", "ann@acme.example")
    assert ("ACME, Globex" in ran.said, cli.show("1")["organization"]) == (True, "")
