"""Verdicts: changes that rules make of a ticket, beside those that people make too."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, ClassVar

from deskterm.rules.apply import _apply, keep_ticket
from deskterm.rules.changes import Change
from deskterm.rules.facts import Book, Ticket, nothing
from deskterm.rules.frozen import frozen

__all__ = ["Activated", "DueSet", "Exempted", "PolicyApplied", "Routed", "Voided"]


@frozen
class PolicyApplied(Change):
    """Another SLA policy applies ("": none), chosen by the rules of revision `rev`."""

    kind: ClassVar[str] = "policy_applied"
    old: str
    policy: str
    rev: int

    def facts(self) -> dict[str, Any]:
        """Both policies and the revision."""
        return {"old": self.old, "policy": self.policy, "rev": self.rev}


@frozen
class Routed(Change):
    """The rules took a ticket: the deciding route, and the trace of how they came to it.

    `wants_agent`: somebody should have it and nobody could take it yet.
    """

    kind: ClassVar[str] = "routed"
    route: str
    wants_agent: bool
    trace: Mapping[str, Any] = field(default_factory=nothing)

    def facts(self) -> dict[str, Any]:
        """Everything."""
        return {"route": self.route, "wants_agent": self.wants_agent, "trace": dict(self.trace)}


@frozen
class Voided(Change):
    """An event no longer counts for the clocks."""

    kind: ClassVar[str] = "sla_void"
    event: int
    reason: str

    def facts(self) -> dict[str, Any]:
        """Which and why."""
        return {"event": self.event, "reason": self.reason}


@frozen
class Exempted(Change):
    """No clock runs any more."""

    kind: ClassVar[str] = "exempt"
    reason: str

    def facts(self) -> dict[str, Any]:
        """Why."""
        return {"reason": self.reason}


@frozen
class DueSet(Change):
    """Somebody promised another due, or took the promise back (None)."""

    kind: ClassVar[str] = "due_set"
    metric: str
    due: int | None

    def facts(self) -> dict[str, Any]:
        """The metric and the instant."""
        return {"metric": self.metric, "due": self.due}


@frozen
class Activated(Change):
    """Another rule file is in force on the whole desk; `words` are the terms it brings."""

    kind: ClassVar[str] = "rules_activated"
    name: str
    body: str
    rev: int
    holidays: Mapping[str, Any] = field(default_factory=nothing)
    words: Mapping[str, Any] = field(default_factory=nothing)
    note: str = ""

    def facts(self) -> dict[str, Any]:
        """The revision, the name of the file and what whoever activated it noted."""
        return {"rev": self.rev, "name": self.name, **({"note": self.note} if self.note else {})}


for _kind in (Voided, Exempted, DueSet, Activated):
    keep_ticket(_kind)


@_apply.register
def _policy(change: PolicyApplied, ticket: Ticket, _at: int, _book: Book) -> Ticket:
    return replace(ticket, policy=change.policy, policy_rev=change.rev)


@_apply.register
def _routed(change: Routed, ticket: Ticket, _at: int, _book: Book) -> Ticket:
    return replace(ticket, route=change.route, wants_agent=change.wants_agent)
