"""Faults: what is wrong with a mapping file or with one row, in words that say where."""

from collections.abc import Iterable
from typing import Any

from deskterm.config import nearest
from deskterm.rules.problems import N_, Problem

__all__ = ["BadRow", "fault", "together", "unknown"]


class BadRow(Exception):
    """A row that cannot be taken; its Problem goes to the rejects file and the rest goes on."""

    def __init__(self, template: str, **values: Any) -> None:
        self.problem = Problem("import.row", template, kind="usage", **values)
        super().__init__(str(self.problem))


def fault(place: str, template: str, **values: Any) -> Problem:
    """One fault of a mapping file; `place` is the key it is about, dotted."""
    return Problem("mapping.fault", template, kind="usage", place=place, **values)


def unknown(place: str, name: str, known: Iterable[str]) -> Problem:
    """A name that is none of `known`, with the nearest one or all of them."""
    valid = tuple(known)
    close = nearest(name, valid)
    if len(close) == 1:
        return fault(
            place, N_('%(place)s: "%(name)s" is unknown, perhaps "%(near)s".'), name=name, near=close[0]
        )
    choices = ", ".join(valid)
    return fault(place, N_('%(place)s: "%(name)s" is unknown, known: %(known)s.'), name=name, known=choices)


def together(file: str, faults: Iterable[Problem]) -> Problem:
    """All faults of `file` as one Problem, a line for each."""
    found: dict[str, Any] = {f"fault{number}": each for number, each in enumerate(faults, 1)}
    template = "%(file)s:" + "".join(f"\n  %({name})s" for name in found)
    return Problem("mapping.faults", template, kind="usage", file=file, **found)
