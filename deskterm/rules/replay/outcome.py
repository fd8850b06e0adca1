"""Outcome: what came of a ticket under one revision of the rules."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from deskterm.rules.facts import EMPTY, Book, Ticket
from deskterm.rules.sla import ClockReport

__all__ = ["METRICS", "Outcome", "Value", "outcome_of"]

METRICS: Final = ("first_response", "next_response", "update", "resolution")
Value = str | int | None

_PLAIN: Final = ("priority", "route", "type", "category", "impact", "urgency", "region", "lang")


class Outcome(NamedTuple):
    """Where a ticket goes, and how its promises ended.

    `fields` are those right after it was opened (queue, group and assignee by name), `dues` the instants
    that ran then, by metric. `ended` is the outcome of each clock that it ever had: active, met, breached or
    cancelled, breached if any of its cycles was.
    """

    fields: Mapping[str, str]
    tags: frozenset[str]
    dues: Mapping[str, int]
    ended: Mapping[str, str] = EMPTY

    @property
    def group(self) -> str:
        """The group that gets it, "" for none."""
        return self.fields["group"]

    @property
    def breached(self) -> tuple[str, ...]:
        """The metrics that were broken."""
        return tuple(metric for metric in METRICS if self.ended.get(metric) == "breached")

    def values(self) -> dict[str, Value]:
        """All of it flat: due.METRIC, outcome.METRIC, tags in one text."""
        found: dict[str, Value] = {**self.fields, "tags": " ".join(sorted(self.tags))}
        found |= {f"due.{metric}": self.dues[metric] for metric in METRICS if metric in self.dues}
        return found | {f"outcome.{metric}": self.ended[metric] for metric in METRICS if metric in self.ended}


def outcome_of(ticket: Ticket, book: Book, opened: ClockReport, ended: ClockReport) -> Outcome:
    """The outcome of `ticket`, as it was right after its opening, with its clocks then and at the end."""
    agent, group = book.agents.get(ticket.assignee_id or 0), book.groups.get(ticket.group_id or 0)
    queue = book.queues.get(ticket.queue_id)
    fields = {
        "queue": queue.name if queue else "",
        "group": group.name if group else "",
        "assignee": agent.login if agent else "",
        **{name: getattr(ticket, name) for name in _PLAIN},
        "policy": ticket.policy or next((cycle.policy for cycle in opened.cycles), ""),
        **{f"cf.{name}": value for name, value in ticket.custom.items()},
    }
    last: dict[str, str] = {}
    for cycle in ended.cycles:
        late = cycle.breached_at is not None or last.get(cycle.metric) == "breached"
        last[cycle.metric] = "breached" if late else cycle.outcome
    return Outcome(fields, ticket.tags, dict(opened.dues), last)
