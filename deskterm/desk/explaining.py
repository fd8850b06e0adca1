"""Explaining: why a ticket is where it is and due when it is, from what was written down when it happened."""

from itertools import takewhile
from typing import Any, NamedTuple

from deskterm.clock import Clock
from deskterm.desk.reading import Reader
from deskterm.rules.changes import Change, author
from deskterm.rules.decide import decide, moment
from deskterm.rules.facts import SYSTEM, Actor, Book, Event, Facts, Ticket
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.sla import ClockReport, Cycle, fold
from deskterm.rules.stays import Stay, stay_of
from deskterm.rules.trace import Deed, Trace, Tried, from_json
from deskterm.rules.upkeep import Refresh, Reroute
from deskterm.store import snapshot
from deskterm.store.engine import Store
from deskterm.store.firings import Firing, firings_of
from deskterm.store.library import Library
from deskterm.store.rows import TicketRow

__all__ = ["Explaining", "Explanation"]


class Explanation(NamedTuple):
    """Why a ticket is where it is, at the instant `at`.

    `trace` is how the rules sent it the last time, at `routed_at` (None: they never did). `policies` are
    those of `rules` (in force, or a candidate's) as they see the ticket now, up to the one that takes it;
    `policy` is the one it is under, `stay` where it stands in the blueprint of its type. `changes` are what a
    candidate would do, empty without one.
    """

    row: TicketRow
    at: int
    rules: RuleBook
    trace: Trace | None
    routed_at: int | None
    policies: tuple[Tried, ...]
    policy: str
    report: ClockReport
    events: tuple[Event, ...]
    stay: Stay | None = None
    firings: tuple[Firing, ...] = ()
    changes: tuple[Change, ...] = ()
    candidate: bool = False

    @property
    def clocks(self) -> tuple[Cycle, ...]:
        """Every clock that ever had a promise: the customer's, then those of groups and vendors."""
        every = (*self.report.cycles, *self.report.internal)
        return tuple(each for each in every if each.target or each.stopped != each.started)


class Explaining:
    """Explains the tickets of one store to those who work on them."""

    def __init__(self, store: Store, clock: Clock, library: Library, reader: Reader) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._reader = reader

    def explain(self, number: int, viewer: Actor, candidate: RuleBook | None = None) -> Explanation:
        """Why the ticket is where it is; with `candidate`, what these rules would make of it now.

        Raises Problem: "ticket.missing", and "permission.staff" for a requester. Nothing is written.
        """
        row = self._seen(number, viewer)
        with self._store.read() as connection:
            book, facts, now = self._facts(connection, number, candidate)
            firings = firings_of(connection, number)
        if candidate is None:
            return _as_it_is(row, book, facts, now)._replace(firings=firings)
        return _as_it_would_be(row, book, facts, now)

    def _seen(self, number: int, viewer: Actor) -> TicketRow:
        if viewer.kind == "requester":
            raise Problem("permission.staff", N_("Only people who work here are told how the desk works."))
        rows = self._reader.page(f"id:{number}", viewer, 1).rows if 0 < number < 2**63 else ()
        if not rows:
            template = N_("There is no ticket %(ticket)s.")
            raise Problem("ticket.missing", template, kind="missing", ticket=number)
        return rows[0]

    def _facts(self, connection: Any, number: int, candidate: RuleBook | None) -> tuple[Book, Facts, int]:
        """All that a decision about the ticket would know, under the candidate if there is one."""
        from deskterm.desk.previewing import ahead

        book = self._library.ruled(connection)
        facts = snapshot.load(connection, Refresh(number), SYSTEM, book)
        book = self._library.edited(connection, book, facts.history)
        now = moment(facts, self._clock.now())
        if candidate is not None:
            book = ahead(book, candidate, now)
            facts = snapshot.load(connection, Refresh(number), SYSTEM, book)
        return book, facts, now


def _as_it_is(row: TicketRow, book: Book, facts: Facts, now: int) -> Explanation:
    routed = next((event for event in reversed(facts.history) if event.kind == "routed"), None)
    ticket = _ticket(facts)
    return Explanation(
        row=row,
        at=now,
        rules=_rules(book),
        trace=from_json(routed.data["trace"]) if routed and routed.data.get("trace") else None,
        routed_at=routed.at if routed else None,
        policies=_policies(ticket, book, facts, now),
        policy=ticket.policy,
        report=fold(facts.history, book.editions, now, ledger=True),
        events=facts.history,
        stay=stay_of(ticket, facts.history, book),
    )


def _as_it_would_be(row: TicketRow, book: Book, facts: Facts, now: int) -> Explanation:
    """The rules of `book` take the ticket as if it were sent through them now."""
    decision = decide(Reroute(row.id), SYSTEM, facts, book, now)
    ticket = decision.after or _ticket(facts)
    told = [each for each in decision.changes if each.kind == "routed"]
    trace = told[-1].facts().get("trace") if told else None
    events = (*facts.history, *_events(decision.changes, facts, now))
    return Explanation(
        row=row,
        at=now,
        rules=_rules(book),
        trace=from_json(trace) if trace else None,
        routed_at=now,
        policies=_policies(ticket, book, facts, now),
        policy=ticket.policy,
        report=fold(events, book.editions, now, ledger=True),
        events=events,
        stay=stay_of(ticket, events, book),
        changes=decision.changes,
        candidate=True,
    )


def _events(changes: tuple[Change, ...], facts: Facts, now: int) -> tuple[Event, ...]:
    """Changes as the timeline would tell them, behind everything that it tells now."""
    seq = max((event.seq for event in facts.history), default=0) + 1
    return tuple(
        Event(seq + place, now, each.kind, author(each, SYSTEM), each.facts(), each.because)
        for place, each in enumerate(changes)
        if each.kind != "record"
    )


def _rules(book: Book) -> RuleBook:
    if book.rules is not None:
        return book.rules
    from deskterm.rules.builtin import BUILT_IN

    return BUILT_IN


def _ticket(facts: Facts) -> Ticket:
    if facts.ticket is None:
        raise LookupError("a ticket that was there a moment ago is gone")
    return facts.ticket


def _policies(ticket: Ticket, book: Book, facts: Facts, now: int) -> tuple[Tried, ...]:
    """The SLA policies in the order of the file, each with the part to blame; behind one that fits none is
    asked.
    """
    from deskterm.rules.ruleview import Root, RuleView
    from deskterm.rules.walk import Walk

    rules = _rules(book)
    view = RuleView(ticket, book, facts, Root("updated", "system", before=ticket), now)
    walk = Walk(view, rules, ())
    asked = takewhile(lambda policy: not walk.police(policy, view), rules.policies)
    behind = rules.policies[1 + len(list(asked)) :]
    others = (Tried("policy", each.id, each.line, False, None, (Deed("behind"),)) for each in behind)
    return (*walk.tried, *others)
