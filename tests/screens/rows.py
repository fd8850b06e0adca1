"""Rows of a queue for tests that need no desk."""

from typing import Any

from deskterm.store.rows import TicketRow
from tests.builders import T0


def a_row(number: int = 7, **values: Any) -> TicketRow:
    """A ticket of Ann's as the queue sees it."""
    basic: dict[str, Any] = {
        "id": number,
        "version": 1,
        "subject": "VPN drops every hour",
        "status": "open",
        "priority": "P3",
        "type": "incident",
        "category": "",
        "queue": "network",
        "group": "network",
        "assignee": "kim",
        "assignee_name": "Kim Berg",
        "requester": "ann@acme.example",
        "requester_name": "Ann Li",
        "organization": "ACME",
        "tier": "gold",
        "channel": "mail",
        "tags": (),
        "created_at": T0,
        "updated_at": T0,
        "next_due_at": T0 + 3600,
        "sla_state": "ok",
        "reopen_count": 0,
        "occurrences": 1,
    }
    return TicketRow(**{**basic, **values})
