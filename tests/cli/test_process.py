"""What only a whole process can show: pipes, locales, signals, exit codes, and what is imported."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from deskterm import cli as commands
from tests.cli.conftest import Cli

HEAVY = ("alembic", "babel", "pydantic", "rich", "sqlalchemy", "sqlmodel", "textual")
PROGRAM = (sys.executable, "-m", "deskterm")


def start(cli: Cli, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a shell would."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        env={**clean_environment(cli), **environment},
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


def clean_environment(cli: Cli) -> dict[str, str]:
    """An environment without a locale."""
    kept = {"PATH": os.environ["PATH"], "HOME": str(cli.home)}
    return {**kept, **cli.environment, "DESKTERM_AS": "ada"}


def heavy_imports(cli: Cli, arguments: Sequence[str], **environment: str) -> set[str]:
    """Which of the heavy packages a run imports."""
    code = (
        "import sys; from deskterm.__main__ import main; "
        f"sys.argv = ['deskterm', *{list(arguments)!r}]; code = main(); "
        f"print(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr); sys.exit(code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**clean_environment(cli), **environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stderr.decode().split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["new", "--help"],
        ["list", "-h"],
        ["contact", "add", "--help"],
        ["schema", "list"],
    ],
    ids=" ".join,
)
def test_help_imports_nothing_heavy(cli: Cli, arguments: list[str]) -> None:
    assert heavy_imports(cli, arguments) == set()


@pytest.mark.parametrize(
    "arguments", [["ne"], ["new", "--pri"], ["list", "type:"], ["new", "--type", ""]], ids=" ".join
)
def test_completing_commands_options_and_fixed_words_imports_nothing_heavy(
    cli: Cli, arguments: list[str]
) -> None:
    assert heavy_imports(cli, arguments, _DESKTERM_COMPLETE="1") == set()


@pytest.mark.parametrize(
    "arguments", [["new", "X"], ["list"], ["list", "--json"], ["show", "1"]], ids=" ".join
)
def test_working_with_tickets_imports_no_screen_no_migration_and_no_babel(
    cli: Cli, arguments: list[str]
) -> None:
    cli.new()
    assert heavy_imports(cli, arguments) <= {"pydantic", "sqlalchemy", "sqlmodel"}


def test_the_program_works_without_a_locale(cli: Cli) -> None:
    cli.new("打印机")
    ran = start(cli, "list", "--columns", "subject", LC_ALL="C")
    assert (ran.returncode, ran.stdout.decode().splitlines()[-1]) == (0, "打印机")


@pytest.mark.parametrize("form", ["--plain", "--json", "--csv"])
def test_a_narrow_encoding_gets_escapes_and_no_crash(cli: Cli, form: str) -> None:
    cli.new("打印机 😀 é")
    ran = start(cli, "list", form, PYTHONIOENCODING="latin-1")
    assert (ran.returncode, b"\\u6253" in ran.stdout) == (0, True)


def test_bytes_of_any_encoding_pass_through_the_arguments(cli: Cli) -> None:
    ran = subprocess.run(
        [*PROGRAM, "new", "X", "-r", "ann@acme.example", "-b", b"gr\xfc\xdfe \xff"],
        env=clean_environment(cli),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, b"1\n")
    assert cli.bodies("1")[0].encode("utf-8", "surrogateescape") == b"gr\xfc\xdfe \xff"


def test_a_reader_who_leaves_early_is_no_error_worth_a_word(many: Cli) -> None:
    for _ in range(6):
        many.ok("tag", "-", "again", stdin="\n".join(map(str, range(1, 61))).encode())
    command = f"{sys.executable} -m deskterm list --limit 0 --json | head -c 10"
    ran = subprocess.run(
        ["bash", "-c", f"{command}; echo ${{PIPESTATUS[0]}}"],
        env=clean_environment(many),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.stderr == b""
    assert ran.stdout in (b'{"tickets"0\n', b'{"tickets"141\n')


def test_a_full_disk_behind_the_output_is_one_sentence(cli: Cli) -> None:
    cli.new()
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*PROGRAM, "list"],
            env=clean_environment(cli),
            cwd=Path(__file__).parents[2],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (
        74,
        b"deskterm: The answer cannot be written: No space left on device.\n",
    )


def test_a_closed_stdin_is_an_empty_one(cli: Cli) -> None:
    cli.new()
    ran = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m deskterm note 1 <&-"],
        env=clean_environment(cli),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, b"Traceback" in ran.stderr) == (2, False)


def test_an_interrupt_ends_quietly(cli: Cli) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "reply", "1"],
        env=clean_environment(cli),
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a suite in the background of a shell is started with interrupts ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with process:
        assert process.stdin is not None
        process.stdin.write(b"half a sentence")
        process.stdin.flush()
        wait_for_read(process.pid)
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")


def wait_for_read(pid: int) -> None:
    """Wait until a process has taken what lies in its stdin: it reads on, so it can be interrupted."""
    import array
    import fcntl
    import termios

    waiting = array.array("i", [1])
    with Path(f"/proc/{pid}/fd/0").open("rb", buffering=0) as stdin:
        while waiting[0]:
            fcntl.ioctl(stdin, termios.FIONREAD, waiting)


def test_a_fault_of_ours_is_one_sentence_and_a_report_without_values(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_how: object) -> None:
        secret = "hunter2"  # noqa: F841 - what a report must not show
        raise LookupError("\x1b]0;owned\x07")

    monkeypatch.setattr("deskterm.bootstrap.make_desk", broken)
    with pytest.raises(AssertionError):
        cli("list")
    [report] = (cli.home / ".local/state/deskterm/crashes").iterdir()
    text = report.read_text(encoding="utf-8")
    assert ("LookupError" in text, "\x1b" in text, report.stat().st_mode & 0o777) == (True, False, 0o600)
    assert commands.CRASHED == 70


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["list"], 0),
        (["resolve", "1"], 1),
        (["list", "stat:open"], 2),
        (["show", "9"], 3),
        (["tag", "1", "x", "--seen", "7"], 4),
        (["list", "--db", "postgresql://nobody@127.0.0.1:1/none"], 5),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_exit_codes_are_those_of_the_manual(cli: Cli, arguments: list[str], code: int) -> None:
    cli.new()
    ran = start(cli, *arguments)
    assert (ran.returncode, b"Traceback" in ran.stderr) == (code, False)


def test_the_user_of_the_system_is_not_who_the_environment_says(cli: Cli) -> None:
    ran = start(cli, "list", DESKTERM_AS="", LOGNAME="ada", USER="ada")
    assert ran.returncode == 3


def test_a_hundred_scripts_with_one_dedupe_key_open_one_ticket(cli: Cli) -> None:
    """Row 3 of the features, with as many processes as a small machine bears."""
    running = [
        subprocess.Popen(
            [*PROGRAM, "new", "disk full", "--dedupe-key", "disk"],
            env=clean_environment(cli),
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
        )
        for _ in range(6)
    ]
    assert {process.communicate(timeout=60)[0] for process in running} == {b"1\n"}
    assert cli.show("1")["occurrences"] == 6


@pytest.mark.parametrize("form", ["", "--json", "--jsonl", "--csv", "--plain"])
def test_a_closed_stdout_is_one_sentence(cli: Cli, form: str) -> None:
    cli.new()
    ran = _redirected(cli, f"list {form} >&-")
    wanted = b"deskterm: The answer cannot be written: Bad file descriptor.\n"
    assert (ran.returncode, ran.stderr) == (74, wanted)


def test_an_export_to_a_closed_stdout_is_one_sentence(cli: Cli) -> None:
    ran = _redirected(cli, "export >&-")
    assert (ran.returncode, ran.stderr.count(b"\n")) == (74, 1)


def test_a_closed_stderr_takes_no_answer_away(cli: Cli) -> None:
    cli.new()
    answered, refused = (_redirected(cli, f"show {number} --plain 2>&-") for number in (1, 9))
    assert (answered.returncode, b"VPN drops" in answered.stdout, refused.returncode) == (0, True, 3)


def test_with_stdout_and_stderr_closed_only_the_code_is_left(cli: Cli) -> None:
    cli.new()
    assert _redirected(cli, "list >&- 2>&-").returncode == 74


def _redirected(cli: Cli, line: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["bash", "-c", f"{sys.executable} -m deskterm {line}"],
        env=clean_environment(cli),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=60,
        check=False,
    )
