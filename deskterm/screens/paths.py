"""Paths: where the tickets at hand can be brought, in words; what cannot be done is told with its reason."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from deskterm.i18n import _, words
from deskterm.rules.problems import Problem
from deskterm.screens.dialogs.ask import Question
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import status_word
from deskterm.screens.widgets.choice_list import Choice

if TYPE_CHECKING:
    from deskterm.rules.prospects import Prospect

__all__ = ["Path", "choices", "paths", "questions"]

_BY_ANOTHER_NAME = ("reason", "wait_reason", "vendor")


class Path(NamedTuple):
    """A status or stage (`to`) that `fits` so many of the tickets; why not, where that is none."""

    to: str
    status: str
    fits: int
    needs: tuple[str, ...]
    anew: bool
    why: Problem | None


def paths(found: "Mapping[int, Sequence[Prospect]]") -> tuple[Path, ...]:
    """Each place that any of the tickets may know, those first that can be reached."""
    by_name: dict[str, list[Prospect]] = {}
    for prospects in found.values():
        for each in prospects:
            by_name.setdefault(each.to, []).append(each)
    every = [_merged(to, several) for to, several in by_name.items()]
    return tuple(sorted(every, key=lambda path: path.fits == 0))


def _merged(to: str, several: "Sequence[Prospect]") -> Path:
    able = [each for each in several if each.refusal is None]
    needs = tuple(dict.fromkeys(name for each in able for name in each.needs))
    why = next((each.refusal for each in several if each.refusal is not None), None)
    anew = any(each.anew for each in able)
    return Path(to, several[0].status, len(able), needs, anew, None if able else why)


def choices(found: Sequence[Path], tickets: int, glyphs: Glyphs) -> list[Choice]:
    """The lines of a menu for so many tickets."""
    lines = []
    for path in found:
        label = status_word(path.status)
        if path.to != path.status:
            label = f"{path.to} {glyphs.dot} {label}"
        hint = words(path.why) if path.why is not None else _hint(path, tickets)
        hint = hint if hint != label else ""
        lines.append(Choice(path.to, label, hint, off=path.why is not None))
    return lines


def _hint(path: Path, tickets: int) -> str:
    if path.fits < tickets:
        return _("fits %(fit)d of %(all)d") % {"fit": path.fits, "all": tickets}
    if path.anew:
        return _("for another reason, or until another time")
    if path.needs == ("cause", "solution"):
        return _("needs cause and solution")
    if path.needs == ("reason",) and path.status == "cancelled":
        return _("needs a reason")
    if path.needs and path.needs != ("reason",):
        return _("needs %s") % _(", ").join(_(name) for name in path.needs)
    hints = {
        "pending": _("waits for the requester"),
        "on_hold": _("waits for a third party"),
        "open": _("somebody works on it"),
        "closed": _("without the requester's word"),
    }
    return hints.get(path.to, "")


def questions(path: Path) -> list[Question]:
    """What is asked before the move; the names are those of fields, and `until`."""
    asked = [Question(name, _(name), required=True) for name in path.needs if name not in _BY_ANOTHER_NAME]
    if path.status == "on_hold":
        asked.append(Question("vendor", _("Vendor"), _("a vendor or a reason is needed")))
    wanted = {"reason", "wait_reason"}.intersection(path.needs) and path.status != "on_hold"
    asked.append(Question("reason", _("Reason"), required=bool(wanted)))
    if path.status in ("pending", "on_hold"):
        asked.append(Question("until", _("Until"), _("4h, 2d or 2026-03-02 10:00; empty: no limit")))
    return asked
