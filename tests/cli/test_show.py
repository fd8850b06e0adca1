"""`deskterm show`: a ticket for its agent, and for its requester."""

import csv
import io

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def told(cli: Cli) -> Cli:
    """A ticket with a question, a secret and an answer."""
    cli.new("VPN drops", "-q", "net", "-b", "Every hour.", "-t", "vpn", "--field", "site=Berlin")
    cli.ok("assign", "1", "--to", "kim")
    cli.ok("note", "1", "-b", "SECRET: budget", "--as", "kim")
    cli.ok("reply", "1", "-b", "We look\ninto it.", "--as", "kim")
    return cli


def test_a_ticket_reads_like_a_conversation(told: Cli) -> None:
    assert told.ok("show", "1").text == (
        "#1 VPN drops\n"
        "status: open, P3\n"
        "requester: Ann Li <ann@acme.example>\n"
        "organization: ACME, gold\n"
        "queue: net, network\n"
        "assignee: Kim <kim>\n"
        "tags: vpn\n"
        "SLA: 72:00\n"
        "created: 2026-03-02 10:00\n"
        "updated: 2026-03-02 10:00\n"
        "site: Berlin\n"
        "\n"
        "2026-03-02 10:00  ada: message of the requester\n"
        "│ Every hour.\n"
        "\n"
        "2026-03-02 10:00  Kim <kim>: internal note\n"
        "┆ SECRET: budget\n"
        "\n"
        "2026-03-02 10:00  Kim <kim>: public reply\n"
        "│ We look\n"
        "│ into it.\n"
    )


@pytest.mark.parametrize("form", [[], ["--history"], ["--json"], ["--csv"], ["--plain"], ["--jsonl"]])
@pytest.mark.parametrize("how", [["--public"], ["--as", "ann@acme.example"]])
def test_nothing_internal_is_in_any_public_form(told: Cli, form: list[str], how: list[str]) -> None:
    out = told.ok("show", "1", *form, *how).out
    assert (b"SECRET" in out, b"We look" in out) == (False, True)


def test_the_history_says_because_of_what(told: Cli) -> None:
    text = told.ok("show", "1", "--history").text
    assert "ada: assignee none → kim [action assign]" in text


def test_a_number_may_be_written_with_its_sign(told: Cli) -> None:
    assert told.ok("show", "#1").out == told.ok("show", "1").out


def test_a_ticket_speaks_chinese(told: Cli) -> None:
    lines = told.ok("show", "1", "--lang", "zh_CN").lines
    assert (lines[1], lines[2]) == ("状态：处理中、P3", "请求人：Ann Li <ann@acme.example>")


def test_times_are_in_the_viewers_zone(told: Cli) -> None:
    assert "created: 2026-03-02 18:00" in told.ok("show", "1", "--tz", "Asia/Shanghai").lines


def test_ascii_draws_with_ascii(told: Cli) -> None:
    text = told.ok("show", "1", "--ascii", "--history").text
    assert (text.isascii(), ": SECRET" in text, "| We look" in text, "none -> kim" in text) == (True,) * 4


def test_an_agent_with_a_zone_of_his_own_sees_times_in_it(told: Cli) -> None:
    told.ok("agent", "set", "kim", "--timezone", "Asia/Shanghai")
    lines = told.ok("show", "1", "--as", "kim", DESKTERM_TZ="").lines
    assert "created: 2026-03-02 18:00" in lines


def test_plain_begins_with_the_facts_a_name_and_a_value_a_line(told: Cli) -> None:
    told.ok("resolve", "1", "--cause", "old client", "--solution", "new\nclient")
    lines = [line.split("\t") for line in told.ok("show", "1", "--plain").lines]
    facts = {line[0]: line[1] for line in lines if len(line) == 2}
    wanted = {
        "id": "1",
        "subject": "VPN drops",
        "status": "resolved",
        "queue": "net",
        "assignee": "kim",
        "requester": "ann@acme.example",
        "tags": "vpn",
        "created": "2026-03-02T10:00:00Z",
        "sla_state": "met",
        "cause": "old client",
        "solution": "new client",
        "cf.site": "Berlin",
        "vendor": "",
    }
    assert {name: facts[name] for name in wanted} == wanted
    assert [len(line) for line in lines] == sorted(len(line) for line in lines)


def test_csv_is_one_table_with_the_facts_as_its_first_rows(told: Cli) -> None:
    rows = list(csv.DictReader(io.StringIO(told.ok("show", "1", "--csv").text)))
    facts = {row["told"]: row["text"] for row in rows if row["kind"] == "field" and not row["time"]}
    assert (facts["subject"], facts["assignee"], rows[-1]["text"]) == ("VPN drops", "kim", "We look into it.")


def test_the_public_facts_are_those_of_the_public_json(told: Cli) -> None:
    told.ok("hold", "1", "--vendor", "SECRET", "--reason", "SECRET")
    assert "SECRET" not in told.ok("show", "1", "--plain", "--public").text


def test_a_requester_is_not_told_of_a_queue_he_does_not_see(told: Cli) -> None:
    assert "2026-03-02 10:00  ada: opened" in told.ok("show", "1", "--public", "--history").lines


def test_the_history_speaks_chinese(told: Cli) -> None:
    told.ok("resolve", "1", "--cause", "c", "--solution", "s")
    told.ok("confirm", "1")
    text = told.ok("show", "1", "--history", "--lang", "zh_CN").text
    assert ("confirmed" in text, "action" in text, "(已确认)" in text) == (False, False, True)
