"""Draft: the ticket as it would stand while a decision grows."""

from dataclasses import replace
from typing import TYPE_CHECKING

from deskterm.rules.apply import apply
from deskterm.rules.changes import Change, Decision, Notice
from deskterm.rules.facts import Actor, Book, Event, Facts, Ticket
from deskterm.rules.problems import Problem
from deskterm.rules.sla import clocks, project

if TYPE_CHECKING:
    from deskterm.rules.automate.effects import Claim, Follow

__all__ = ["Draft"]


class Draft:
    """Collects changes; every change is applied at once, so that the next step sees it."""

    def __init__(self, facts: Facts, actor: Actor, book: Book, now: int, because: str) -> None:
        self.facts = facts
        self.actor = actor
        self.book = book
        self.now = now
        self.because = because
        self.before = facts.ticket
        self.after = facts.ticket
        self.changes: list[Change] = []
        self.notices: list[Notice] = []
        self.warnings: list[Problem] = []
        self.existing: int | None = None
        self.claims: list[Claim] = []
        self.roots: list[Follow] = []
        self.reroute = False

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

    def decision(self) -> Decision:
        """The whole, with versions, times and clocks brought up to date."""
        after = self.after
        if after is not None and any(change.kind != "record" for change in self.changes):
            version = self.before.version + 1 if self.before else 1
            report = clocks((*self.facts.history, *self._events()), self.now)
            after = project(after, report, updated_at=self.now, version=version)
        return Decision(
            before=self.before,
            after=after,
            changes=tuple(self.changes),
            notices=tuple(self.notices),
            warnings=tuple(self.warnings),
            existing=self.existing,
            terms=self.book.terms,
        )

    def _events(self) -> list[Event]:
        return [
            Event(seq=0, at=self.now, kind=change.kind, actor=self.actor, data=change.facts())
            for change in self.changes
            if change.kind != "record"
        ]
