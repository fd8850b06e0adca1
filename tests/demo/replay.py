"""Replay: a ticket built again from nothing but its timeline, as a reader of the log would do it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deskterm.rules.apply import apply
from deskterm.rules.changes import Assigned, Change, FieldSet, Occurred, Regrouped, Said, StatusSet, Tagged
from deskterm.rules.facts import Book, Event, Ticket
from deskterm.rules.past import Past, PastTicket
from deskterm.rules.sla import fold, project

CHANGES: Mapping[str, type[Change]] = {
    "status": StatusSet,
    "field": FieldSet,
    "assigned": Assigned,
    "group": Regrouped,
    "occurred": Occurred,
}
OPENED = (
    *("subject", "status", "priority", "type", "category", "impact", "urgency", "channel", "custom"),
    *("vendor", "lang", "region"),
)


def book_of(past: Past) -> Book:
    """The book that those agents, groups and queues make."""
    return Book(
        agents={each.id: each for each in past.agents},
        groups={each.id: each for each in past.groups},
        queues={each.id: each for each in past.queues},
        logins={each.login: each.id for each in past.agents},
        group_names={each.name: each.id for each in past.groups},
        queue_names={each.name: each.id for each in past.queues},
    )


def replayed(ticket: PastTicket, past: Past, book: Book, now: int) -> Ticket:
    """The ticket that its events alone give at `now`; what no event tells is taken from it."""
    events = [each.event for each in ticket.events]
    state = _opened(events[0], ticket.ticket, past, book)
    for event in events[1:]:
        after = apply(state, _change(event), event.at, book)
        assert after is not None
        state = replace(after, version=event.version, updated_at=event.at)
    return project(state, fold(events, book.editions, now))


def _opened(event: Event, ticket: Ticket, past: Past, book: Book) -> Ticket:
    data = event.data
    contact = next((each for each in past.contacts if data.get("requester") in each.addresses), None)
    return Ticket(
        id=ticket.id,
        version=1,
        queue_id=book.queue_names[data["queue"]],
        group_id=book.group_names[data["group"]],
        created_at=event.at,
        updated_at=event.at,
        submitter_kind=event.actor.kind,
        submitter_id=event.actor.id,
        requester_id=contact.id if contact else None,
        organization_id=contact.organizations[0] if contact else None,
        tags=frozenset(data.get("tags", ())),
        dedupe_key=ticket.dedupe_key,
        **{name: data[name] for name in OPENED if name in data},
    )


def _change(event: Event) -> Change:
    data: dict[str, Any] = dict(event.data)
    if event.kind == "message":
        return Said(body="", **data)
    if event.kind == "tags":
        return Tagged(added=tuple(data["added"]), removed=tuple(data["removed"]))
    return CHANGES[event.kind](**data)
