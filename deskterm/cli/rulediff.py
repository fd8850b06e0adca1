"""Two rule books side by side: what differs rule by rule, or line by line."""

from difflib import unified_diff
from typing import TYPE_CHECKING, Any, Final

from deskterm.cli.output import Column
from deskterm.i18n import _
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import N_

if TYPE_CHECKING:
    from deskterm.cli.rulefiles import RuleFile
    from deskterm.cli.session import Session
    from deskterm.desk import Desk
    from deskterm.rules.comparison import Difference

__all__ = ["by_line", "by_rule"]

_COLUMNS: Final = tuple(Column(name, name) for name in ("change", "kind", "id", "line", "old_line", "parts"))
_SIGNS: Final = {"new": "+", "gone": "-", "different": "~", "moved": "^"}
_SAID: Final = {
    "new": N_("%(sign)s %(kind)s %(id)s (%(place)s)"),
    "gone": N_("%(sign)s %(kind)s %(id)s (%(old)s)"),
    "different": N_("%(sign)s %(kind)s %(id)s (%(place)s): %(parts)s"),
    "whole": N_("%(sign)s %(kind)s %(id)s (%(place)s): different"),
    "moved": N_("%(sign)s %(kind)s %(id)s (%(place)s): stands in another place"),
}


def by_rule(session: "Session", desk: "Desk", source: "RuleFile") -> None:
    """Which rules are new, gone, different or moved, with their lines."""
    from deskterm.rules.comparison import compare

    active = desk.ruling.active()
    found = compare(active, source.rules)
    output = session.output
    if output.speaks_json:
        output.stream("rules", map(_record, found), {"rev": active.rev, "file": clean_line(source.path)})
    elif output.format == "text":
        for each in found:
            output.line(_line(each, active.name, source.path))
        if not found:
            output.line(_("%s means the same as the rules in force") % clean_line(source.path))
    else:
        rows = ({key: _cell(value) for key, value in _record(each).items()} for each in found)
        output.table(_COLUMNS, rows)


def by_line(session: "Session", desk: "Desk", source: "RuleFile") -> None:
    """The lines that differ, as a patch."""
    from deskterm.cli.activating import built_in

    known = desk.ruling.revisions()
    old, name = (known[0].body, f"{known[0].name}@{known[0].rev}") if known else (built_in(), "built-in")
    lines = list(
        unified_diff(
            old.splitlines(), source.text.splitlines(), clean_line(name), clean_line(source.path), lineterm=""
        )
    )
    if session.output.speaks_json:
        session.output.document({"rev": known[0].rev if known else 0, "lines": lines})
        return
    for line in lines:
        session.output.line(line)


def _record(each: "Difference") -> dict[str, Any]:
    return {
        "change": each.change,
        "kind": each.kind,
        "id": clean_line(each.id),
        "line": each.new_line,
        "old_line": each.old_line,
        "parts": list(each.parts),
    }


def _cell(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _line(each: "Difference", old_name: str, path: str) -> str:
    """One difference in words; the place is that in the new file."""
    values = {
        "sign": _SIGNS[each.change],
        "kind": each.kind,
        "id": clean_line(each.id),
        "place": _place(path, each.new_line),
        "old": _place(old_name, each.old_line),
        "parts": ", ".join(each.parts),
    }
    said = "whole" if each.change == "different" and not each.parts else each.change
    return (_(_SAID[said]) % values).replace("  (", " (")  # what stands for a whole table has no id


def _place(name: str, line: int) -> str:
    shown = clean_line(name) or _("built in")
    return f"{shown}:{line}" if line else shown
