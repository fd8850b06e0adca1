"""The twin of a stored ticket: what its timeline alone makes of it, and where the two do not agree."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from deskterm.rules.apply import apply
from deskterm.rules.changes import (
    Assigned,
    Attached,
    Change,
    FieldSet,
    Occurred,
    Opened,
    Regrouped,
    Said,
    StatusSet,
    Tagged,
)
from deskterm.rules.facts import Actor, Book, Event, Ticket
from deskterm.rules.sla import fold, project
from deskterm.rules.words import norm
from deskterm.store.columns import DERIVED, columns_of
from tests.reliability.stored import Dump, Row

__all__ = ["contradictions", "twin"]

UNTOLD = ("submitter_kind", "submitter_id", "requester_id", "organization_id", "dedupe_key", "channel")
"""What a ticket is born with and its first event does not tell in the form of the row."""


def contradictions(held: Dump, book: Book) -> list[str]:
    """Everything in a desk that does not follow from its timelines, in words; nothing when all is well."""
    return [complaint for row in held["tickets"] for complaint in _about(row, held, book)]


def _about(row: Row, held: Dump, book: Book) -> Iterator[str]:
    number = row["id"]
    events = [_event(each) for each in held["events"] if each["ticket_id"] == number]
    versions = [event.version for event in events]
    if versions != sorted(versions) or set(versions) != set(range(1, row["version"] + 1)):
        yield f"ticket {number} is version {row['version']}, its events are {versions}"
    stored = _stored(row, held)
    expected = twin(events, stored, book)
    for field in fields(Ticket):
        left, right = getattr(expected, field.name), getattr(stored, field.name)
        if left != right:
            yield f"ticket {number}: {field.name} is {right!r}, its timeline says {left!r}"
    derived = columns_of(stored, book.terms)
    for name in DERIVED:
        if row[name] != derived[name]:
            yield f"ticket {number}: {name} is {row[name]!r}, not {derived[name]!r}"
    yield from _about_words(number, stored, events, held)


def _about_words(number: int, ticket: Ticket, events: Sequence[Event], held: Dump) -> Iterator[str]:
    said = [each for each in held["messages"] if each["ticket_id"] == number]
    told = [event.seq for event in events if event.kind == "message"]
    if [each["event_id"] for each in said] != told:
        yield f"ticket {number} has messages {said}, its timeline tells {told}"
    words = {True: norm(ticket.subject), False: ""}
    for each in said:
        words[each["public"]] += norm(each["body"])
    (texts,) = (each for each in held["ticket_texts"] if each["ticket_id"] == number)
    if (texts["public_n"], texts["internal_n"]) != (words[True], words[False]):
        yield f"ticket {number} is searched by {texts}, not by {words}"


def twin(events: Sequence[Event], stored: Ticket, book: Book) -> Ticket:
    """The ticket that `events` make; only what is UNTOLD comes from `stored`."""
    made: Ticket | None = None
    for event in events:
        made = apply(made, _change(event, stored, book), event.at, book)
    assert made is not None
    made = replace(made, version=events[-1].version, updated_at=events[-1].at)
    return project(made, fold(events, {}, events[-1].at))


def _change(event: Event, stored: Ticket, book: Book) -> Change:
    told = dict(event.data)
    match event.kind:
        case "created":
            return Opened(ticket=_born(told, event.at, stored, book), side=told["side"])
        case "message":
            told.pop("attachments", None)
            return Said(body="", **told)
        case "attached":
            return Attached(attachments=(), internal=told["internal"])
        case "tags":
            return Tagged(added=tuple(told["added"]), removed=tuple(told["removed"]))
    kinds: dict[str, Any] = {kind.kind: kind for kind in (StatusSet, FieldSet, Assigned, Regrouped, Occurred)}
    change: Change = kinds[event.kind](**told)
    return change


def _born(told: dict[str, Any], at: int, stored: Ticket, book: Book) -> Ticket:
    plain = ("subject", "status", "priority", "type", "category", "impact", "urgency")
    return Ticket(
        id=stored.id,
        version=1,
        queue_id=book.queue_names[told["queue"]],
        group_id=book.group_names[told["group"]] if "group" in told else None,
        assignee_id=book.logins[told["assignee"]] if "assignee" in told else None,
        created_at=at,
        updated_at=at,
        tags=frozenset(told.get("tags", ())),
        custom=told.get("custom", {}),
        **{name: told.get(name, "") for name in plain},
        **{name: getattr(stored, name) for name in UNTOLD},
    )


def _stored(row: Row, held: Dump) -> Ticket:
    names = {field.name for field in fields(Ticket)} - {"tags", "custom"}
    mine = [each for each in held["ticket_fields"] if each["ticket_id"] == row["id"]]
    return Ticket(
        **{name: row[name] for name in names},
        tags=frozenset(each["tag"] for each in held["ticket_tags"] if each["ticket_id"] == row["id"]),
        custom={each["name"]: each["value"] for each in mine},
    )


def _event(row: Row) -> Event:
    actor = Actor(row["actor_kind"], row["actor_id"])
    data = json.loads(row["data"])
    return Event(row["id"], row["at"], row["kind"], actor, data, row["because"], row["version"])
