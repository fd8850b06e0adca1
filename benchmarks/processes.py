"""Whole processes, from start to exit, against the import they cannot do without."""

import compileall
import shutil
from collections.abc import Iterator
from pathlib import Path

import deskterm
from benchmarks.big import FOLDER, LOGIN, big_desk
from benchmarks.measure import PYTHON, Figure, pair_commands

__all__ = ["run"]

_DESKTERM = (PYTHON, "-m", "deskterm")
_SQLMODEL = (PYTHON, "-c", "import sqlmodel")
_TYPER = (PYTHON, "-c", "import typer")


def run(quick: bool) -> Iterator[Figure]:
    """`new`, `list`, `show` at two sizes; `--help` and completion."""
    compileall.compile_dir(str(Path(deskterm.__file__).parent), quiet=2)
    spent: dict[tuple[str, int], float] = {}
    commands = {"new": ("new", "x", "-r", "a@b.example"), "list": ("list",), "show": ("show", "20")}
    sizes = (10_000,) if quick else (10_000, 1_000_000)
    for size in sizes:
        env = _environment(size)
        for name, words in commands.items():
            mine, floor, ratio = pair_commands((*_DESKTERM, *words), _SQLMODEL, env)
            spent[name, size] = ratio
            note = _beside(mine, floor)
            yield Figure(f"{name} at {size:,} tickets / import sqlmodel", ratio, "x", 1.5, note=note)
    if not quick:
        for name in commands:
            yield Figure(f"{name} at 1M / at 10k", spent[name, 1_000_000] / spent[name, 10_000], "x", 1.2)
    for name, words in {"--help": ("--help",), "completion bash": ("completion", "bash")}.items():
        mine, floor, ratio = pair_commands((*_DESKTERM, *words), _TYPER, _environment(10_000))
        yield Figure(f"{name} / import typer", ratio, "x", 2.0, note=_beside(mine, floor))


def _beside(mine: float, floor: float) -> str:
    return f"{mine * 1e3:.0f} ms against {floor * 1e3:.0f} ms"


def _environment(size: int) -> dict[str, str]:
    """A copy of the big desk, so that the tickets of `new` do not stay in it; no configuration of ours."""
    original = Path(big_desk(size).removeprefix("sqlite:///"))
    copy = FOLDER / f"copy-{size}.db"
    for each in FOLDER.glob(f"{copy.name}*"):
        each.unlink()
    shutil.copyfile(original, copy)
    return {
        "PYTHONDONTWRITEBYTECODE": "",
        "DESKTERM_DB": f"sqlite:///{copy}",
        "DESKTERM_AS": LOGIN,
        "DESKTERM_CONFIG": "/dev/null",
    }
