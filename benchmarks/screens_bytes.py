"""The screens on a pty of 120x40: bytes a key, bytes while idle, and the time to the first frame."""

import os
import tempfile
from collections.abc import Iterator

from benchmarks.big import LOGIN, big_desk
from benchmarks.measure import PYTHON, Figure
from tests.screens.terminal import Terminal

__all__ = ["run"]

_SETTLE = 0.3  # longer than the preview waits
_IDLE = 5.0
# a working minute: mostly steps, some pages, both directions
_MIX = "jjjjjjjjjjkkjjjjjj\x04jjjkjjjjjjjjjj\x04jjjjkkkkjjjjjjjjjj\x15jjjjjjjjjj"


def run(quick: bool) -> Iterator[Figure]:
    """At 10k tickets, and at 1M unless `quick`."""
    for size in (10_000,) if quick else (10_000, 1_000_000):
        first = sorted(_first_frame(size) for _ in range(5))
        yield Figure(f"first frame at {size:,} tickets", first[2][0] * 1e3, "ms", 600)
        yield Figure(f"first rows at {size:,} tickets", first[2][1] * 1e3, "ms")
    yield from _keys()


def _app(size: int) -> Terminal:
    state = tempfile.mkdtemp(prefix="deskterm-bench-")
    env = {
        "DESKTERM_DB": big_desk(size),
        "DESKTERM_AS": LOGIN,
        "DESKTERM_CONFIG": os.devnull,
        "XDG_STATE_HOME": state,
    }
    return Terminal([PYTHON, "-m", "deskterm"], env)


def _first_frame(size: int) -> tuple[float, float]:
    terminal = _app(size)
    frame = terminal.wait_for("deskterm")
    rows = terminal.wait_for("▸")
    terminal.close()
    return frame, rows


def _keys() -> Iterator[Figure]:
    terminal = _app(10_000)
    terminal.wait_for("▸")
    terminal.read(quiet=1.0)
    yield Figure("first paint", len(terminal.output) / 1e3, "kB", 80)
    terminal.press("5")
    terminal.read(quiet=1.0)
    for name, keys, limit in (
        ("a key of a working minute, slowly (with preview)", _MIX, 1500.0),
        ("j, slowly (with preview)", "j" * 40, 1500.0),
        ("half a page, slowly (with preview)", "\x04\x15" * 5, None),
    ):
        before = len(terminal.output)
        for key in keys:
            terminal.press(key)
            terminal.read(quiet=_SETTLE)
        yield Figure(name, (len(terminal.output) - before) / len(keys), "B", limit)
    before = len(terminal.output)
    for key in _MIX:
        terminal.press(key)
        terminal.read(quiet=0.04)
    terminal.read(quiet=_SETTLE)
    yield Figure("a key of a working minute, quickly", (len(terminal.output) - before) / len(_MIX), "B", 1500)
    before = len(terminal.output)
    terminal.read(quiet=_IDLE, timeout=_IDLE + 1)
    yield Figure(f"{_IDLE:.0f} s of idling", len(terminal.output) - before, "B", 0)
    terminal.close()
