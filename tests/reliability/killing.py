"""Writers that are killed at any moment and started again; to be run in a process of its own.

Each performs one action after the other, each under its key, and acknowledges it through a pipe after it was
performed. A restarted one repeats the action whose fate nobody knows.
"""

import json
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import Final

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.store.engine import open_store
from tests.builders import T0

__all__ = ["main"]

KINDS: Final[tuple[Callable[[str, int], a.Action], ...]] = (
    lambda key, ticket: a.Note(ticket, key),
    lambda key, ticket: a.Reply(ticket, key, (a.Attachment("log.txt", "ab" * 32, 3),)),
    lambda key, _: a.OpenTicket(
        key, key, requester=f"{key}@x.example", tags=("vpn", "ca"), custom={"a": key}
    ),
    lambda key, ticket: a.SetFields(ticket, {"category": key, "priority": f"P{1 + len(key) % 4}"}),
    lambda key, ticket: a.OpenTicket("Disk full", key, dedupe_key=f"disk {ticket}"),
    lambda key, _: a.AddContact(key, (f"{key}@y.example",), "ACME"),
)
WRITERS: Final = 4
TOGETHER: Final = 25  # turns on one ticket, for all of them at about the same time
MOST_ACKNOWLEDGED: Final = 12  # between two kills
LONGEST: Final = 0.005  # seconds, after the last of them


class Writer:
    """One of those who are killed; `done` counts what it has acknowledged."""

    def __init__(self, url: str, number: int, tickets: int, turns: int) -> None:
        self._url = url
        self._number = number
        self._tickets = tickets
        self._turns = turns
        self.done = 0
        self.start()

    def start(self) -> None:
        """Start in a new process, with the first action that is not acknowledged."""
        self.pipe, acknowledge = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            try:
                self._work(acknowledge)
            finally:
                os._exit(1)  # what went wrong is on stderr
        os.close(acknowledge)

    def _work(self, acknowledge: int) -> None:
        desk = Desk(open_store(self._url), ManualClock(T0))
        kim = desk.agent("kim")
        for turn in range(self.done, self._turns):
            key = f"w{self._number}-{turn}"
            build = KINDS[(self._number + turn) % len(KINDS)]
            desk.perform(build(key, 1 + turn // TOGETHER % self._tickets), kim, key=key)
            os.write(acknowledge, b".")
        os._exit(0)

    def hear(self) -> int:
        """How many more it acknowledges now; 0 when it has ended."""
        told = len(os.read(self.pipe, 4096))
        self.done += told
        return told

    def end(self) -> None:
        """Kill it, and learn what it acknowledged before."""
        os.kill(self._process, signal.SIGKILL)
        _, status = os.waitpid(self._process, 0)
        assert status in (0, signal.SIGKILL), f"writer {self._number} ended with {status}"
        while self.hear():
            pass
        os.close(self.pipe)

    @property
    def finished(self) -> bool:
        """Whether it has nothing left to do."""
        return self.done == self._turns


def campaign(url: str, tickets: int, turns: int, kills: int) -> tuple[int, list[int]]:
    """Let four writers do their turns, or until so many were killed; kills, and what each acknowledged.

    They work on the tickets from 1 to `tickets`, one after the other.
    """
    dice, killed = Random(7), 0
    writers = [Writer(url, number, tickets, turns) for number in range(WRITERS)]
    living = list(writers)
    while living and killed < kills:
        _listen(living, dice.randint(0, MOST_ACKNOWLEDGED))
        time.sleep(dice.uniform(0, LONGEST))
        victim = dice.choice(living)
        victim.end()
        killed += 1
        if victim.finished:
            living.remove(victim)
        else:
            victim.start()
    for writer in living:
        writer.end()
    return killed, [writer.done for writer in writers]


def _listen(writers: list[Writer], acknowledged: int) -> None:
    """Wait until the writers have acknowledged so many more, or all have ended."""
    with selectors.DefaultSelector() as selector:
        for writer in writers:
            selector.register(writer.pipe, selectors.EVENT_READ, writer)
        while acknowledged > 0 and selector.get_map():
            for key, _ in selector.select():
                told = key.data.hear()
                acknowledged -= told
                if not told:
                    selector.unregister(key.fd)


def main() -> None:
    """URL, tickets, turns of each writer and most kills come as arguments; the answer is JSON."""
    tickets, turns, kills = map(int, sys.argv[2:])
    sys.stdout.write(json.dumps(campaign(sys.argv[1], tickets, turns, kills)))


def keys(done: list[int]) -> Iterator[str]:
    """The keys of the first `done` actions of each writer."""
    for number, turns in zip(count(), done):
        yield from (f"w{number}-{turn}" for turn in range(turns))
