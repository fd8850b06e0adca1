"""Effects of rules that went wrong: what a guard refused, and what went on for too long."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, ClassVar, Final

from deskterm.rules.apply import keep_ticket
from deskterm.rules.changes import Change
from deskterm.rules.facts import nothing
from deskterm.rules.frozen import frozen
from deskterm.rules.problems import Problem

__all__ = ["DEEPEST", "MOST_FIRINGS", "LoopStopped", "RuleFailed", "failure"]

DEEPEST: Final = 5  # roots that may open one another (rules.md section 4)
MOST_FIRINGS: Final = 50  # of triggers in one root


@frozen
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


@frozen
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
