"""Whatever two agents, a lead, a light agent and requesters do: the rows follow from the timeline."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, Final, TypeVar

import pytest

from deskterm.desk import Receipt
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.rules.problems import Problem
from tests.builders import T0
from tests.desks import Bench
from tests.reliability.conftest import Copies
from tests.reliability.stored import Dump, dump
from tests.reliability.twin import contradictions

Step = TypeVar("Step")

ANN, BO = "ann@acme.example", "bo@globex.example"
FILE: Final = a.Attachment("log.txt", "ab" * 32, 3)
WEEK: Final = 7 * 86400

OPENINGS: Final = (
    a.OpenTicket("VPN drops", "every hour", requester=ANN),
    a.OpenTicket("Mouse", requester=BO, queue="network", tags=("hw", "desk"), custom={"site": "Berlin"}),
    a.OpenTicket("Disk full", "sda1", dedupe_key="disk"),
    a.OpenTicket("Mine", "for myself"),
    a.OpenTicket("Down", requester=ANN, impact="high", urgency="high", assignee="kim", queue="network"),
)
DEEDS: Final[tuple[Callable[[int, int], a.Action], ...]] = (
    lambda number, _: a.Reply(number, "Which client?"),
    lambda number, _: a.Reply(number, "See the file.", (FILE,)),
    lambda number, _: a.Note(number, "He is on holiday."),
    lambda number, _: a.Attach(number, (FILE,)),
    lambda number, _: a.Attach(number, (FILE, FILE), internal=False),
    lambda number, _: a.Assign(number, agent="kim"),
    lambda number, _: a.Assign(number, agent="lee", group="network"),
    lambda number, _: a.Assign(number, group="service-desk"),
    lambda number, _: a.Assign(number, agent="", group=""),
    lambda number, _: a.SetFields(number, {"priority": "P1"}),
    lambda number, _: a.SetFields(number, {"priority": "P4", "category": "net"}),
    lambda number, _: a.SetFields(number, {"impact": "high", "urgency": "medium", "cf.site": "Rome"}),
    lambda number, _: a.SetFields(number, {"impact": "", "cf.site": "", "subject": "Renamed"}),
    lambda number, _: a.SetFields(number, {"queue": "triage", "vendor": "northline", "cf.asset": "NB-1"}),
    lambda number, _: a.SetFields(number, {"queue": "network", "type": "incident"}),
    lambda number, _: a.Tag(number, ("vpn", "urgent")),
    lambda number, _: a.Tag(number, ("hw",), ("vpn", "desk")),
    lambda number, _: a.Pend(number),
    lambda number, now: a.Pend(number, "asked", now + 86400),
    lambda number, _: a.Hold(number, vendor="northline"),
    lambda number, now: a.Hold(number, "a part is on its way", until=now + WEEK),
    lambda number, _: a.Resolve(number, "carrier", "line replaced", "Works again?"),
    lambda number, _: a.Resolve(number, "user", "shown"),
    lambda number, _: a.Confirm(number, "thanks"),
    lambda number, _: a.Reject(number, "still broken"),
    lambda number, _: a.Close(number, "no answer"),
    lambda number, _: a.Reopen(number, "again"),
    lambda number, _: a.Cancel(number, "spam"),
)
WHO: Final = ("kim", "kim", "kim", "lee", "lee", ANN, ANN, BO, "lil", "ada", "ada")
SECONDS: Final = (1, 60, 3600, 9 * 3600, 80 * 3600, WEEK + 1, -1, -7200)


class Life:
    """Days of a small desk in which the dice say who does what; `steps` tells them."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.bench = bench
        self.dice = Random(seed)
        self.steps: list[str] = []
        self.seen: dict[int, int] = {}
        self.bench.opens()
        self.bench.opens(requester=BO, queue="network")
        self.held: Dump = dump(bench.desk.store)
        self.done = 0

    def goes_on(self) -> None:
        """One step."""
        chance = self.dice.random()
        if chance < 0.2:
            self.bench.clock.advance(self.note(self.dice.choice(SECONDS)))
        elif chance < 0.3:
            row = self.dice.choice(self.held["tickets"])
            self.seen[row["id"]] = row["version"]
        elif chance < 0.37:
            self.does(self.dice.choice(OPENINGS))
        else:
            self.acts()

    def acts(self) -> None:
        """Somebody does something on one of the newest tickets."""
        row = self.dice.choice(self.held["tickets"][-4:])
        number, version = row["id"], row["version"]
        action = self.dice.choice(DEEDS)(number, self.bench.clock.now())
        match self.dice.choice(("plainly", "plainly", "twice", "dry", "on what was seen")):
            case "plainly":
                self.does(action)
            case "twice":
                who, key = self.dice.choice(WHO), f"key {len(self.steps)}"
                receipt = self.does(action, who, key=key)
                after = self.held
                assert self.does(action, who, key=key) == (receipt and replace(receipt, replayed=True))
                assert self.held == after
            case "dry":
                before = self.held
                self.does(action, dry_run=True)
                assert self.held == before
            case _:
                who, seen = self.dice.choice(WHO), self.seen.get(number, version)
                done = self.does(action, who, seen=seen)
                assert done is None or seen == version or "@" in who  # who is not told what is internal

    def does(self, action: a.Action, who: str = "", **how: Any) -> Receipt | None:
        """Perform; what is refused must have changed nothing."""
        who = who or self.dice.choice(WHO)
        self.note((who, action, how))
        receipt = None
        try:
            receipt = self.bench.does(action, who, **how)
            self.done += 1
        except Problem as problem:
            assert problem.kind in ("refused", "usage", "missing", "stale"), problem
            assert problem.code != "store.busy", action  # nobody else is here
        before, self.held = self.held, dump(self.bench.desk.store)
        assert receipt is not None or self.held == before
        return receipt

    def note(self, step: Step) -> Step:
        """Remember what was done."""
        self.steps.append(str(step))
        return step

    def check(self) -> None:
        """Everything follows from the timelines, and lists and counts agree with the tickets."""
        assert contradictions(self.held, self.bench.desk.book()) == []
        ada, ann = self.bench.actor("ada"), self.bench.actor(ANN)
        rows = self.held["tickets"]
        self.sees(ada, "", {row["id"] for row in rows})
        self.sees(ada, "is:unsolved", {row["id"] for row in rows if row["is_open"]})
        self.sees(ann, "", {row["id"] for row in rows if row["requester_id"] == ann.id})

    def sees(self, viewer: Actor, query: str, expected: set[int]) -> None:
        """`viewer` finds each of the expected tickets once, and counts as many."""
        found = [row.id for row in self.bench.desk.page(query, viewer=viewer, limit=1000).rows]
        assert (set(found), len(found)) == (expected, len(expected))
        assert self.bench.desk.count(query, viewer=viewer) == len(expected)


def live(bench: Bench, seed: int, steps: int) -> int:
    """Live a life; how many of its actions were not refused."""
    life = Life(bench, seed)
    try:
        for _ in range(steps):
            life.goes_on()
            life.check()
    except AssertionError as error:
        error.add_note("\n".join(("What was done:", *life.steps)))
        raise
    return life.done


@pytest.mark.parametrize("seed", range(5))
def test_rows_lists_and_clocks_follow_from_the_timeline(copies: Copies, seed: int) -> None:
    assert live(copies(), seed, steps=60) > 15


def test_a_clock_that_is_set_back_turns_no_timeline_around(copies: Copies) -> None:
    bench = copies()
    number = bench.opens()
    bench.clock.advance(-7200)
    bench.does(a.Resolve(number, "user", "shown"), "kim")
    bench.does(a.Note(number, "done"), "kim")
    timeline = bench.desk.ticket(number, viewer=bench.actor("ada")).timeline
    assert ({line.at for line in timeline}, timeline[-1].message is None) == ({T0}, False)
    assert contradictions(dump(bench.desk.store), bench.desk.book()) == []


@pytest.mark.parametrize("again", [a.Reply(1, "still so"), a.Reject(1, "still so")])
def test_the_answer_to_an_alert_that_came_again_on_a_newer_ticket_is_taken(
    bench: Bench, again: a.Action
) -> None:
    alert = a.OpenTicket("Disk full", "sda1", requester=ANN, dedupe_key="disk")
    bench.does(alert)
    bench.does(a.Resolve(1, "full", "cleaned"))
    assert bench.does(alert).ticket == 2
    assert bench.does(again, ANN).changes[-1]["new"] == "open"
    assert bench.does(alert).ticket == 2
    assert contradictions(dump(bench.desk.store), bench.desk.book()) == []


@pytest.mark.soak
def test_they_do_in_many_long_lives(copies: Copies) -> None:
    for seed in range(1000, 1150):
        assert live(copies(), seed, steps=200) > 40
