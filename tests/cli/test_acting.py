"""Acting on tickets: one or many; every refusal is reported and none stops the rest."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import NOW_AT, Cli


def test_a_ticket_lives_from_new_to_closed(cli: Cli) -> None:
    number = cli.new("VPN drops", "-q", "net", "-b", "every hour")
    cli.ok("assign", number, "--to", "kim")
    cli.ok("reply", number, "-b", "Which town?", "--as", "kim")
    cli.ok("pending", number, "--reason", "town", "--until", "2d", "--as", "kim")
    cli.ok("reply", number, "-b", "Berlin", "--as", "ann@acme.example")
    cli.ok("resolve", number, "--cause", "old client", "--solution", "updated it", "--as", "kim")
    cli.ok("reject", number, "--reason", "still drops", "--as", "ann@acme.example")
    cli.ok("hold", number, "--vendor", "Carrier", "--until", "2026-03-05", "--as", "kim")
    cli.ok("resolve", number, "--cause", "line", "--solution", "new line", "-b", "Try again", "--as", "kim")
    cli.ok("confirm", number, "--comment", "thanks", "--as", "ann@acme.example")
    found = cli.show(number)
    moves = [row["facts"]["new"] for row in found["timeline"] if row["kind"] == "status"]
    assert moves == ["open", "pending", "open", "resolved", "open", "on_hold", "resolved", "closed"]
    assert (found["cause"], found["solution"], found["reopen_count"]) == ("line", "new line", 1)


def test_the_answer_says_what_changed(cli: Cli) -> None:
    number = cli.new("VPN drops", "-q", "net")
    ran = cli.ok("assign", number, "--to", "kim")
    assert ran.text == "#1 assignee none → kim; status new → open\n"


def test_an_action_that_changes_nothing_says_so(cli: Cli) -> None:
    number = cli.new("VPN drops", "-q", "net", "-a", "kim")
    assert cli.ok("assign", number, "--to", "kim").text == "#1 nothing to change\n"


def test_a_dry_run_promises_and_does_nothing(cli: Cli) -> None:
    number = cli.new("VPN drops", "-q", "net")
    ran = cli.ok("assign", number, "--to", "kim", "--dry-run")
    assert (ran.text, cli.show(number)["assignee"]) == (
        "#1 would: assignee none → kim; status new → open\n",
        "",
    )


def test_tickets_come_from_the_list_before_the_pipe(many: Cli) -> None:
    for form in ("--jsonl", "--plain"):
        listed = many.ok("list", "tag:vpn", form)
        assert len(many.ok("set", "-", "priority=P2", stdin=listed.out).lines) == 5
    assert many.ok("list", "tag:vpn", "priority:P2", "--count").text == "5\n"


def test_tickets_are_taken_once_each_in_their_order(cli: Cli) -> None:
    for _ in range(3):
        cli.new()
    ran = cli.ok("tag", "3", "-", "#1", "vpn", stdin=b'1\n{"ticket": 2}\n\n3\n')
    assert [line.split()[0] for line in ran.lines] == ["#3", "#1", "#2"]


def test_no_ticket_on_stdin_is_no_error(cli: Cli) -> None:
    ran = cli.ok("tag", "-", "vpn", "--json")
    assert ran.json == {"results": []}


def test_a_bulk_run_goes_on_after_a_refusal_and_exits_with_the_worst_code(cli: Cli) -> None:
    cli.new("A", "-q", "net")
    cli.new("B", "-q", "triage")
    ran = cli("assign", "1", "2", "99", "--to", "kim")
    assert (ran.code, ran.lines) == (3, ["#1 assignee none → kim; status new → open"])
    refusals = [line.split(" ", 2)[1] for line in ran.said.splitlines()]
    assert refusals == ["#2:", "#99:"]


def test_a_bulk_run_in_json_tells_of_each_ticket(cli: Cli) -> None:
    cli.new("A", "-q", "net")
    ran = cli("assign", "1", "99", "--to", "kim", "--json")
    results = ran.json["results"]
    assert [(each["ticket"], each["ok"]) for each in results] == [(1, True), (99, False)]
    assert results[1]["error"]["code"] == json.loads(ran.err)["error"]["code"] == "ticket.missing"


def test_a_bulk_run_as_jsonl_is_a_stream(cli: Cli) -> None:
    cli.new()
    cli.new()
    lines = cli.ok("tag", "1", "2", "vpn", "--jsonl").lines
    assert [json.loads(line)["ticket"] for line in lines] == [1, 2]


def test_results_are_rows_too(cli: Cli) -> None:
    cli.new()
    assert cli.ok("tag", "1", "vpn", "--csv").lines == ["ticket,version,result,told", "1,2,ok,tags +vpn"]


@pytest.mark.parametrize(
    "text", ["x", "1.5", "", "-", "９", "9" * 40, "0x1", '{"id": "1"}', "{}", "[1]", "{"]
)
def test_what_is_no_number_is_refused(cli: Cli, text: str) -> None:
    ran = cli("assign", "-", "--to", "kim", stdin=text.encode() or b"?")
    assert (ran.code, ran.text) == (2, "")


def test_stdin_can_be_read_once(cli: Cli) -> None:
    cli.new()
    assert cli("reply", "-", "-b", "-", stdin=b"1\n").code == 2


def test_a_version_that_moved_is_refused_as_stale(cli: Cli) -> None:
    cli.new()
    cli.ok("tag", "1", "vpn", "--seen", "1")
    ran = cli("tag", "1", "other", "--seen", "1")
    assert (ran.code, "ada" in ran.said) == (4, True)


def test_a_seen_version_is_for_one_ticket(cli: Cli) -> None:
    assert cli("tag", "1", "2", "vpn", "--seen", "1").code == 2


def test_a_key_does_the_same_thing_once_per_ticket(cli: Cli) -> None:
    cli.new()
    cli.new()
    for _ in range(2):
        cli.ok("note", "1", "2", "-b", "x", "--key", "job-7")
    assert (cli.bodies("1"), cli.bodies("2")) == (["x"], ["x"])


def test_a_replayed_action_says_so(cli: Cli) -> None:
    cli.new()
    cli.ok("tag", "1", "vpn", "--key", "k")
    assert cli.ok("tag", "1", "vpn", "--key", "k").text == "#1 done before: tags +vpn\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["resolve", "1"], 1),
        (["confirm", "1"], 1),
        (["cancel", "1"], 1),
        (["hold", "1"], 1),
        (["reject", "1", "--reason", "x"], 1),
        (["close", "1", "--as", "kim"], 1),
        (["note", "1", "-b", "x", "--as", "ann@acme.example"], 1),
        (["agent", "add", "eve", "--as", "kim"], 1),
        (["assign", "1", "--to", "lou"], 1),
        (["assign", "1"], 2),
        (["assign", "1", "--to", "nobody"], 2),
        (["assign", "1", "--to", "kim", "--nobody"], 2),
        (["set", "1"], 2),
        (["set", "priority=P1"], 2),
        (["set", "1", "colour=red"], 2),
        (["set", "1", "priority=P9"], 2),
        (["tag", "1"], 2),
        (["pending", "1", "--until", "yesterday-ish"], 2),
        (["pending", "1", "--until", "2020-01-01"], 2),
        (["attach", "1", "/nowhere"], 2),
        (["show", "99"], 3),
        (["tag", "99", "x"], 3),
        (["contact", "show", "nobody@example.com"], 3),
        (["list", "--as", "nobody"], 2),
        (["list", "--as", "nobody@example.com"], 3),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_each_refusal_has_its_code_and_one_sentence(cli: Cli, arguments: list[str], code: int) -> None:
    cli.new("A", "-q", "net")
    ran = cli(*arguments)
    assert (ran.code, ran.text, ran.said.count("\n")) == (code, "", 1)


def test_an_unknown_user_of_the_system_is_told_what_to_do(cli: Cli) -> None:
    ran = cli("list", login="mallory")
    assert (ran.code, "--as" in ran.said, "agent add mallory" in ran.said) == (3, True, True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3h", 10800), ("2d", 172800), ("1h30m", 5400), ("16:30", 23400), ("09:00", 82800), ("tomorrow", 82800)],
)
def test_a_wake_up_time_is_relative_to_now(cli: Cli, text: str, seconds: int) -> None:
    cli.new()
    cli.ok("pending", "1", "--until", text)
    assert cli.show("1")["wake_at"] == NOW_AT + seconds


@pytest.mark.parametrize(
    ("text", "wanted"), [("2026-03-05", "2026-03-05T01:00:00Z"), ("2026-03-05T10:00", "2026-03-05T02:00:00Z")]
)
def test_a_wake_up_time_is_local_to_the_viewer(cli: Cli, text: str, wanted: str) -> None:
    cli.new()
    ran = cli.ok("pending", "1", "--until", text, "--tz", "Asia/Shanghai")
    assert cli.show("1")["wake"] == wanted
    assert "until 2026-03-05" in ran.text


def test_fields_may_be_flags_or_pairs(cli: Cli) -> None:
    cli.new()
    cli.ok("set", "1", "priority=P1", "--type", "incident", "--field", "site=Berlin", "cf.floor=3")
    found = cli.show("1")
    assert (found["priority"], found["type"], found["custom"]) == (
        "P1",
        "incident",
        {"site": "Berlin", "floor": "3"},
    )


def test_an_empty_value_clears_a_field(cli: Cli) -> None:
    cli.new("X", "--category", "hardware")
    cli.ok("set", "1", "category=")
    assert cli.show("1")["category"] == ""


def test_nobody_takes_a_ticket_from_its_assignee(cli: Cli) -> None:
    cli.new("X", "-q", "net", "-a", "kim")
    cli.ok("assign", "1", "--nobody")
    assert cli.show("1")["assignee"] == ""


def test_tags_come_and_go(cli: Cli) -> None:
    cli.new("X", "-t", "old")
    cli.ok("tag", "1", "+vpn", "berlin", "--add", "2026", "--remove", "old")
    assert cli.show("1")["tags"] == ["2026", "berlin", "vpn"]


def test_files_are_stored_once_and_internal_ones_stay_internal(cli: Cli) -> None:
    secret, shared = cli.home / "secret.txt", cli.home / "shared.txt"
    secret.write_text("the same", encoding="utf-8")
    shared.write_text("the same", encoding="utf-8")
    cli.new("X", "-b", "see file", "--attach", str(shared))
    cli.ok("attach", "1", str(secret))
    everything, public = cli.show("1"), cli.show("1", "--public")
    assert {each["digest"] for each in everything["attachments"]} == {public["attachments"][0]["digest"]}
    assert [each["name"] for each in public["attachments"]] == ["shared.txt"]
    assert b"secret" not in cli.ok("show", "1", "--public").out


def test_a_dry_run_stores_no_file(cli: Cli) -> None:
    cli.new()
    path = cli.home / "file.txt"
    path.write_text("content", encoding="utf-8")
    before = sorted(cli.home.rglob("*"))
    cli.ok("attach", "1", str(path), "--dry-run")
    assert sorted(cli.home.rglob("*")) == before


@pytest.mark.parametrize("text", ["", " ", "soon", "25:00"])
@pytest.mark.parametrize("command", ["pending", "hold"])
def test_an_empty_or_unknown_time_is_refused(cli: Cli, command: str, text: str) -> None:
    cli.new()
    ran = cli(command, "1", "--until", text)
    assert (ran.code, "is not a time. Valid: 3h" in ran.said) == (2, True)


@pytest.mark.parametrize("text", ["9999-12-31", "9999-01-02", "9999-06-01T10:00Z"])
def test_a_time_beyond_all_calendars_is_refused(cli: Cli, text: str) -> None:
    cli.new()
    ran = cli("pending", "1", "--until", text)
    said = f'deskterm: "{text}" is too far away: name a time before the year 9999.\n'
    assert (ran.code, ran.said) == (2, said)


def test_the_last_day_that_can_be_named_is_kept(cli: Cli) -> None:
    cli.new()
    cli.ok("pending", "1", "--until", "9998-12-31T10:00Z")
    assert cli.show("1")["wake"] == "9998-12-31T10:00:00Z"


@pytest.mark.parametrize("login", ["ada", "kim"])
def test_me_is_the_agent_who_acts(cli: Cli, login: str) -> None:
    cli.new("X", "-q", "net")
    cli.ok("assign", "1", "--to", "me", "-g", "network" if login == "kim" else "service-desk", "--as", login)
    assert cli.show("1")["assignee"] == login


def test_a_new_ticket_may_be_mine(cli: Cli) -> None:
    cli.ok("new", "X", "-a", "me")
    assert cli.show("1")["assignee"] == "ada"


def test_me_is_nobody_for_a_requester(cli: Cli) -> None:
    cli.new()
    assert cli("assign", "1", "--to", "me", "--as", "ann@acme.example").code == 1


def test_a_misspelt_field_names_the_nearest(cli: Cli) -> None:
    cli.new()
    ran = cli("set", "1", "prioritty=P1")
    assert (ran.code, ran.said) == (2, "deskterm: There is no field named prioritty. Valid: priority.\n")


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_regular_file_is_not_attached(cli: Cli, kind: str) -> None:
    cli.new()
    place = {"pipe": cli.home / "pipe", "folder": cli.home, "device": Path("/dev/zero")}[kind]
    if kind == "pipe":
        os.mkfifo(place)
    ran = cli("attach", "1", str(place))
    said = f"deskterm: {place} is no regular file, so it cannot be attached.\n"
    assert (ran.code, ran.said, cli.show("1")["attachments"]) == (2, said, [])


def test_nobody_is_no_agent_but_an_option(cli: Cli) -> None:
    cli.new()
    ran = cli("assign", "1", "--to", "nobody")
    assert (ran.code, ran.said) == (
        2,
        "deskterm: There is no agent named nobody: --nobody takes a ticket from its assignee.\n",
    )


def test_what_was_done_to_several_tickets_is_taken_back_at_once(cli: Cli) -> None:
    for subject in ("A", "B", "C"):
        cli.ok("new", subject)
    cli.ok("tag", "1", "2", "3", "--add", "urgent")
    cli.ok("note", "2", "-b", "seen")
    done = cli("undo", "1", "2", "3")
    assert "#1 tags -urgent" in done.text
    assert done.code == 1
    assert b"#2: Nothing of that can be taken back on ticket 2" in done.err
    assert cli.ok("list", "tag:urgent", "--columns", "id", "--plain").text.split() == ["2"]
    assert "tags -urgent" in cli.ok("undo", "2", "--version", "2").text


def test_an_undo_may_be_looked_at_first(cli: Cli) -> None:
    cli.ok("new", "A")
    cli.ok("tag", "1", "--add", "urgent")
    assert "would: tags -urgent" in cli.ok("undo", "1", "--dry-run").text
    assert cli.ok("list", "tag:urgent", "--columns", "id", "--plain").text.strip() == "1"
