"""Building: from the states of one ticket to the ticket with its timeline, by the rules of all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from deskterm.desk.importing.directory import Directory
from deskterm.desk.importing.mapping import ImportMapping
from deskterm.desk.importing.opening import opening
from deskterm.desk.importing.states import State
from deskterm.desk.importing.steps import Step, steps_of
from deskterm.rules.apply import apply
from deskterm.rules.changes import Change, Said
from deskterm.rules.facts import Actor, Event, Ticket
from deskterm.rules.past import PastEvent, PastTicket
from deskterm.rules.sla import fold, project
from deskterm.rules.terms import CATEGORY

__all__ = ["build"]


def build(
    states: Sequence[State], mapping: ImportMapping, directory: Directory, number: int, seq: int, now: int
) -> PastTicket:
    """The ticket `number` that went through `states`, oldest first; its events are counted from `seq`.

    Its clocks are folded over its timeline as of `now`. An event never stands before the opening.
    """
    story = _Story(seq, f"import {mapping.source}", directory)
    first = opening(states, mapping, directory, number)
    story.take(first, first.at)
    for step in steps_of(states, mapping, directory):
        story.take(step, max(step.at, first.at))
    ticket = _told(story.ticket, story.at, states[-1].fields, states[-1].at)
    report = fold((past.event for past in story.events), directory.book.editions, now)
    return PastTicket(project(ticket, report), tuple(story.events))


class _Story:
    """A ticket that grows by steps; `at` is the time of the last one."""

    def __init__(self, seq: int, because: str, directory: Directory) -> None:
        self._seq = seq
        self._because = because
        self._book = directory.book
        self._grown: Ticket | None = None
        self._version = 0
        self.at = 0
        self.events: list[PastEvent] = []

    @property
    def ticket(self) -> Ticket:
        """The ticket as it stands."""
        if self._grown is None:
            raise LookupError("the first step opens the ticket")
        return replace(self._grown, version=self._version)

    def take(self, step: Step, at: int) -> None:
        """Let the changes of a step happen together."""
        self._version += 1
        self.at = at
        for change in step.changes:
            self._grown = apply(self._grown, change, at, self._book)
            self._add(change, step.actor)

    def _add(self, change: Change, actor: Actor) -> None:
        data = change.facts()
        event = Event(self._seq, self.at, change.kind, actor, data, self._because, self._version)
        self.events.append(PastEvent(event, change.body if isinstance(change, Said) else None))
        self._seq += 1


def _told(ticket: Ticket, at: int, fields: dict[str, Any], written: int | None) -> Ticket:
    """The ticket with what the export itself says of its end, which the timeline may know less well."""
    category = CATEGORY[ticket.status]
    over = category in ("solved", "closed")
    return replace(
        ticket,
        updated_at=max(at, fields.get("updated_at", 0), written or 0),
        resolved_at=fields.get("resolved_at", ticket.resolved_at) if over else None,
        closed_at=fields.get("closed_at", ticket.closed_at) if category == "closed" else None,
        cause=ticket.cause or (fields.get("cause", "") if over else ""),
        solution=ticket.solution or (fields.get("solution", "") if over else ""),
        reopen_count=fields.get("reopen_count", ticket.reopen_count),
        reassign_count=fields.get("reassign_count", ticket.reassign_count),
    )
