"""Closing: what a fold has come to at one instant, and when it is worth while to look again."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from deskterm.rules.sla.clock import Clock, in_front
from deskterm.rules.sla.history import Void
from deskterm.rules.sla.report import ClockReport, Crossing, Cycle, Segment, Stay

if TYPE_CHECKING:
    from deskterm.rules.rulebook import Level
    from deskterm.rules.sla.folding import Fold

__all__ = ["RISKY", "closed"]

RISKY: Final = 75
"""Per cent of the target from which a clock is at risk, where no level says it."""


def closed(state: "Fold", now: int, fired: frozenset[str], voids: tuple[Void, ...]) -> ClockReport:
    """The report of `state` at `now`; the fold cannot go on afterwards."""
    inner = state.internal.finish() if state.internal is not None else []
    prefixed = [("sla", clock) for clock in state.clocks] + inner
    seen = [(prefix, clock) for prefix, clock in prefixed if clock.seen or clock.manual is not None]
    crossings: list[Crossing] = []
    changes: list[int] = []
    cycles: list[Cycle] = []
    internal: list[Cycle] = []
    risky = False
    for prefix, clock in seen:
        clock.advance(now, last=True)
        due = clock.due() if clock.running else None
        if clock.crossed:
            crossings.extend(_crossings(prefix, clock))
        if due is not None:
            changes.extend(_levels_ahead(prefix, clock, due, now, fired))
        if prefix != "sla":
            internal.append(_cycle(clock, prefix.split("/")[0], due))
            continue
        cycles.append(_cycle(clock, prefix, due))
        if due is not None and clock.breached_at is None:
            at_risk = _risky_at(clock, due)
            risky = risky or at_risk <= now
            # at the due itself it is not too late yet
            changes.append(at_risk if at_risk > now else max(due, now) + 1)
    changes += [each.nominal_at for each in crossings if each.level.do and each.key not in fired]
    dues = {cycle.metric: cycle.due_at for cycle in cycles if cycle.due_at is not None}
    if len(crossings) > 1:
        crossings.sort(key=lambda each: each.nominal_at)
    return ClockReport(
        at=now,
        cycles=tuple(cycles),
        internal=tuple(internal),
        dues=dues,
        next_due=min(dues.values(), default=None),
        state=_state(cycles, risky=risky),
        next_change_at=min(changes, default=None),
        crossings=tuple(crossings),
        stays=_stays(state.stays),
        voids=voids,
        exempt=state.exempt,
    )


def _cycle(clock: Clock, kind: str, due: int | None) -> Cycle:
    vanished = clock.target is None and clock.manual is None and clock.stopped is None
    outcome = "met" if clock.stopped is not None else "active"
    if clock.cancelled or vanished:
        outcome = "cancelled"
    elif clock.breached_at is not None:
        outcome = "breached"
    target = _target(clock)
    return Cycle(
        clock.metric,
        clock.n,
        clock.seq,
        clock.started,
        target,
        clock.calendar,
        clock.elapsed,
        due,
        max(0, target - clock.elapsed),
        clock.stopped is None and not vanished and due is None,
        clock.reached,
        clock.breached_at,
        clock.gone if vanished else clock.stopped,
        outcome,
        {name: crossed[0] for name, crossed in clock.crossed.items()},
        due is not None and clock.calendar.uncertain(due),
        clock.owner,
        clock.rev,
        _segments(clock),
        clock.manual,
        kind,
    )


def _target(clock: Clock) -> int:
    """Its target; of a mere promise the open seconds until then, of one that vanished 0."""
    if clock.target is not None:
        return clock.target
    return clock.calendar.elapsed(clock.started, clock.manual) if clock.manual is not None else 0


def _segments(clock: Clock) -> tuple[Segment, ...]:
    if not clock.log:
        return ()
    from deskterm.rules.sla.ledger import segments

    return segments(clock.log)


def _crossings(prefix: str, clock: Clock) -> Iterator[Crossing]:
    over = clock.stopped is not None or (clock.target is None and clock.manual is None)
    for name, (nominal, level, owner, rev) in clock.crossed.items():
        key = f"{prefix}/{clock.metric}/{clock.seq}/{name}"
        yield Crossing(key, clock.metric, clock.n, level, owner, rev, nominal, over)


def _levels_ahead(prefix: str, clock: Clock, due: int, now: int, fired: frozenset[str]) -> Iterator[int]:
    """The instants after `now` at which a running clock passes levels that have something to do."""
    for level in clock.levels:
        if level.id in clock.crossed or not level.do:
            continue
        if fired and f"{prefix}/{clock.metric}/{clock.seq}/{level.id}" in fired:
            continue
        nominal = _nominal(clock, level, due)
        if nominal > now:
            yield nominal


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


def _state(cycles: list[Cycle], *, risky: bool) -> str:
    active = [cycle for cycle in cycles if cycle.stopped is None]
    if any(cycle.breached_at is not None for cycle in active):
        return "overdue"
    if any(cycle.due_at is not None for cycle in active):
        return "warn" if risky else "ok"
    if active:
        return "paused"
    outcomes = {cycle.outcome for cycle in cycles}
    if "breached" in outcomes:
        return "breached"
    return "met" if "met" in outcomes else "none"


def _stays(begun: list[tuple[str, int]]) -> tuple[Stay, ...]:
    ends = (*(at for _, at in begun[1:]), None)  # of no stay at all there is one end too many
    return tuple(Stay(group, at, end) for (group, at), end in zip(begun, ends, strict=False))
