"""Bodies: the same bytes whichever way they come, and nothing typed is ever lost."""

import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from deskterm.cli.letters import decode, encode
from tests.cli.conftest import Cli

TEXT = "grüße\r\n\r\n第二行\r\n\ttab  \r\n"
DRAFTS = Path(".local/state/deskterm/drafts")


def editor(home: Path, script: str) -> str:
    """The command of an editor that does what `script` says to the file "$1"."""
    path = home / "my editor.sh"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return f"'{path}'"


@pytest.mark.parametrize("way", ["flag", "stdin", "file", "editor"])
def test_every_way_to_give_a_body_stores_the_same_bytes(cli: Cli, way: str) -> None:
    source = cli.home / "body.txt"
    source.write_bytes(TEXT.encode())
    given_as = {
        "flag": ["-b", TEXT],
        "stdin": ["-b", "-"],
        "file": ["--file", str(source)],
        "editor": ["--edit"],
    }[way]
    stdin = TEXT.encode() if way == "stdin" else b""
    cli.new("X", *given_as, stdin=stdin, EDITOR=editor(cli.home, f"cp '{source}' \"$1\""))
    assert cli.bodies("1") == [TEXT]


BYTES = st.binary(max_size=200) | st.sampled_from([b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\r\n", b"\x1b[31m"])


@given(content=BYTES)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_come_back_as_they_were(cli: Cli, content: bytes) -> None:
    number = cli.new("X", "-b", "-", stdin=content)
    wanted = [] if not content else [content]
    assert [encode(body) for body in cli.bodies(number)] == wanted


@given(st.binary())
def test_decoding_loses_no_byte(content: bytes) -> None:
    assert encode(decode(content)) == content


def test_a_reply_without_a_flag_reads_a_pipe(cli: Cli) -> None:
    cli.new()
    cli.ok("reply", "1", stdin=b"We are on it.")
    assert cli.bodies("1") == ["We are on it."]


def test_a_reply_without_a_flag_opens_the_editor_on_a_terminal(cli: Cli) -> None:
    cli.new()
    cli.ok("reply", "1", terminal=True, EDITOR=editor(cli.home, 'printf hello > "$1"'))
    assert cli.bodies("1") == ["hello"]


def test_the_editor_gets_a_private_file_in_a_private_folder(cli: Cli) -> None:
    report = cli.home / "modes"
    script = f'stat -c "%a" "$1" "$(dirname "$1")" > \'{report}\'; printf x > "$1"'
    cli.new("X", "--edit", EDITOR=editor(cli.home, script))
    assert report.read_text().split() == ["600", "700"]


def test_the_command_of_the_editor_goes_through_no_shell(cli: Cli) -> None:
    command = editor(cli.home, 'printf "%s\\n" "$@" > "$3"')
    cli.new("X", "--edit", EDITOR=f"{command} '$(touch pwned)' ';true'")
    assert cli.bodies("1")[0].splitlines()[:2] == ["$(touch pwned)", ";true"]


def test_what_was_written_is_kept_when_the_editor_fails(cli: Cli) -> None:
    ran = cli("new", "X", "--edit", EDITOR=editor(cli.home, 'printf "long work" > "$1"; exit 3'))
    [kept] = (cli.home / DRAFTS).iterdir()
    assert (ran.code, str(kept) in ran.said, kept.read_text()) == (2, True, "long work")
    assert cli.ok("list", "--count").text == "0\n"


@pytest.mark.parametrize("command", ["", "/nowhere/editor", "'unclosed"])
def test_an_editor_that_is_not_there_is_named_in_one_sentence(cli: Cli, command: str) -> None:
    ran = cli("new", "X", "--edit", EDITOR=command)
    assert (ran.code, ran.said.count("\n")) == (2, 1)


def test_an_empty_text_is_no_message(cli: Cli) -> None:
    cli.new()
    ran = cli("reply", "1", "--edit", EDITOR=editor(cli.home, ":"))
    assert (ran.code, cli.bodies("1")) == (1, [])


@pytest.mark.parametrize("command", ["reply", "note"])
def test_a_message_without_text_is_refused(cli: Cli, command: str) -> None:
    cli.new()
    assert cli(command, "1", stdin=b"  \n").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "X", "-b", "precious words"],
        ["reply", "1", "-b", "precious words"],
        ["note", "1", "-b", "precious words"],
        ["resolve", "1", "--cause", "c", "--solution", "s", "-b", "precious words"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_text_is_kept_when_the_store_cannot_be_reached(cli: Cli, arguments: list[str]) -> None:
    ran = cli(*arguments, DESKTERM_DB="postgresql://nobody@127.0.0.1:1/none")
    [kept] = (cli.home / DRAFTS).iterdir()
    assert (ran.code, str(kept) in ran.said) == (5, True)
    assert kept.read_text() == "precious words"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_a_broken_store_is_one_sentence_without_a_traceback(cli: Cli) -> None:
    (cli.home / "desk.db").write_bytes(b"this is no desk" * 1000)
    ran = cli("list")
    assert (ran.code, ran.text, ran.said.count("\n")) == (5, "", 1)


def test_a_text_that_cannot_be_kept_is_said_back(cli: Cli) -> None:
    state = cli.home / ".local" / "state"
    state.mkdir(parents=True)
    (state / "deskterm").write_text("a file where a folder should be", encoding="utf-8")
    ran = cli("note", "1", "-b", "precious words", DESKTERM_DB="postgresql://nobody@127.0.0.1:1/none")
    assert (ran.code, "precious words" in ran.said) == (5, True)
