"""Onward: the clocks of a ticket that rested while nothing happened but activations, without its timeline."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from deskterm.rules.facts import Event
from deskterm.rules.rulebook import Level
from deskterm.rules.sla.clock import Clock
from deskterm.rules.sla.folding import STEPS, Fold, Known
from deskterm.rules.sla.outlook import Outlook, first_of, outlook
from deskterm.rules.sla.resting import Rest, Resting

if TYPE_CHECKING:
    from deskterm.rules.rulebook import RuleBook

__all__ = ["Standing", "onward"]

_NOTHING: Final[frozenset[str]] = frozenset()
_activated: Final = STEPS["rules_activated"]


class Standing(NamedTuple):
    """What a ticket shows of itself: under which policy it is, and its words for priority and status.

    `rest` is how its clocks were left, `later_at` when anything but them is worth a look.
    """

    policy: str
    priority: str
    status: str
    rest: Rest
    later_at: int | None


def onward(
    ticket: Standing,
    books: "Mapping[int, RuleBook]",
    activations: Sequence[Event],
    now: int,
    known: Known | None = None,
) -> Outlook:
    """How the clocks stand at `now` when since then nothing happened to the ticket but `activations`.

    They may begin with such that it had seen. `books` are all revisions that are named, by number; `known`
    remembers their terms from one ticket to the next.
    """
    state = _taken_up(ticket, books, known)
    for event in activations:
        if event.data["rev"] > ticket.rest.rev:
            _activated(state, event)
    promised = [clock for clock in state.clocks if clock.seen or clock.manual is not None]
    look = outlook(promised, now, _NOTHING, frozenset(ticket.rest.past))
    undone = [at for clock in promised for at, level, *_ in clock.crossed.values() if level.do]
    return look._replace(change_at=first_of(look.change_at, ticket.later_at, *undone))


def _taken_up(ticket: Standing, books: "Mapping[int, RuleBook]", known: Known | None) -> Fold:
    rest = ticket.rest
    state = Fold(books, known)
    state.created = 0  # when it was does not matter any more
    state.priority, state.status = ticket.priority, ticket.status
    state.book = state.edition(rest.rev)
    state.govern(state.edition(rest.governed).policy(ticket.policy), rest.governed)
    for each in rest.clocks:
        clock = _clock(each, state)
        state.open[clock.metric] = clock
        state.clocks.append(clock)
    return state


def _clock(rest: Resting, state: Fold) -> Clock:
    clock = Clock(rest[0], 1, 0, rest[1], state.terms(rest[0]), None)
    clock.since, clock.floor, clock.elapsed, clock.paused, clock.reached = rest[2:7]
    clock.breached_at, clock.manual, clock.gone, clock.seen = rest[7:11]
    if rest[11]:
        clock.crossed = {name: (clock.floor, _passed(name), clock.owner, clock.rev) for name in rest[11]}
    return clock


def _passed(name: str) -> Level:
    """A level that was passed is passed for good; what it asked for is in the standing's `later_at`."""
    return Level(name, "", "offset", 0)
