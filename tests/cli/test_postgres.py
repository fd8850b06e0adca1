"""The same command line on a real Postgres, and what it says when the server will not have it."""

import pytest

from tests.cli.conftest import Cli
from tests.cli.rulebench import STRICTER, in_force


@pytest.fixture
def cli_on_pg(empty: Cli, pg_database: str) -> Cli:
    """A command line whose desk lies on Postgres."""
    empty.environment["DESKTERM_DB"] = pg_database
    return empty


def test_a_ticket_lives_on_postgres_as_it_does_in_a_file(cli_on_pg: Cli) -> None:
    cli = cli_on_pg
    cli.new("VPN \x00\udc80 drops", "-b", "-", stdin=b"\xff\x00\r\n")
    cli.ok("assign", "1", "--to", "ada")
    cli.ok("resolve", "1", "--cause", "c", "--solution", "s")
    found = cli.show("1")
    assert (found["subject"], found["status"]) == ("VPN \x00\udc80 drops", "resolved")
    assert cli.ok("list", "status:resolved", "--count").text == "1\n"


def test_a_desk_in_a_file_goes_to_postgres_and_exports_the_same_bytes(cli: Cli, pg_database: str) -> None:
    cli.new("VPN drops", "-b", "x", "-t", "vpn")
    exported = cli.ok("export").out
    cli.ok("import", "-", stdin=exported, DESKTERM_DB=pg_database)
    assert cli.ok("export", DESKTERM_DB=pg_database).out == exported


def test_rules_come_into_force_explain_and_go_back_on_postgres(cli_on_pg: Cli) -> None:
    cli = cli_on_pg
    cli.ok("group", "add", "network", "--member", "ada")
    cli.ok("queue", "add", "net", "--group", "network")
    in_force(cli)
    cli.new("VPN drops", "--type", "incident", "-p", "P2")
    in_force(cli, STRICTER)
    later = {"DESKTERM_NOW": "2026-03-04T10:00:00Z"}
    assert cli.ok("timer", "--once", **later).text == "looked at 1 ticket, did something on 1\n"
    found = cli.ok("explain", "1", "--json", **later).json["explanations"][0]
    assert [clock["elapsed"] for clock in found["clocks"]] == [
        sum(each["counted"] for each in clock["stretches"]) for clock in found["clocks"]
    ]
    assert [each["outcome"] for each in found["firings"]] == ["done"]
    cli.ok("rules", "rollback", "--apply", **later)
    assert [each["note"] for each in cli.ok("rules", "history", "--json").json["revisions"]] == [
        "back to revision 1",
        "",
        "",
    ]
    assert cli.ok("rules", "rebuild", "--check", **later).text == "1 ticket: no difference\n"


def test_a_missing_database_is_one_sentence_and_code_5(empty: Cli, pg_database: str) -> None:
    ran = empty("list", DESKTERM_DB=f"{pg_database}_not_there")
    assert (ran.code, ran.text, ran.said.count("\n")) == (5, "", 1)
