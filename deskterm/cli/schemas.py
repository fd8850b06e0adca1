"""Schemas: what the JSON answer of each command looks like, as JSON schema (draft 2020-12)."""

from collections.abc import Callable, Mapping
from typing import Final

from deskterm.cli.ruleschemas import RULE_SCHEMAS
from deskterm.cli.shapes import TEXT, WHOLE, YES, Schema, instants, listed, maybe, record, texts, wholes

__all__ = ["SCHEMAS", "schema"]

_ATTACHMENT: Final = record({**wholes("id size"), **texts("name media_type digest"), "internal": YES})
_TICKET: Final[dict[str, Schema]] = {
    **wholes("id version"),
    **texts("subject status priority type category queue group assignee assignee_name"),
    **texts("requester requester_name organization tier channel"),
    "tags": listed(TEXT),
    **instants("created updated", always=True),
    **instants("next_due"),
    **texts("sla_state"),
    **wholes("reopen_count occurrences"),
}
_MESSAGE: Final = record(
    {
        **wholes("id"),
        "public": YES,
        "auto": YES,
        **texts("author_kind author author_name channel body"),
        "attachments": listed(_ATTACHMENT),
    }
)
_EVENT: Final = record(
    {
        **wholes("seq version"),
        **instants("time", always=True),
        **texts("kind actor_kind actor actor_name because"),
        "facts": {"type": "object"},
        "message": maybe(_MESSAGE),
    }
)
_DETAIL: Final = record(
    {
        **_TICKET,
        **texts("submitter impact urgency lang region vendor wait_reason cause solution external_id stage"),
        **instants("wake resolved first_resolved closed first_response due_first due_next due_resolve"),
        **wholes("reassign_count requester_open requester_past"),
        "follows": maybe(WHOLE),
        "followed_by": listed(WHOLE),
        "custom": {"type": "object", "additionalProperties": TEXT},
        "attachments": listed(_ATTACHMENT),
        "timeline": listed(_EVENT),
    }
)
_CHANGE: Final[Schema] = {
    "type": "object",
    "properties": texts("kind because"),
    "required": ["kind", "because"],
}
_RECEIPT: Final = record(
    {
        "ticket": maybe(WHOLE),
        "id": maybe(WHOLE),
        **wholes("version"),
        **instants("done", always=True),
        "events": listed(WHOLE),
        "changes": listed(_CHANGE),
        "warnings": listed(TEXT),
        "made": listed(WHOLE),
        "replayed": YES,
        "dry_run": YES,
    }
)
_ERROR: Final = record({**texts("code message field"), "choices": listed(TEXT), "column": maybe(WHOLE)})
_RESULT: Final = record({"ticket": WHOLE, "ok": YES, "receipt": maybe(_RECEIPT), "error": maybe(_ERROR)})
_RESULTS: Final = record({"results": listed(_RESULT)})
_PAGE: Final[Schema] = {
    "anyOf": [
        record({"tickets": listed(record(_TICKET)), "after": maybe(TEXT)}),
        record({"count": WHOLE}),
    ]
}
_CONTACT: Final = record(
    {
        **wholes("id open_tickets"),
        **texts("name language timezone phone"),
        "addresses": listed(TEXT),
        "organizations": listed(TEXT),
        "vip": YES,
    }
)
_ORGANIZATION: Final = record({**wholes("id contacts"), **texts("name tier"), "domains": listed(TEXT)})
_AGENT: Final = record(
    {
        **wholes("id open_tickets"),
        **texts("login name role email timezone language"),
        "active": YES,
        "groups": listed(TEXT),
        **texts("presence substitute shift"),
        **instants("out_from out_until"),
        "capacity": WHOLE,
        "skills": {"type": "object", "additionalProperties": WHOLE},
    }
)
_GROUP: Final = record(
    {
        **wholes("id open_tickets"),
        **texts("name title"),
        "active": YES,
        "members": listed(TEXT),
        "leads": listed(TEXT),
    }
)
_QUEUE: Final = record({**wholes("id open_tickets"), **texts("name title group"), "active": YES})
_CALENDAR: Final = record(
    {
        **texts("name timezone"),
        **wholes("week holidays"),
        "day": maybe(WHOLE),
        "covers": maybe(TEXT),
        "known_until": maybe(TEXT),
    }
)
_WEEK: Final = record(
    {
        "days": listed(
            record(
                {
                    **texts("date weekday name"),
                    "reason": {"enum": ["week", "holiday", "workday", "hours"]},
                    "spans": listed(TEXT),
                    **wholes("open_seconds day_seconds"),
                    "uncertain": YES,
                }
            )
        ),
        **texts("calendar timezone"),
        **wholes("open_seconds"),
    }
)
_BUSINESS_TIME: Final = record(
    {
        "stretches": listed(
            record({**instants("opens closes", always=True), **wholes("open_seconds total_seconds")})
        ),
        **texts("calendar timezone"),
        **instants("from to", always=True),
        **wholes("open_seconds"),
        "uncertain": YES,
    }
)
_HOLIDAYS: Final = record({"holidays": listed(record(texts("days name"))), "left_out": listed(TEXT)})
_TEMPLATE: Final[dict[str, Schema]] = {**texts("id name queue"), "languages": listed(TEXT)}
_DOCTOR: Final = record(
    {
        **texts("version database config_file state_folder language timezone"),
        **instants("now", always=True),
        "clock_frozen": YES,
        "findings": listed(
            record({**texts("name message cure"), "level": {"enum": ["ok", "warning", "fault"]}})
        ),
    }
)
_BACKUP: Final = record(
    {
        **texts("file revision"),
        **wholes("size tickets events files"),
        **instants("made"),
        "missing": listed(TEXT),
        "damaged": listed(TEXT),
    }
)
_DEMO: Final = record(
    {
        "tickets": listed(record(_TICKET)),
        "dashboard": record(
            {
                **wholes("open overdue at_risk unassigned waiting opened_today"),
                "by_priority": record(wholes("P1 P2 P3 P4")),
                "by_group": listed(record({**texts("group"), **wholes("open_tickets")})),
                "load": listed(record({**texts("agent"), **wholes("open_tickets")})),
            }
        ),
    }
)
_EXPORTED: Final = record({**wholes("lines tickets"), "missing": listed(TEXT)})

SCHEMAS: Final[Mapping[str, Callable[[], Schema] | Schema]] = {
    "new": _RECEIPT,
    "list": _PAGE,
    "show": _DETAIL,
    **dict.fromkeys(("reply", "note", "assign", "set", "tag", "attach"), _RESULTS),
    **dict.fromkeys(("pending", "hold", "resolve", "confirm"), _RESULTS),
    **dict.fromkeys(("reject", "close", "reopen", "cancel", "move"), _RESULTS),
    **{
        f"{noun} {verb}": _RECEIPT
        for noun in ("contact", "org", "agent", "group", "queue")
        for verb in ("add", "set")
    },
    "contact list": record({"contacts": listed(_CONTACT)}),
    "contact show": _CONTACT,
    "org list": record({"organizations": listed(_ORGANIZATION)}),
    "agent list": record({"agents": listed(_AGENT)}),
    "group list": record({"groups": listed(_GROUP)}),
    "queue list": record({"queues": listed(_QUEUE)}),
    "calendar list": record({"calendars": listed(_CALENDAR)}),
    "calendar show": _WEEK,
    **dict.fromkeys(("calendar due", "calendar elapsed"), _BUSINESS_TIME),
    "calendar import": _HOLIDAYS,
    "template list": record({"templates": listed(record(_TEMPLATE))}),
    "template show": record({**_TEMPLATE, "texts": {"type": "object", "additionalProperties": TEXT}}),
    "template render": record({**texts("template text"), "ticket": WHOLE}),
    **RULE_SCHEMAS,
    **dict.fromkeys(("clock void", "clock exempt", "clock due", "reroute", "macro run", "undo"), _RESULTS),
    **dict.fromkeys(("agent presence", "agent out", "agent back"), _RECEIPT),
    "init": record({**texts("database admin"), "founded": YES}),
    "doctor": _DOCTOR,
    "backup": _BACKUP,
    "restore": _BACKUP,
    "import": {
        "anyOf": [
            record(
                {
                    **wholes("tickets events contacts agents groups rejected skipped"),
                    "resumed": YES,
                    "rejects": TEXT,
                }
            ),
            _EXPORTED,
        ]
    },
    "export": _EXPORTED,
    "demo": _DEMO,
    "error": record({"error": _ERROR}),
}


def schema(command: str) -> Schema:
    """The schema of a command's --json. Raises KeyError for a command that gives none."""
    found = SCHEMAS[command]
    body = found if isinstance(found, dict) else found()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"deskterm {command}", **body}
