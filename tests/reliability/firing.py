"""A month of a desk in minutes: processes that tick and are killed, people who act, a clock that jumps.

Nobody shares anything but the database and the clock. To be run in a process of its own, for it forks.
"""

import json
import mmap
import os
import select
import signal
import struct
import sys
import time
from importlib import import_module
from pkgutil import walk_packages
from random import Random
from traceback import print_exc
from typing import Any, Final, NamedTuple

from deskterm import rules, store
from deskterm.clock import Clock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.store.engine import open_store
from tests.builders import DAY, HOUR, T0
from tests.reliability.month import LATER_RULES, Act, acts, moments

__all__ = ["Lived", "asked", "main"]


class _Shared(Clock):
    """A clock that all processes read and one sets."""

    frozen = False

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8)

    def now(self) -> int:
        return int(struct.unpack("q", self._memory[:8])[0])

    def show(self, at: int) -> None:
        self._memory[:8] = struct.pack("q", at)


class Child:
    """A process that is told to go by a letter and answers a line of JSON each time."""

    def __init__(self, url: str, clock: _Shared) -> None:
        self._url, self.clock = url, clock
        self.busy = False
        self.start()

    def start(self) -> None:
        """Start it, idle."""
        below, self._go = os.pipe()
        self.answers, above = os.pipe()
        self._number = os.fork()
        if self._number == 0:
            os.close(self._go)
            try:
                self._work(Desk(open_store(self._url), self.clock), below, above)
            finally:
                print_exc()
                os._exit(1)
        os.close(below)
        os.close(above)

    def _work(self, desk: Desk, below: int, above: int) -> None:
        while os.read(below, 1):
            told = json.dumps(self.turn(desk)) + "\n"
            os.write(above, told.encode())
        os._exit(0)

    def turn(self, desk: Desk) -> Any:
        """What it does when it is told to go."""
        raise NotImplementedError

    def go(self) -> None:
        """Tell it to go."""
        os.write(self._go, b".")
        self.busy = True

    def hear(self) -> Any:
        """Its answer; an end without one is an error."""
        text = b""
        while not text.endswith(b"\n"):
            more = os.read(self.answers, 65536)
            assert more, "a process ended by itself"
            text += more
        self.busy = False
        return json.loads(text)

    def end(self) -> bool:
        """Kill it; whether that was in the middle of its work."""
        os.kill(self._number, signal.SIGKILL)
        os.waitpid(self._number, 0)
        answered = select.select([self.answers], [], [], 0)[0] and os.read(self.answers, 1)
        caught = self.busy and not answered
        os.close(self._go)
        os.close(self.answers)
        self.busy = False
        return caught


class Ticker(Child):
    """Ticks; answers what it did, or why not all of it."""

    def turn(self, desk: Desk) -> Any:
        try:
            done = desk.tick()
        except Problem as problem:
            return {"looked": 0, "failed": [problem.code]}
        return {"looked": done.looked, "failed": [problem.code for _, problem in done.failed]}


class People(Child):
    """Does what the script says up to now; answers how often it was refused. Nobody kills people."""

    def __init__(self, url: str, clock: _Shared, script: list[Act], later: int) -> None:
        self._script, self._later, self._tickets = script, later, dict[int, int]()
        super().__init__(url, clock)

    def turn(self, desk: Desk) -> Any:
        refused: dict[str, int] = {}
        if desk.clock.now() >= self._later:
            desk.ruling.activate("later.toml", LATER_RULES, {}, desk.agent("ada"))
            self._later = 2**62
        while self._script and self._script[0].at <= desk.clock.now():
            act = self._script.pop(0)
            try:
                self._perform(act, desk)
            except Problem as problem:
                refused[problem.code] = refused.get(problem.code, 0) + 1
        return refused

    def _perform(self, act: Act, desk: Desk) -> None:
        kim, ann = desk.agent("kim"), desk.requester("ann@acme.example")
        number = self._tickets.get(act.ticket, 0)
        if act.verb.startswith("open"):
            word = act.verb[5:]
            number = desk.perform(a.OpenTicket(f"ticket {act.ticket}", "body"), ann).ticket or 0
            self._tickets[act.ticket] = number
            if word:
                desk.perform(asked(word, number, act.at), kim)
        else:
            desk.perform(asked(act.verb, number, desk.clock.now()), ann if act.verb in _ANN else kim)


_ANN: Final = ("ask",)


def asked(verb: str, ticket: int, now: int) -> a.Action:
    """What a word of the script asks of a ticket."""
    match verb:
        case "answer" | "ask":
            return a.Reply(ticket, f"{verb} of a person")
        case "pend":
            return a.Pend(ticket)
        case "pend_until":
            return a.Pend(ticket, until=now + DAY + 7)
        case "hold":
            return a.Hold(ticket, vendor="northline")
        case "hold_until":
            return a.Hold(ticket, reason="a part", until=now + 3 * HOUR)
        case "resolve":
            return a.Resolve(ticket, "cause", "solution", reply="Done." if now % 2 else "")
        case "reopen":
            return a.Reopen(ticket, "not done")
        case "eu":
            return a.SetFields(ticket, {"category": "eu"})
        case "hand":
            return a.Assign(ticket, group="apps")
        case "note":
            return a.Note(ticket, "a word")
    return a.SetFields(ticket, {"priority": verb})


class Lived(NamedTuple):
    """How a campaign went: what the clock showed when at least one process had looked at all, in order.

    `kills` counts those that were at work.
    """

    rounds: list[int]
    last: int
    kills: int
    looked: int
    failed: list[str]
    refused: dict[str, int]
    seconds: float


def campaign(url: str, tickets: int, days: int, workers: int, seed: int) -> Lived:
    """Let the desk at `url` live through `days` days."""
    begin, dice, clock = time.monotonic(), Random(seed), _Shared()
    clock.show(T0)
    script = acts(tickets, days, seed)
    people = People(url, clock, script, T0 + days * DAY // 2)
    tickers = [Ticker(url, clock) for _ in range(workers)]
    rounds, failed, refused, kills, looked, last = list[int](), list[str](), dict[str, int](), 0, 0, T0
    for at in moments(days, seed):
        clock.show(at)
        last = max(last, at)
        for each in (people, *tickers):
            each.go()
        kills += _kill(tickers, dice)
        for code, count in people.hear().items():
            refused[code] = refused.get(code, 0) + count
        answers = [ticker.hear() for ticker in tickers if ticker.busy]
        looked += sum(answer["looked"] for answer in answers)
        failed += [code for answer in answers for code in answer["failed"]]
        if any(not answer["failed"] for answer in answers):
            rounds.append(at)
    clock.show(last)
    for _ in range(5):  # what people did in the last moment is looked at, too
        tickers[0].go()
        if not tickers[0].hear()["looked"]:
            break
    for child in (people, *tickers):
        child.end()
    return Lived(rounds, last, kills, looked, failed, refused, time.monotonic() - begin)


def _kill(tickers: list[Ticker], dice: Random) -> int:
    """Kill some at any moment of their work and start others that begin at once; how many were at work."""
    caught = 0
    for _ in range(dice.choice((0, 0, 1, 2, 3))):
        victim = dice.choice(tickers)
        time.sleep(dice.choice((0.002, 0.01, 0.05, 0.2)) * dice.random())
        caught += victim.end()
        victim.start()
        victim.go()
    return caught


def _import_all() -> None:
    """What children need is loaded once: they are many, and short-lived."""
    for package in (rules, store):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name:
                import_module(module.name)


def main() -> None:
    """URL, tickets, days, workers and seed come as arguments; the answer is JSON."""
    _import_all()
    numbers = map(int, sys.argv[2:])
    sys.stdout.write(json.dumps(campaign(sys.argv[1], *numbers)._asdict()))
