"""Resting: what a fold has come to behind its last event, small enough to lie beside the ticket.

Rules that change touch the open clocks of every ticket and nothing else of it. Whoever has what rests here
need not read a timeline for that: `onward` goes on where the events ended.
"""

from typing import TYPE_CHECKING, NamedTuple

from deskterm.rules.sla.clock import Clock

if TYPE_CHECKING:
    from deskterm.rules.sla.folding import Fold

__all__ = ["Rest", "Resting", "rest_of"]

Resting = tuple[
    str, int, int, int, int, bool, int | None, int | None, int | None, int | None, bool, tuple[str, ...]
]
"""An open clock: metric, started, since, floor, elapsed, paused, reached, breached, manual, gone, seen, and
the ids of the levels that it has passed or that were acted on."""


class Rest(NamedTuple):
    """Behind the last event: `rev` is the revision in force, `governed` the one whose policy is followed.

    `past` are the outcomes of the cycles that are over, `clocks` the open ones.
    """

    rev: int
    governed: int
    past: tuple[str, ...]
    clocks: tuple[Resting, ...]


def rest_of(state: "Fold", fired: frozenset[str]) -> Rest:
    """What rests of `state`, which has taken its last event and was not closed yet.

    A level whose key is among the `fired` is as good as passed: nobody has to act on it again.
    """
    past = {"breached" if clock.breached_at is not None else "met" for clock in state.clocks if _over(clock)}
    laid_down = tuple([_laid_down(clock, fired) for clock in state.open.values()])
    return Rest(state.book.rev, state.rev, tuple(sorted(past)), laid_down)


def _over(clock: Clock) -> bool:
    promised = clock.seen or clock.manual is not None
    return promised and clock.stopped is not None and not clock.cancelled


def _laid_down(clock: Clock, fired: frozenset[str]) -> Resting:
    done: tuple[str, ...] = ()
    if fired:
        head = f"sla/{clock.metric}/{clock.seq}/"
        done = tuple(sorted(key[len(head) :] for key in fired if key.startswith(head)))
    return (
        clock.metric,
        clock.started,
        clock.since,
        clock.floor,
        clock.elapsed,
        clock.paused,
        clock.reached,
        clock.breached_at,
        clock.manual,
        clock.gone,
        clock.seen,
        tuple(dict.fromkeys((*clock.crossed, *done))),
    )
