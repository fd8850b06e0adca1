"""How a timeline left a ticket: what a store would know of it without reading that again."""

import json
from typing import Any

from deskterm.rules.facts import Event
from deskterm.rules.sla import ClockReport
from deskterm.rules.sla.onward import Standing
from deskterm.rules.sla.resting import Rest


def last(history: list[Event], **kinds: Any) -> str:
    """The last word of the history on something."""
    told = [each.data[key] for each in history for kind, key in kinds.items() if each.kind == kind]
    return str(told[-1]) if told else ""


def standing(history: list[Event], report: ClockReport) -> Standing:
    """What is known of the ticket without its timeline, as it is written down."""
    assert report.rest is not None
    opened = history[0].data
    policy = last(history, policy_applied="policy") if _told(history, "policy_applied") else None
    priorities = [event for event in history if event.kind == "field"]
    statuses = [each.data.get("new", "merged") for each in history if each.kind in ("status", "merged_into")]
    return Standing(
        opened.get("policy", "default") if policy is None else policy,
        last(priorities, field="new") or opened["priority"],
        statuses[-1] if statuses else "new",
        Rest(*json.loads(json.dumps(report.rest))),
        report.later_at,
    )


def not_before(now: int, change_at: int | None) -> int | None:
    """Whoever has to look has to look now, whenever that was first worth while."""
    return None if change_at is None else max(now, change_at)


def _told(history: list[Event], kind: str) -> bool:
    return any(event.kind == kind for event in history)
