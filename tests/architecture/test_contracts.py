"""Every import contract and every banned call breaks when it is violated, and only then."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = "Imports go downwards only"
PURE = "Rules are pure"
WRITE = "Only desk.perform writes"
SQL = "Only the store speaks SQL"
DEMO = "The demo desk is made of rules and words only"

VIOLATIONS = {
    "the command line imports the way in": (LAYERS, "cli/planted.py", "import deskterm.__main__"),
    "a screen imports the command line": (LAYERS, "screens/planted.py", "import deskterm.cli"),
    "the desk imports a screen": (LAYERS, "desk/planted.py", "import deskterm.screens"),
    "the store imports the desk": (LAYERS, "store/planted.py", "import deskterm.desk"),
    "settings import the clock": (LAYERS, "config.py", "import deskterm.clock"),
    "a package without a place": (LAYERS, "elsewhere/__init__.py", ""),
    "a rule reads a file": (PURE, "rules/planted.py", "import pathlib"),
    "a rule knows a widget": (PURE, "rules/planted.py", "from textual.widget import Widget"),
    "a rule draws lots": (PURE, "rules/planted.py", "def draw():\n    from random import random"),
    "a command writes": (WRITE, "cli/planted.py", "import deskterm.store.write"),
    "the store's own bulk path writes": (WRITE, "store/planted.py", "from deskterm.store import write"),
    "another use case writes": (WRITE, "desk/planted.py", "from deskterm.store.write import apply"),
    "a screen speaks SQL": (SQL, "screens/planted.py", "import sqlite3"),
    "the desk speaks SQL": (SQL, "desk/planted.py", "from sqlalchemy import select"),
    "a command knows the driver": (SQL, "cli/planted.py", "import psycopg.errors"),
    "the demo desk reads the clock": (DEMO, "demo/planted.py", "import deskterm.clock"),
}
BANNED = {
    "datetime.datetime.now": "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n",
    "datetime.datetime.utcnow": "import datetime\n\nNOW = datetime.datetime.utcnow()\n",
    "datetime.datetime.today": "import datetime\n\nNOW = datetime.datetime.today()\n",
    "datetime.date.today": "from datetime import date\n\nTODAY = date.today()\n",
    "time.time": "import time\n\nNOW = time.time()\n",
    "time.time_ns": "from time import time_ns\n\nNOW = time_ns()\n",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and its settings, to plant things into."""
    shutil.copytree(ROOT / "deskterm", tmp_path / "deskterm", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(copy: Path) -> set[str]:
    """The names of the contracts that do not hold there; fails if they could not be looked at."""
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache", "--no-logo"], cwd=copy, capture_output=True, text=True)
    verdicts = dict(re.findall(r"^(.+) (KEPT|BROKEN)\b", run.stdout, re.MULTILINE))
    assert set(verdicts) == {LAYERS, PURE, WRITE, SQL, DEMO}, run.stdout + run.stderr
    return {name for name, verdict in verdicts.items() if verdict == "BROKEN"}


def banned_calls(folder: Path) -> str:
    """What ruff says about banned calls there."""
    ruff = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--select=TID251",
        "--output-format=concise",
        ".",
    ]
    return subprocess.run(ruff, cwd=folder, capture_output=True, text=True).stdout


def plant(path: Path, text: str) -> None:
    """Add the text to the end of the file."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(f"\n{text}\n")


def test_the_package_keeps_every_contract(copy: Path) -> None:
    assert broken_contracts(copy) == set()


@pytest.mark.parametrize(("contract", "file", "text"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_planted_violation_breaks_its_contract(copy: Path, contract: str, file: str, text: str) -> None:
    plant(copy / "deskterm" / file, text)
    assert broken_contracts(copy) == {contract}


@pytest.mark.parametrize(("call", "text"), BANNED.items(), ids=BANNED)
def test_nobody_but_the_clock_reads_the_time(copy: Path, call: str, text: str) -> None:
    plant(copy / "deskterm" / "rules" / "planted.py", text)
    found = banned_calls(copy)
    assert found.startswith("deskterm/rules/planted.py")
    assert f"`{call}` is banned: Only deskterm.clock reads the time" in found


def test_the_clock_may_read_the_time(copy: Path) -> None:
    plant(copy / "deskterm" / "clock.py", "".join(BANNED.values()))
    assert "All checks passed" in banned_calls(copy)
