"""Measuring: the thing and its floor in turn, so that a machine that slows down slows both."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["PYTHON", "Figure", "pair_calls", "pair_commands", "timed"]

PYTHON = sys.executable


@dataclass(frozen=True)
class Figure:
    """One line of the report: `value` of `unit`, and the aim: at most `limit`, or at least."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the aim is reached; None without an aim."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self) -> str:
        """The figure for people."""
        sign = "≥" if self.at_least else "≤"
        aim = f"aim {sign} {self.limit:g}" if self.limit is not None else "no aim"
        word = {True: "ok", False: "MISSED", None: ""}[self.reached]
        return f"{self.name:<58} {self.value:>10.2f} {self.unit:<4} {aim:<13} {word:<7} {self.note}"


def timed(call: Callable[[], object]) -> float:
    """Seconds of one call."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def pair_calls(
    call: Callable[[], object], floor: Callable[[], object], rounds: int = 60
) -> tuple[float, float, float]:
    """Median seconds of both, and the median of their ratio round by round."""
    call(), floor()
    pairs = [(timed(call), timed(floor)) for _ in range(rounds)]
    return _medians(pairs)


def pair_commands(
    command: Sequence[str], floor: Sequence[str], env: Mapping[str, str], rounds: int = 11
) -> tuple[float, float, float]:
    """The same for whole processes, from start to exit."""
    run = {
        "env": {**os.environ, **env},
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "check": True,
    }

    def once(words: Sequence[str]) -> float:
        return timed(lambda: subprocess.run(words, **run))  # type: ignore[call-overload]

    once(command), once(floor)
    return _medians([(once(command), once(floor)) for _ in range(rounds)])


def _medians(pairs: list[tuple[float, float]]) -> tuple[float, float, float]:
    mine, floor = zip(*pairs, strict=True)
    ratio = statistics.median(a / b for a, b in pairs)
    return statistics.median(mine), statistics.median(floor), ratio
