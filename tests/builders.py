"""Builders: a ticket, an agent, a book with what matters to a test, the rest as anybody would expect."""

from collections.abc import Iterable
from typing import Any

from deskterm.rules.actions import Action, OpenTicket
from deskterm.rules.apply import apply
from deskterm.rules.changes import Decision
from deskterm.rules.decide import decide
from deskterm.rules.facts import SYSTEM, Actor, Agent, Book, Contact, Event, Facts, Group, Queue, Ticket

T0 = 1_772_445_600  # 2026-03-02 10:00:00 UTC, a Monday
HOUR, DAY = 3600, 86400

ADMIN, LEAD, KIM, OMAR, LIGHT, GONE = 1, 2, 3, 4, 5, 6
ANN = Contact(id=11, name="Ann Li", addresses=("ann@acme.example",))


def a_book() -> Book:
    """Six agents, two groups (kim and lee in network, omar in apps), three queues."""
    agents = [
        Agent(ADMIN, "ada", "Ada Admin", role="admin"),
        Agent(LEAD, "lee", "Lee Lead", role="agent"),
        Agent(KIM, "kim", "Kim Agent"),
        Agent(OMAR, "omar", "Omar Agent"),
        Agent(LIGHT, "lil", "Lil Light", role="light"),
        Agent(GONE, "gus", "Gus Gone", active=False),
    ]
    groups = [
        Group(1, "network", "Network", frozenset({LEAD, KIM}), frozenset({LEAD})),
        Group(2, "apps", "Apps", frozenset({OMAR}), frozenset()),
    ]
    queues = [Queue(1, "triage", "Triage"), Queue(2, "network", "Network", 1), Queue(3, "apps", "Apps", 2)]
    return Book(
        revision=1,
        agents={each.id: each for each in agents},
        groups={each.id: each for each in groups},
        queues={each.id: each for each in queues},
        logins={each.login: each.id for each in agents},
        group_names={each.name: each.id for each in groups},
        queue_names={each.name: each.id for each in queues},
    )


BOOK = a_book()
ACTORS = {
    "admin": Actor("agent", ADMIN),
    "lead": Actor("agent", LEAD),
    "agent": Actor("agent", KIM),
    "light": Actor("agent", LIGHT),
    "gone": Actor("agent", GONE),
    "requester": Actor("requester", ANN.id),
    "stranger": Actor("requester", 99),
    "system": SYSTEM,
}


def a_ticket(**values: Any) -> Ticket:
    """A ticket of Ann's in the network queue, opened at T0."""
    basic: dict[str, Any] = {
        "id": 7,
        "version": 1,
        "subject": "VPN drops every hour",
        "status": "open",
        "priority": "P3",
        "queue_id": 2,
        "group_id": 1,
        "created_at": T0,
        "updated_at": T0,
        "channel": "cli",
        "submitter_kind": "requester",
        "submitter_id": ANN.id,
        "requester_id": ANN.id,
    }
    return Ticket(**{**basic, **values})


def a_history(ticket: Ticket) -> tuple[Event, ...]:
    """The one event that opened `ticket`."""
    data = {"status": "new", "priority": ticket.priority, "side": "requester"}
    return (Event(1, ticket.created_at, "created", Actor("requester", ticket.requester_id), data, version=1),)


def on(ticket: Ticket, action: Action, who: str = "agent", now: int = T0 + HOUR) -> Decision:
    """Decide `action` on `ticket` by the actor called `who`."""
    facts = Facts(ticket=ticket, history=a_history(ticket), requester=ANN)
    return decide(action, ACTORS[who], facts, BOOK, now)


class Story:
    """A ticket that lives in memory: actions in, events out, with the store left out."""

    def __init__(
        self, subject: str = "VPN drops", at: int = T0, who: str = "requester", **fields: Any
    ) -> None:
        self.now = at
        self.events: list[Event] = []
        self.ticket: Ticket | None = None
        action = OpenTicket(subject=subject, requester=ANN.addresses[0], **fields)
        self._take(decide(action, ACTORS[who], Facts(requester=ANN), BOOK, at), who)

    def does(self, action: Action, who: str = "agent", after: int = 60) -> Decision:
        """`who` does `action` that many seconds after the last one."""
        self.now += after
        facts = Facts(ticket=self.ticket, history=tuple(self.events), requester=ANN)
        decision = decide(action, ACTORS[who], facts, BOOK, self.now)
        self._take(decision, who)
        return decision

    def replayed(self) -> Ticket | None:
        """The ticket as the changes alone make it."""
        return self._replayed

    def _take(self, decision: Decision, who: str) -> None:
        version = decision.after.version if decision.after else 0
        state = self.ticket
        for change in decision.changes:
            state = apply(state, change, self.now, BOOK)
            seq = len(self.events) + 1
            actor = ACTORS[who]
            self.events.append(
                Event(seq, self.now, change.kind, actor, change.facts(), change.because, version)
            )
        self._replayed = state
        self.ticket = decision.after


def kinds(decision: Decision) -> list[str]:
    """The kinds of the decided changes, in order."""
    return [change.kind for change in decision.changes]


def ticket_of(decision: Decision) -> Ticket:
    """The ticket after the decision."""
    assert decision.after is not None
    return decision.after


def statuses(decision: Decision) -> list[Any]:
    """The statuses the decision moves through."""
    return [change.facts()["new"] for change in decision.changes if change.kind == "status"]


def events_of(kinds_and_times: Iterable[tuple[int, str, dict[str, Any]]]) -> list[Event]:
    """A history from (instant, kind, data)."""
    return [Event(seq, at, kind, SYSTEM, data) for seq, (at, kind, data) in enumerate(kinds_and_times, 1)]
