"""Draft: the ticket as it would stand while a decision grows."""

from dataclasses import replace
from typing import TYPE_CHECKING

from deskterm.rules.apply import apply
from deskterm.rules.changes import Change, Claim, Follow, Notice, author
from deskterm.rules.facts import Actor, Book, Event, Facts, Ticket
from deskterm.rules.problems import Problem
from deskterm.rules.sla import fold

if TYPE_CHECKING:
    from deskterm.rules.retrace import Trail
    from deskterm.rules.sla import ClockReport

__all__ = ["Draft"]


class Draft:
    """Collects changes; every change is applied at once, so that the next step sees it."""

    def __init__(
        self, facts: Facts, actor: Actor, book: Book, now: int, because: str, depth: int = 0
    ) -> None:
        self.facts = facts
        self.actor = actor
        self.book = book
        self.now = now
        self.because = because
        self.depth = depth  # how many roots deep: 0 is what somebody asked for himself
        self.before = facts.ticket
        self.after = facts.ticket
        self.changes: list[Change] = []
        self.notices: list[Notice] = []
        self.warnings: list[Problem] = []
        self.existing: int | None = None
        self.claims: list[Claim] = []
        self.roots: list[Follow] = []
        self.reroute = False
        self.refreshes = False
        self.entered = facts.ticket.type if facts.ticket else None
        self.took_turn: tuple[int | None, int] | None = None
        self._reported: tuple[object, ClockReport] | None = None
        self._told: tuple[tuple[Change, ...], tuple[Event, ...]] | None = None
        self._trail: Trail | None = None

    @property
    def ticket(self) -> Ticket:
        """The ticket as it stands after the changes so far."""
        if self.after is None:
            raise LookupError("this action is about no ticket")
        return self.after

    def add(self, change: Change) -> int:
        """Take a change up; returns its place among the changes."""
        because = change if change.because else replace(change, because=self.because)
        self.after = apply(self.after, because, self.now, self.book)
        self.changes.append(because)
        return len(self.changes) - 1

    def notify(self, kind: str, to: str, change: int | None = None) -> None:
        """Take up a notice about the change at that place."""
        if to:
            self.notices.append(Notice(kind=kind, to=to, because=self.because, change=change))

    def excluded(self) -> frozenset[int]:
        """The agents who gave this ticket back: rules do not give it to them again."""
        return frozenset(
            event.actor.id
            for event in self.facts.history
            if event.kind == "assigned"
            and event.actor.kind == "agent"
            and event.actor.id is not None
            and event.data.get("old") == self._login(event.actor.id)
        )

    def _login(self, agent: int) -> str:
        known = self.book.agents.get(agent)
        return known.login if known else ""

    def report(self) -> "ClockReport":
        """How the clocks stand with the changes so far."""
        state = (*self.changes, *self.claims)
        if self._reported is None or self._reported[0] != state:
            report = fold(self.timeline(), self.book.editions, self.now, fired=self._claimed())
            self._reported = state, report
        return self._reported[1]

    def fired(self) -> frozenset[str]:
        """The keys of all that the timer did for this ticket, in this decision too."""
        return self.facts.fired.union(claim.key for claim in self.claims)

    def _claimed(self) -> frozenset[str]:
        """The same in the words of the fold: keys without the number of the ticket."""
        number = self.after.id if self.after else 0
        return frozenset(key.replace(f"/{number}/", "/", 1) for key in self.fired())

    def timeline(self) -> tuple[Event, ...]:
        """All that has happened to the ticket, the changes so far included."""
        state = tuple(self.changes)
        if self._told is None or self._told[0] != state:
            self._told = state, (*self.facts.history, *self.events())
        return self._told[1]

    def trail(self) -> "Trail":
        """The same, each event with the ticket as it was right after it."""
        from deskterm.rules.retrace import retrace

        if self._trail is None:
            self._trail = tuple(retrace(self.facts.history))
        new = self.timeline()[len(self._trail) :]
        return (*self._trail, *retrace(new, self._trail[-1][1] if self._trail else None))

    def events(self) -> list[Event]:
        """The changes so far as the timeline will tell them."""
        return [
            Event(0, self.now, change.kind, author(change, self.actor), change.facts(), change.because)
            for change in self.changes
            if change.kind != "record"
        ]
