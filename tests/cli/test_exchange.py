"""Tickets in from elsewhere, the whole desk out and in again, and the desk full of examples."""

import json
from pathlib import Path

from tests.cli.conftest import Cli

MAPPING = """
source = "other"
[file]
format = "jsonl"
times = ["%Y-%m-%d %H:%M"]
zone = "UTC"
[rows]
key = "id"
are = "states"
at = "changed"
[ticket]
subject = "title"
created_at = "opened"
[ticket.status]
column = "state"
map = { New = "new", Done = "closed" }
"""
ROWS = [
    {
        "id": "A1",
        "title": "VPN drops",
        "opened": "2026-01-05 09:00",
        "changed": "2026-01-05 09:00",
        "state": "New",
    },
    {
        "id": "A1",
        "title": "VPN drops",
        "opened": "2026-01-05 09:00",
        "changed": "2026-01-06 09:00",
        "state": "Done",
    },
    {
        "id": "A2",
        "title": "Printer",
        "opened": "2026-01-07 09:00",
        "changed": "2026-01-07 09:00",
        "state": "New",
    },
    {"id": "A3", "title": "Broken", "opened": "yesterday", "changed": "never", "state": "New"},
]


def a_log(home: Path) -> list[str]:
    """An export of another desk and its mapping; the arguments that import it."""
    (home / "log.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), encoding="utf-8")
    (home / "map.toml").write_text(MAPPING, encoding="utf-8")
    return ["import", "log.jsonl", "--mapping", "map.toml"]


def test_a_log_becomes_tickets_and_a_bad_row_goes_elsewhere(cli: Cli) -> None:
    ran = cli.ok(*a_log(cli.home), "--json")
    assert (ran.json["tickets"], ran.json["rejected"]) == (2, 1)
    assert (ran.json["rejects"] in ran.said, Path(ran.json["rejects"]).exists()) == (True, True)
    assert cli.ok("list", "sort:created", "status:new,closed", "--count").text == "2\n"


def test_a_second_import_changes_nothing(cli: Cli) -> None:
    arguments = a_log(cli.home)
    cli.ok(*arguments)
    assert cli.ok(*arguments, "--json").json["tickets"] == 0


def test_a_dry_run_imports_nothing(cli: Cli) -> None:
    cli.ok(*a_log(cli.home), "--dry-run")
    assert cli.ok("list", "status:new,closed", "--count").text == "0\n"


def test_a_person_sees_how_far_it_is_and_a_pipe_does_not(cli: Cli) -> None:
    arguments = a_log(cli.home)
    assert "%" not in cli.ok(*arguments, "--dry-run").said
    assert "%" in cli.ok(*arguments, terminal=True).said


def test_an_export_imported_elsewhere_exports_the_same_bytes(cli: Cli) -> None:
    cli.new("VPN \x1b[31mdrops", "-b", "-", stdin=b"\xff\x00\r\n")
    exported = cli.ok("export")
    (cli.home / "desk.jsonl").write_bytes(exported.out)
    there = {"DESKTERM_DB": str(cli.home / "other.db")}
    report = cli.ok("import", "desk.jsonl", "--json", **there).json
    assert (report["tickets"], cli.ok("export", **there).out) == (1, exported.out)


def test_an_export_may_come_through_a_pipe(cli: Cli) -> None:
    cli.new()
    there = {"DESKTERM_DB": str(cli.home / "other.db")}
    cli.ok("import", "-", stdin=cli.ok("export").out, **there)
    assert cli.ok("list", "--count", **there).text == "1\n"


def test_an_export_replaces_no_file_unless_it_is_told_to(cli: Cli) -> None:
    cli.ok("export", "desk.jsonl")
    ran = cli("export", "desk.jsonl")
    assert (ran.code, ran.said) == (
        2,
        "deskterm: There is a file desk.jsonl already: name another one, or replace it with --force.\n",
    )
    cli.ok("export", "desk.jsonl", "--force")


def test_a_desk_in_use_takes_no_export(cli: Cli) -> None:
    cli.new()
    (cli.home / "desk.jsonl").write_bytes(cli.ok("export").out)
    assert cli("import", "desk.jsonl").code == 1


def test_only_an_admin_imports_and_only_a_lead_exports(cli: Cli) -> None:
    arguments = a_log(cli.home)
    assert (cli(*arguments, "--as", "lee").code, cli("export", "--as", "kim").code) == (1, 1)
    cli.ok("export", "--as", "lee")


def test_what_cannot_be_read_is_one_sentence(empty: Cli) -> None:
    a_log(empty.home)
    for arguments in (["nowhere"], ["log.jsonl"], ["log.jsonl", "--mapping", "nowhere"], ["map.toml"]):
        ran = empty("import", *arguments)
        assert (ran.code, ran.said.count("\n")) == (2, 1)


def test_the_demo_prints_queue_and_dashboard_and_is_made_once(empty: Cli) -> None:
    first, second = empty.ok("demo", "--once"), empty.ok("demo", "--once")
    assert ("Dashboard" in first.text, len(first.lines) > 20) == (True, True)
    assert (first.said.count("\n"), second.said, second.out) == (1, "", first.out)


def test_the_demo_leaves_your_own_desk_alone(cli: Cli) -> None:
    cli.new("mine")
    before = cli.ok("export").out
    cli.ok("demo")
    assert cli.ok("export").out == before


def test_the_demo_of_yesterday_is_thrown_away(empty: Cli) -> None:
    empty.ok("demo", "--once")
    empty.ok("demo", "--once", DESKTERM_NOW="2026-03-03T10:00:00Z")
    assert len(list((empty.home / ".cache" / "deskterm").iterdir())) == 1


def test_a_place_that_cannot_be_written_is_not_said_to_be_unreadable(cli: Cli) -> None:
    ran = cli("export", "nowhere/desk.jsonl")
    assert (ran.code, "cannot be written: No such file" in ran.said) == (2, True)
