"""Random timelines under random rules, for laws.

Rules come from a numbered pool, for drawing them piece by piece takes longer than folding; what a failing
example shrinks is the timeline.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from deskterm.rules.calendar import WEEKDAYS, Calendar
from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.query.ast import In
from deskterm.rules.rulebook import Level, Ola, Policy, RuleBook, Uc
from tests.rules.sla.timelines import NOTIFY

START = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())
METRICS = ("first_response", "next_response", "update", "resolution")
STATUSES = ("new", "open", "pending", "on_hold", "resolved", "closed", "cancelled", "merged")
ZONES = ("UTC", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe")
POOL = 40
Editions = Mapping[int, RuleBook]


def a_calendar(random: Random) -> Calendar:
    """Up to three spans on some weekdays, now and then around the clock, with exceptions early in March."""
    if random.random() < 0.2:
        return Calendar.parse({"tz": "UTC", "week": {"mon-sun": ["00:00-24:00"]}})
    days = random.sample(WEEKDAYS, random.randint(2, 7))
    return Calendar.parse(
        {
            "tz": random.choice(ZONES),
            "week": {day: _spans(random) for day in days},
            "holidays": [f"2026-03-{random.randint(1, 9):02}" for _ in range(random.randint(0, 2))],
            "hours": {f"2026-03-{random.randint(10, 15)}": _spans(random)},
        }
    )


def _spans(random: Random) -> list[str]:
    cuts = sorted(random.sample(range(1440), 2 * random.randint(1, 3)))
    return [
        f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}"
        for a, b in zip(cuts[::2], cuts[1::2], strict=True)
    ]


def a_length(random: Random) -> int:
    """From a second to a week of open time, the short ones more often."""
    return random.choice((random.randint(1, 60), random.randint(1, 7_200), random.randint(1, 100_000)))


def some_levels(random: Random, *metrics: str) -> tuple[Level, ...]:
    """Up to three levels on each metric; some have nothing to do."""
    return tuple(
        _level(random, metric, f"{metric}-{number}")
        for metric in metrics
        for number in range(random.randint(0, 3))
    )


def _level(random: Random, metric: str, name: str) -> Level:
    basis = random.choice(("percent", "offset", "wall"))
    least, most = {"percent": (0, 180), "offset": (-20_000, 20_000), "wall": (0, 20_000)}[basis]
    amount = {"percent": 100, "offset": 0, "wall": 0}[basis]
    if random.random() < 0.8:
        amount = random.randint(least, most)
    return Level(name, metric, basis, amount, NOTIFY if random.random() < 0.7 else ())


def a_policy(random: Random, name: str) -> Policy:
    """A policy over two priorities; now and then a metric has no target."""
    targets = {
        priority: {metric: a_length(random) for metric in METRICS if random.random() < 0.8}
        for priority in ("P1", "P2")
    }
    return Policy(
        name,
        calendar=random.choice(("one", "two")),
        targets=targets,
        pause={metric: frozenset(random.sample(STATUSES[2:4], random.randint(0, 2))) for metric in METRICS},
        reopen=random.choice(("new_cycle", "resume", "ignore")),
        on_resolve=random.choice(("stop", "cancel")),
        levels=some_levels(random, *METRICS),
    )


def a_book(random: Random, rev: int) -> RuleBook:
    """Two calendars, two policies, an OLA and a vendor."""
    return RuleBook(
        rev=rev,
        calendars={"one": a_calendar(random), "two": a_calendar(random)},
        policies=(a_policy(random, "a"), a_policy(random, "b")),
        olas=(
            Ola(
                "net-ola",
                "net",
                "one",
                {"own": a_length(random), "work": a_length(random)},
                some_levels(random, "own", "work"),
            ),
        ),
        ucs=(
            Uc(
                "isp",
                In("status", ("on_hold",)),
                "two",
                {"restore": a_length(random)},
                some_levels(random, "restore"),
            ),
        ),
    )


@lru_cache(maxsize=POOL)
def editions(number: int) -> Editions:
    """Two revisions of the pool."""
    random = Random(number)
    return {1: a_book(random, 1), 2: a_book(random, 2)}


EDITIONS = st.integers(0, POOL - 1).map(editions)
GAPS = st.one_of(st.integers(0, 3), st.integers(0, 7_200), st.integers(0, 400_000))
WAITS = st.integers(0, 600_000)

_SIDES = ("agent", "requester")
_SAID: tuple[dict[str, Any], ...] = tuple(
    {"public": p, "side": side} for p in (True, False) for side in _SIDES
)
_PLAIN: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("message", each) for each in (*_SAID, {"public": True, "side": "agent", "auto": True})),
    *(("message", {"public": True, "side": side}) for side in ("agent", "requester", "requester")),
    *(("status", {"new": new}) for new in (*STATUSES, "open", "pending", "resolved")),
    *(("field", {"name": "priority", "new": new}) for new in ("P1", "P2")),
    *(("assigned", {"new": new}) for new in ("", "kim")),
    *(("group", {"new": new}) for new in ("net", "apps")),
    *(("policy_applied", {"policy": each, "rev": rev}) for each in ("a", "b", "") for rev in (1, 2)),
    *(("rules_activated", {"rev": rev}) for rev in (1, 2)),
    *(("carried", {"elapsed": spent}) for spent in (0, 50, 5_000, 80_000)),
    *(("due_set", {"metric": each, "due": None}) for each in METRICS),
    *(("due_set", {"metric": each, "due": START + due}) for each in METRICS for due in (90_000, 500_000)),
    ("tags", {"added": ["vpn"], "removed": []}),
)
STEPS = st.sampled_from(_PLAIN)
RARE = st.sampled_from((*_PLAIN, ("exempt", {"reason": "storm"}), ("merged_into", {"ticket": 7})))
_OPENED: tuple[dict[str, Any], ...] = ({"policy": "a", "rev": 1}, {"policy": "b", "rev": 2}, {})


@st.composite
def timelines(draw: st.DrawFn, most: int = 10) -> list[Event]:
    """The events of a ticket in order, numbered from 1."""
    data: dict[str, Any] = {
        "priority": draw(st.sampled_from(("P1", "P2"))),
        "side": draw(st.sampled_from(("requester", "requester", "agent"))),
        "group": draw(st.sampled_from(("", "net"))),
        **draw(st.sampled_from(_OPENED)),
    }
    found = [Event(1, START + draw(GAPS), "created", SYSTEM, data)]
    return later(found, draw(st.lists(st.tuples(GAPS, RARE), max_size=most)))


def later(history: list[Event], steps: list[tuple[int, tuple[str, dict[str, Any]]]]) -> list[Event]:
    """`history` with more events, each a gap after the one before."""
    grown = list(history)
    for gap, (kind, data) in steps:
        grown.append(Event(len(grown) + 1, grown[-1].at + gap, kind, SYSTEM, data))
    return grown
