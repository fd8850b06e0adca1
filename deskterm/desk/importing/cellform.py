"""The cells of a mapping file: from what TOML holds to a Cell; every fault is kept."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from deskterm.desk.importing.cells import Cell, Template
from deskterm.desk.importing.faults import fault, unknown
from deskterm.rules.problems import N_, Problem

__all__ = ["CellReader"]

_CELL: Final = ("column", "text", "value", "map", "otherwise")


class CellReader:
    """Reads cells; something harmless stands in for what is wrong, and `faults` tells it."""

    def __init__(self) -> None:
        self.faults: list[Problem] = []

    def only(self, values: Mapping[str, Any], place: str, known: Iterable[str]) -> None:
        """Complain of every name that is not `known` in the section `place`."""
        valid = tuple(known)
        self.faults += [
            unknown(f"[{place}]" if place else "mapping", name, valid) for name in values if name not in valid
        ]

    def cell(self, value: Any, place: str, valid: tuple[str, ...] | None = None) -> Cell:
        """What `value` says at `place`; only `valid` words may come out of it."""
        if isinstance(value, str | list):
            return Cell(self._templates(value, place))
        if not isinstance(value, dict):
            sentence = N_("%(place)s: write a column, a text with {columns}, or a table with map or value.")
            self.faults.append(fault(place, sentence))
            return Cell()
        self.only(value, place, _CELL)
        table = self._table(value.get("map", {}), f"{place}.map", valid)
        spare = {
            name: self._word(value[name], f"{place}.{name}", valid)
            for name in _CELL
            if name in value and name in ("value", "otherwise")
        }
        templates = self._templates(value["text"], place) if "text" in value else ()
        if "column" in value:
            templates = (Template(("", self._word(value["column"], f"{place}.column"), "")), *templates)
        if not templates and "value" not in value:
            self.faults.append(fault(place, N_("%(place)s: name a column, a text or a value.")))
        return Cell(templates, spare.get("value", ""), table, spare.get("otherwise"))

    def _templates(self, value: Any, place: str) -> tuple[Template, ...]:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(each, str) and each for each in texts):
            self.faults.append(fault(place, N_("%(place)s: write a text, or a list of texts.")))
            return ()
        return tuple(map(Template.parse, texts))

    def _table(self, value: Any, place: str, valid: tuple[str, ...] | None) -> dict[str, str]:
        if not isinstance(value, dict):
            self.faults.append(fault(place, N_('%(place)s: write { "their word" = "ours", ... }.')))
            return {}
        return {name: self._word(word, f"{place}.{name}", valid) for name, word in value.items()}

    def _word(self, value: Any, place: str, valid: tuple[str, ...] | None = None) -> str:
        if not isinstance(value, str):
            self.faults.append(fault(place, N_("%(place)s: write a text in quotes.")))
            return ""
        if valid is not None and value and value not in valid:
            self.faults.append(unknown(place, value, valid))
        return value
