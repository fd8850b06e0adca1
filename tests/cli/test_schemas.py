"""Schemas: the JSON of every command is what `deskterm schema COMMAND` says it is."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from deskterm.cli.schemas import SCHEMAS
from tests.cli import rulebench
from tests.cli.conftest import Cli
from tests.cli.test_usage import EVERY

TALKERS = {"app", "schema", "completion"}  # they print no record
NOUNS = {"contact", "org", "agent", "group", "queue", "calendar", "rules", "clock", "macro", "template"}


def a_ticket(cli: Cli) -> None:
    """A ticket with something in every field."""
    path = cli.home / "file.txt"
    path.write_text("x", encoding="utf-8")
    cli.new("VPN drops", "-q", "net", "-b", "x", "-t", "vpn", "--field", "site=Berlin", "--attach", str(path))


def tagged(cli: Cli) -> None:
    """A ticket that got a tag."""
    a_ticket(cli)
    cli.ok("tag", "1", "--add", "urgent")


def resolved(cli: Cli) -> None:
    """A ticket that is resolved."""
    a_ticket(cli)
    cli.ok("pending", "1", "--until", "2d")
    cli.ok("resolve", "1", "--cause", "c", "--solution", "s")


def backed_up(cli: Cli) -> None:
    """A backup of the desk."""
    a_ticket(cli)
    cli.ok("backup", str(cli.home / "old"))


def exported(cli: Cli) -> None:
    """An export of the desk."""
    a_ticket(cli)
    cli.ok("export", "desk.jsonl")


def with_holidays(cli: Cli) -> None:
    """An iCalendar file with one event that is a holiday and one that is not."""
    days = ("BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20261224\nEND:VEVENT", "BEGIN:VEVENT\nDTSTART:soon\nEND:VEVENT")
    (cli.home / "days.ics").write_text("\n".join(days), encoding="utf-8")


def ruled(cli: Cli) -> None:
    """A desk with rules, twice put in force, and a ticket that went through them and ran late."""
    rulebench.in_force(cli)
    rulebench.in_force(cli, rulebench.STRICTER)
    cli.ok("agent", "presence", "online", "kim")
    cli.new("VPN drops", "--type", "incident", "-p", "P2", "--tag", "x")
    cli.ok("reply", "1", "-b", "x", "--as", "kim")
    cli.ok("timer", "--once", DESKTERM_NOW="2026-03-05T10:00:00Z")


def with_a_fault(cli: Cli) -> None:
    """A desk with rules beside a rule file with a fault."""
    ruled(cli)
    rulebench.write(cli, rulebench.RULES.replace("category:network", "categori:network"), "bad.toml")
    rulebench.write(cli, rulebench.RULES.replace('when = \'text~"vpn"', 'when = \'text~"wifi"'), "lax.toml")


Before = Callable[[Cli], None]
RUNS: dict[str, tuple[Before, list[str]]] = {
    "new": (a_ticket, ["new", "X", "-r", "cy@globex.example"]),
    "list": (a_ticket, ["list"]),
    "show": (resolved, ["show", "1"]),
    "reply": (a_ticket, ["reply", "1", "-b", "x"]),
    "note": (a_ticket, ["note", "1", "-b", "x"]),
    "assign": (a_ticket, ["assign", "1", "--to", "kim"]),
    "set": (a_ticket, ["set", "1", "priority=P1"]),
    "tag": (a_ticket, ["tag", "1", "x", "--remove", "vpn"]),
    "attach": (a_ticket, ["attach", "1", __file__]),
    "pending": (a_ticket, ["pending", "1", "--until", "2d"]),
    "hold": (a_ticket, ["hold", "1", "--vendor", "x", "--until", "2d"]),
    "resolve": (a_ticket, ["resolve", "1", "--cause", "c", "--solution", "s", "-b", "x"]),
    "confirm": (resolved, ["confirm", "1", "--comment", "x"]),
    "reject": (resolved, ["reject", "1", "--reason", "x"]),
    "close": (resolved, ["close", "1"]),
    "reopen": (resolved, ["reopen", "1"]),
    "cancel": (a_ticket, ["cancel", "1", "--reason", "x"]),
    "move": (a_ticket, ["move", "1", "on_hold", "--reason", "x"]),
    "contact add": (a_ticket, ["contact", "add", "Cy", "-a", "cy@globex.example"]),
    "contact set": (a_ticket, ["contact", "set", "ann@acme.example", "--vip"]),
    "contact list": (a_ticket, ["contact", "list"]),
    "contact show": (a_ticket, ["contact", "show", "ann@acme.example"]),
    "org add": (a_ticket, ["org", "add", "Globex"]),
    "org set": (a_ticket, ["org", "set", "ACME", "--tier", "silver"]),
    "org list": (a_ticket, ["org", "list"]),
    "agent add": (a_ticket, ["agent", "add", "eve"]),
    "agent set": (a_ticket, ["agent", "set", "kim", "--name", "Kim K."]),
    "agent list": (a_ticket, ["agent", "list"]),
    "group add": (a_ticket, ["group", "add", "hr"]),
    "group set": (a_ticket, ["group", "set", "network", "--title", "Net"]),
    "group list": (a_ticket, ["group", "list"]),
    "queue add": (a_ticket, ["queue", "add", "hr"]),
    "queue set": (a_ticket, ["queue", "set", "net", "--title", "Net"]),
    "queue list": (a_ticket, ["queue", "list"]),
    "calendar list": (a_ticket, ["calendar", "list"]),
    "calendar show": (a_ticket, ["calendar", "show"]),
    "calendar due": (a_ticket, ["calendar", "due", "4h"]),
    "calendar elapsed": (a_ticket, ["calendar", "elapsed", "2026-03-02", "2026-03-03"]),
    "calendar import": (with_holidays, ["calendar", "import", "days.ics"]),
    "agent presence": (a_ticket, ["agent", "presence", "away", "kim"]),
    "agent out": (a_ticket, ["agent", "out", "kim", "--until", "2d", "--substitute", "lee"]),
    "agent back": (a_ticket, ["agent", "back", "kim"]),
    "rules check": (ruled, ["rules", "check", "desk.toml"]),
    "rules lint": (ruled, ["rules", "lint", "desk.toml"]),
    "rules test": (ruled, ["rules", "test", "desk.toml"]),
    "rules diff": (ruled, ["rules", "diff", "desk.toml"]),
    "rules show": (ruled, ["rules", "show"]),
    "rules history": (ruled, ["rules", "history"]),
    "rules activate": (ruled, ["rules", "activate", "desk.toml"]),
    "rules rollback": (ruled, ["rules", "rollback", "--apply"]),
    "rules rebuild": (ruled, ["rules", "rebuild", "--check"]),
    "rules replay": (with_a_fault, ["rules", "replay", "lax.toml", "--since", "30d"]),
    "rules explain": (ruled, ["rules", "explain", "1"]),
    "explain": (ruled, ["explain", "1"]),
    "macro list": (ruled, ["macro", "list", "1"]),
    "macro run": (ruled, ["macro", "run", "1", "to-vendor", "--answer", "number=7"]),
    "undo": (tagged, ["undo", "1"]),
    "reroute": (ruled, ["reroute", "1"]),
    "clock void": (ruled, ["clock", "void", "1", "20", "--reason", "x"]),
    "clock exempt": (ruled, ["clock", "exempt", "1", "--reason", "x"]),
    "clock due": (ruled, ["clock", "due", "1", "resolution", "2026-03-20"]),
    "timer": (ruled, ["timer", "--once"]),
    "template list": (a_ticket, ["template", "list"]),
    "template show": (a_ticket, ["template", "show", "ack"]),
    "template render": (a_ticket, ["template", "render", "ack", "1"]),
    "init": (a_ticket, ["init"]),
    "doctor": (a_ticket, ["doctor"]),
    "backup": (a_ticket, ["backup", "copy"]),
    "export": (a_ticket, ["export", "desk.jsonl"]),
    "import": (exported, ["import", "desk.jsonl", "--db", "new.db"]),
    "demo": (a_ticket, ["demo", "--once"]),
    "restore": (backed_up, ["restore", "old", "--db", "new.db"]),
}


def validator(cli: Cli, command: str) -> Draft202012Validator:
    """What `deskterm schema` prints for a command, as a validator."""
    schema = cli.ok("schema", *command.split()).json
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults(cli: Cli, command: str, answer: Any) -> list[str]:
    """Where an answer is not what its schema says."""
    return [f"{each.json_path}: {each.message}" for each in validator(cli, command).iter_errors(answer)]


def test_every_command_that_answers_has_a_schema_and_a_run_here() -> None:
    assert {name for name in EVERY if name not in TALKERS | NOUNS} == set(SCHEMAS) - {"error"} == set(RUNS)


@pytest.mark.parametrize("command", RUNS)
def test_the_answer_of_a_command_is_what_its_schema_says(cli: Cli, command: str) -> None:
    before, words = RUNS[command]
    before(cli)
    assert faults(cli, command, cli.ok(*words, "--json").json) == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("rules check", ["rules", "check", "bad.toml", "desk.toml"]),
        ("rules diff", ["rules", "diff", "desk.toml", "--text"]),
        ("rules show", ["rules", "show", "--rev", "1"]),
        ("explain", ["explain", "1", "--file", "desk.toml"]),
        ("macro list", ["macro", "list"]),
        ("rules activate", ["rules", "activate", "desk.toml", "--apply"]),
    ],
)
def test_other_answers_about_rules_are_what_their_schema_says(
    cli: Cli, command: str, words: list[str]
) -> None:
    with_a_fault(cli)
    assert faults(cli, command, cli(*words, "--json").json) == []


@pytest.mark.parametrize(
    "words",
    [
        ["assign", "1", "--to", "kim", "--dry-run"],
        ["tag", "9", "x"],
        ["resolve", "1"],
        ["tag", "1", "x", "--key", "k"],
    ],
)
def test_results_of_every_outcome_are_what_their_schema_says(cli: Cli, words: list[str]) -> None:
    a_ticket(cli)
    for _ in range(2):
        assert faults(cli, words[0], cli(*words, "--json").json) == []


def test_a_count_is_what_the_schema_says(cli: Cli) -> None:
    assert faults(cli, "list", cli.ok("list", "--count", "--json").json) == []


@pytest.mark.parametrize(
    "words", [["show", "9"], ["new", "X", "-q", "nte"], ["list", "stat:x"], ["show"], ["tag", "9", "x"]]
)
def test_an_error_is_what_its_schema_says(cli: Cli, words: list[str]) -> None:
    assert faults(cli, "error", json.loads(cli(*words, "--json").err)) == []


def test_a_schema_notices_what_is_missing_and_what_is_too_much(cli: Cli) -> None:
    a_ticket(cli)
    answer = cli.ok("show", "1", "--json").json
    del answer["subject"]
    answer["colour"] = "red"
    assert len(faults(cli, "show", answer)) == 2


def test_the_schemas_are_listed(empty: Cli) -> None:
    assert empty.ok("schema").lines == list(SCHEMAS)
