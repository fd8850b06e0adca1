"""Completion: commands, options, fixed words and names of the desk, in a real shell."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deskterm.cli.completion import SCRIPTS
from tests.cli.conftest import Cli
from tests.cli.rulebench import STRICTER, in_force


def completed(cli: Cli, *words: str) -> list[str]:
    """What may follow, without the explanations."""
    ran = cli.ok(*words, _DESKTERM_COMPLETE="1")
    assert ran.said == ""
    return [line.split("\t")[0] for line in ran.lines]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["ne"], ["new"]),
        (["re"], ["reply", "resolve", "reject", "reopen", "reroute", "restore"]),
        (["contact", ""], ["add", "list", "show", "set"]),
        (["new", "--prio"], ["--priority"]),
        (["new", "-p", ""], ["P1", "P2", "P3", "P4"]),
        (["new", "--impact", "m"], ["medium"]),
        (["new", "X", "-q", ""], ["triage", "net"]),
        (["new", "X", "-q", "n"], ["net"]),
        (["assign", "1", "--to", "k"], ["kim"]),
        (["list", "assignee:k"], ["assignee:kim"]),
        (["list", "status:on"], ["status:on_hold"]),
        (["list", "queue:"], ["queue:triage", "queue:net"]),
        (["list", "tag:vpn", "pri"], ["priority:"]),
        (["list", "--view", "m"], ["mine"]),
        (["list", "--columns", "id,subj"], ["id,subject"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["--json", "li"], ["list"]),
        (["bogus", ""], []),
        (["new", "--bogus", ""], []),
    ],
    ids=lambda value: " ".join(value),
)
def test_what_may_follow_is_offered(cli: Cli, words: list[str], wanted: list[str]) -> None:
    assert sorted(completed(cli, *words)) == sorted(wanted)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["rules", "rollback", ""], ["2", "1"]),
        (["rules", "show", "--rev", "1"], ["1"]),
        (["agent", "set", "kim", "--shift", "o"], ["office"]),
        (["agent", "presence", "a"], ["away"]),
        (["clock", "due", "1", "res"], ["resolution"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_names_in_the_rules_in_force_are_offered(cli: Cli, words: list[str], wanted: list[str]) -> None:
    in_force(cli)
    in_force(cli, STRICTER)
    assert completed(cli, *words) == wanted


def test_names_come_from_the_desk_that_is_named(cli: Cli) -> None:
    cli.ok("init", "--db", str(cli.home / "other.db"))
    assert completed(cli, "new", "--db", str(cli.home / "other.db"), "-q", "") == ["triage"]


def test_no_desk_offers_no_names_and_no_complaint(cli: Cli) -> None:
    (cli.home / "desk.db").write_bytes(b"no desk at all " * 1000)
    assert completed(cli, "new", "-q", "") == []


def test_explanations_are_in_the_readers_language(cli: Cli) -> None:
    assert cli.ok("ne", _DESKTERM_COMPLETE="1", LANG="zh_CN.UTF-8").text == "new\t新建工单并打印其编号。\n"


def test_what_a_shell_would_read_otherwise_is_not_offered(cli: Cli) -> None:
    cli.ok("queue", "set", "net", "--title", "$(touch pwned)\x1b[31m")
    assert completed(cli, "new", "-q", "n") == ["net"]
    assert "\x1b" not in cli.ok("new", "-q", "n", _DESKTERM_COMPLETE="1").text


@pytest.mark.parametrize("shell", SCRIPTS)
def test_a_shell_reads_its_script(empty: Cli, shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed here")
    script = empty.home / "script"
    script.write_text(empty.ok("completion", shell).text, encoding="utf-8")
    check = ["--no-execute"] if shell == "fish" else ["-n"]
    assert subprocess.run([shell, *check, str(script)], check=False).returncode == 0


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("deskterm ne", ["new"]),
        ("deskterm new -q n", ["net"]),
        ("deskterm list status:on", ["on_hold"]),
        ("deskterm list queue:net assignee:k", ["kim"]),
        ("deskterm contact ", ["add", "list", "show", "set"]),
        ("deskterm zzz", []),
    ],
)
def test_bash_completes_in_a_real_shell(cli: Cli, line: str, wanted: list[str]) -> None:
    program = cli.home / "bin" / "deskterm"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m deskterm "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = cli.ok("completion", "bash").text
    ask = f"COMP_LINE={line!r} COMP_POINT={len(line)}; _deskterm_completion; echo ${{COMPREPLY[*]}}"
    ran = subprocess.run(
        ["bash", "-c", f"{script}\n{ask}"],
        env={
            **cli.environment,
            "PATH": f"{program.parent}:/usr/bin:/bin",
            "HOME": str(cli.home),
            "DESKTERM_AS": "ada",
        },
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.stdout.split(), ran.stderr) == (wanted, "")
