"""Walking: a ticket of the past goes its way again under one revision of the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from deskterm.rules.cascade import cascade, root_of
from deskterm.rules.changes import Said, author
from deskterm.rules.draft import Draft
from deskterm.rules.facts import EMPTY, SYSTEM, Book, Event, Facts, Ticket
from deskterm.rules.needs import needs_of
from deskterm.rules.problems import N_, Problem
from deskterm.rules.replay.outcome import Outcome, outcome_of
from deskterm.rules.replay.past import change_of, lasting, opened_again, roots
from deskterm.rules.ruleview import RuleView
from deskterm.rules.sla import ClockReport, fold
from deskterm.rules.terms import Terms
from deskterm.rules.words import norm

if TYPE_CHECKING:
    from deskterm.rules.trace import Trace

__all__ = ["retold", "trace_of"]


def retold(facts: Facts, said: Mapping[int, str], book: Book, was: Terms, at: int) -> Outcome:
    """What becomes of the ticket of `facts` under the rules of `book`, judged as of `at`."""
    walk = _Walk(facts, said, book, was)
    walk.begin()
    opened, dues = walk.ticket, walk.report(walk.now)
    walk.go_on()
    return outcome_of(opened, book, dues, walk.report(max(at, walk.now)))


def trace_of(facts: Facts, said: Mapping[int, str], book: Book) -> "Trace":
    """How the rules of `book` would route the ticket of `facts` if it came in again as it did."""
    from deskterm.rules.routing import route_ticket

    if book.rules is None:
        raise Problem("rules.none", N_("This desk has no rules yet: activate a rule file first."))
    walk = _Walk(facts, said, book, book.terms)
    draft, opened = walk.opening()
    draft.facts = replace(draft.facts, standing=facts.standing, waiting=facts.waiting)
    view = RuleView(draft.ticket, book, draft.facts, root_of(draft), draft.now, _words_of(draft))
    return route_ticket(view, book.rules, opened).trace


class _Walk:
    """The ticket on its way; `now` is the instant of what happened last."""

    def __init__(self, facts: Facts, said: Mapping[int, str], book: Book, was: Terms) -> None:
        if facts.ticket is None or not facts.history:
            raise Problem("replay.nothing", N_("There is nothing to replay."), kind="missing")
        self._known = facts.ticket
        self._said = said
        self._remembers = book.rules is not None and needs_of(book.rules).words
        self._book = book
        self._was = was
        self._roots = list(roots(facts.history))
        self._facts = replace(facts, ticket=None, history=(), words="", standing=EMPTY, waiting=frozenset())
        self._history: list[Event] = []
        self._numbers: dict[int, int] = {}
        self.now = facts.history[0].at

    @property
    def ticket(self) -> Ticket:
        """The ticket as it stands."""
        if self._facts.ticket is None:
            raise LookupError("it was not opened")
        return self._facts.ticket

    def report(self, at: int) -> ClockReport:
        """How its clocks stand."""
        return fold(self._history, self._book.editions, at)

    def opening(self) -> tuple[Draft, tuple[str, ...]]:
        """The draft of the opening with the words that came, before any rule; and what an agent chose."""
        first = self._roots[0][0]
        opened = opened_again(first, self._known, self._book, self._was)
        draft = Draft(self._facts, first.actor, self._book, first.at, first.because)
        draft.add(opened)
        self._keep(first, {**first.data, "priority": opened.ticket.priority})
        self._replay(draft, lasting(self._roots[0]))
        return draft, opened.chosen

    def begin(self) -> None:
        """Open it, and let the rules have it."""
        draft, _ = self.opening()
        self._decide(draft)

    def go_on(self) -> None:
        """All that happened to it by hand afterwards; the rules look at it every time."""
        for events in self._roots[1:]:
            kept = lasting(events)
            asked = not kept and any(event.kind == "routed" for event in events)
            if not kept and not asked:
                continue
            first = kept[0] if kept else events[0]
            self.now = first.at
            draft = Draft(self._facts, first.actor if kept else SYSTEM, self._book, first.at, first.because)
            draft.reroute = asked  # somebody sent it through the rules again
            self._replay(draft, kept)
            self._decide(draft)

    def _replay(self, draft: Draft, events: Sequence[Event]) -> None:
        """Let the events happen again."""
        for event in events:
            self._keep(event)
            change = change_of(event, self._book, self._said.get(event.seq, ""))
            if change is not None:
                draft.add(change)

    def _decide(self, draft: Draft) -> None:
        """Let the rules add what they have to say, and the history grow by it."""
        told = len(draft.changes)
        cascade(draft)
        for change in draft.changes[told:]:
            if change.kind != "record":
                number = len(self._history) + 1
                who = author(change, draft.actor)
                self._history.append(
                    Event(number, draft.now, change.kind, who, change.facts(), change.because)
                )
        words = self._facts.words
        if self._remembers:
            words += "".join(map(norm, _words_of(draft)))
        self._facts = replace(self._facts, ticket=draft.after, history=tuple(self._history), words=words)

    def _keep(self, event: Event, data: "dict[str, object] | None" = None) -> None:
        """The event as it was, under its number in the history that grows here."""
        told = event.data if data is None else data
        if event.kind == "sla_void":
            voided = self._numbers.get(int(event.data["event"]))
            if voided is None:
                return  # a rule had done it, and it is not here
            told = {**event.data, "event": voided}
        number = len(self._history) + 1
        self._numbers[event.seq] = number
        self._history.append(Event(number, event.at, event.kind, event.actor, told, event.because))


def _words_of(draft: Draft) -> tuple[str, ...]:
    """What was said in it."""
    return tuple(change.body for change in draft.changes if isinstance(change, Said))
