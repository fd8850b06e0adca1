"""Apply: the state of a ticket after a change. The store must hold exactly this."""

from dataclasses import replace
from functools import singledispatch
from typing import Any

from deskterm.rules.changes import (
    Assigned,
    Attached,
    Change,
    FieldSet,
    Occurred,
    Opened,
    Record,
    Regrouped,
    Said,
    StatusSet,
    Tagged,
)
from deskterm.rules.facts import Book, Ticket

__all__ = ["apply", "keep_ticket"]


def apply(ticket: Ticket | None, change: Change, at: int, book: Book) -> Ticket | None:
    """`ticket` as it stands after `change` at `at`; None stays None unless the change opens it."""
    if isinstance(change, Opened):
        return change.ticket
    return None if ticket is None else _apply(change, ticket, at, book)


@singledispatch
def _apply(change: Change, ticket: Ticket, at: int, book: Book) -> Ticket:
    raise NotImplementedError(type(change).__name__, ticket.id, at, book.revision)


@_apply.register(Record)
@_apply.register(Attached)
def _untouched(_change: Change, ticket: Ticket, _at: int, _book: Book) -> Ticket:
    return ticket


def keep_ticket(kind: type[Change]) -> None:
    """Let changes of that class leave a ticket as it is."""
    _apply.register(kind)(_untouched)


@_apply.register
def _said(change: Said, ticket: Ticket, at: int, _book: Book) -> Ticket:
    if not change.public or change.auto:
        return ticket
    counted = replace(ticket, public_count=ticket.public_count + 1)
    if change.side == "requester":
        return counted if change.settled else replace(counted, waiting_since=ticket.waiting_since or at)
    return replace(
        counted,
        first_response_at=ticket.first_response_at or at,
        last_agent_reply_at=at,
        waiting_since=None,
    )


@_apply.register
def _status(change: StatusSet, ticket: Ticket, at: int, book: Book) -> Ticket:
    new, category = change.new, book.terms.category(change.new)
    waits = category == "waiting"
    values: dict[str, Any] = {
        "status": new,
        "wait_reason": change.reason if waits else "",
        "wake_at": change.until if waits else None,
    }
    if change.vendor:
        values["vendor"] = change.vendor
    if category == "solved":
        values |= {
            "cause": change.cause,
            "solution": change.solution,
            "resolved_at": at,
            "first_resolved_at": ticket.first_resolved_at or at,
            "waiting_since": None,
        }
    if category == "closed":
        values |= {"closed_at": at, "waiting_since": None}
    if change.reopened:
        values |= {"reopen_count": ticket.reopen_count + 1, "closed_at": None, "resolved_at": None}
    return replace(ticket, **values)


@_apply.register
def _field(change: FieldSet, ticket: Ticket, _at: int, book: Book) -> Ticket:
    name, new = change.name, change.new
    if name.startswith("cf."):
        custom = {key: value for key, value in ticket.custom.items() if key != name[3:]}
        return replace(ticket, custom={**custom, name[3:]: new} if new else custom)
    if name == "queue":
        return replace(ticket, queue_id=book.queue_names[new])
    values: dict[str, Any] = {name: (int(new) if new else None) if name == "wake_at" else new}
    return replace(ticket, **values)


@_apply.register
def _assigned(change: Assigned, ticket: Ticket, _at: int, book: Book) -> Ticket:
    again = 1 if change.old else 0
    agent = book.logins[change.new] if change.new else None
    return replace(ticket, assignee_id=agent, reassign_count=ticket.reassign_count + again)


@_apply.register
def _regrouped(change: Regrouped, ticket: Ticket, _at: int, book: Book) -> Ticket:
    return replace(ticket, group_id=book.group_names[change.new] if change.new else None)


@_apply.register
def _tagged(change: Tagged, ticket: Ticket, _at: int, _book: Book) -> Ticket:
    return replace(ticket, tags=(ticket.tags - set(change.removed)) | set(change.added))


@_apply.register
def _occurred(change: Occurred, ticket: Ticket, _at: int, _book: Book) -> Ticket:
    return replace(ticket, occurrences=change.count)
