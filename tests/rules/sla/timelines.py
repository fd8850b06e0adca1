"""Timelines: what happened to a ticket when, in local time, and what its clocks said then."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from deskterm.rules.calendar import Calendar
from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.rulebook import Act, Level, Policy, RuleBook
from deskterm.rules.sla import ClockReport, Cycle, fold
from tests.rules.calendar.calendars import CHINA, NEW_YORK

MINUTE, HOUR = 60, 3600
NY, CN = "America/New_York", "Asia/Shanghai"
Step = tuple[str, str, dict[str, Any]]

NOTIFY = (Act("notify", ("lead",)),)
TARGETS = {
    "P1": {
        "first_response": 30 * MINUTE,
        "next_response": 30 * MINUTE,
        "update": HOUR,
        "resolution": 4 * HOUR,
    },
    "P2": {
        "first_response": HOUR,
        "next_response": 2 * HOUR,
        "update": 4 * HOUR,
        "resolution": 8 * HOUR,
    },
    "P3": {"first_response": 4 * HOUR, "next_response": 4 * HOUR, "resolution": 24 * HOUR},
    "P4": {"first_response": 8 * HOUR, "next_response": 8 * HOUR, "resolution": 40 * HOUR},
}
PENDING = {"resolution": frozenset({"pending"}), "update": frozenset({"pending"})}
STD = Policy("std", calendar="NY", targets=TARGETS, pause=PENDING)
GOLD = Policy(
    "gold",
    calendar="always",
    targets={"P2": {"first_response": HOUR, "resolution": 8 * HOUR}},
    pause=PENDING,
)
NOPAUSE = Policy("nopause", calendar="always", targets={"P2": {"resolution": 8 * HOUR}})
LEVELS = (
    Level("warn75", "resolution", "percent", 75, NOTIFY),
    Level("warn30m", "resolution", "offset", -30 * MINUTE, NOTIFY),
    Level("L1", "resolution", "offset", 0, NOTIFY),
    Level("L2", "resolution", "offset", HOUR, NOTIFY),
    Level("L3", "resolution", "offset", 4 * HOUR, NOTIFY),
    Level("warn60m", "first_response", "offset", -60 * MINUTE, NOTIFY),
)
LEVELLED = STD._replace(levels=LEVELS)
CALENDARS = {
    "NY": Calendar.parse(NEW_YORK, name="NY"),
    "CN": Calendar.parse(CHINA, name="CN"),
    "always": Calendar.parse({"tz": "UTC", "week": {"mon-sun": ["00:00-24:00"]}}, name="always"),
}


def at(text: str, zone: str = NY) -> int:
    """The instant of "03-02 10:00" (or with seconds) in 2026 on the clocks of `zone`."""
    return int(datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo(zone)).timestamp())


def shown(instant: int | None, zone: str = NY) -> str | None:
    """The same, the other way round."""
    if instant is None:
        return None
    local = datetime.fromtimestamp(instant, ZoneInfo(zone))
    return local.strftime("%m-%d %H:%M:%S" if local.second else "%m-%d %H:%M")


def opened(when: str = "03-02 10:00", priority: str = "P2", policy: str = "std", **more: Any) -> Step:
    """The ticket is opened."""
    return when, "created", {"priority": priority, "policy": policy, "rev": 1, **more}


def agent(when: str, **more: Any) -> Step:
    """A public message of an agent."""
    return when, "message", {"public": True, "side": "agent", **more}


def customer(when: str) -> Step:
    """A public message of the requester."""
    return when, "message", {"public": True, "side": "requester"}


def status(when: str, new: str, **more: Any) -> Step:
    """The ticket gets another status."""
    return when, "status", {"new": new, **more}


def priority(when: str, new: str) -> Step:
    """The ticket gets another priority."""
    return when, "field", {"name": "priority", "new": new}


def policy(when: str, name: str, rev: int = 1) -> Step:
    """Another policy applies."""
    return when, "policy_applied", {"policy": name, "rev": rev}


def events(steps: Iterable[Step], zone: str = NY) -> list[Event]:
    """The steps as events, numbered from 1."""
    return [Event(seq, at(when, zone), kind, SYSTEM, data) for seq, (when, kind, data) in enumerate(steps, 1)]


def book(*policies: Policy, **more: Any) -> RuleBook:
    """A rule book with those policies; revision 1 unless said otherwise."""
    return RuleBook(**{"rev": 1, "calendars": CALENDARS, "policies": policies, **more})


def told(
    *steps: Step,
    now: str,
    under: Policy | RuleBook = STD,
    zone: str = NY,
    ledger: bool = False,
    fired: Iterable[str] = (),
) -> ClockReport:
    """What the clocks say at `now` after `steps`."""
    edition = under if isinstance(under, RuleBook) else book(under, GOLD, NOPAUSE)
    return fold(events(steps, zone), {1: edition}, at(now, zone), ledger=ledger, fired=frozenset(fired))


def cycle(report: ClockReport, name: str) -> Cycle | None:
    """The cycle "metric.n", None when there is none."""
    metric, n = name.rsplit(".", 1)
    found = (each for each in (*report.cycles, *report.internal) if (each.metric, each.n) == (metric, int(n)))
    return next(found, None)


def the(report: ClockReport, name: str) -> Cycle:
    """The cycle "metric.n"."""
    found = cycle(report, name)
    assert found is not None, f"no cycle {name}"
    return found


def answers(report: ClockReport, asked: Iterable[str], zone: str = NY) -> dict[str, object]:
    """What the report says to "metric.n.what", `what` as in the worked cases: due, br, stop, el, rem, out."""
    return {each: _answer(report, each, zone) for each in asked}


def _answer(report: ClockReport, asked: str, zone: str) -> object:
    name, what = asked.rsplit(".", 1)
    found = cycle(report, name)
    if found is None:
        return "absent" if what == "out" else None
    instants: Mapping[str, int | None] = {
        "due": found.due_at,
        "br": found.breached_at,
        "stop": found.stopped,
    }
    if what in instants:
        return shown(instants[what], zone)
    values: Mapping[str, object] = {"el": found.elapsed, "rem": found.remaining, "out": found.outcome}
    return values[what]


def crossed(report: ClockReport, name: str) -> dict[str, str | None]:
    """The levels that the cycle "metric.n" passed, with the local time of each."""
    return {level: shown(instant) for level, instant in the(report, name).crossed.items()}
