"""The command line starts fast because it imports little; that is measured here, not promised."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHAT_IS_IMPORTED = """
import json, os, sys
from deskterm.__main__ import main
sys.argv[0] = "deskterm"
try:
    code = main()
except SystemExit as end:
    code = end.code
with open(os.environ["REPORT"], "w") as report:
    json.dump(sorted(sys.modules), report)
sys.exit(code)
"""
WHAT_IS_COLLECTED = """
import gc, sys
from deskterm.__main__ import main
before = gc.get_stats()
sys.argv[0] = "deskterm"
main()
sys.exit(gc.get_stats() != before)
"""
SCREENS = {"textual"}
QUICK = ("rules", "store", "desk", "cli")
STORE = {"sqlmodel", "sqlalchemy", "alembic", "psycopg", "pydantic_settings"}


def imported_by(*words: str, home: Path) -> set[str]:
    """The packages that `deskterm WORDS` imports; fails if it does not end well."""
    return {module.partition(".")[0] for module in modules_of(*words, home=home)}


def modules_of(*words: str, home: Path) -> set[str]:
    """The same, but every module."""
    report = home / "modules.json"
    run = subprocess.run(
        [sys.executable, "-c", WHAT_IS_IMPORTED, *words],
        cwd=ROOT,
        env=os.environ
        | {"HOME": str(home), "DESKTERM_DB": f"sqlite:///{home}/desk.db", "REPORT": str(report)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    modules: list[str] = json.loads(report.read_text())
    return set(modules)


@pytest.mark.parametrize("words", [["--help"], ["list", "--help"], ["--version"]], ids=" ".join)
def test_help_knows_no_store_and_no_screen(tmp_path: Path, words: list[str]) -> None:
    assert imported_by(*words, home=tmp_path) & (SCREENS | STORE) == set()


def test_completion_knows_no_store_and_no_screen(tmp_path: Path) -> None:
    assert imported_by("completion", "bash", home=tmp_path) & (SCREENS | STORE) == set()


SHORT = [["list"], ["show", "1"], ["new", "VPN drops", "-r", "ann@example.com"]]


@pytest.mark.parametrize("words", SHORT, ids=lambda words: words[0])
def test_a_command_on_a_desk_that_exists_knows_no_screen_and_no_migration(
    tmp_path: Path, words: list[str]
) -> None:
    imported_by("new", "Printer on fire", "-r", "ann@example.com", home=tmp_path)
    assert imported_by(*words, home=tmp_path) & (SCREENS | {"alembic", "psycopg"}) == set()


def test_to_list_takes_no_action_and_no_facts_of_one(tmp_path: Path) -> None:
    imported_by("new", "Printer on fire", "-r", "ann@example.com", home=tmp_path)
    unneeded = {"deskterm.rules.actions", "deskterm.rules.permissions", "deskterm.store.snapshot"}
    assert modules_of("list", home=tmp_path) & unneeded == set()


def test_what_short_commands_import_declares_its_values_the_cheap_way() -> None:
    """A dataclass that is frozen at run time costs four times what one of deskterm.rules.frozen does."""
    package = ROOT / "deskterm"
    sources = [*package.glob("*.py"), *(each for layer in QUICK for each in (package / layer).rglob("*.py"))]
    dear = [str(each.relative_to(ROOT)) for each in sources if "@dataclass(frozen" in each.read_text("utf-8")]
    assert dear == []


@pytest.mark.parametrize("words", SHORT, ids=lambda words: words[0])
def test_a_short_command_ends_before_it_looks_for_garbage(tmp_path: Path, words: list[str]) -> None:
    """To look once takes a twelfth of its time."""
    home = os.environ | {"HOME": str(tmp_path), "DESKTERM_DB": f"sqlite:///{tmp_path}/desk.db"}
    imported_by("new", "Printer on fire", "-r", "ann@example.com", home=tmp_path)
    run = subprocess.run(
        [sys.executable, "-c", WHAT_IS_COLLECTED, *words], cwd=ROOT, env=home, capture_output=True
    )
    assert (run.returncode, run.stderr) == (0, b"")
