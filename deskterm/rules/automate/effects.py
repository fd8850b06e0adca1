"""Effects of rules beside the changes of a ticket: claims, actions on other tickets, what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, NamedTuple

from deskterm.rules.actions import Action
from deskterm.rules.apply import keep_ticket
from deskterm.rules.changes import Change
from deskterm.rules.facts import Actor, nothing
from deskterm.rules.problems import Problem

__all__ = ["DEEPEST", "MOST_FIRINGS", "Claim", "Follow", "LoopStopped", "RuleFailed", "failure"]

DEEPEST: Final = 5  # roots that may open one another (rules.md section 4)
MOST_FIRINGS: Final = 50  # of triggers in one root


class Claim(NamedTuple):
    """A key of the ledger that is taken in the transaction of the act, whatever the `outcome`.

    `outcome` is done, kept (a person's choice stands), nothing (there was nothing to change), failed,
    skipped_late, skipped_new or skipped_done.
    """

    key: str
    rule: str
    nominal_at: int
    outcome: str


class Follow(NamedTuple):
    """An action on another ticket, decided afterwards in the same transaction as a root of its own.

    `parent` is the ticket that a new one becomes a part of (NEW: the one that this decision opens), `actor`
    who asks for it (None: the system).
    """

    action: Action
    depth: int
    because: str
    parent: int | None = None
    actor: Actor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFailed(Change):
    """A rule asked for what a guard refuses; the sentence is kept as its template and values."""

    kind: ClassVar[str] = "rule_failed"
    verb: str
    code: str
    template: str
    values: Mapping[str, str | int] = field(default_factory=nothing)

    def facts(self) -> dict[str, Any]:
        """The verb of the act and why it was refused."""
        kept = {"verb": self.verb, "code": self.code, "template": self.template}
        return {**kept, "values": dict(self.values)} if self.values else kept


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopStopped(Change):
    """Rules went on for too long: `limit` is "firings" in one root, or "depth" of roots that open others."""

    kind: ClassVar[str] = "loop_stopped"
    limit: str
    count: int

    def facts(self) -> dict[str, Any]:
        """Which limit was reached."""
        return {"limit": self.limit, "count": self.count}


keep_ticket(RuleFailed)
keep_ticket(LoopStopped)


def failure(verb: str, problem: Problem, because: str = "") -> RuleFailed:
    """What the timeline keeps of a refusal; `because` names the rule where the draft does not."""
    values = {name: value if isinstance(value, int) else str(value) for name, value in problem.values.items()}
    return RuleFailed(verb=verb, code=problem.code, template=problem.template, values=values, because=because)
