"""Play: one ticket, acted out. Every step is judged by the same rules as on a real desk."""

from dataclasses import dataclass, replace

from deskterm.demo.house import Caller
from deskterm.rules.actions import Action, Hold, Pend
from deskterm.rules.changes import Said
from deskterm.rules.decide import decide
from deskterm.rules.facts import Actor, Book, Event, Facts, Ticket
from deskterm.rules.past import PastEvent, PastTicket
from deskterm.rules.sla import ClockReport, fold, project

__all__ = ["Beat", "Play"]


@dataclass(frozen=True, slots=True)
class Beat:
    """One action of one actor; `pace` names how long it takes him, `wake` how long a wait may last (s).

    `at` fixes the instant instead.
    """

    actor: Actor
    action: Action
    pace: str
    wake: int = 0
    at: int | None = None


class Play:
    """The ticket as it stands, with all that led there; `number` is its own for the time being.

    `at` is when something happened last, `done` how many beats did.
    """

    def __init__(self, number: int, book: Book, caller: Caller | None) -> None:
        self.number = number
        self.at = 0
        self.done = 0
        self._book = book
        self._requester = caller.contact if caller else None
        self._ticket: Ticket | None = None
        self._history: tuple[Event, ...] = ()
        self._past: list[PastEvent] = []

    @property
    def ticket(self) -> Ticket | None:
        """None before it is opened."""
        return self._ticket

    @property
    def opened_at(self) -> int:
        """When it was opened."""
        return self._past[0].event.at

    def perform(self, beat: Beat, at: int) -> None:
        """Do it at that instant, or raise the Problem that the rules see."""
        action = beat.action
        if beat.wake and isinstance(action, Pend | Hold):
            action = replace(action, until=at + beat.wake)
        facts = Facts(
            ticket=self._ticket,
            history=self._history,
            requester=self._requester,
            duplicate=self._ticket if beat.pace == "repeat" else None,
        )
        decision = decide(action, beat.actor, facts, self._book, at)
        after = decision.after
        if after is None:
            raise LookupError(f"{action} leaves no ticket")
        self._ticket = after if after.id == self.number else replace(after, id=self.number)
        self.at = at
        self.done += 1
        for change in decision.changes:
            event = Event(0, at, change.kind, beat.actor, change.facts(), change.because, after.version)
            self._history = (*self._history, event)
            self._past.append(PastEvent(event, change.body if isinstance(change, Said) else None))

    def clocks(self, now: int) -> ClockReport:
        """How its service levels stand."""
        return fold(self._history, self._book.editions, now)

    def past(self, now: int, number: int | None = None) -> PastTicket:
        """The whole, with its clocks brought up to `now`, under its final `number`."""
        if self._ticket is None:
            raise LookupError("this play has not begun")
        return PastTicket(
            project(self._ticket, self.clocks(now), id=number or self.number), tuple(self._past)
        )
