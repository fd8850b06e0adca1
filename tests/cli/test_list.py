"""`deskterm list`: pages, streams, columns, and a form for everybody."""

import csv
import io
import json

import pytest

from deskterm.cli.present import sla
from deskterm.rules.clean import cell_width
from deskterm.screens.glyphs import UNICODE
from deskterm.screens.present import sla_cell
from tests.cli.conftest import NOW_AT, Cli


def test_a_list_stops_at_a_page_and_says_how_to_go_on(many: Cli) -> None:
    ran = many.ok("list")
    assert len(ran.lines) == 51
    assert "--limit 0" in ran.said


def test_pages_joined_by_their_cursors_are_the_whole_list(many: Cli) -> None:
    found, after = [], None
    while True:
        page = many.ok("list", "--limit", "25", "--json", *(["--after", after] if after else [])).json
        found += [each["id"] for each in page["tickets"]]
        after = page["after"]
        if after is None:
            break
    whole = [json.loads(line)["id"] for line in many.ok("list", "--limit", "0", "--jsonl").lines]
    assert (found, len(found)) == (whole, 60)


def test_limit_0_lists_all_in_one_document(many: Cli) -> None:
    page = many.ok("list", "--limit", "0", "--json").json
    assert (len(page["tickets"]), page["after"]) == (60, None)


def test_a_stream_that_was_cut_says_so_on_stderr(many: Cli) -> None:
    ran = many.ok("list", "--jsonl")
    assert (len(ran.lines), "--limit 0" in ran.said) == (50, True)


def test_a_query_may_come_in_several_words(many: Cli) -> None:
    assert many.ok("list", "tag:vpn", "queue:net", "--count").text == "2\n"


def test_count_counts_all(many: Cli) -> None:
    assert (many.ok("list", "--count").text, many.ok("list", "--count", "--json").json) == (
        "60\n",
        {"count": 60},
    )


def test_without_a_query_only_what_is_open_is_listed(cli: Cli) -> None:
    cli.new()
    cli.ok("cancel", "1", "--reason", "test")
    cli.new()
    assert [each["id"] for each in cli.ok("list", "--json").json["tickets"]] == [2]


def test_a_view_has_a_name_and_may_be_narrowed(many: Cli) -> None:
    many.ok("assign", "1", "2", "4", "--to", "lee", "-g", "network")
    assert many.ok("list", "--view", "mine", "--count", "--as", "lee").text == "3\n"
    assert many.ok("list", "queue:net", "--view", "mine", "--count", "--as", "lee").text == "2\n"


def test_an_unknown_view_names_the_views(cli: Cli) -> None:
    ran = cli("list", "--view", "mien")
    assert (ran.code, "mine, unassigned" in ran.said) == (2, True)


def test_plain_is_tabs_between_raw_values_and_nothing_around(cli: Cli) -> None:
    cli.new("VPN drops", "-q", "net")
    assert cli.ok("list", "--plain").text.split("\t") == [
        *("1", "new", "P3", "net", "network", "", "ann@acme.example", "VPN drops"),
        *("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", "2026-03-02T18:00:00Z\n"),
    ]


def test_columns_are_chosen_by_name(cli: Cli) -> None:
    cli.new("VPN drops", "-t", "a", "-t", "b")
    assert cli.ok("list", "--plain", "--columns", "subject,tags,id").text == "VPN drops\ta,b\t1\n"


def test_an_unknown_column_names_the_nearest(cli: Cli) -> None:
    ran = cli("list", "--columns", "subjct")
    assert (ran.code, "Valid: subject." in ran.said) == (2, True)


@pytest.mark.parametrize(
    "subject", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", "plain", 'quote " and, comma']
)
def test_a_spreadsheet_computes_nothing(cli: Cli, subject: str) -> None:
    cli.new("X")
    cli.ok("set", "1", f"subject={subject}")
    [cell] = list(csv.DictReader(io.StringIO(cli.ok("list", "--csv").text)))
    assert not cell["subject"].startswith(("=", "+", "-", "@", "＝", "\t"))
    assert cell["subject"].lstrip("'") == subject.strip()


def test_raw_leaves_the_cells_as_they_are(cli: Cli) -> None:
    cli.ok("new", "-s", "=1+1")
    assert "=1+1" in cli.ok("list", "--csv", "--raw", "--columns", "subject").lines


def test_a_table_fits_the_terminal_and_keeps_wide_text_aligned(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    cli.new("打印机无法连接" * 20)
    cli.new("Printer " * 40)
    ran = cli.ok("list", terminal=True)
    plain = [line.replace("\x1b[1m", "").replace("\x1b[0m", "") for line in ran.lines]
    assert max(map(cell_width, plain)) <= 80
    places = {cell_width(line[: line.index("ann@")]) for line in plain[1:]}
    assert len(places) == 1


def test_long_subjects_and_long_addresses_give_way_alike(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    cli.ok("new", "Printer " * 10, "-r", "somebody.with.a.long.name@sinopump-engineering.example")
    title = cli.ok("list", terminal=True, NO_COLOR="1").lines[0]
    subject, requester = (title.index(name) for name in ("requester", "assignee"))
    assert abs((subject - title.index("subject")) - (requester - subject)) <= 1
    assert title.endswith("age")


def test_a_pipe_gets_whole_texts(cli: Cli) -> None:
    cli.new("word " * 100)
    assert ("word " * 100).strip() in cli.ok("list").text


def test_a_pipe_gets_no_colour_and_a_terminal_only_when_it_is_wanted(cli: Cli) -> None:
    cli.new()
    assert "\x1b" not in cli.ok("list").text
    assert "\x1b[1m" in cli.ok("list", terminal=True).text
    assert "\x1b" not in cli.ok("list", terminal=True, NO_COLOR="1").text


def test_times_for_people_are_in_the_viewers_zone(cli: Cli) -> None:
    cli.new()
    columns = ("--columns", "created")
    assert cli.ok("list", *columns, "--tz", "Asia/Shanghai").lines[1] == "2026-03-02 18:00"
    assert cli.ok("list", *columns, DESKTERM_TZ="America/New_York").lines[1] == "2026-03-02 05:00"


def test_ages_and_dues_are_relative_to_now(cli: Cli) -> None:
    cli.new()
    line = cli.ok("list", "--columns", "id,age,sla", DESKTERM_NOW="2026-03-02T13:00:00Z").lines[1]
    assert line.split() == ["1", "3h", "5:00"]


def test_ascii_stays_in_ascii(cli: Cli) -> None:
    cli.new()
    ran = cli.ok("list", "--ascii", DESKTERM_NOW="2026-03-20T10:00:00Z")
    assert (ran.text.isascii(), " x -" in ran.text) == (True, True)


@pytest.mark.parametrize(
    "query", ["stat:open", "status:opne", "(", "priority:", "created>yesterdya", '"unclosed', "sort:bogus"]
)
def test_a_wrong_query_exits_2_in_one_sentence(cli: Cli, query: str) -> None:
    ran = cli("list", query)
    assert (ran.code, ran.text, ran.said.count("\n")) == (2, "", 1)


def test_an_error_of_a_query_names_its_column(cli: Cli) -> None:
    assert cli("list", "is:open stat:new", "--json").error["column"] == 9


def test_a_wrong_cursor_is_refused(cli: Cli) -> None:
    assert cli("list", "--after", "bogus").code == 2


def test_instants_are_shown_twice(cli: Cli) -> None:
    cli.new()
    [row] = cli.ok("list", "--json").json["tickets"]
    assert (row["created"], row["created_at"]) == ("2026-03-02T10:00:00Z", NOW_AT)


def test_a_requester_sees_his_own_tickets_alone(cli: Cli) -> None:
    cli.new()
    cli.ok("new", "Y", "-r", "bo@globex.example")
    page = cli.ok("list", "--json", "--as", "bo@globex.example").json
    assert [row["subject"] for row in page["tickets"]] == ["Y"]
    assert cli("show", "1", "--as", "bo@globex.example").code == 3


def test_flags_of_the_form_may_stand_before_the_command(cli: Cli) -> None:
    cli.new()
    assert cli.ok("--json", "list").out == cli.ok("list", "--json").out
    assert cli.ok("--tz", "Asia/Shanghai", "list", "--columns", "created").lines[1] == "2026-03-02 18:00"


def test_deskterm_alone_prints_the_queue_where_there_is_no_terminal(cli: Cli) -> None:
    cli.new("VPN drops")
    assert "VPN drops" in cli.ok().text


def test_raw_cells_are_as_clean_as_any(cli: Cli) -> None:
    cli.ok("new", "-s", "=1+1\x1b[31m\u202e\nnext")
    cell = cli.ok("list", "--csv", "--raw", "--columns", "subject").lines[1]
    assert cell == "=1+1\ufffd[31m<U+202E> next"


@pytest.mark.parametrize(
    ("state", "due", "wanted"),
    [
        ("ok", 7 * 3600 + 59 * 60 + 58, "7:59"),
        ("ok", 59, "0:00"),
        ("warn", 41 * 60, "◔ 0:41"),
        ("ok", -12 * 60, "✗ -0:12"),
        ("overdue", -12 * 60, "✗ -0:12"),
        ("ok", 99 * 3600, "99:00"),
        ("ok", 100 * 3600, "4d"),
        ("paused", None, "‖ paused"),
        ("met", None, "✓ met"),
        ("breached", None, "✗ missed"),
        ("overdue", None, "✗ overdue"),
        ("none", None, "–"),
    ],
)
def test_the_clock_of_a_ticket_reads_as_on_the_screens(state: str, due: int | None, wanted: str) -> None:
    at = None if due is None else NOW_AT + due
    assert sla(state, at, NOW_AT) == wanted == sla_cell(state, at, NOW_AT, UNICODE)[0].strip()


def test_a_requester_without_an_address_is_named(cli: Cli) -> None:
    cli.ok("new", "Mine")
    assert cli.ok("list", "--columns", "id,requester").lines[1].split() == ["1", "ada"]
    assert cli.ok("list", "--columns", "id,requester", "--plain").text == "1\t\n"
