"""Closing: what a fold has come to at one instant."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from deskterm.rules.sla.clock import Clock
from deskterm.rules.sla.history import Void
from deskterm.rules.sla.outlook import first_of, level_ahead, outcome_of, outlook
from deskterm.rules.sla.report import ClockReport, Crossing, Cycle, Segment, Stay
from deskterm.rules.sla.resting import rest_of

if TYPE_CHECKING:
    from deskterm.rules.sla.folding import Fold

__all__ = ["closed"]

_NOTHING: frozenset[str] = frozenset()


def closed(state: "Fold", now: int, fired: frozenset[str], voids: tuple[Void, ...]) -> ClockReport:
    """The report of `state` at `now`; the fold cannot go on afterwards."""
    rest = rest_of(state, fired)
    inner = state.internal.finish() if state.internal is not None else []
    clocks = [clock for clock in state.clocks if clock.seen or clock.manual is not None]
    left = _undone(_crossed(clocks), fired)
    look = outlook(clocks, now, fired, _NOTHING)
    crossings = _crossed(clocks)
    change_at = first_of(look.change_at, _undone(crossings, fired))
    internal: list[Cycle] = []
    for prefix, clock in inner:
        if clock.seen or clock.manual is not None:
            clock.advance(now, last=True)
            due = clock.due() if clock.running else None
            passed = list(_crossings(prefix, clock))
            ahead = None if due is None else level_ahead(prefix, clock, due, now, fired)
            left = first_of(left, ahead, _undone(passed, fired))
            crossings += passed
            internal.append(_cycle(clock, prefix.split("/")[0], due))
    if len(crossings) > 1:
        crossings.sort(key=lambda each: each.nominal_at)
    return ClockReport(
        at=now,
        cycles=tuple(
            [_cycle(each, "sla", look.dues[each.metric] if each.running else None) for each in clocks]
        ),
        internal=tuple(internal),
        dues=look.dues,
        next_due=min(look.dues.values(), default=None),
        state=look.state,
        next_change_at=first_of(change_at, left),
        crossings=tuple(crossings),
        stays=_stays(state.stays),
        voids=voids,
        exempt=state.exempt,
        rest=rest,
        later_at=left,
    )


def _crossed(clocks: Iterable[Clock]) -> list[Crossing]:
    return [each for clock in clocks if clock.crossed for each in _crossings("sla", clock)]


def _undone(crossings: Iterable[Crossing], fired: frozenset[str]) -> int | None:
    """When the first of them was passed that nobody has acted on."""
    undone = (each.nominal_at for each in crossings if each.level.do and each.key not in fired)
    return min(undone, default=None)


def _cycle(clock: Clock, kind: str, due: int | None) -> Cycle:
    vanished = clock.vanished
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
        outcome_of(clock),
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
    over = clock.stopped is not None or clock.vanished
    for name, (nominal, level, owner, rev) in clock.crossed.items():
        key = f"{prefix}/{clock.metric}/{clock.seq}/{name}"
        yield Crossing(key, clock.metric, clock.n, level, owner, rev, nominal, over)


def _stays(begun: list[tuple[str, int]]) -> tuple[Stay, ...]:
    ends = (*(at for _, at in begun[1:]), None)  # of no stay at all there is one end too many
    return tuple(Stay(group, at, end) for (group, at), end in zip(begun, ends, strict=False))
