"""Faults: what is wrong with a rule file, where, and the words for it."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from deskterm.rules.problems import N_, Problem

__all__ = ["Fault", "RuleFaults", "Severity"]

Severity = Literal["error", "warning"]


class Fault(NamedTuple):
    """One fault: its `code` (see `codes`), its place (from 1; column 0: the whole line), what is wrong.

    `where` is the rule and the key in it, as the file writes them: "sla 'it-standard': target.P2: ".
    """

    code: str
    line: int
    column: int
    problem: Problem
    severity: Severity = "error"
    where: str = ""

    def sentence(self, translate: Callable[[str], str] | None = None) -> str:
        """What is wrong and with which rule, without the place."""
        return self.where + self.problem.message(translate).rstrip(".。")

    def printed(self, name: str, translate: Callable[[str], str] | None = None) -> str:
        """The fault as one line, `it.toml:73: route 'network': unknown field ...`.

        The column is left out where the sentence counts one of its own, inside a condition.
        """
        own = self.column and not self.problem.column
        place = f"{name}:{self.line}:{self.column}" if own else f"{name}:{self.line}"
        template = N_("%(place)s: warning: %(sentence)s")
        if self.severity == "error":
            return f"{place}: {self.sentence(translate)}"
        shown = translate(template) if translate else template
        return shown % {"place": place, "sentence": self.sentence(translate)}


class RuleFaults(Problem):
    """A rule file that is refused, with everything that is wrong with it in the order of its lines."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        template = N_("The rule file %(name)s is refused: it has %(count)d faults.")
        super().__init__("rules.faults", template, "usage", name=name, count=len(self.faults))

    def message(self, translate: Callable[[str], str] | None = None) -> str:
        """All faults, one to a line."""
        return "\n".join(fault.printed(self.name, translate) for fault in self.faults)
