"""Two processes on one desk: each sees within two seconds what the other did."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from deskterm.rules import actions as a
from tests.desks import Bench
from tests.reliability.colleague import seen_at
from tests.store.children import ROOT


def test_each_sees_within_two_seconds_what_the_other_did(bench: Bench) -> None:
    number = bench.opens()
    feed = bench.desk.feed()
    with colleague(bench.url) as other:
        bench.does(a.Note(number, "from this side"))
        written = time.monotonic()
        assert float(hear(other)) - written < 2
        while feed.changed():  # our own note
            pass
        tell(other)
        written = float(hear(other))
        assert seen_at(feed) - written < 2
    feed.close()
    bodies = [
        line.message.body
        for line in bench.desk.ticket(number, viewer=bench.actor("ada")).timeline
        if line.message
    ]
    assert bodies[-2:] == ["from this side", "from the other side"]


@contextmanager
def colleague(url: str) -> Iterator["subprocess.Popen[str]"]:
    """The other process, once it watches."""
    command = [sys.executable, "-c", "from tests.reliability.colleague import work; work()", url]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert hear(other) == "ready"
        yield other
    assert other.returncode == 0


def hear(other: "subprocess.Popen[str]") -> str:
    """What the other says next."""
    assert other.stdout
    return other.stdout.readline().strip()


def tell(other: "subprocess.Popen[str]") -> None:
    """Let the other go on."""
    assert other.stdin
    other.stdin.write("\n")
    other.stdin.flush()
