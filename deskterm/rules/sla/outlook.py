"""Outlook: what clocks that were brought up to one instant come to: their dues, and when to look again."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from deskterm.rules.sla.clock import Clock, in_front

if TYPE_CHECKING:
    from deskterm.rules.rulebook import Level

__all__ = ["RISKY", "Outlook", "first_of", "level_ahead", "outcome_of", "outlook"]

RISKY: Final = 75
"""Per cent of the target from which a clock is at risk, where no level says it."""


class Outlook(NamedTuple):
    """The queue line of a ticket as its customer's clocks have it.

    `dues` by metric, of those that run; `state` as in ClockReport; `change_at` when one of them is worth
    another look, were it not for what levels have still to do.
    """

    dues: Mapping[str, int]
    state: str
    change_at: int | None


def outlook(clocks: Iterable[Clock], now: int, fired: frozenset[str], past: frozenset[str]) -> Outlook:
    """How `clocks` stand at `now`, and are advanced to; `past` are outcomes of those that are over."""
    dues: dict[str, int] = {}
    change_at: int | None = None
    active = breached = risky = False
    outcomes = past
    for clock in clocks:
        clock.advance(now, last=True)
        if clock.stopped is not None or clock.vanished:
            outcomes = outcomes | {outcome_of(clock)}
            continue
        active = True
        late = clock.breached_at is not None
        breached = breached or late
        if not clock.running:
            continue
        due = dues[clock.metric] = clock.due()
        change_at = first_of(change_at, level_ahead("sla", clock, due, now, fired))
        if not late:
            at_risk = _risky_at(clock, due)
            risky = risky or at_risk <= now
            # at the due itself it is not too late yet
            change_at = first_of(change_at, at_risk if at_risk > now else max(due, now) + 1)
    state = _state(outcomes, active=active, breached=breached, running=bool(dues), risky=risky)
    return Outlook(dues, state, change_at)


def first_of(*moments: int | None) -> int | None:
    """The earliest of the moments that there are."""
    return min((moment for moment in moments if moment is not None), default=None)


def outcome_of(clock: Clock) -> str:
    """active, met, breached or cancelled; one that has lost its target is over without a verdict."""
    if clock.cancelled or clock.vanished:
        return "cancelled"
    if clock.breached_at is not None:
        return "breached"
    return "active" if clock.stopped is None else "met"


def level_ahead(prefix: str, clock: Clock, due: int, now: int, fired: frozenset[str]) -> int | None:
    """The first instant after `now` at which a running clock passes a level that has something to do."""
    return min((at for at in _levels_ahead(prefix, clock, due, fired) if at > now), default=None)


def _levels_ahead(prefix: str, clock: Clock, due: int, fired: frozenset[str]) -> Iterator[int]:
    for level in clock.levels:
        if level.id in clock.crossed or not level.do:
            continue
        if fired and f"{prefix}/{clock.metric}/{clock.seq}/{level.id}" in fired:
            continue
        yield _nominal(clock, level, due)


def _nominal(clock: Clock, level: "Level", due: int) -> int:
    if clock.manual is not None or level.basis == "wall":
        nominal = clock.position_in_wall_time(level, due)
    else:
        nominal = clock.calendar.add(clock.since, level.position(clock.target or 0) - clock.elapsed)
    return nominal if in_front(level) or clock.breached_at is not None else max(nominal, due + 1)


def _risky_at(clock: Clock, due: int) -> int:
    """When a running clock came or comes to be at risk."""
    warning = [_nominal(clock, level, due) for level in clock.levels if in_front(level)]
    if warning:
        return min(warning)
    if clock.manual is not None:
        return clock.started - (clock.started - due) * RISKY // 100
    return clock.calendar.add(clock.since, -(-(clock.target or 0) * RISKY // 100) - clock.elapsed)


def _state(outcomes: frozenset[str], *, active: bool, breached: bool, running: bool, risky: bool) -> str:
    if breached:
        return "overdue"
    if running:
        return "warn" if risky else "ok"
    if active:
        return "paused"
    return next((outcome for outcome in ("breached", "met") if outcome in outcomes), "none")
