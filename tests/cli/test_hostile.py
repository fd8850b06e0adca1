"""Hostile text in every argument, in every form of output: it crashes nothing and acts on no terminal."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from deskterm.cli.letters import decode
from deskterm.rules.clean import has_control
from tests.cli.conftest import Cli, Ran

NASTY = [
    "\x1b]0;owned\x07",
    "\x1b[31mred\x1b[0m",
    "\x9b31m",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "[/x]",
    "[EXTERNAL] hi",
    "[@click=app.quit]x[/]",
    "%s %d %(x)s {0}",
    "a\r\nb\tc",
    "\x00nul",
    "\udc80\udcff",
    "\ud800",
    "\ufffe\u200b\ufeff",
    "e" + "\u0301" * 500,
    "=1+1",
    "'; DROP TABLE tickets; --",
    "打印机" * 50,
    "👩‍👩‍👧‍👦",
    "x" * 1_000_000,
]
NAMES = [text.encode("unicode_escape").decode()[:20] for text in NASTY]
ARGV = [text for text in NASTY if "\x00" not in text]
ARGV_NAMES = [name for text, name in zip(NASTY, NAMES, strict=True) if "\x00" not in text]
FORMS = ["", "--plain", "--csv", "--json", "--jsonl"]


def harmless(ran: Ran) -> bool:
    """Whether nothing on stdout or stderr acts on a terminal."""
    texts = (decode(ran.out), decode(ran.err))
    return not any(has_control(line) for text in texts for line in text.replace("\t", " ").split("\n"))


@pytest.mark.parametrize("text", NASTY, ids=NAMES)
def test_hostile_text_is_kept_to_the_letter_and_shown_clean(cli: Cli, text: str) -> None:
    stdin = text.encode("utf-8", "surrogatepass") if text != "\udc80\udcff" else b"\x80\xff"
    body = cli.home / "body"
    body.write_bytes(stdin)
    cli.ok("new", "--file", str(body), "-s", text.replace("\x00", ""), "-r", "ann@acme.example")
    for form in FORMS:
        words = [form] if form else []
        assert harmless(cli.ok("show", "1", *words))
        assert harmless(cli.ok("list", *words))
    assert cli.bodies("1") == [decode(stdin)]
    assert cli.show("1")["subject"] == text.replace("\x00", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["{}"],
        ["--{}"],
        ["new", "X", "-q", "{}"],
        ["new", "X", "-r", "{}"],
        ["new", "X", "-r", "a@b.example", "--name", "{}"],
        ["new", "X", "-t", "{}"],
        ["new", "X", "--field", "{}=1"],
        ["new", "X", "--field", "site={}"],
        ["new", "X", "-p", "{}"],
        ["new", "X", "--dedupe-key", "{}"],
        ["new", "X", "--key", "{}"],
        ["new", "X", "--file", "{}"],
        ["new", "X", "--attach", "{}"],
        ["list", "{}"],
        ["list", "subject:{}"],
        ["list", "--view", "{}"],
        ["list", "--columns", "{}"],
        ["list", "--after", "{}"],
        ["list", "--limit", "{}"],
        ["list", "--as", "{}"],
        ["list", "--tz", "{}"],
        ["list", "--lang", "{}"],
        ["list", "--config", "{}"],
        ["show", "{}"],
        ["assign", "1", "--to", "{}"],
        ["set", "1", "category={}"],
        ["set", "1", "{}=x"],
        ["tag", "1", "--add", "{}"],
        ["hold", "1", "--vendor", "{}"],
        ["pending", "1", "--reason", "{}"],
        ["pending", "1", "--until", "{}"],
        ["resolve", "1", "--cause", "{}", "--solution", "{}"],
        ["contact", "add", "{}", "-a", "{}"],
        ["contact", "show", "{}"],
        ["org", "add", "{}", "--tier", "{}", "--domain", "{}"],
        ["agent", "add", "{}", "--name", "{}"],
        ["group", "add", "{}", "--title", "{}"],
        ["queue", "add", "hr", "--title", "{}"],
        ["schema", "{}"],
        ["completion", "{}"],
    ],
    ids=" ".join,
)
def test_no_argument_crashes_a_command_or_reaches_the_terminal_raw(cli: Cli, arguments: list[str]) -> None:
    cli.new()
    for text in ARGV:
        ran = cli(*(each.replace("{}", text) for each in arguments))
        assert ran.code in (0, 1, 2, 3)
        assert harmless(ran)
    for noun in ("contact", "org", "agent", "group", "queue"):
        assert harmless(cli.ok(noun, "list"))


@pytest.mark.parametrize("text", ["\x1b]0;owned\x07", "\u202egnp.exe"])
def test_a_database_url_is_shown_clean(cli: Cli, text: str) -> None:
    for url in (text, f"mysql://{text}", f"postgresql://x@127.0.0.1:1/{text}"):
        ran = cli("list", "--db", url)
        assert (ran.code in (0, 2, 3, 5), harmless(ran)) == (True, True)


def test_a_file_name_is_shown_clean(cli: Cli) -> None:
    path = cli.home / "\x1b]0;owned\x07.txt"
    path.write_text("x", encoding="utf-8")
    cli.new("X", "-b", "see file", "--attach", str(path))
    assert harmless(cli.ok("show", "1"))
    assert cli.show("1")["attachments"][0]["name"] == "\x1b]0;owned\x07.txt"


TEXT = st.text(
    st.characters(exclude_characters="\x00") | st.sampled_from('\x1b\x9b\u202e\ud800\udc80=,"\n'), max_size=60
)


@given(text=TEXT)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_form_of_a_list_can_be_read_back(cli: Cli, text: str) -> None:
    ran = cli("new", "-s", text)
    if ran.code:
        return
    query = f"id:{ran.text.strip()}"
    [record] = cli.ok("list", query, "--json").json["tickets"]
    [line] = cli.ok("list", query, "--jsonl").lines
    [cell] = csv.DictReader(io.StringIO(cli.ok("list", query, "--csv").text))
    assert (record["subject"], json.loads(line)["subject"]) == (text, text)
    assert not has_control(cell["subject"])
    assert len(cli.ok("list", query, "--plain").lines) == 1


def test_a_home_with_a_hostile_name_crashes_nothing(cli: Cli) -> None:
    folder = Path(cli.home / "\x1b[31m\udc80")
    folder.mkdir()
    ran = cli("list", "--db", str(folder / "desk.db"))
    assert (ran.code in (0, 5), harmless(ran)) == (True, True)
