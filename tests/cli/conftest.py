"""A command line for a test: in this process, on a real desk of its own, at a fixed time, by ada (admin)."""

import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deskterm import i18n
from deskterm.cli import CRASHED, run
from deskterm.cli.output import Output
from deskterm.cli.surroundings import Surroundings

NOW = "2026-03-02T10:00:00Z"
NOW_AT = 1772445600


class Wire(io.TextIOWrapper):
    """A text stream that keeps its bytes and may say that a person is at its end."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        self.kept = io.BytesIO()
        super().__init__(self.kept, encoding=encoding, errors="backslashreplace", newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def content(self) -> bytes:
        self.flush()
        return self.kept.getvalue()


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        """Stdout as text."""
        return self.out.decode()

    @property
    def said(self) -> str:
        """Stderr as text."""
        return self.err.decode()

    @property
    def json(self) -> Any:
        """The JSON document on stdout."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """The lines of stdout."""
        return self.text.splitlines()

    @property
    def error(self) -> dict[str, Any]:
        """The JSON error on stderr."""
        found: dict[str, Any] = json.loads(self.err)["error"]
        return found


@dataclass
class Cli:
    """Runs commands in one home."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(
        self,
        *arguments: str,
        stdin: bytes = b"",
        login: str = "ada",
        terminal: bool = False,
        encoding: str = "utf-8",
        **environment: str,
    ) -> Ran:
        out, err = Wire(encoding, terminal=terminal), Wire(encoding, terminal=terminal)
        surroundings = Surroundings(
            environment={**self.environment, **environment},
            stdin=io.BytesIO(stdin),
            stdin_is_terminal=terminal,
            output=Output(out, err),
            login=login,
        )
        code = run(arguments, surroundings)
        ran = Ran(code, out.content(), err.content())
        assert code != CRASHED, _crash(self.home)
        return ran

    def ok(self, *arguments: str, **how: Any) -> Ran:
        """Run a command that must succeed."""
        ran = self(*arguments, **how)
        assert ran.code == 0, ran.said
        return ran

    def new(self, subject: str = "VPN drops", *more: str, **how: Any) -> str:
        """Open a ticket for Ann; its number as it was printed."""
        return self.ok("new", subject, "-r", "ann@acme.example", *more, **how).text.strip()

    def show(self, ticket: str, *more: str) -> Any:
        """A ticket as JSON."""
        return self.ok("show", ticket, "--json", *more).json

    def bodies(self, ticket: str, *more: str) -> list[str]:
        """The words said on a ticket."""
        return [row["message"]["body"] for row in self.show(ticket, *more)["timeline"] if row["message"]]


def _crash(home: Path) -> str:
    reports = sorted((home / ".local" / "state" / "deskterm" / "crashes").glob("*"))
    return "\n".join(path.read_text(encoding="utf-8") for path in reports)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def empty(home: Path) -> Iterator[Cli]:
    """A command line whose desk has not been started yet."""
    environment = {"DESKTERM_NOW": NOW, "DESKTERM_TZ": "UTC", "DESKTERM_DB": str(home / "desk.db")}
    yield Cli(home, environment)
    i18n.use("en")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a desk with ada (admin), lee (lead of network), kim (network), lou (light)."""
    folder = tmp_path_factory.mktemp("founded")
    cli = Cli(folder, {"DESKTERM_NOW": NOW, "DESKTERM_TZ": "UTC", "DESKTERM_DB": str(folder / "desk.db")})
    cli.ok("init")
    cli.ok("group", "add", "network", "--title", "Network")
    cli.ok("queue", "add", "net", "--group", "network")
    cli.ok("agent", "add", "lee", "--role", "lead", "--name", "Lee", "-g", "network")
    cli.ok("agent", "add", "kim", "--name", "Kim", "-g", "network")
    cli.ok("agent", "add", "lou", "--role", "light")
    cli.ok("org", "add", "ACME", "--tier", "gold", "--domain", "acme.example")
    cli.ok("contact", "add", "Ann Li", "-a", "ann@acme.example")
    return folder


@pytest.fixture(scope="session")
def crowded(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the same desk with 60 tickets, every third in net, the first five tagged vpn."""
    folder = tmp_path_factory.mktemp("crowded")
    cli = _on_a_copy(founded, Cli(folder, {"DESKTERM_NOW": NOW, "DESKTERM_DB": str(folder / "desk.db")}))
    for number in range(60):
        queue, tag = "net" if number % 3 == 0 else "triage", "vpn" if number < 5 else "other"
        cli.new(f"Ticket {number}", "-q", queue, "-t", tag)
    return folder


@pytest.fixture
def cli(empty: Cli, founded: Path) -> Cli:
    """A command line on a copy of the founded desk."""
    return _on_a_copy(founded, empty)


@pytest.fixture
def many(empty: Cli, crowded: Path) -> Cli:
    """A command line on a copy of the crowded desk."""
    return _on_a_copy(crowded, empty)


def _on_a_copy(folder: Path, cli: Cli) -> Cli:
    for path in folder.iterdir():
        if path.is_file():
            shutil.copy(path, cli.home / path.name)
    return cli
