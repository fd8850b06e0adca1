"""Fates: how each of the tickets that are open right now came to be so."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from deskterm.demo.play import Beat
from deskterm.rules import actions as a
from deskterm.rules.builtin import TARGETS
from deskterm.rules.facts import Ticket
from deskterm.rules.terms import CATEGORY, DEFAULT_PRIORITY

__all__ = ["FATES", "Fate", "each_fate"]

MINUTE = 60
HOUR = 3600
DAY = 86400
OLD = 2 * DAY
FIRST = TARGETS[DEFAULT_PRIORITY]["first_response"]
SOLVED = TARGETS[DEFAULT_PRIORITY]["resolution"]

Cut = Callable[[list[Beat], Random, int, int], list[Beat]]


@dataclass(frozen=True, slots=True)
class Fate:
    """What shall have become of `count` tickets that came `ages` seconds ago: `cut` leaves what has happened.

    `signs` must stand in the talk in that order. The next due is "late" (over), "soon" (within the hour)
    or "later".
    """

    name: str
    count: int
    ages: tuple[float, float]
    cut: Cut
    signs: str = ""
    channels: tuple[str, ...] = ()
    again: str = ""
    due: str = "later"

    def accepts(self, ticket: Ticket, now: int) -> bool:
        """True when the ticket stands as this fate wants it."""
        if CATEGORY[ticket.status] not in ("new", "open", "waiting"):
            return False
        if ticket.wake_at is not None and ticket.wake_at <= now + HOUR:
            return False
        left = None if ticket.next_due_at is None else ticket.next_due_at - now
        if self.due == "later":
            return left is None or left > HOUR + 5 * MINUTE
        if left is None:
            return False
        return -8 * HOUR < left < 0 if self.due == "late" else 3 * MINUTE < left < HOUR


def _places(steps: Sequence[Beat], kind: type[a.Action]) -> list[int]:
    return [place for place, step in enumerate(steps) if isinstance(step.action, kind)]


def _by_requester(steps: Sequence[Beat]) -> list[int]:
    return [place for place in _places(steps, a.Reply) if steps[place].actor.kind == "requester"]


def _unread(steps: list[Beat], _rng: Random, _age: int, _now: int) -> list[Beat]:
    return steps[:1]


def _filed(steps: list[Beat], _rng: Random, _age: int, _now: int) -> list[Beat]:
    return steps[:2] if isinstance(steps[1].action, a.SetFields) else []


def _asked(steps: list[Beat], rng: Random, age: int, now: int) -> list[Beat]:
    """The requester wrote last; when the ticket is old he did so lately."""
    places = _by_requester(steps)[:2]
    return _lately(steps[: rng.choice(places) + 1], rng, age, now) if places else []


def _working(steps: list[Beat], rng: Random, age: int, now: int) -> list[Beat]:
    """An agent did something last and nobody waits for words."""
    solved = _solved(steps)
    asked = [place for place in _by_requester(steps) if place < solved]
    done = [
        place
        for place in range(2, solved)
        if isinstance(steps[place].action, a.Reply | a.Note | a.Assign)
        and steps[place].actor.kind == "agent"
        and not (place + 1 < len(steps) and isinstance(steps[place + 1].action, a.Pend))
        and (age < OLD or (asked and place > asked[0]))
    ]
    return _lately(steps[: rng.choice(done) + 1], rng, age, now) if done else []


def _lately(steps: list[Beat], rng: Random, age: int, now: int) -> list[Beat]:
    """An old ticket waited for its requester until shortly before now."""
    asked = _by_requester(steps)
    if age < OLD:
        return steps
    if not asked or not isinstance(steps[asked[-1] - 1].action, a.Pend):
        return []
    answered = now - int(rng.uniform(0.3, 8) * HOUR)
    return [replace(step, at=answered) if place == asked[-1] else step for place, step in enumerate(steps)]


def _stuck(steps: list[Beat], _rng: Random, _age: int, _now: int) -> list[Beat]:
    """All was said, yet nobody solved it."""
    return [] if _places(steps, a.Pend) or _places(steps, a.Hold) else steps[: _solved(steps)]


def _pending(steps: list[Beat], _rng: Random, _age: int, _now: int) -> list[Beat]:
    """The requester has not answered yet."""
    return steps[: next(iter(_places(steps, a.Pend)), -1) + 1]


def _held(steps: list[Beat], _rng: Random, _age: int, _now: int) -> list[Beat]:
    return steps[: next(iter(_places(steps, a.Hold)), -1) + 1]


def _reopened(steps: list[Beat], rng: Random, _age: int, now: int) -> list[Beat]:
    """The solution was refused a few hours ago."""
    back = next(iter(_places(steps, a.Reject)), None)
    if back is None:
        return []
    refused = replace(steps[back], at=now - int(rng.uniform(0.2, 9) * HOUR))
    return [*steps[:back], refused, *steps[back + 1 : back + rng.choice((1, 2))]]


def _solved(steps: Sequence[Beat]) -> int:
    return next(iter(_places(steps, a.Resolve)), len(steps))


FATES = (
    Fate("unread", 14, (2 * MINUTE, 0.8 * FIRST), _unread),
    Fate("filed", 5, (10 * MINUTE, 0.8 * FIRST), _filed, channels=("mail", "chat")),
    Fate("soon", 3, (FIRST - 55 * MINUTE, FIRST - 6 * MINUTE), _unread, channels=("mail",), due="soon"),
    Fate("asked", 9, (1 * HOUR, 1.4 * DAY), _asked, signs="<"),
    Fate("answered", 26, (2.2 * DAY, 18 * DAY), _asked, signs="?<"),
    Fate("working", 16, (1 * HOUR, 1.9 * DAY), _working, signs=">"),
    Fate("resumed", 24, (2.2 * DAY, 21 * DAY), _working, signs="?<>"),
    Fate("pending", 79, (2 * HOUR, 34 * DAY), _pending, signs="?"),
    Fate("held", 15, (3 * HOUR, 2.4 * DAY), _held, signs="~"),
    Fate("reopened", 10, (4 * DAY, 25 * DAY), _reopened, again="reject"),
    Fate("missed", 1, (FIRST + 8 * MINUTE, FIRST + 50 * MINUTE), _unread, channels=("mail",), due="late"),
    Fate("overdue", 2, (SOLVED + HOUR, SOLVED + 5 * HOUR), _stuck, signs=">=", due="late"),
)


def each_fate() -> Iterator[Fate]:
    """Every fate as often as it is wanted."""
    for fate in FATES:
        yield from (fate for _ in range(fate.count))
