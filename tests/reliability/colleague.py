"""A colleague in a process of his own: sees what others do, then does something himself, and tells when."""

import sys
import time

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.store.engine import open_store
from deskterm.store.feed import Feed
from tests.builders import T0

__all__ = ["seen_at", "work"]

PATIENCE = 20.0  # seconds


def seen_at(feed: Feed) -> float:
    """When `feed` told a change, on the clock that all processes of a machine share."""
    until = time.monotonic() + PATIENCE
    while not feed.changed():
        if time.monotonic() > until:
            raise TimeoutError("nobody changed anything")
        time.sleep(0.01)
    return time.monotonic()


def work() -> None:
    """Wait for a change on the desk at the URL that is the argument; at the next line write one."""
    desk = Desk(open_store(sys.argv[1]), ManualClock(T0))
    feed = desk.feed()
    say("ready")
    say(seen_at(feed))
    sys.stdin.readline()
    desk.perform(a.Note(1, "from the other side"), desk.agent("kim"))
    say(time.monotonic())


def say(word: object) -> None:
    """Tell the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()
