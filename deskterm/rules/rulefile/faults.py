"""Faults: what is wrong with a rule file, where, and the words for it."""

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from deskterm.rules.problems import N_, Problem

__all__ = ["Fault", "RuleFaults", "Severity"]

Severity = Literal["error", "warning"]

_SILENT: Final = ("E3", "template.")  # codes whose sentence does not say itself what is near
_FEW: Final = 3  # choices that resemble what was written; more of them are all there are
_LISTED: Final = 12
_NEAR: Final = N_("%(sentence)s (did you mean %(choices)s?)")
_VALID: Final = N_("%(sentence)s (one of %(choices)s)")


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
        sentence = self.where + self.problem.message(translate).rstrip(".。")
        silent = self.code.startswith(_SILENT) or self.problem.code.startswith(_SILENT)
        if not (silent and self.problem.choices):
            return sentence
        near = len(self.problem.choices) <= _FEW
        shown = self.problem.choices[: 1 if near else _LISTED]
        template, values = _NEAR if near else _VALID, {"sentence": sentence, "choices": ", ".join(shown)}
        return (translate(template) if translate else template) % values

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
