"""Records: rows as JSON values. An instant is shown twice: as ISO 8601 and, under `_at`, as a number."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from deskterm.desk.receipt import Receipt
    from deskterm.store.rows import (
        AgentRow,
        AttachmentRow,
        ContactRow,
        GroupRow,
        MessageRow,
        OrganizationRow,
        QueueRow,
        TicketDetail,
        TicketRow,
        TimelineRow,
    )

__all__ = [
    "agent",
    "contact",
    "detail",
    "group",
    "instant",
    "iso",
    "organization",
    "queue",
    "receipt",
    "ticket",
]

_FIRST: Final = -62_135_596_800
_LAST: Final = 253_402_300_799


def iso(at: int) -> str:
    """An instant as ISO 8601 in UTC; one beyond the years 1 to 9999 as the last or first of them."""
    shown = datetime.fromtimestamp(min(max(at, _FIRST), _LAST), UTC)
    return f"{shown.replace(tzinfo=None).isoformat()}Z"


def instant(name: str, at: int | None) -> dict[str, Any]:
    """The two members that show an instant."""
    return {name: None if at is None else iso(at), f"{name}_at": at}


def ticket(row: "TicketRow") -> dict[str, Any]:
    """A line of the queue."""
    return {
        "id": row.id,
        "version": row.version,
        "subject": row.subject,
        "status": row.status,
        "priority": row.priority,
        "type": row.type,
        "category": row.category,
        "queue": row.queue,
        "group": row.group,
        "assignee": row.assignee,
        "assignee_name": row.assignee_name,
        "requester": row.requester,
        "requester_name": row.requester_name,
        "organization": row.organization,
        "tier": row.tier,
        "channel": row.channel,
        "tags": list(row.tags),
        **instant("created", row.created_at),
        **instant("updated", row.updated_at),
        **instant("next_due", row.next_due_at),
        "sla_state": row.sla_state,
        "reopen_count": row.reopen_count,
        "occurrences": row.occurrences,
    }


def detail(found: "TicketDetail") -> dict[str, Any]:
    """A ticket with everything that belongs to it."""
    return {
        **ticket(found.row),
        "submitter": found.submitter,
        "impact": found.impact,
        "urgency": found.urgency,
        "lang": found.lang,
        "region": found.region,
        "vendor": found.vendor,
        "wait_reason": found.wait_reason,
        **instant("wake", found.wake_at),
        "cause": found.cause,
        "solution": found.solution,
        **instant("resolved", found.resolved_at),
        **instant("first_resolved", found.first_resolved_at),
        **instant("closed", found.closed_at),
        **instant("first_response", found.first_response_at),
        **instant("due_first", found.due_first),
        **instant("due_next", found.due_next),
        **instant("due_resolve", found.due_resolve),
        "reassign_count": found.reassign_count,
        "external_id": found.external_id,
        "stage": found.stage,
        "follows": found.follows,
        "followed_by": list(found.followed_by),
        "custom": dict(found.custom),
        "requester_open": found.requester_open,
        "requester_past": found.requester_past,
        "attachments": [attachment(each) for each in found.attachments],
        "timeline": [_event(each) for each in found.timeline],
    }


def attachment(row: "AttachmentRow") -> dict[str, Any]:
    """A file of a ticket."""
    return {
        "id": row.id,
        "name": row.name,
        "size": row.size,
        "media_type": row.media_type,
        "digest": row.digest,
        "internal": row.internal,
    }


def _event(row: "TimelineRow") -> dict[str, Any]:
    return {
        "seq": row.seq,
        **instant("time", row.at),
        "kind": row.kind,
        "actor_kind": row.actor_kind,
        "actor": row.actor,
        "actor_name": row.actor_name,
        "because": row.because,
        "version": row.version,
        "facts": told(row.data),
        "message": _message(row.message) if row.message else None,
    }


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What an event says, its instants shown twice."""
    plain = dict(facts)
    return {**plain, **instant("until", plain["until"])} if isinstance(plain.get("until"), int) else plain


def _message(row: "MessageRow") -> dict[str, Any]:
    return {
        "id": row.id,
        "public": row.public,
        "auto": row.auto,
        "author_kind": row.author_kind,
        "author": row.author,
        "author_name": row.author_name,
        "channel": row.channel,
        "body": row.body,
        "attachments": [attachment(each) for each in row.attachments],
    }


def receipt(found: "Receipt") -> dict[str, Any]:
    """The acknowledgement of an action."""
    return {
        "ticket": found.ticket,
        "id": found.id,
        "version": found.version,
        **instant("done", found.at),
        "events": list(found.events),
        "changes": [told(each) for each in found.changes],
        "warnings": list(found.warnings),
        "made": list(found.made),
        "replayed": found.replayed,
        "dry_run": found.dry_run,
    }


def agent(row: "AgentRow") -> dict[str, Any]:
    """Somebody who works on tickets."""
    return {
        "id": row.id,
        "login": row.login,
        "name": row.name,
        "role": row.role,
        "email": row.email,
        "active": row.active,
        "timezone": row.tz,
        "language": row.lang,
        "groups": list(row.groups),
        "open_tickets": row.open_tickets,
        "presence": row.presence,
        **instant("out_from", row.out_from),
        **instant("out_until", row.out_until),
        "substitute": row.substitute,
        "capacity": row.capacity,
        "skills": dict(row.skills),
        "shift": row.shift,
    }


def group(row: "GroupRow") -> dict[str, Any]:
    """Agents who share work."""
    return {
        "id": row.id,
        "name": row.name,
        "title": row.title,
        "active": row.active,
        "members": list(row.members),
        "leads": list(row.leads),
        "open_tickets": row.open_tickets,
    }


def queue(row: "QueueRow") -> dict[str, Any]:
    """Where tickets wait."""
    return {
        "id": row.id,
        "name": row.name,
        "title": row.title,
        "group": row.group,
        "active": row.active,
        "open_tickets": row.open_tickets,
    }


def contact(row: "ContactRow") -> dict[str, Any]:
    """A person tickets are for."""
    return {
        "id": row.id,
        "name": row.name,
        "addresses": list(row.addresses),
        "organizations": list(row.organizations),
        "vip": row.vip,
        "language": row.lang,
        "timezone": row.tz,
        "phone": row.phone,
        "open_tickets": row.open_tickets,
    }


def organization(row: "OrganizationRow") -> dict[str, Any]:
    """A customer."""
    return {
        "id": row.id,
        "name": row.name,
        "tier": row.tier,
        "domains": list(row.domains),
        "contacts": row.contacts,
    }
