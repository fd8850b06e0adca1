"""deskterm explain, reroute, clock and macro: why a ticket is where it is, and what one may do about it."""

import re
from typing import Any

import pytest

from deskterm.rules.clean import cell_width
from tests.cli.conftest import Cli
from tests.cli.rulebench import RULES, STRICTER, in_force, write

AT = {
    name: {"DESKTERM_NOW": f"2026-03-0{time}:00Z"}
    for name, time in (
        ("eleven", "2T11:00"),
        ("noon", "2T12:00"),
        ("tuesday", "3T09:30"),
        ("late", "3T12:00"),
    )
}


@pytest.fixture
def lived(cli: Cli) -> Cli:
    """A desk on which a VPN ticket waited for its requester overnight and ran late on Tuesday."""
    in_force(cli)
    cli.new("VPN drops", "--type", "incident", "-p", "P2")
    cli.ok("reply", "1", "-b", "which version?", "--as", "kim", **AT["eleven"])
    cli.ok("pending", "1", "--reason", "client version", "--as", "kim", **AT["noon"])
    cli.ok("reply", "1", "-b", "5.1", "--as", "ann@acme.example", **AT["tuesday"])
    return cli


def explained(cli: Cli, *more: str, **environment: str) -> Any:
    """The explanation of ticket 1 as JSON."""
    return cli.ok("explain", "1", "--json", *more, **environment).json["explanations"][0]


def test_an_explanation_reads_from_the_rules_to_the_clocks(lived: Cli) -> None:
    lines = lived.ok("explain", "1", **AT["late"]).lines
    assert lines[:19] == [
        "#1 VPN drops",
        "open, P2, in queue net, with lee; SLA 3:30",
        "",
        "Where it is: sent by desk.toml, revision 1, at 2026-03-02 10:00",
        "  ✓ classification vpn (desk.toml:9)",
        "    ✓ all of",
        "      ✓ text~vpn: the words are there",
        "      ✓ type:incident: it is incident",
        "    → category becomes network.vpn",
        "    → the tag vpn is added",
        "  ✓ priority P2: a person chose it",
        "  ✓ route network (desk.toml:14)",
        "    ✓ category:network.*: it is network.vpn",
        "    → queue becomes net",
        "    → group becomes network",
        "  ✓ assigned to lee",
        "    ✓ lee fits: carries 0, no turn in the group yet",
        "    ✓ kim fits: carries 0, no turn in the group yet",
        "",
    ]


def test_the_policy_says_why_the_others_do_not_apply(lived: Cli) -> None:
    lines = lived.ok("explain", "1").lines
    start = lines.index("SLA policy: office (desk.toml)")
    assert lines[start + 1 : start + 4] == [
        "  ✗ SLA policy urgent (desk.toml:26)",
        "    ✗ priority:P1: it is P2",
        "  ✓ SLA policy office (desk.toml:33)",
    ]


def test_a_clock_is_a_ledger_that_adds_up(lived: Cli) -> None:
    lines = lived.ok("explain", "1", **AT["late"]).lines
    start = next(place for place, line in enumerate(lines) if line.startswith("resolution:"))
    assert lines[start : start + 9] == [
        "resolution: 4h30m of 8h used, due 2026-03-03 15:30",
        "  promised by office, revision 1; hours of office; since 2026-03-02 10:00",
        "  → opened in queue triage",
        "    2026-03-02 10:00  12:00        runs              2h        2h",
        "  → status open → pending (client version)",
        "    2026-03-02 12:00  03-03 09:30  paused             -        2h  saves 5h30m",
        "  → status pending → open",
        "    2026-03-03 09:30  12:00        runs           2h30m     4h30m",
        "  together 4h30m, as the clock says",
    ]


def test_the_stretches_of_every_clock_add_up_to_what_is_stored(lived: Cli) -> None:
    found = explained(lived, DESKTERM_NOW="2026-03-09T12:00:00Z")["clocks"]
    assert [sum(each["counted"] for each in clock["stretches"]) for clock in found] == [
        clock["elapsed"] for clock in found
    ]
    assert [clock["metric"] for clock in found] == ["first_response", "resolution"]


def test_what_the_timer_did_and_who_ran_over_is_told(lived: Cli) -> None:
    later = {"DESKTERM_NOW": "2026-03-04T10:30:00Z"}
    lived.ok("timer", "--once", **later)
    lines = lived.ok("explain", "1", **later).lines
    assert lines[-5:] == [
        "Who had it while it ran over",
        "  group network: 3h of the resolution",
        "",
        "What the timer did",
        "  2026-03-04 10:30  level office/late: done (was due 2026-03-03 15:30)",
    ]


def test_every_line_fits_80_cells_in_every_language(lived: Cli) -> None:
    for language in ("en", "zh_CN"):
        lines = lived.ok("explain", "1", "--lang", language, **AT["late"]).lines
        assert max(map(cell_width, lines)) <= 80


def test_without_signs_outside_ascii_there_are_none(lived: Cli) -> None:
    assert lived.ok("explain", "1", "--ascii").text.isascii()


def test_a_ticket_from_before_the_rules_says_so(cli: Cli) -> None:
    cli.new("Old")
    in_force(cli)
    lines = cli.ok("explain", "1").lines
    assert "  No rules have sent it anywhere: people did, or it was brought in." in lines


def test_a_desk_without_rules_explains_its_built_in_promises(cli: Cli) -> None:
    cli.new("Old")
    assert "SLA policy: default (built in)" in cli.ok("explain", "1").lines or explained(cli)["policies"]


def test_a_requester_is_not_told_how_the_desk_works(lived: Cli) -> None:
    ran = lived("explain", "1", "--as", "ann@acme.example")
    assert (ran.code, ran.text) == (1, "")


def test_a_ticket_that_there_is_not_is_refused(lived: Cli) -> None:
    assert lived("explain", "9").code == 3


@pytest.mark.parametrize("given", [["999"], ["1", "999"]])
def test_a_ticket_that_there_is_not_leaves_no_half_a_document(lived: Cli, given: list[str]) -> None:
    ran = lived("explain", *given, "--json")
    assert (ran.code, ran.text) == (3, "")


def test_another_file_says_what_it_would_do_and_nothing_is_written(lived: Cli) -> None:
    other = write(
        lived, RULES.replace('"category:network', '"x').replace('text~"vpn"', 'text~"wifi"'), "new.toml"
    )
    before = lived.show("1")
    text = lived.ok("explain", "1", "--file", other).text
    assert "With new.toml, if it were sent through the rules now:" in text
    assert "    ✗ text~wifi: the words are not there" in text
    assert lived.show("1") == before


def test_a_stricter_file_shows_the_dues_it_would_bring(lived: Cli) -> None:
    found = explained(lived, "--file", write(lived, STRICTER, "new.toml"))
    resolution = next(each for each in found["clocks"] if each["metric"] == "resolution")
    assert (resolution["target"], resolution["rev"], found["firings"]) == (4 * 3600, 2, [])


def test_what_another_file_promises_is_said_by_its_name_and_not_by_a_revision_there_is_none_of(
    lived: Cli,
) -> None:
    lines = lived.ok(
        "explain",
        "1",
        "--file",
        write(
            lived,
            STRICTER.replace('id       = "office"', 'id = "yard"').replace('sla = "office"', 'sla = "yard"'),
            "new.toml",
        ),
    )
    assert "  → SLA policy office gives way to yard (the first SLA policy that fits)" in lines.lines
    assert [line.partition(";")[0] for line in lines.lines if "promised by yard" in line] == [
        "  promised by yard of new.toml"
    ]


def test_the_clock_of_a_group_that_had_the_ticket_first_begins_with_that(cli: Cli) -> None:
    in_force(cli, RULES + '[[ola]]\nid = "taking"\ngroup = "service-desk"\ntarget = { own = "30m" }\n')
    cli.new("Printer")
    lines = cli.ok("explain", "1", DESKTERM_NOW="2026-03-02T10:10:00Z").lines
    start = next(place for place, line in enumerate(lines) if line.startswith("OLA taking"))
    assert lines[start + 2] == "  → opened in group service-desk"


def test_a_clock_that_was_never_promised_is_not_spoken_of(cli: Cli) -> None:
    in_force(cli, re.sub(r'first_response = "[^"]*", ', "", RULES))
    cli.new("Printer")
    assert "first response" not in cli.ok("explain", "1").text


def test_fields_are_named_in_the_language_of_the_reader(lived: Cli) -> None:
    assert "    → 类别 设为 network.vpn" in lived.ok("explain", "1", "--lang", "zh_CN").lines


def test_words_of_strangers_cannot_act_on_a_terminal(cli: Cli) -> None:
    in_force(cli)
    cli.new("VPN \x1b[31m\u202edrops", "--type", "incident")
    assert not {"\x1b", "\u202e"} & set(cli.ok("explain", "1").text)


def test_a_ticket_is_sent_through_the_rules_again(cli: Cli) -> None:
    cli.new("VPN drops", "--type", "incident")
    in_force(cli)
    assert "queue triage → net" in cli.ok("reroute", "1").text


def test_without_rules_there_is_nothing_to_reroute_by(cli: Cli) -> None:
    cli.new("VPN drops")
    assert cli("reroute", "1").code == 1


def test_a_lead_promises_another_due_and_takes_it_back(lived: Cli) -> None:
    said = lived.ok("clock", "due", "1", "resolution", "2026-03-06T12:00", "--as", "lee").text
    assert said == "#1 resolution promised by 2026-03-06 12:00\n"
    assert lived.show("1")["due_resolve"] == "2026-03-06T12:00:00Z"
    lived.ok("clock", "due", "1", "resolution", "none", "--as", "lee")
    assert lived.show("1")["due_resolve"] != "2026-03-06T12:00:00Z"


def test_an_event_that_was_a_mistake_is_taken_out_of_the_clocks(lived: Cli) -> None:
    pend = next(each["seq"] for each in lived.show("1")["timeline"] if each["facts"].get("new") == "pending")
    lived.ok("clock", "void", "1", str(pend), "--reason", "wrong ticket", **AT["late"])
    found = explained(lived, **AT["late"])["clocks"]
    assert [each for clock in found for each in clock["stretches"] if each["kind"] == "paused"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["clock", "exempt", "1"], 2),
        (["clock", "void", "1", "999", "--reason", "x"], 3),
        (["clock", "due", "1", "lunch", "2d"], 2),
        (["clock", "due", "1", "resolution", "soon"], 2),
        (["clock", "exempt", "1", "--reason", "x", "--as", "kim"], 1),
    ],
)
def test_a_clock_is_touched_for_a_reason_by_a_lead(lived: Cli, words: list[str], code: int) -> None:
    assert lived(*words).code == code


def test_macros_are_listed_for_a_ticket_that_fits_and_run_with_answers(lived: Cli) -> None:
    lived.new("Printer")
    assert [each["id"] for each in lived.ok("macro", "list", "1", "--json").json["macros"]] == ["to-vendor"]
    assert lived.ok("macro", "list", "2", "--json").json["macros"] == []
    lived.ok("macro", "run", "1", "to-vendor", "--answer", "number=7", "--as", "kim")
    assert "The vendor has it as 7." in lived.bodies("1")


def test_a_macro_without_its_answer_does_nothing_at_all(lived: Cli) -> None:
    before = lived.show("1")
    ran = lived("macro", "run", "1", "to-vendor")
    assert (ran.code, "asks for number: say it with --answer number=TEXT" in ran.said) == (2, True)
    assert lived.show("1") == before


def test_a_dry_run_of_a_macro_says_what_it_would_do(lived: Cli) -> None:
    said = lived.ok("macro", "run", "1", "to-vendor", "--answer", "number=7", "--dry-run").text
    assert "would: " in said
    assert "vendor" not in lived.show("1")["tags"]
