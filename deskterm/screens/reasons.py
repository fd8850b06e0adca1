"""Reasons: why a ticket is where it is and who was looked at, as lines of cells."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from deskterm.desk.explaining import Explanation
from deskterm.i18n import _, tell
from deskterm.rules.clean import cell_width, clean_line
from deskterm.rules.explanation import Line, compared, policy_lines, way_lines
from deskterm.rules.telling import OUTCOMES, Told
from deskterm.rules.trace import Trace
from deskterm.screens.describe import field_word, why
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import Piece, user_text
from deskterm.screens.stretches import clock_lines, overrun_lines

__all__ = ["page_of"]

When = Callable[[int], str]
Row = tuple[Piece, ...]

_STEP: Final = 3  # cells that a part of a condition stands further in


def page_of(found: Explanation, width: int, glyphs: Glyphs, when: When) -> list[Row]:
    """All that there is to say, in sections that an empty line parts."""
    sections = (
        _way(found, width, glyphs, when),
        _policies(found, width, glyphs, when),
        clock_lines(found, width, glyphs, when),
        overrun_lines(found, width, glyphs),
        _timer(found, width, glyphs, when),
    )
    page: list[Row] = []
    for section in sections:
        rows = list(section)
        page += [(), *rows] if page and rows else rows
    return [_cut(row, width) for row in page]


def _cut(row: Row, width: int) -> Row:
    """What fits into `width` cells."""
    kept: list[Piece] = []
    for text, tone in row:
        if cell_width(text) > width:
            kept.append((clean_line(text, width), tone))
            break
        kept.append((text, tone))
        width -= cell_width(text)
    return tuple(kept)


def _way(found: Explanation, width: int, glyphs: Glyphs, when: When) -> Iterator[Row]:
    trace = found.trace
    if trace is None or found.routed_at is None:
        yield _title(_("HOW IT GOT HERE"))
        yield from _wrapped(_("No rule ever saw this ticket: it is where people put it."), "", width)
        return
    values = {"file": clean_line(trace.file), "rev": trace.rev, "when": when(found.routed_at)}
    yield _title(_("HOW IT GOT HERE"), _("%(file)s, revision %(rev)s, %(when)s") % values, width)
    yield from _lines(way_lines(trace), width, glyphs, when)


def _policies(found: Explanation, width: int, glyphs: Glyphs, when: When) -> Iterator[Row]:
    rules = found.rules
    name = found.policy or (_("none") if rules.rev else _("the one that is built in"))
    yield _title(_("SLA POLICY") + f"  {clean_line(name)}", _file_of(found), width)
    yield from _lines(policy_lines(Trace(rules.name, rules.rev, found.policies)), width, glyphs, when)


def _file_of(found: Explanation) -> str:
    rules = found.rules
    if not rules.rev:
        return ""
    return _("%(file)s, revision %(rev)s") % {"file": clean_line(rules.name), "rev": rules.rev}


def _timer(found: Explanation, width: int, glyphs: Glyphs, when: When) -> Iterator[Row]:
    yield _title(_("WHAT THE TIMER DID"))
    if not found.firings:
        yield from _wrapped(_("Nothing so far."), "$quiet", width)
    at = max((cell_width(when(each.nominal_at)) for each in found.firings), default=0)
    for each in found.firings:
        moment = when(each.nominal_at)
        told = _(OUTCOMES[each.outcome]) if each.outcome in OUTCOMES else each.outcome
        if each.fired_at - each.nominal_at >= 60:
            told = _("%(outcome)s (%(when)s)") % {"outcome": told, "when": when(each.fired_at)}
        mark, tone = _outcome_sign(each.outcome, glyphs)
        lead: Piece = (f" {' ' * (at - cell_width(moment))}{moment}  ", "$quiet")
        rule = clean_line(why(each.rule), 40)
        yield from _hanging((lead, (f"{mark} ", tone)), f"{rule} {glyphs.dot} {told}", "", width)


def _outcome_sign(outcome: str, glyphs: Glyphs) -> Piece:
    if outcome == "done":
        return (glyphs.met, "$success")
    return (glyphs.overdue, "$error") if outcome == "failed" else (glyphs.none, "$quiet")


def _lines(lines: Iterable[Line], width: int, glyphs: Glyphs, when: When) -> Iterator[Row]:
    signs: Mapping[str, Piece] = {
        "+": (glyphs.met, "$success"),
        "-": (glyphs.overdue, "$quiet"),
        ">": (glyphs.arrow, "$primary"),
        "": (" ", ""),
    }
    for line in lines:
        told = tell(Told(line.template, _worded(line), (), "actual" if line.instant else ""), when)
        sign, tone = signs[line.mark]
        text_tone = "$quiet" if line.mark == "-" and line.indent == 0 else ""
        yield from _hanging(((f" {' ' * (_STEP * line.indent)}{sign} ", tone),), told, text_tone, width)


def _worded(line: Line) -> Mapping[str, str | int]:
    """The values of a line; fields, rules and what people were compared by in the viewer's language."""
    values = dict(line.values)
    for key, word in (("name", field_word), ("source", why), ("value", why)):
        value = values.get(key)
        if isinstance(value, str):
            values[key] = word(value)
    return {**values, "keys": compared(line.keys, _)} if line.keys else values


def _hanging(lead: Row, text: str, tone: str, width: int) -> Iterator[Row]:
    """A text behind its lead, wrapped below its own beginning."""
    used = sum(cell_width(each) for each, _tone in lead)
    rows = [line.plain for line in user_text(clean_line(text)).wrap(max(16, width - used - 1))]
    for place, row in enumerate(rows or [""]):
        yield (*(lead if not place else ((" " * used, ""),)), (row.rstrip(), tone))


def _wrapped(text: str, tone: str, width: int) -> Iterator[Row]:
    return _hanging(((" ", ""),), text, tone, width)


def _title(text: str, right: str = "", width: int = 0) -> Row:
    gap = " " * max(2, width - cell_width(text) - cell_width(right) - 3)
    return ((f" {text}", "bold $primary"), (f"{gap}{right}" if right else "", "$quiet"))
