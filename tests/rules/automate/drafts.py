"""Drafts and rules for the tests of automation: a change in hand, triggers as a file would say them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from deskterm.rules import actions as a
from deskterm.rules.changes import Change, StatusSet
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Book, Contact, Event, Facts, Organization, Ticket
from deskterm.rules.handlers import HANDLERS
from deskterm.rules.query import parse
from deskterm.rules.query.ast import Node
from deskterm.rules.rulebook import Act, Macro, RuleBook, Template, Trigger
from deskterm.rules.ruleview import Root
from tests.builders import ACTORS, ANN, BOOK, HOUR, T0, a_history, a_ticket

NOW = T0 + HOUR
GOLD = Organization(5, "Acme", "gold", frozenset({"acme.example"}))


def when(text: str) -> Node:
    return parse(text, rules=True).where


def act(verb: str, value: Any, **more: Any) -> Act:
    return Act(verb, value, **more)


def trigger(name: str, text: str, *do: Act, on: Iterable[str] = ("created", "updated")) -> Trigger:
    return Trigger(name, tuple(on), when(text), do)


def rules(*triggers: Trigger, macros: Iterable[Macro] = (), **more: Any) -> RuleBook:
    return RuleBook(rev=3, triggers=triggers, macros=tuple(macros), **more)


def template(text: str, **languages: str) -> Template:
    return Template("t", "T", {"": text, **languages})


def a_draft(
    ticket: Ticket | None = None,
    *,
    who: str = "requester",
    rules: RuleBook | None = None,
    history: tuple[Event, ...] | None = None,
    requester: Contact | None = ANN,
    book: Book = BOOK,
    now: int = NOW,
    because: str = "action set_fields",
) -> Draft:
    """A draft in which nothing has happened yet."""
    ticket = ticket or a_ticket()
    facts = Facts(
        ticket=ticket,
        history=a_history(ticket) if history is None else history,
        requester=requester,
        organization=GOLD if ticket.organization_id else None,
    )
    return Draft(facts, ACTORS[who], replace(book, rules=rules or RuleBook(rev=3)), now, because)


def doing(draft: Draft, action: a.Action) -> Draft:
    """The draft after its actor's own `action`."""
    HANDLERS[type(action)](action, draft)
    return draft


def root(draft: Draft, event: str = "updated", **more: Any) -> Root:
    by = {"agent": "agent", "requester": "requester"}.get(draft.actor.kind, "system")
    return Root(event, by, before=draft.before, **more)


def told(draft: Draft, *kinds: str) -> list[tuple[str, str, Mapping[str, Any]]]:
    """What rules did: kind, because and facts of the changes that are no person's."""
    return [
        (change.kind, change.because, change.facts())
        for change in draft.changes
        if not change.because.startswith("action ") and (not kinds or change.kind in kinds)
    ]


def one(draft: Draft, kind: str) -> Change:
    (found,) = [change for change in draft.changes if change.kind == kind]
    return found


def notices(draft: Draft, kind: str = "notify") -> list[str]:
    return [each.to for each in draft.notices if each.kind == kind]


def moved_to(draft: Draft) -> list[str]:
    return [change.new for change in draft.changes if isinstance(change, StatusSet)]
