"""The worked cases of the clocks: timelines whose dues and verdicts were worked out by hand.

Mon 2026-03-02, New York, 09:00-17:00; P2: first response 1h, next 2h, update 4h, resolution 8h.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from deskterm.rules.calendar import Calendar
from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.rulebook import Level, Policy
from deskterm.rules.sla import ClockReport, clocks
from tests.rules.sla.timelines import (
    CN,
    HOUR,
    LEVELLED,
    MINUTE,
    NOTIFY,
    NY,
    STD,
    Step,
    agent,
    answers,
    crossed,
    customer,
    opened,
    policy,
    priority,
    shown,
    status,
    told,
)

SHARED = Path(__file__).parents[4] / "shared" / "data" / "rules" / "worked_cases.json"
RESOLVED = [opened(), status("03-02 15:00", "resolved"), status("03-03 11:00", "open")]
Case = tuple[list[Step], str, dict[str, object]]

CASES: dict[str, Case] = {
    "dues of a P2 opened on Monday at 10:00": (
        [opened()],
        "03-02 10:30",
        {
            "first_response.1.due": "03-02 11:00",
            "resolution.1.due": "03-03 10:00",
            "resolution.1.el": 30 * MINUTE,
        },
    ),
    "a reply exactly at the due is met": (
        [opened(), agent("03-02 11:00")],
        "03-02 12:00",
        {"first_response.1.out": "met", "first_response.1.el": HOUR},
    ),
    "a reply one second late is breached at the due": (
        [opened(), agent("03-02 11:00:01")],
        "03-02 12:00",
        {
            "first_response.1.out": "breached",
            "first_response.1.br": "03-02 11:00",
            "first_response.1.el": HOUR + 1,
        },
    ),
    "at the due itself it is not too late": (
        [opened()],
        "03-02 11:00",
        {"first_response.1.br": None, "first_response.1.due": "03-02 11:00"},
    ),
    "a note and an automatic reply answer nothing": (
        [opened(), agent("03-02 10:01", auto=True), agent("03-02 10:10", public=False)],
        "03-02 10:30",
        {"first_response.1.out": "active", "next_response.1.out": "absent"},
    ),
    "the next response counts from the oldest question": (
        [opened(), agent("03-02 10:30"), customer("03-02 11:00"), customer("03-02 12:00")],
        "03-02 12:30",
        {"next_response.1.due": "03-02 13:00", "next_response.2.out": "absent"},
    ),
    "a second round is a second cycle": (
        [
            opened(),
            agent("03-02 10:30"),
            customer("03-02 11:00"),
            agent("03-02 12:30"),
            customer("03-02 16:00"),
        ],
        "03-02 16:30",
        {"next_response.1.out": "met", "next_response.2.due": "03-03 10:00"},
    ),
    "a requester who chases before the first reply starts nothing": (
        [opened(), customer("03-02 10:20")],
        "03-02 10:40",
        {"next_response.1.out": "absent", "first_response.1.due": "03-02 11:00"},
    ),
    "resolving answers a question": (
        [opened(), agent("03-02 10:30"), customer("03-02 11:00"), status("03-02 11:20", "resolved")],
        "03-04 12:00",
        {
            "next_response.1.out": "met",
            "resolution.1.out": "met",
            "resolution.1.el": 80 * MINUTE,
        },
    ),
    "a pause over a weekend counts nothing": (
        [opened("02-27 10:00"), status("02-27 15:00", "pending"), status("03-02 11:00", "open")],
        "03-02 12:00",
        {"resolution.1.due": "03-02 14:00", "resolution.1.el": 6 * HOUR},
    ),
    "a pause outside the hours moves nothing": (
        [opened("02-27 10:00"), status("02-27 17:30", "pending"), status("03-02 08:30", "open")],
        "03-02 09:30",
        {"resolution.1.due": "03-02 10:00", "resolution.1.el": 450 * MINUTE},
    ),
    "while it is paused nothing is due and what is left stands still": (
        [opened(), status("03-02 12:00", "pending")],
        "03-06 12:00",
        {"resolution.1.due": None, "resolution.1.rem": 6 * HOUR, "resolution.1.br": None},
    ),
    "a status that does not pause goes on after one that does": (
        [opened(), status("03-02 11:00", "pending"), status("03-02 13:00", "on_hold")],
        "03-02 14:00",
        {"resolution.1.el": 2 * HOUR, "resolution.1.due": "03-03 12:00"},
    ),
    "the first response does not pause": (
        [opened(), status("03-02 10:05", "pending")],
        "03-02 11:30",
        {"first_response.1.br": "03-02 11:00"},
    ),
    "raised after an hour three of four are left": (
        [opened(), priority("03-02 11:00", "P1")],
        "03-02 11:30",
        {"resolution.1.due": "03-02 14:00"},
    ),
    "raised after six hours of four it is due at that instant": (
        [opened(), priority("03-02 16:00", "P1")],
        "03-02 16:10",
        {"resolution.1.due": "03-02 16:00", "resolution.1.br": "03-02 16:00"},
    ),
    "lowered before the breach": (
        [opened(priority="P1"), priority("03-02 11:00", "P3")],
        "03-02 12:00",
        {"resolution.1.due": "03-05 10:00", "resolution.1.br": None},
    ),
    "a breach stays when the priority falls": (
        [opened(priority="P1"), priority("03-02 15:00", "P3")],
        "03-02 16:00",
        {"resolution.1.br": "03-02 14:00", "resolution.1.due": "03-05 10:00"},
    ),
    "a pause survives another priority": (
        [
            opened(),
            status("03-02 11:00", "pending"),
            priority("03-02 12:00", "P1"),
            status("03-02 13:00", "open"),
        ],
        "03-02 13:30",
        {"resolution.1.due": "03-02 16:00", "resolution.1.el": 90 * MINUTE},
    ),
    "another policy with another calendar keeps what was spent": (
        [opened(), policy("03-02 12:00", "gold")],
        "03-02 13:00",
        {"resolution.1.due": "03-02 18:00"},
    ),
    "a clock that the new policy lacks is gone": (
        [opened(), agent("03-02 10:10"), policy("03-02 12:00", "gold")],
        "03-02 13:00",
        {"update.1.due": None},
    ),
    "the update clock begins again with every public message": (
        [opened(), agent("03-02 10:10"), agent("03-02 12:00")],
        "03-02 12:30",
        {"update.1.out": "met", "update.2.due": "03-02 16:00"},
    ),
    "reopened in a new cycle the first verdict stays": (
        RESOLVED,
        "03-03 12:00",
        {
            "resolution.1.out": "met",
            "resolution.1.el": 5 * HOUR,
            "resolution.2.due": "03-04 11:00",
        },
    ),
    "closing what is resolved stops nothing again": (
        [opened(), status("03-02 15:00", "resolved"), status("03-05 15:00", "closed")],
        "03-06 12:00",
        {"resolution.1.el": 5 * HOUR, "resolution.1.stop": "03-02 15:00"},
    ),
    "clocks of a merged ticket are cancelled and never breach": (
        [opened(), status("03-02 10:30", "merged")],
        "03-09 12:00",
        {
            "first_response.1.out": "cancelled",
            "resolution.1.out": "cancelled",
            "resolution.1.br": None,
        },
    ),
    "a reply and a pause in one instant both count": (
        [opened(), agent("03-02 10:30"), status("03-02 10:30", "pending")],
        "03-02 12:00",
        {
            "first_response.1.out": "met",
            "resolution.1.el": 30 * MINUTE,
            "resolution.1.due": None,
        },
    ),
    "due at closing on Friday a reply on Saturday is late": (
        [opened("02-27 16:00"), agent("02-28 10:00")],
        "02-28 12:00",
        {
            "first_response.1.out": "breached",
            "first_response.1.el": HOUR,
            "first_response.1.br": "02-27 17:00",
        },
    ),
    "opened on Saturday nothing is spent before Monday": (
        [opened("02-28 12:00")],
        "03-02 08:59",
        {"first_response.1.due": "03-02 10:00", "first_response.1.el": 0},
    ),
    "over the change of the clocks": (
        [opened("03-06 13:00", "P3")],
        "03-06 13:00",
        {"resolution.1.due": "03-11 13:00"},
    ),
    "an agent's own ticket waits for no first response": (
        [opened(side="agent"), customer("03-02 11:00")],
        "03-02 12:00",
        {
            "first_response.1.out": "absent",
            "next_response.1.due": "03-02 13:00",
            "resolution.1.due": "03-03 10:00",
        },
    ),
    "two pauses in a day keep their seconds": (
        [
            opened(),
            status("03-02 10:20", "pending"),
            status("03-02 11:00:30", "open"),
            status("03-02 11:40:30", "pending"),
            status("03-02 13:00", "open"),
        ],
        "03-02 14:00",
        {"resolution.1.el": 2 * HOUR, "resolution.1.due": "03-03 12:00"},
    ),
    "breached and then paused it stays breached and stands still": (
        [opened(priority="P1"), status("03-02 15:00", "pending")],
        "03-04 12:00",
        {
            "resolution.1.br": "03-02 14:00",
            "resolution.1.el": 5 * HOUR,
            "resolution.1.due": None,
        },
    ),
    "resumed after the breach its due is the old one": (
        [opened(priority="P1"), status("03-02 15:00", "pending"), status("03-03 10:00", "open")],
        "03-04 12:00",
        {"resolution.1.due": "03-02 14:00", "resolution.1.br": "03-02 14:00"},
    ),
    "paused with nothing left it is due when it goes on": (
        [opened(priority="P1"), status("03-02 14:00", "pending"), status("03-03 09:30", "open")],
        "03-03 09:30",
        {"resolution.1.due": "03-03 09:30", "resolution.1.br": None},
    ),
    "a policy that does not pause lets a pending clock run": (
        [opened(), status("03-02 12:00", "pending"), policy("03-02 13:00", "nopause")],
        "03-02 14:00",
        {"resolution.1.due": "03-02 19:00", "resolution.1.el": 3 * HOUR},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_timeline_gives_what_was_worked_out(case: Case) -> None:
    steps, now, expected = case
    assert answers(told(*steps, now=now), expected) == expected


def test_reopened_in_the_same_cycle_the_time_it_was_closed_counts_nothing() -> None:
    report = told(*RESOLVED, now="03-03 12:00", under=STD._replace(reopen="resume"))
    expected = {
        "resolution.1.due": "03-03 14:00",
        "resolution.1.el": 6 * HOUR,
        "resolution.2.out": "absent",
    }
    assert answers(report, expected) == expected


def test_a_policy_may_judge_the_first_resolution_only() -> None:
    report = told(*RESOLVED, now="03-09 10:00", under=STD._replace(reopen="ignore"))
    expected = {"resolution.1.out": "met", "resolution.2.out": "absent"}
    assert answers(report, expected) == expected


@pytest.mark.parametrize(
    ("steps", "now", "expected"),
    [
        ([opened("02-13 16:00")], "02-13 16:00", {"resolution.1.due": "02-14 16:30"}),
        (
            [opened("02-14 16:00"), status("02-14 17:00", "pending"), status("02-19 20:00", "open")],
            "02-20 09:00",
            {"resolution.1.due": "02-24 17:30", "resolution.1.el": HOUR},
        ),
    ],
    ids=["into a make-up Saturday", "over nine closed days"],
)
def test_the_spring_festival(steps: list[Step], now: str, expected: dict[str, object]) -> None:
    report = told(*steps, now=now, under=STD._replace(calendar="CN"), zone=CN)
    assert answers(report, expected, CN) == expected


WARNED = {"warn75": "03-02 13:00", "warn30m": "03-02 13:30"}
LEVEL_CASES: dict[str, tuple[list[Step], str, str, dict[str, str]]] = {
    "warnings before a due at 14:00": ([opened(priority="P1")], "03-02 13:59", "resolution.1", WARNED),
    "a level behind the due runs into the next day": (
        [opened(priority="P1")],
        "03-03 12:00",
        "resolution.1",
        {**WARNED, "L1": "03-02 14:00", "L2": "03-02 15:00", "L3": "03-03 10:00"},
    ),
    "solved before a level it is never passed": (
        [opened(priority="P1"), status("03-02 14:30", "resolved")],
        "03-05 12:00",
        "resolution.1",
        {**WARNED, "L1": "03-02 14:00"},
    ),
    "a warning does not fire over the night": (
        [opened("03-02 16:00")],
        "03-03 15:45",
        "resolution.1",
        {"warn75": "03-03 14:00", "warn30m": "03-03 15:30"},
    ),
    "a pause moves the levels to come and not the ones passed": (
        [opened(priority="P1"), status("03-02 13:10", "pending"), status("03-02 15:10", "open")],
        "03-02 16:30",
        "resolution.1",
        {"warn75": "03-02 13:00", "warn30m": "03-02 15:30", "L1": "03-02 16:00"},
    ),
    "raised beyond several levels all are passed at that instant": (
        [opened(), priority("03-02 15:00", "P1")],
        "03-02 15:00",
        "resolution.1",
        dict.fromkeys(("warn75", "warn30m", "L1", "L2"), "03-02 15:00"),
    ),
    "after three days away every level has its own instant": (
        [opened(priority="P1")],
        "03-05 12:00",
        "resolution.1",
        {**WARNED, "L1": "03-02 14:00", "L2": "03-02 15:00", "L3": "03-03 10:00"},
    ),
    "a warning longer than the target comes at the start": (
        [opened(priority="P1")],
        "03-02 10:00",
        "first_response.1",
        {"warn60m": "03-02 10:00"},
    ),
    "reopened the second cycle has levels of its own": (
        [opened(priority="P1"), status("03-02 11:00", "resolved"), status("03-03 09:00", "open")],
        "03-03 13:30",
        "resolution.2",
        {"warn75": "03-03 12:00", "warn30m": "03-03 12:30", "L1": "03-03 13:00"},
    ),
    "over the weekend on which the clocks change": (
        [opened("03-06 15:00", "P1")],
        "03-09 12:30",
        "resolution.1",
        {"warn75": "03-09 10:00", "warn30m": "03-09 10:30", "L1": "03-09 11:00", "L2": "03-09 12:00"},
    ),
}


@pytest.mark.parametrize("name", LEVEL_CASES)
def test_levels_are_passed_at_their_own_instants(name: str) -> None:
    steps, now, which, expected = LEVEL_CASES[name]
    assert crossed(told(*steps, now=now, under=LEVELLED), which) == expected


# the same cases and more, with their exact inputs, where the data lies beside this clone


def shared_cases() -> dict[str, Any]:
    """The file of worked cases."""
    if not SHARED.exists():
        pytest.skip("the shared data is not beside this clone")
    cases: dict[str, Any] = json.loads(SHARED.read_text(encoding="utf-8"))
    return cases


def test_every_shared_timeline_gives_what_was_worked_out() -> None:
    found = {}
    for case in shared_cases()["clocks"]:
        answered = answers(_report(case), case["expected"], case["local_year_tz"])
        found[case["id"]] = answered
    assert found == {case["id"]: case["expected"] for case in shared_cases()["clocks"]}


def test_every_shared_level_is_passed_when_it_was_worked_out() -> None:
    found = {}
    for case in shared_cases()["levels"]:
        key = (case["metric"], case["cycle"])
        cycle = next(each for each in _report(case).cycles if (each.metric, each.n) == key)
        found[case["id"]] = {name: shown(each, NY) for name, each in cycle.crossed.items()}
    assert found == {case["id"]: case["expected"] for case in shared_cases()["levels"]}


def _report(case: dict[str, Any]) -> ClockReport:
    calendars = {
        name: Calendar.parse(table, name=name) for name, table in shared_cases()["calendars"].items()
    }
    policies = {name: _policy(name, table) for name, table in case["policies"].items()}
    history = [_event(seq, each) for seq, each in enumerate(case["history"], 1)]
    return clocks(history, policies, calendars, case["now"])


def _policy(name: str, table: dict[str, Any]) -> Policy:
    targets: dict[str, dict[str, int]] = {}
    for metric, by_priority in table["targets"].items():
        for each, seconds in by_priority.items():
            targets.setdefault(each, {})[metric] = seconds
    levels = tuple(_level(metric, each) for metric, some in table["levels"].items() for each in some)
    pause = {metric: frozenset(statuses) for metric, statuses in table["pause"].items()}
    return Policy(
        name, calendar=table["calendar"], targets=targets, pause=pause, reopen=table["reopen"], levels=levels
    )


def _level(metric: str, table: dict[str, str]) -> Level:
    position = table["at"]
    if position.endswith("%"):
        return Level(table["id"], metric, "percent", int(position[:-1]), NOTIFY)
    return Level(table["id"], metric, "offset", 0 if position == "breach" else int(position[:-1]), NOTIFY)


def _event(seq: int, told: dict[str, Any]) -> Event:
    kind, data = told["kind"], told["d"]
    match kind:
        case "created":
            data = {**data, "side": data.get("by", "requester")}
        case "msg":
            kind, data = "message", {"public": True, **data, "side": data["by"]}
        case "status":
            data = {"new": data["to"]}
        case "priority":
            kind, data = "field", {"name": "priority", "new": data["to"]}
        case "policy":
            kind, data = "policy_applied", {"policy": data["to"], "rev": 1}
    return Event(seq, told["ts"], kind, SYSTEM, data)
