"""Playing a test: the ticket comes in, time passes, people act; all of it is decided by the rules."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from deskterm.rules import upkeep as u
from deskterm.rules.actions import Action
from deskterm.rules.cascade import cascade
from deskterm.rules.changes import Decision, Said, author
from deskterm.rules.conclude import conclude
from deskterm.rules.decide import decide
from deskterm.rules.draft import Draft
from deskterm.rules.facts import SYSTEM, Actor, Event, Standing, Ticket
from deskterm.rules.handlers.opening import open_ticket
from deskterm.rules.names import agent_named
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.ruletests.asking import acting, action_of, opening, somebody
from deskterm.rules.ruletests.case import Case, Step
from deskterm.rules.ruletests.result import Failure
from deskterm.rules.ruletests.world import a_desk, what_is_known
from deskterm.rules.sla import ClockReport, fold
from deskterm.rules.words import norm

__all__ = ["Decided", "Play"]

_NUMBER: Final = 1  # of the ticket
_MOST: Final = 1000  # looks of the timer in one test


class Decided(NamedTuple):
    """What was decided at `at`."""

    at: int
    decision: Decision


class Play:
    """A test while it runs; `doing` is the key of what it is at, `decided` everything so far."""

    def __init__(self, case: Case, rules: RuleBook) -> None:
        self.case = case
        self.book = a_desk(case, rules)
        self.facts = what_is_known(case, self.book)
        self.decided: list[Decided] = []
        self.doing = "ticket"
        self.now = case.at
        self._looks = 0

    @property
    def ticket(self) -> Ticket:
        """The ticket as it stands."""
        if self.facts.ticket is None:
            raise LookupError("the ticket has not come in")
        return self.facts.ticket

    def report(self) -> ClockReport:
        """How its clocks stand."""
        return fold(self.facts.history, self.book.editions, self.now)

    def run(self) -> Iterator[Failure]:
        """Play it up to the instant of the expectations; tells of steps that were to be refused and were not.

        Raises the Problem that refuses any other.
        """
        self.open()
        for place, step in enumerate(self.case.then, 1):
            self.doing = f"then[{place}]"
            code = self.step(step)
            if code != step.refused:
                yield Failure(f"{self.doing}.refused", step.refused, code or '""')
        self.doing = "expect.at"
        self.let_pass(self.case.expect.at)

    def step(self, step: Step) -> str:
        """Let time pass and do it; returns the code of the Problem that was to refuse it."""
        self.let_pass(step.at)
        try:
            if step.event == "presence":
                self._turn_up(step)
            else:
                actor = somebody(step, self.ticket, self.book, self.case.agents)
                self._do(action_of(step, _NUMBER), actor)
        except Problem as problem:
            if not step.refused:
                raise
            return problem.code
        self._place()
        return ""

    def open(self) -> None:
        """As `decide` does, but for what a requester may not say himself: a test says it for him."""
        case, by = self.case, str(self.case.ticket.get("by", "requester"))
        known = self.facts.requester is not None
        actor = acting(by, None, self.book, case.agents) if known or by != "requester" else SYSTEM
        writer = actor if actor.kind == "agent" else SYSTEM
        draft = Draft(self.facts, writer, self.book, case.at, "action open_ticket")
        open_ticket(opening(case), draft)
        draft.actor = actor
        cascade(draft)
        self._take(conclude(draft), actor)
        self._place()

    def _do(self, action: Action, actor: Actor) -> None:
        self._take(decide(action, actor, self.facts, self.book, self.now), actor)

    def _take(self, decision: Decision, actor: Actor) -> None:
        """Let it have happened, as a store would."""
        after, facts = decision.after, self.facts
        if after is None:
            raise LookupError("nothing was decided on the ticket")
        seq = len(facts.history)
        events: list[Event] = []
        words = facts.words
        for change in decision.changes:
            if change.kind != "record":
                told, who = change.facts(), author(change, actor)
                events.append(
                    Event(
                        seq + len(events) + 1, self.now, change.kind, who, told, change.because, after.version
                    )
                )
            if isinstance(change, Said):
                words += norm(change.body)
        self.facts = replace(
            facts,
            ticket=replace(after, id=_NUMBER),
            history=(*facts.history, *events),
            words=words,
            fired=facts.fired.union(claim.key for claim in decision.claims),
            standing=_stood(facts.standing, decision),
        )
        self.decided.append(Decided(self.now, decision))

    def let_pass(self, to: int) -> None:
        """Let the timer look whenever something is due, up to `to`."""
        while (at := self._next_look()) is not None and at <= to:
            self._looks += 1
            if self._looks > _MOST:
                template = N_("The timer would look more than %(most)d times: let less time pass.")
                raise Problem("test.long", template, kind="usage", most=_MOST)
            self.now = at
            self._do(u.Tick(_NUMBER), SYSTEM)
            self._place()
        self.now = max(self.now, to)

    def _next_look(self) -> int | None:
        """The next instant at which there is something to do, or somebody who may take what waits."""
        moments = [self.ticket.next_change_at]
        if self.ticket.wants_agent and self.book.rules is not None:
            calendars = self.book.rules.calendars
            shifts = {agent.shift for agent in self.book.agents.values() if agent.shift in calendars}
            moments += [calendars[each].next_open(self.now + 1) for each in sorted(shifts)]
        first = min((moment for moment in moments if moment is not None), default=None)
        if first is None:
            return None
        # what is due already was looked at just now: nothing more comes of it in this second
        return max(first, self.now + bool(self.decided and self.decided[-1].at == self.now))

    def _place(self) -> None:
        if self.ticket.wants_agent:
            self._do(u.Place(_NUMBER), SYSTEM)

    def _turn_up(self, step: Step) -> None:
        """Somebody is there now, or not any more."""
        agent = agent_named(step.words.get("agent") or step.by, self.book)
        presence = step.words.get("presence") or "online"
        self.book = replace(
            self.book, agents={**self.book.agents, agent.id: replace(agent, presence=presence)}
        )


def _stood(standing: Mapping[int, Standing], decision: Decision) -> Mapping[int, Standing]:
    """The work and the turns of everybody after the decision."""
    found = dict(standing)
    for agent, more in decision.loads.items():
        before = found.get(agent, Standing())
        found[agent] = before._replace(load=max(0, before.load + more))
    if decision.turn is not None and decision.turn[0] is not None:
        group, taker = decision.turn[0], decision.turn[1]
        last = max((each.turns.get(group, 0) for each in found.values()), default=0)
        before = found.get(taker, Standing())
        found[taker] = before._replace(turns={**before.turns, group: last + 1})
    return found
