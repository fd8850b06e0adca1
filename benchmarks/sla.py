"""The clocks: what a fold of a short and of a long history costs."""

import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from benchmarks.measure import Figure, timed
from deskterm.rules.calendar import Calendar
from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.query.ast import In
from deskterm.rules.rulebook import Act, Level, Ola, Policy, RuleBook, Uc
from deskterm.rules.sla import fold

__all__ = ["run"]

_HOUR = 3600
_START = int(datetime(2026, 3, 2, 15, tzinfo=UTC).timestamp())
_NOTIFY = (Act("notify", ("lead",)),)
_LEVELS = [("warn", -1800), ("breach", 0), ("late", 4 * _HOUR)]
_METRICS = ("first_response", "next_response", "update", "resolution")
_OFFICE = Calendar.parse({"tz": "America/New_York", "week": {"mon-fri": ["09:00-12:00", "13:00-17:00"]}})
_STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("message", {"public": True, "side": "requester"}),
    ("status", {"old": "pending", "new": "open"}),
    ("message", {"public": True, "side": "agent"}),
    ("status", {"old": "open", "new": "pending"}),
    ("field", {"name": "priority", "old": "P2", "new": "P1"}),
    ("message", {"public": False, "side": "agent"}),
    ("assigned", {"old": "", "new": "kim"}),
    ("field", {"name": "priority", "old": "P1", "new": "P2"}),
)


def _history(events: int) -> list[Event]:
    created = {"priority": "P2", "policy": "std", "rev": 1, "group": "network"}
    found = [Event(1, _START, "created", SYSTEM, created)]
    for number in range(1, events):
        kind, data = _STEPS[(number - 1) % len(_STEPS)]
        found.append(Event(number + 1, _START + number * 1800, kind, SYSTEM, data))
    return found


def _books(*, everything: bool) -> dict[int, RuleBook]:
    targets = dict.fromkeys(("P1", "P2"), dict.fromkeys(_METRICS, 8 * _HOUR))
    levels = tuple(
        Level(f"{name}-{each}", each, "offset", at, _NOTIFY) for each in _METRICS for name, at in _LEVELS
    )
    pause = {"resolution": frozenset({"pending"})}
    book = RuleBook(
        rev=1,
        calendars={"office": _OFFICE},
        policies=(Policy("std", calendar="office", targets=targets, pause=pause, levels=levels),),
    )
    if everything:
        ola = Ola("net", "network", "office", {"own": 1800, "work": 6 * _HOUR})
        uc = Uc("isp", In("status", ("on_hold",)), "office", {"restore": 6 * _HOUR})
        book = book._replace(olas=(ola,), ucs=(uc,))
    return {1: book}


def _micros(call: Callable[[], object], times: int) -> float:
    """Median of 9 rounds, in microseconds."""

    def often() -> None:
        for _ in range(times):
            call()

    often()
    return statistics.median(timed(often) for _ in range(9)) / times * 1e6


def run(quick: bool) -> Iterator[Figure]:
    """Folds of 3 and of 200 events, plain and with all there is."""
    times = 20 if quick else 100
    short, long = _history(3), _history(200)
    short_now, long_now = short[-1].at + _HOUR, long[-1].at + _HOUR
    plain = [Event(1, _START, "created", SYSTEM, {"priority": "P2"}), *short[1:]]
    ruled, full = _books(everything=False), _books(everything=True)
    cases: tuple[tuple[str, list[Event], dict[int, RuleBook], int, float | None], ...] = (
        ("3 events, built-in rules", plain, {}, short_now, 25),
        ("3 events, a policy with 12 levels", short, ruled, short_now, None),
        ("200 events, a policy with 12 levels", long, ruled, long_now, 1000),
        ("200 events, with OLA and vendor", long, full, long_now, 1000),
    )
    for name, history, books, now, limit in cases:
        spent = _micros(partial(fold, history, books, now), times * 200 // len(history))
        yield Figure(f"fold: {name}", spent, "us", limit)
    spent = _micros(partial(fold, long, full, long_now, ledger=True), times)
    yield Figure("fold: 200 events, with the ledger", spent, "us")
