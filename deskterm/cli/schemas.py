"""Schemas: what the JSON answer of each command looks like, as JSON schema (draft 2020-12)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

__all__ = ["SCHEMAS", "schema"]

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_WHOLE: Final[Schema] = {"type": "integer"}
_YES: Final[Schema] = {"type": "boolean"}
_ISO: Final = r"^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"


def _object(members: Mapping[str, Schema], **more: Any) -> Schema:
    """All members are always there, and no others."""
    return {
        "type": "object",
        "properties": dict(members),
        "required": list(members),
        "additionalProperties": False,
        **more,
    }


def _texts(names: str) -> dict[str, Schema]:
    return dict.fromkeys(names.split(), _TEXT)


def _wholes(names: str) -> dict[str, Schema]:
    return dict.fromkeys(names.split(), _WHOLE)


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _instants(names: str, *, always: bool = False) -> dict[str, Schema]:
    """Each instant twice: ISO 8601 in UTC, and epoch seconds under `_at`."""
    iso: Schema = {"type": "string", "pattern": _ISO}
    found: dict[str, Schema] = {}
    for name in names.split():
        found[name] = iso if always else _maybe(iso)
        found[f"{name}_at"] = _WHOLE if always else _maybe(_WHOLE)
    return found


_ATTACHMENT: Final = _object({**_wholes("id size"), **_texts("name media_type digest"), "internal": _YES})
_TICKET: Final[dict[str, Schema]] = {
    **_wholes("id version"),
    **_texts("subject status priority type category queue group assignee assignee_name"),
    **_texts("requester requester_name organization tier channel"),
    "tags": _list(_TEXT),
    **_instants("created updated", always=True),
    **_instants("next_due"),
    **_texts("sla_state"),
    **_wholes("reopen_count occurrences"),
}
_MESSAGE: Final = _object(
    {
        **_wholes("id"),
        "public": _YES,
        "auto": _YES,
        **_texts("author_kind author author_name channel body"),
        "attachments": _list(_ATTACHMENT),
    }
)
_EVENT: Final = _object(
    {
        **_wholes("seq version"),
        **_instants("time", always=True),
        **_texts("kind actor_kind actor actor_name because"),
        "facts": {"type": "object"},
        "message": _maybe(_MESSAGE),
    }
)
_DETAIL: Final = _object(
    {
        **_TICKET,
        **_texts("submitter impact urgency vendor wait_reason cause solution external_id stage"),
        **_instants("wake resolved first_resolved closed first_response due_first due_next due_resolve"),
        **_wholes("reassign_count requester_open requester_past"),
        "follows": _maybe(_WHOLE),
        "followed_by": _list(_WHOLE),
        "custom": {"type": "object", "additionalProperties": _TEXT},
        "attachments": _list(_ATTACHMENT),
        "timeline": _list(_EVENT),
    }
)
_CHANGE: Final[Schema] = {
    "type": "object",
    "properties": _texts("kind because"),
    "required": ["kind", "because"],
}
_RECEIPT: Final = _object(
    {
        "ticket": _maybe(_WHOLE),
        "id": _maybe(_WHOLE),
        **_wholes("version"),
        **_instants("done", always=True),
        "events": _list(_WHOLE),
        "changes": _list(_CHANGE),
        "warnings": _list(_TEXT),
        "made": _list(_WHOLE),
        "replayed": _YES,
        "dry_run": _YES,
    }
)
_ERROR: Final = _object({**_texts("code message field"), "choices": _list(_TEXT), "column": _maybe(_WHOLE)})
_RESULT: Final = _object({"ticket": _WHOLE, "ok": _YES, "receipt": _maybe(_RECEIPT), "error": _maybe(_ERROR)})
_RESULTS: Final = _object({"results": _list(_RESULT)})
_PAGE: Final[Schema] = {
    "anyOf": [
        _object({"tickets": _list(_object(_TICKET)), "after": _maybe(_TEXT)}),
        _object({"count": _WHOLE}),
    ]
}
_CONTACT: Final = _object(
    {
        **_wholes("id open_tickets"),
        **_texts("name language timezone phone"),
        "addresses": _list(_TEXT),
        "organizations": _list(_TEXT),
        "vip": _YES,
    }
)
_ORGANIZATION: Final = _object({**_wholes("id contacts"), **_texts("name tier"), "domains": _list(_TEXT)})
_AGENT: Final = _object(
    {
        **_wholes("id open_tickets"),
        **_texts("login name role email timezone language"),
        "active": _YES,
        "groups": _list(_TEXT),
    }
)
_GROUP: Final = _object(
    {
        **_wholes("id open_tickets"),
        **_texts("name title"),
        "active": _YES,
        "members": _list(_TEXT),
        "leads": _list(_TEXT),
    }
)
_QUEUE: Final = _object({**_wholes("id open_tickets"), **_texts("name title group"), "active": _YES})
_CALENDAR: Final = _object(
    {
        **_texts("name timezone"),
        **_wholes("week holidays"),
        "day": _maybe(_WHOLE),
        "covers": _maybe(_TEXT),
    }
)
_WEEK: Final = _object(
    {
        "days": _list(
            _object(
                {
                    **_texts("date weekday name"),
                    "reason": {"enum": ["week", "holiday", "workday", "hours"]},
                    "spans": _list(_TEXT),
                    **_wholes("open_seconds day_seconds"),
                    "uncertain": _YES,
                }
            )
        ),
        **_texts("calendar timezone"),
        **_wholes("open_seconds"),
    }
)
_BUSINESS_TIME: Final = _object(
    {
        "stretches": _list(
            _object({**_instants("opens closes", always=True), **_wholes("open_seconds total_seconds")})
        ),
        **_texts("calendar timezone"),
        **_instants("from to", always=True),
        **_wholes("open_seconds"),
        "uncertain": _YES,
    }
)
_HOLIDAYS: Final = _object({"holidays": _list(_object(_texts("days name"))), "left_out": _list(_TEXT)})
_TEMPLATE: Final[dict[str, Schema]] = {**_texts("id name queue"), "languages": _list(_TEXT)}
_DOCTOR: Final = _object(
    {
        **_texts("version database config_file state_folder language timezone"),
        **_instants("now", always=True),
        "clock_frozen": _YES,
        "findings": _list(
            _object({**_texts("name message cure"), "level": {"enum": ["ok", "warning", "fault"]}})
        ),
    }
)
_BACKUP: Final = _object(
    {
        **_texts("file revision"),
        **_wholes("size tickets events files"),
        **_instants("made"),
        "missing": _list(_TEXT),
        "damaged": _list(_TEXT),
    }
)
_DEMO: Final = _object(
    {
        "tickets": _list(_object(_TICKET)),
        "dashboard": _object(
            {
                **_wholes("open overdue at_risk unassigned waiting opened_today"),
                "by_priority": _object(_wholes("P1 P2 P3 P4")),
                "by_group": _list(_object({**_texts("group"), **_wholes("open_tickets")})),
                "load": _list(_object({**_texts("agent"), **_wholes("open_tickets")})),
            }
        ),
    }
)
_EXPORTED: Final = _object({**_wholes("lines tickets"), "missing": _list(_TEXT)})

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
    "contact list": _object({"contacts": _list(_CONTACT)}),
    "contact show": _CONTACT,
    "org list": _object({"organizations": _list(_ORGANIZATION)}),
    "agent list": _object({"agents": _list(_AGENT)}),
    "group list": _object({"groups": _list(_GROUP)}),
    "queue list": _object({"queues": _list(_QUEUE)}),
    "calendar list": _object({"calendars": _list(_CALENDAR)}),
    "calendar show": _WEEK,
    **dict.fromkeys(("calendar due", "calendar elapsed"), _BUSINESS_TIME),
    "calendar import": _HOLIDAYS,
    "template list": _object({"templates": _list(_object(_TEMPLATE))}),
    "template show": _object({**_TEMPLATE, "texts": {"type": "object", "additionalProperties": _TEXT}}),
    "template render": _object({**_texts("template text"), "ticket": _WHOLE}),
    "init": _object({**_texts("database admin"), "founded": _YES}),
    "doctor": _DOCTOR,
    "backup": _BACKUP,
    "restore": _BACKUP,
    "import": {
        "anyOf": [
            _object(
                {
                    **_wholes("tickets events contacts agents groups rejected skipped"),
                    "resumed": _YES,
                    "rejects": _TEXT,
                }
            ),
            _EXPORTED,
        ]
    },
    "export": _EXPORTED,
    "demo": _DEMO,
    "error": _object({"error": _ERROR}),
}


def schema(command: str) -> Schema:
    """The schema of a command's --json. Raises KeyError for a command that gives none."""
    found = SCHEMAS[command]
    body = found if isinstance(found, dict) else found()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"deskterm {command}", **body}
