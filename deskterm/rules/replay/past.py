"""The past of a ticket as it is played again: how it was opened, and what happened to it by hand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from deskterm.rules.changes import (
    Assigned,
    Change,
    FieldSet,
    Occurred,
    Opened,
    Regrouped,
    Said,
    StatusSet,
    Tagged,
)
from deskterm.rules.facts import Agent, Book, Event, Ticket
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Assign, Route, RuleBook
from deskterm.rules.terms import Terms

__all__ = ["change_of", "lasting", "opened_again", "roots", "timeless"]

_BY_HAND: Final = ("action ", "macro ", "import ")
_LASTING: Final = ("status", "sla_void", "exempt", "due_set", "occurred")
_SKIPPED: Final = ("rules_activated", "policy_applied", "routed", "rule_failed", "loop_stopped", "attached")
_PLACES: Final = ("queue", "group", "assignee")
_TOLD: Final = (
    *("subject", "status", "type", "category", "impact", "urgency", "channel", "vendor", "lang", "region"),
)


def timeless(book: Book, rules: RuleBook) -> Book:
    """The desk as if `rules` had always been in force, and everybody always there; none is given anything.

    Only a route that names a person hands over. Clocks inside the desk (OLA, vendors) are not compared.
    """
    routes = tuple(route._replace(assign=_named(route)) for route in rules.routes)
    rules = rules._replace(routes=routes, olas=(), ucs=())
    people = {number: _present(agent) for number, agent in book.agents.items()}
    editions = MappingProxyType({rules.rev: rules})
    return replace(book, agents=people, rules=rules, terms=rules.terms, editions=editions, activated=())


def _named(route: Route) -> Assign:
    return route.assign if route.assign.by == "person" else Assign()


def _present(agent: Agent) -> Agent:
    return replace(agent, presence="online", capacity=0, shift="", out_from=None, out_until=None)


def roots(history: Sequence[Event]) -> Iterator[tuple[Event, ...]]:
    """The events of the ticket itself, those of one decision together."""
    own = (event for event in history if event.kind != "rules_activated")
    for _, events in groupby(own, key=lambda event: (event.version, event.at)):
        yield tuple(events)


def lasting(root: Sequence[Event]) -> list[Event]:
    """Those events of one decision that stay as they were: what somebody did, and moves by time alone.

    What rules added to a deed of somebody's, or to an opening, they add anew, if they still would.
    """
    kept = [event for event in root if event.kind not in _SKIPPED]
    opening = next((event.because for event in root if event.kind == "created"), None)
    deeds = [event for event in kept if event.because.startswith(_BY_HAND) or event.because == opening]
    if opening is not None:
        return [event for event in deeds if event.kind != "created"]
    return deeds or [event for event in kept if event.kind in _LASTING]


def opened_again(event: Event, ticket: Ticket, book: Book, was: Terms) -> Opened:
    """How the ticket was opened; `was` are the words in force, with which those of `book` are compared.

    A priority that nobody gave is the one that the rules of `book` give then. Places that the desk has no
    more are the one where the ticket is now.
    """
    if event.kind != "created":
        template = N_("The timeline of ticket %(ticket)s does not begin with its opening.")
        raise Problem("replay.opening", template, ticket=ticket.id)
    data = event.data
    fields: dict[str, Any] = {name: data.get(name, "") for name in _TOLD}
    chosen = tuple(data.get("chosen", ()))
    opened = Ticket(
        id=ticket.id,
        version=1,
        priority=_priority(event, book.terms, was),
        queue_id=book.queue_names.get(data.get("queue", ""), ticket.queue_id),
        group_id=book.group_names.get(data.get("group", "")),
        assignee_id=book.logins.get(data.get("assignee", "")),
        created_at=event.at,
        updated_at=event.at,
        submitter_kind=event.actor.kind,
        submitter_id=event.actor.id,
        requester_id=ticket.requester_id,
        organization_id=ticket.organization_id,
        tags=frozenset(data.get("tags", ())),
        custom=data.get("custom", {}),
        parent_id=ticket.parent_id,
        follows=ticket.follows,
        source=ticket.source,
        external_id=ticket.external_id,
        **fields,
    )
    names = {name: str(data[name]) for name in (*_PLACES, "requester") if name in data}
    return Opened(
        because=event.because,
        ticket=opened,
        side=str(data.get("side", "requester")),
        names=names,
        chosen=chosen,
    )


def _priority(event: Event, terms: Terms, was: Terms) -> str:
    """What it was opened with; the matrix or the default said so unless somebody did."""
    data = event.data
    told = str(data.get("priority", ""))
    asked = "priority" in data.get("chosen", ()) or event.because.startswith("import ")
    if told and (asked or told != _given(data, was)):
        return told
    return _given(data, terms)


def _given(data: Mapping[str, Any], terms: Terms) -> str:
    meant = terms.matrix.get(str(data.get("impact", "")), {}).get(str(data.get("urgency", "")), "")
    return meant or terms.default_priority


def change_of(event: Event, book: Book, words: str = "") -> Change | None:
    """The change that the event tells of, a message with these words; None for what changes no ticket now."""
    data = event.data
    match event.kind:
        case "message":
            return _said(event, words)
        case "tags":
            return Tagged(
                because=event.because,
                added=tuple(data.get("added", ())),
                removed=tuple(data.get("removed", ())),
            )
        case "assigned" if data["new"] == "" or data["new"] in book.logins:
            return Assigned(because=event.because, old=str(data.get("old", "")), new=str(data["new"]))
        case "group" if data["new"] == "" or data["new"] in book.group_names:
            return Regrouped(because=event.because, old=str(data.get("old", "")), new=str(data["new"]))
        case "field" if data["name"] != "queue" or data["new"] in book.queue_names:
            return FieldSet(
                because=event.because,
                name=str(data["name"]),
                old=str(data.get("old", "")),
                new=str(data["new"]),
            )
        case "status":
            return _moved(event)
        case "occurred":
            return Occurred(because=event.because, count=int(data["count"]))
    return None


def _said(event: Event, words: str) -> Said:
    data = event.data
    return Said(
        because=event.because,
        body=words,
        public=bool(data.get("public")),
        side=str(data.get("side", "agent")),
        auto=bool(data.get("auto")),
        channel=str(data.get("channel", "")),
    )


def _moved(event: Event) -> StatusSet:
    data = event.data
    words = {name: str(data[name]) for name in ("reason", "vendor", "cause", "solution") if name in data}
    return StatusSet(
        because=event.because,
        old=str(data.get("old", "")),
        new=str(data["new"]),
        until=data.get("until"),
        reopened=bool(data.get("reopened")),
        **words,
    )
