"""deskterm rules: files are checked, tested, compared, previewed, put in force and taken back."""

import pytest

from tests.cli.conftest import Cli
from tests.cli.rulebench import RULES, STRICTER, in_force, write

FAULTY = RULES.replace("category:network", "categori:network").replace('"3wd"', '"3dd"')

BAD_LENGTH = (
    "bad.toml:40: sla 'office': target.P3: resolution \"3dd\" is not a duration (30m, 4h, 1h30m, 3wd)"
)
TEST = "a VPN incident goes to the network people"


def test_every_fault_stands_with_its_place_and_the_exit_code_is_2(cli: Cli) -> None:
    ran = cli("rules", "check", write(cli, FAULTY, "bad.toml"))
    assert (ran.code, ran.lines) == (
        2,
        [
            "bad.toml:16: route 'network': unknown field 'categori' at column 1 (did you mean category?)",
            BAD_LENGTH,
        ],
    )


def test_a_file_without_a_fault_says_what_it_holds(cli: Cli) -> None:
    assert cli.ok("rules", "check", write(cli)).text == "desk.toml: 6 rules, 1 test; no fault\n"


def test_names_have_to_exist_where_there_is_a_desk(cli: Cli) -> None:
    path = write(cli, RULES.replace('queue  = "net"', 'queue  = "nett"'))
    ran = cli("rules", "check", path)
    assert (ran.code, "unknown queue 'nett' (did you mean net?)" in ran.text) == (2, True)
    assert cli("rules", "check", path, "--offline").code == 0


def test_without_a_desk_a_file_is_checked_alone_and_no_desk_is_made(empty: Cli) -> None:
    empty.ok("rules", "check", write(empty))
    assert not (empty.home / "desk.db").exists()


@pytest.mark.parametrize("content", [b"\xff", b"[", b"a = 1\n" * 5])
def test_what_is_no_rule_file_is_refused_in_one_line_each(empty: Cli, content: bytes) -> None:
    (empty.home / "x.toml").write_bytes(content)
    ran = empty("rules", "check", "x.toml")
    assert ran.code == 2
    assert "x.toml" in ran.text + ran.said


def test_a_fault_in_a_file_does_not_keep_the_next_one_from_being_checked(cli: Cli) -> None:
    ran = cli("rules", "check", write(cli, FAULTY, "bad.toml"), write(cli))
    assert (ran.code, ran.lines[-1]) == (2, "desk.toml: 6 rules, 1 test; no fault")


def test_names_from_a_file_cannot_act_on_a_terminal(cli: Cli) -> None:
    path = write(cli, RULES.replace('queue  = "net"', r'queue  = "\u001b[31m\u202e"'))
    text = cli("rules", "check", path).text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_lint_warns_and_is_content(cli: Cli) -> None:
    path = write(cli, RULES.replace("when = ''\nqueue", "when = 'type:incident'\nqueue"))
    ran = cli.ok("rules", "lint", write(cli, RULES.replace("when  = ''", "when  = 'type:incident'"), path))
    assert ran.lines[0].startswith("desk.toml:")
    assert ran.lines[-1].endswith("no fault, 1 warning")


def test_a_test_that_fails_says_what_it_expected_and_exits_1(cli: Cli) -> None:
    path = write(cli, RULES.replace('sla = "office"', 'sla = "urgent"'))
    ran = cli("rules", "test", path)
    assert (ran.code, ran.lines) == (
        1,
        [
            f"desk.toml:55: test '{TEST}': sla: expected urgent, got office",
            "1 test: 1 not as expected",
        ],
    )


def test_tests_that_pass_need_no_desk(empty: Cli) -> None:
    assert empty.ok("rules", "test", write(empty)).text == "1 test: all as expected\n"


def test_the_example_desks_pass_their_own_tests(empty: Cli) -> None:
    from tests.cli.test_docs import ROOT

    ran = empty("rules", "test", *(str(ROOT / "examples" / each) for each in ("it.toml", "cs.toml")))
    assert ran.code == 0, ran.text


def test_an_activation_is_previewed_and_done_only_when_it_is_wanted(cli: Cli) -> None:
    in_force(cli)
    cli.new("VPN drops", "--type", "incident", "-p", "P2")
    path = write(cli, STRICTER, "new.toml")
    assert cli.ok("rules", "activate", path).text == (
        "tests: 1 of 1 as expected\nof 1 open ticket nothing moves\n"
    )
    assert [each["rev"] for each in cli.ok("rules", "history", "--json").json["revisions"]] == [1]


def test_a_preview_shows_each_ticket_that_moves(cli: Cli) -> None:
    in_force(cli)
    cli.new("VPN drops", "--type", "incident", "-p", "P2")
    cli.ok("reply", "1", "-b", "we look", "--as", "kim")
    cli.new("Printer", "-p", "P4")
    later = {"DESKTERM_NOW": "2026-03-02T15:00:00Z"}
    path = write(cli, STRICTER, "new.toml")
    lines = cli.ok("rules", "activate", path, **later).lines
    assert lines[1] == "1 due moves, 1 ticket becomes overdue, of 2 open tickets"
    assert " ".join(lines[3].split()) == "#1 office 2026-03-03 10:00 2026-03-02 15:00 ok → overdue"
    found = cli.ok("rules", "activate", path, "--json", **later).json
    assert (found["dues_moved"], found["become_overdue"], found["revision"]) == (1, 1, None)


OTHER_PRIORITIES = """\
[priority]
order   = ["low", "normal", "high"]
default = "normal"
matrix  = { high = { high = "high" } }
[[sla]]
id = "all"
when = ""
target.high = { resolution = "4h" }
target.normal = { resolution = "8h" }
target.low = { resolution = "24h" }
"""


def test_a_preview_names_the_priorities_that_would_be_gone_and_what_to_do(cli: Cli) -> None:
    in_force(cli)
    for priority in ("P1", "P3", "P3"):
        cli.new("Printer", "-p", priority)
    path = write(cli, OTHER_PRIORITIES, "new.toml")
    assert cli.ok("rules", "activate", path).lines[-3:] == [
        "Open tickets have priorities that the file does not: P1 (1), P3 (2). It has high, normal, low.",
        "Keep the old names in [priority] order, or give these tickets another one once it is in force:",
        "  deskterm list --jsonl -n 0 -- '-priority:high,normal,low' | deskterm set - priority=high",
    ]
    assert cli.ok("rules", "activate", path, "--json").json["priorities_gone"] == [
        {"priority": "P1", "tickets": 1},
        {"priority": "P3", "tickets": 2},
    ]


def test_what_the_preview_advises_gives_the_tickets_their_clocks_again(cli: Cli) -> None:
    in_force(cli)
    cli.new("Printer", "-p", "P3")
    in_force(cli, OTHER_PRIORITIES)
    assert cli.show("1")["due_resolve"] is None
    found = cli.ok("list", "--jsonl", "-n", "0", "--", "-priority:high,normal,low")
    cli.ok("set", "-", "priority=high", stdin=found.out)
    assert cli.show("1")["due_resolve"] == "2026-03-02T14:00:00Z"


def test_a_person_at_a_terminal_is_asked(cli: Cli) -> None:
    path = write(cli)
    assert "in force as revision" not in cli.ok("rules", "activate", path, terminal=True, stdin=b"n\n").text
    assert "in force as revision 1" in cli.ok("rules", "activate", path, terminal=True, stdin=b"y\n").text


def test_a_file_with_a_fault_leaves_the_rules_in_force_alone(cli: Cli) -> None:
    in_force(cli)
    ran = cli("rules", "activate", write(cli, FAULTY, "bad.toml"), "--apply")
    assert (ran.code, len(ran.said.splitlines())) == (2, 3)
    assert ran.said.endswith("bad.toml stays out, and the rules in force stay as they are.\n")
    assert cli.ok("rules", "show").text == RULES


def test_a_file_whose_own_test_fails_stays_out(cli: Cli) -> None:
    ran = cli("rules", "activate", write(cli, RULES.replace('sla = "office"', 'sla = "urgent"')), "--apply")
    assert (ran.code, "its test does not come out" in ran.said) == (1, True)
    assert cli.ok("rules", "history", "--json").json["revisions"] == []


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (["urgent", "office"], "one of its 2 tests does not come out as expected."),
        (["urgent", "urgent"], "2 of its 2 tests do not come out as expected."),
    ],
)
def test_how_many_of_the_tests_fail_is_said_in_good_english(cli: Cli, expected: list[str], said: str) -> None:
    rules, mark, test = RULES.partition("[[test]]")
    tests = [mark + test.replace('sla = "office"', f'sla = "{sla}"') for sla in expected]
    assert said in cli("rules", "activate", write(cli, rules + "\n".join(tests))).said


@pytest.mark.parametrize("words", [["activate", "new.toml"], ["rollback", "1"]])
@pytest.mark.parametrize("flag", ["--dry-run", "-N"])
def test_a_dry_run_says_what_would_move_and_asks_nobody(cli: Cli, words: list[str], flag: str) -> None:
    in_force(cli)
    in_force(cli, RULES.replace("3wd", "4wd"))
    write(cli, STRICTER, "new.toml")
    ran = cli.ok("rules", *words, "--apply", flag, terminal=True, stdin=b"y\n")
    assert "Nothing has changed: --apply puts it in force." in ran.said
    assert len(cli.ok("rules", "history", "--json").json["revisions"]) == 2


def test_who_has_no_earlier_revision_is_told_where_the_built_in_rules_are(cli: Cli) -> None:
    in_force(cli)
    for words in (["rollback"], ["rollback", "0"]):
        assert '"deskterm rules show --rev 0"' in cli("rules", *words).said


def test_the_same_text_is_no_new_revision(cli: Cli) -> None:
    in_force(cli)
    in_force(cli)
    assert len(cli.ok("rules", "history", "--json").json["revisions"]) == 1


def test_a_rollback_is_a_new_revision_with_the_old_text(cli: Cli) -> None:
    in_force(cli)
    in_force(cli, STRICTER)
    assert "is in force as revision 3" in cli.ok("rules", "rollback", "--apply").text
    assert cli.ok("rules", "show").text == RULES
    assert cli.ok("rules", "history", "--plain").lines[0].split("\t")[-1] == "back to revision 1"


@pytest.mark.parametrize(
    ("words", "code"),
    [(["rules", "rollback"], 3), (["rules", "rollback", "9"], 3), (["rules", "rollback", "0"], 3)],
)
def test_a_revision_that_there_is_not_is_refused(cli: Cli, words: list[str], code: int) -> None:
    in_force(cli)
    assert cli(*words, "--apply").code == code


@pytest.mark.parametrize("words", [["activate", "desk.toml"], ["rollback"], ["rebuild"]])
def test_only_leads_put_rules_in_force(cli: Cli, words: list[str]) -> None:
    in_force(cli)
    ran = cli("rules", *words, "--as", "kim")
    assert (ran.code, ran.said) == (1, "deskterm: This needs the role lead; you are agent.\n")


def test_a_difference_names_the_rule_its_place_and_what_is_different(cli: Cli) -> None:
    in_force(cli)
    changed = RULES.replace('id   = "vpn"', 'id   = "wifi"').replace('by = "least_loaded"', 'by = "none"')
    assert cli.ok("rules", "diff", write(cli, changed, "new.toml")).lines == [
        "+ classify wifi (new.toml:9)",
        "- classify vpn (desk.toml:9)",
        "~ route network (new.toml:14): assign",
    ]


def test_rules_that_changed_places_have_moved(cli: Cli) -> None:
    in_force(cli)
    urgent = RULES.index('[[sla]]\nid       = "urgent"')
    office, macro = RULES.index('[[sla]]\nid       = "office"'), RULES.index("[[macro]]")
    swapped = RULES[:urgent] + RULES[office:macro] + RULES[urgent:office] + RULES[macro:]
    lines = cli.ok("rules", "diff", write(cli, swapped, "new.toml")).lines
    assert [line.split(" (")[0][0] + line.split(": ")[-1] for line in lines] == ["^stands in another place"]


def test_comments_are_no_difference_but_lines_are(cli: Cli) -> None:
    in_force(cli)
    path = write(cli, "# new\n" + RULES, "new.toml")
    assert cli.ok("rules", "diff", path).text == "new.toml means the same as the rules in force\n"
    assert "+# new" in cli.ok("rules", "diff", path, "--text").lines


def test_a_desk_without_rules_shows_those_that_are_built_in(cli: Cli) -> None:
    text = cli.ok("rules", "show").text
    assert cli.ok("rules", "check", write(cli, text, "own.toml")).code == 0


def test_rebuild_finds_no_difference_on_a_desk_that_lived(cli: Cli) -> None:
    in_force(cli)
    cli.new("VPN drops", "--type", "incident")
    in_force(cli, STRICTER)
    later = {"DESKTERM_NOW": "2026-03-05T10:00:00Z"}
    cli.ok("timer", "--once", **later)
    assert cli.ok("rules", "rebuild", "--check", **later).text == "1 ticket: no difference\n"


def test_rebuild_names_and_repairs_what_is_wrong(cli: Cli) -> None:
    import sqlite3

    in_force(cli)
    cli.new("VPN drops", "--type", "incident", "-p", "P2")
    with sqlite3.connect(cli.home / "desk.db") as connection:
        connection.execute("UPDATE tickets SET due_first = 7")
    ran = cli("rules", "rebuild", "--check")
    assert (ran.code, ran.lines[0].split(":")[0]) == (1, "#1 due_first")
    cli.ok("rules", "rebuild")
    assert cli("rules", "rebuild", "--check").code == 0


def test_replaying_the_rules_in_force_finds_no_difference(cli: Cli) -> None:
    in_force(cli)
    cli.new("VPN drops", "--type", "incident")
    assert cli.ok("rules", "replay", "--since", "30d").text == "1 ticket: no difference\n"


def test_a_replay_says_where_tickets_would_have_gone(cli: Cli) -> None:
    in_force(cli)
    cli.new("VPN drops", "--type", "incident")
    other = write(cli, RULES.replace('text~"vpn"', 'text~"wifi"'), "new.toml")
    lines = cli.ok("rules", "replay", other, "--since", "2026-03-02").lines
    assert lines[0] == "1 ticket, 1 of them different"
    assert lines[1].startswith("#1 queue net → triage; group network → service-desk;")
    assert cli.ok("rules", "replay", other, "--since", "2026-03-03").text == "0 tickets: no difference\n"
