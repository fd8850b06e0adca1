"""Details: one ticket with its whole timeline, as its viewer may see it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, exists, func, select
from sqlalchemy.sql import ColumnElement

from deskterm.rules.facts import EMPTY
from deskterm.store.rows import AttachmentRow, MessageRow, TicketDetail, TicketRow, TimelineRow
from deskterm.store.tables import (
    agents,
    attachments,
    contact_addresses,
    contacts,
    events,
    messages,
    ticket_fields,
    tickets,
)

__all__ = ["detail"]

COUNTED = 1000

_MORE = (
    "impact",
    "urgency",
    "lang",
    "region",
    "vendor",
    "wait_reason",
    "wake_at",
    "cause",
    "solution",
    "resolved_at",
    "first_resolved_at",
    "closed_at",
    "first_response_at",
    "due_first",
    "due_next",
    "due_resolve",
    "reassign_count",
    "external_id",
    "stage",
    "follows",
)

# what a requester is told of changes, besides public words and files; the rest is how the desk works inside
_PUBLIC_KINDS = ("created", "status")


def detail(connection: Connection, row: TicketRow, *, public: bool) -> TicketDetail:
    """The ticket of `row` in full; `public` leaves out everything internal, in the database already."""
    query = select(
        *(tickets.c[name] for name in _MORE),
        tickets.c.submitter_kind,
        tickets.c.submitter_id,
        tickets.c.requester_id,
    )
    more = connection.execute(query.where(tickets.c.id == row.id)).one()
    files = _files(connection, row.id, public=public)
    people = _People(connection)
    opened, past = _requester_tickets(connection, more.requester_id)
    values = {name: getattr(more, name) for name in _MORE}
    if public:
        values |= {"wait_reason": "", "vendor": "", "cause": "", "stage": ""}
        row = replace(row, tags=())
    return TicketDetail(
        row=row,
        submitter=people.name(more.submitter_kind, more.submitter_id)[0],
        custom=EMPTY if public else _custom(connection, row.id),
        followed_by=_followed_by(connection, row.id),
        requester_open=opened,
        requester_past=past,
        timeline=_timeline(connection, row.id, people, files, public=public),
        attachments=files,
        **values,
    )


def _followed_by(connection: Connection, ticket: int) -> tuple[int, ...]:
    query = select(tickets.c.id).where(tickets.c.follows == ticket).order_by(tickets.c.id)
    return tuple(connection.execute(query).scalars())


def _custom(connection: Connection, ticket: int) -> Mapping[str, str]:
    query = select(ticket_fields.c.name, ticket_fields.c.value).where(ticket_fields.c.ticket_id == ticket)
    return dict(connection.execute(query.order_by(ticket_fields.c.name)).all())


def _requester_tickets(connection: Connection, requester: int | None) -> tuple[int, int]:
    """Open and past tickets of the requester, each counted to COUNTED at most."""
    if requester is None:
        return 0, 0
    return _some_of(connection, requester, is_open=True), _some_of(connection, requester, is_open=False)


def _some_of(connection: Connection, requester: int, *, is_open: bool) -> int:
    condition = (tickets.c.requester_id == requester) & (tickets.c.is_open == is_open)
    inner = select(tickets.c.id).where(condition).limit(COUNTED).subquery()
    return int(connection.execute(select(func.count()).select_from(inner)).scalar_one())


def _files(connection: Connection, ticket: int, *, public: bool) -> tuple[AttachmentRow, ...]:
    query = (
        select(attachments, messages.c.id.label("message_id"))
        .outerjoin(messages, messages.c.event_id == attachments.c.event_id)
        .where(attachments.c.ticket_id == ticket)
        .order_by(attachments.c.id)
    )
    if public:
        query = query.where(attachments.c.internal.is_(False))
    return tuple(
        AttachmentRow(row.id, row.name, row.size, row.media_type, row.digest, row.internal, row.message_id)
        for row in connection.execute(query)
    )


def _timeline(
    connection: Connection,
    ticket: int,
    people: "_People",
    files: tuple[AttachmentRow, ...],
    *,
    public: bool,
) -> tuple[TimelineRow, ...]:
    query = (
        select(
            events,
            messages.c.id.label("message_id"),
            messages.c.public,
            messages.c.auto,
            messages.c.channel,
            messages.c.body,
        )
        .outerjoin(messages, messages.c.event_id == events.c.id)
        .where(events.c.ticket_id == ticket)
        .order_by(events.c.at, events.c.id)
    )
    if public:
        query = query.where(_public_only())
    return tuple(_line(row, people, files, public=public) for row in connection.execute(query))


def _public_only() -> ColumnElement[bool]:
    # messages.public is NULL for events without words
    spoken = (events.c.kind == "message") & messages.c.public
    shared = (attachments.c.event_id == events.c.id) & attachments.c.internal.is_(False)
    return spoken | events.c.kind.in_(_PUBLIC_KINDS) | (events.c.kind == "attached") & exists().where(shared)


def _line(row: Any, people: "_People", files: tuple[AttachmentRow, ...], *, public: bool) -> TimelineRow:
    who, name = people.name(row.actor_kind, row.actor_id)
    data = json.loads(row.data)
    return TimelineRow(
        seq=row.id,
        at=row.at,
        kind=row.kind,
        actor_kind=row.actor_kind,
        actor=who,
        actor_name=name,
        data=_public_data(row.kind, data) if public else data,
        because="" if public else row.because,
        version=row.version,
        message=_message(row, who, name, files) if row.message_id is not None else None,
    )


def _public_data(kind: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    if kind == "status":
        return {name: data[name] for name in ("old", "new", "solution") if name in data}
    if kind == "created":
        return {name: data[name] for name in ("subject", "status", "channel") if name in data}
    return data


def _message(row: Any, who: str, name: str, files: tuple[AttachmentRow, ...]) -> MessageRow:
    return MessageRow(
        id=row.message_id,
        event=row.id,
        at=row.at,
        public=row.public,
        auto=row.auto,
        author_kind=row.actor_kind,
        author=who,
        author_name=name,
        channel=row.channel,
        body=row.body,
        attachments=tuple(file for file in files if file.message_id == row.message_id),
    )


class _People:
    """Names of actors, each looked up once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, int | None], tuple[str, str]] = {}

    def name(self, kind: str, number: int | None) -> tuple[str, str]:
        """Login or address, and display name."""
        key = (kind, number)
        if key not in self._known:
            self._known[key] = self._look_up(kind, number)
        return self._known[key]

    def _look_up(self, kind: str, number: int | None) -> tuple[str, str]:
        if number is None:
            return kind, kind
        if kind == "agent":
            query = select(agents.c.login, agents.c.name).where(agents.c.id == number)
        else:
            address = (
                select(contact_addresses.c.address)
                .where((contact_addresses.c.contact_id == number) & (contact_addresses.c.rank == 0))
                .scalar_subquery()
            )
            query = select(func.coalesce(address, ""), contacts.c.name).where(contacts.c.id == number)
        row = self._connection.execute(query).one_or_none()
        return (row[0], row[1]) if row else (kind, kind)
