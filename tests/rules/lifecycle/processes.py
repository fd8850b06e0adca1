"""Rule books for the tests of the lifecycle: a status of the desk's own, a change that somebody approves."""

from dataclasses import replace
from typing import Any

from deskterm.rules.actions import Action
from deskterm.rules.changes import Decision
from deskterm.rules.decide import decide
from deskterm.rules.facts import Book, Event, Facts, Ticket
from deskterm.rules.query import parse
from deskterm.rules.rulebook import Act, Blueprint, Lifecycle, RuleBook, Stage, Status
from deskterm.rules.terms import CATEGORY, Terms
from tests.builders import ACTORS, ANN, BOOK, HOUR, T0, a_history, a_ticket

PARTS = Status("waiting_parts", "waiting", ("open",), ("open", "resolved"), ("agent", "lead"))
SHELVED = Status("shelved", "waiting", ("open", "pending"), ("cancelled",), ("lead",))
SHIPPED = Status("shipped", "solved", ("open", "waiting_parts"), ("open", "closed"), ("agent",))
FILED = Status("filed", "closed", ("resolved",), ("open",), ("agent",))
OWN = (PARTS, SHELVED, SHIPPED, FILED)

TOLD = Act("add_tags", ("late",))
CHANGE = Blueprint(
    "change",
    "change",
    (
        Stage("intake", "new", ("assess",)),
        Stage("assess", "open", ("approval", "ask"), needs=("impact", "cf.rollback")),
        Stage("ask", "pending", ("assess",)),
        Stage("approval", "on_hold", ("build", "assess"), limit=HOUR, do=(TOLD,)),
        Stage("build", "open", ("test",), who=("lead",)),
        Stage("test", "open", ("build", "done", "given_up")),
        Stage("done", "resolved", ("build", "review"), who=("agent",)),
        Stage("review", "closed", who=("agent",)),
        Stage("given_up", "resolved"),
    ),
)


def rules(*statuses: Status, blueprints: tuple[Blueprint, ...] = (), **lifecycle: Any) -> RuleBook:
    """Rules with these statuses and blueprints, and nothing else."""
    terms = Terms(statuses={**CATEGORY, **{each.id: each.category for each in statuses}})
    return RuleBook(
        rev=3, terms=terms, lifecycle=Lifecycle(statuses=statuses, **lifecycle), blueprints=blueprints
    )


def under(book: RuleBook) -> Book:
    """The desk of all tests under those rules."""
    return replace(BOOK, rules=book, terms=book.terms, editions={book.rev: book})


def ignoring(text: str) -> RuleBook:
    """Rules by which such a reply opens nothing."""
    return rules(reopen_ignore=parse(text, rules=True).where)


OWN_STATUSES = under(rules(*OWN))
CHANGES = under(rules(blueprints=(CHANGE,)))


def a_change(stage: str, **values: Any) -> Ticket:
    """A change of Ann's that stands in `stage`."""
    found = {each.id: each.status for each in CHANGE.stages}
    return a_ticket(**{"type": "change", "stage": stage, "status": found[stage], **values})


def on(
    ticket: Ticket,
    action: Action,
    who: str = "agent",
    book: Book = OWN_STATUSES,
    now: int = T0 + HOUR,
    history: tuple[Event, ...] | None = None,
) -> Decision:
    """Decide `action` on `ticket` by the actor called `who` under the rules of `book`."""
    told = a_history(ticket) if history is None else history
    return decide(action, ACTORS[who], Facts(ticket=ticket, history=told, requester=ANN), book, now)


def opened(action: Action, who: str = "requester", book: Book = CHANGES) -> Decision:
    """Open a ticket under the rules of `book`."""
    return decide(action, ACTORS[who], Facts(requester=ANN), book, T0)
