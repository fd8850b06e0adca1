"""Indexes, apart from the tables: only who makes a schema needs them, and naming Postgres costs 26 ms."""

from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Index, MetaData, event, text
from sqlmodel import SQLModel

from deskterm.store.tables import (
    attachments,
    contacts,
    events,
    firings,
    fulltext,
    messages,
    outbox,
    ticket_fields,
    ticket_tags,
    ticket_texts,
    tickets,
)

__all__ = ["complete_metadata"]

# one follows from the other: without a word Postgres expects a twentieth of the open tickets
_TOGETHER: Final = "CREATE STATISTICS ticket_is_open (mcv) ON is_open, status FROM tickets"


def _where(sqlite: str, postgres: str = "") -> dict[str, Any]:
    return {"sqlite_where": text(sqlite), "postgresql_where": text(postgres or sqlite)}


# the very words in which a query says it, or SQLite does not see that the index answers it; small however
# long the desk lives, because only open tickets stand in it
_OPEN: Final = _where("is_open = 1", "is_open")


@cache
def complete_metadata() -> MetaData:
    """All tables with all their indexes, as a schema is made from them."""
    _ticket_indexes()
    Index("contact_by_source", contacts.c.source, contacts.c.external_id)
    Index("event_by_ticket", events.c.ticket_id, events.c.id)
    Index("message_by_ticket", messages.c.ticket_id, messages.c.id)
    Index("attachment_by_ticket", attachments.c.ticket_id, attachments.c.id)
    Index("ticket_by_tag", ticket_tags.c.tag, ticket_tags.c.ticket_id)
    Index("ticket_by_field", ticket_fields.c.name, ticket_fields.c.value, ticket_fields.c.ticket_id)
    Index("firing_by_ticket", firings.c.ticket_id)
    Index("outbox_waiting", outbox.c.id, **_where("delivered_at IS NULL"))
    fulltext.attach(ticket_texts)
    event.listen(tickets, "after_create", _relate)
    return SQLModel.metadata


def _relate(_table: object, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_TOGETHER)


def _ticket_indexes() -> None:
    column = tickets.c
    Index("open_by_due", column.due_sort, column.id, **_OPEN)
    for name in ("group_id", "assignee_id", "queue_id", "status", "priority_rank"):
        short = name.removesuffix("_id").removesuffix("_rank")
        Index(f"open_by_{short}", column[name], column.due_sort, column.id, **_OPEN)
    for name in ("created_at", "updated_at"):
        Index(f"open_by_{name.removesuffix('_at')}", column[name], column.id, **_OPEN)
    Index("ticket_by_due", column.due_sort, column.id)
    Index("ticket_by_created", column.created_at, column.id)
    Index("ticket_by_updated", column.updated_at, column.id)
    for name in ("category", "channel", "impact", "lang", "region", "type", "urgency", "vendor"):
        Index(f"ticket_by_{name}", column[name])
    Index("closed_by_status", column.status, **_where("is_open = 0", "NOT is_open"))
    Index("ticket_by_parent", column.parent_id, **_where("parent_id IS NOT NULL"))
    Index("ticket_by_reopens", column.reopen_count, **_where("reopen_count > 0"))
    Index("ticket_by_sla", column.sla_state, **_where("sla_state != 'none'"))
    Index("ticket_by_waiting", column.waiting_since, **_where("waiting_since IS NOT NULL"))
    Index("ticket_by_requester", column.requester_id, column.is_open, column.id)
    Index("ticket_by_organization", column.organization_id, column.id)
    Index("ticket_by_source", column.source, column.external_id)
    Index(
        "waiting_for_agent",
        column.group_id,
        column.priority_rank,
        column.due_sort,
        column.id,
        **_where("wants_agent = 1", "wants_agent"),
    )
    Index("ticket_by_follows", column.follows, **_where("follows IS NOT NULL"))
    Index("ticket_by_change", column.next_change_at, **_where("next_change_at IS NOT NULL"))
    Index(
        "open_dedupe_key",
        column.dedupe_key,
        unique=True,
        **_where("dedupe_key != '' AND is_open = 1", "dedupe_key != '' AND is_open"),
    )
