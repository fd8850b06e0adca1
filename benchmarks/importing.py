"""Taking in what others wrote: a real audit log where it lies beside the clone, and the demo desk."""

import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.big import FOLDER, LOGIN, open_url
from benchmarks.measure import PYTHON, Figure, timed

__all__ = ["run"]

_ROOT = Path(__file__).parents[1]
_LOG = _ROOT.parent / "shared" / "data" / "tickets" / "incident_event_log.zip"
_MAPPING = _ROOT / "examples" / "servicenow-incidents.toml"
_DEMO = """
import sys
from deskterm.demo import demo
from deskterm.desk.loading import load_past
from deskterm.clock import SystemClock
from deskterm.desk import Desk
from deskterm.store.engine import open_store
from deskterm.store.schema import ensure
store = open_store(sys.argv[1], folders=True)
ensure(store)
desk = Desk(store, SystemClock())
load_past(desk, demo(desk.clock.now()))
"""


def run(quick: bool) -> Iterator[Figure]:
    """The whole log as `deskterm import` does it, with its peak of memory; the demo desk from nothing."""
    yield Figure("demo desk of 2,000 tickets, process and all", timed(_demo), "s", 5)
    if quick or not _LOG.exists():
        return
    database = _fresh("import.db")
    open_url(database)[0].close()
    words = [PYTHON, "-m", "deskterm", "import", str(_LOG), "--mapping", str(_MAPPING), "--db", database]
    words += ["--rejects", str(FOLDER / "rejects.jsonl"), "--as", LOGIN]
    spent = timed(lambda: _child(words))
    yield Figure("import of 141,712 events of 24,918 incidents", spent, "s", 60)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield Figure("import: peak memory of the largest child so far", peak, "MB", 300)


def _demo() -> None:
    _child([PYTHON, "-c", _DEMO, _fresh("demo.db")])


def _child(words: list[str]) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _fresh(name: str) -> str:
    """The URL of a place for a new desk."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in FOLDER.glob(f"{name}*"):
        each.unlink()
    return f"sqlite:///{FOLDER / name}"
