"""The README and the guide: every command shown in them runs, in its order, and answers what they show."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskterm.config import KEYS
from tests.cli.conftest import Cli

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide" / "cli.md"
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown(page: Path) -> Iterator[tuple[str, str]]:
    """Each command of a page and the answer below it."""
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _newline, answer = part.partition("\n")
            yield command, answer


class Shell:
    """Runs a line of the guide: deskterm in this process, the rest of a pipe in a shell."""

    def __init__(self, cli: Cli) -> None:
        self.cli = cli
        self.code = 0

    def answer(self, line: str) -> str:
        if line == "echo $?":
            return f"{self.code}\n"
        between, errors = b"", ""
        for command in line.split(" | "):
            if command.startswith("deskterm "):
                ran = self.cli(*shlex.split(command)[1:], stdin=between)
                between, errors, self.code = ran.out, errors + ran.said, ran.code
            else:
                between = subprocess.run(
                    ["bash", "-c", command], input=between, capture_output=True, check=True
                ).stdout
        return between.decode() + errors


@pytest.mark.parametrize("page", [ROOT / "README.md", GUIDE], ids=lambda page: page.name)
def test_every_command_of_a_page_answers_what_is_shown(empty: Cli, page: Path) -> None:
    empty.environment["DESKTERM_DB"] = "sqlite:///desk.db"
    shell = Shell(empty)
    for command, answer in shown(page):
        assert (command, shell.answer(command)) == (command, answer)


def test_the_guide_names_every_setting() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    wanted = [word for key, (variable, _kind) in KEYS.items() for word in (key, variable)]
    assert [word for word in wanted if f"`{word}`" not in text] == []
