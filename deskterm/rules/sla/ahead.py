"""Ahead: the levels that a clock has not passed yet, and when it will if nothing else happens."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from deskterm.rules.sla.report import Cycle

if TYPE_CHECKING:
    from deskterm.rules.rulebook import Level

__all__ = ["Ahead", "ahead"]


class Ahead(NamedTuple):
    """A level to come, `at` the instant at which it is due; None while the clock is paused."""

    level: "Level"
    at: int | None


def ahead(cycle: Cycle, levels: "Iterable[Level]", now: int) -> tuple[Ahead, ...]:
    """Of `levels` those that a cycle which is not over has not passed at `now`, the nearest first."""
    if cycle.stopped is not None or cycle.outcome == "cancelled":
        return ()
    own = (each for each in levels if each.metric == cycle.metric and each.id not in cycle.crossed)
    found = [Ahead(level, _instant(cycle, level, now)) for level in own]
    return tuple(sorted(found, key=lambda each: (each.at is None, each.at or each.level.amount)))


def _instant(cycle: Cycle, level: "Level", now: int) -> int | None:
    due = cycle.due_at
    if due is None:
        return None
    if cycle.manual is not None or level.basis == "wall":
        share = cycle.started - (cycle.started - due) * level.amount // 100
        return share if level.basis == "percent" else due + level.amount
    return cycle.calendar.add(now, max(0, level.position(cycle.target) - cycle.elapsed))
