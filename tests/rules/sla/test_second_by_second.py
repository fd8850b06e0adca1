"""The clocks against the slow truth: a walk that looks at the calendar every second."""

from typing import Any

from hypothesis import given, strategies as st

from deskterm.rules.calendar import Calendar
from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.rulebook import Level, Policy
from deskterm.rules.sla import clocks
from tests.rules.sla.timelines import NOTIFY

START = 1_772_409_600  # 2026-03-02 00:00:00 UTC
SPANS = ["00:00-00:02", "00:03-00:08", "00:10-00:11", "00:15-00:30", "12:00-13:00"]
OPEN = Calendar.parse({"tz": "UTC", "week": {"mon": SPANS}})
LEVELS = (
    Level("half", "resolution", "percent", 50, NOTIFY),
    Level("soon", "resolution", "offset", -60, NOTIFY),
    Level("breach", "resolution", "offset", 0, NOTIFY),
    Level("late", "resolution", "offset", 45, NOTIFY),
)
STEPS = st.sampled_from(
    [
        *(("status", {"new": new}) for new in ("open", "pending", "resolved")),
        *(("field", {"name": "priority", "new": new}) for new in ("P1", "P2")),
        ("message", {"public": True, "side": "agent"}),
    ]
)
TARGETS = st.tuples(st.integers(1, 600), st.integers(1, 600))


class Walk:
    """One resolution clock; `step` is the second that begins at an instant."""

    def __init__(self, targets: dict[str, int]) -> None:
        self.targets = targets
        self.priority, self.paused, self.over = "P1", False, False
        self.elapsed = 0
        self.breached_at: int | None = None
        self.crossed: dict[str, int] = {}

    @property
    def target(self) -> int:
        """In force at this second."""
        return self.targets[self.priority]

    def happens(self, kind: str, data: dict[str, Any]) -> None:
        """An event; only the first end counts."""
        if kind == "status" and not self.over:
            self.paused, self.over = data["new"] == "pending", data["new"] == "resolved"
        elif kind == "field":
            self.priority = data["new"]

    def step(self, at: int) -> None:
        """Let a second pass."""
        if self.paused:
            return
        if self.elapsed >= self.target and self.breached_at is None:
            self.breached_at = at
        self.passes(at, behind=True)
        self.elapsed += OPEN.is_open(at)
        self.passes(at + 1, behind=self.elapsed > self.target)

    def passes(self, at: int, *, behind: bool) -> None:
        """The levels that are reached; those behind the due when it is too late."""
        for level in LEVELS:
            if self.elapsed >= level.position(self.target) and (level.warns or behind):
                self.crossed.setdefault(level.id, at)


@given(
    TARGETS,
    st.lists(st.tuples(st.sampled_from((0, 1, 2, 45, 60, 119, 120, 121, 300)), STEPS), max_size=7),
    st.integers(0, 900),
)
def test_a_walk_from_second_to_second_comes_to_the_same(
    targets: tuple[int, int], steps: list[Any], wait: int
) -> None:
    named = {"P1": targets[0], "P2": targets[1]}
    history = [Event(1, START, "created", SYSTEM, {"priority": "P1"})]
    for gap, (kind, data) in steps:
        history.append(Event(len(history) + 1, history[-1].at + gap, kind, SYSTEM, data))
    now = history[-1].at + wait
    walk = Walk(named)
    for at in range(START, now + 1):
        for event in (event for event in history if event.at == at and not walk.over):
            walk.happens(event.kind, dict(event.data))
        if walk.over:
            break
        if at < now:
            walk.step(at)
        elif not walk.paused:
            walk.passes(at, behind=walk.breached_at is not None or walk.elapsed > walk.target)
    policy = Policy(
        "std",
        calendar="open",
        targets={name: {"resolution": each} for name, each in named.items()},
        pause={"resolution": frozenset({"pending"})},
        reopen="ignore",
        levels=LEVELS,
    )
    (cycle,) = clocks(history, {"std": policy}, {"open": OPEN}, now).cycles
    assert (cycle.elapsed, cycle.breached_at, dict(cycle.crossed)) == (
        walk.elapsed,
        walk.breached_at,
        walk.crossed,
    )
