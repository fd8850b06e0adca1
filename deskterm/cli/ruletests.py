"""What the tests of a rule file came to."""

from typing import TYPE_CHECKING, Any

from deskterm.i18n import _
from deskterm.rules.clean import clean_line

if TYPE_CHECKING:
    from deskterm.cli.rulefiles import RuleFile

__all__ = ["tried"]


def tried(source: "RuleFile") -> list[dict[str, Any]]:
    """Every [[test]] of the file, run, as JSON values."""
    from deskterm.rules.ruletests import run_tests

    return [
        {
            "file": clean_line(source.path),
            "line": each.line,
            "name": clean_line(each.name),
            "ok": each.passed,
            "failures": [clean_line(failure.sentence(_)) for failure in each.failures],
        }
        for each in run_tests(source.rules)
    ]
