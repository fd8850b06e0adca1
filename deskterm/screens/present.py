"""The boundary between data and widgets: text becomes Content here, cleaned, and nowhere else."""

from collections.abc import Iterable
from typing import Final

from textual.content import Content

from deskterm.i18n import N_, _, duration, ngettext, say
from deskterm.rules.clean import cell_width, clean, clean_line
from deskterm.rules.problems import Problem
from deskterm.screens.glyphs import Glyphs

__all__ = [
    "COUNT_CAP",
    "EMPTY",
    "Piece",
    "count_word",
    "fit",
    "joined",
    "pieces",
    "problem_text",
    "size_word",
    "sla_cell",
    "status_word",
    "time_left",
    "user_text",
]

Piece = tuple[str, str]
"""A text and its style (a variable of the theme such as "$quiet", "" for plain)."""

COUNT_CAP: Final = 1000  # nobody counts further than this to show a number

EMPTY: Final = Content("")

STATUS_WORDS: Final = {
    "new": N_("new"),
    "open": N_("open"),
    "pending": N_("pending"),
    "on_hold": N_("on hold"),
    "resolved": N_("resolved"),
    "closed": N_("closed"),
    "cancelled": N_("cancelled"),
    "merged": N_("merged"),
}


def user_text(text: str, style: str = "") -> Content:
    """Any text as Content of one style: cleaned, never markup. The only way for data into a widget."""
    safe = clean(text)
    return Content.styled(safe, style) if style else Content(safe)


def pieces(parts: Iterable[Piece]) -> Content:
    """Several texts, each in its own style, as one Content."""
    return Content("").join([user_text(text, style) for text, style in parts if text])


def joined(lines: Iterable[Content]) -> Content:
    """Lines below one another."""
    return Content("\n").join(lines)


def fit(text: str, cells: int, glyphs: Glyphs, *, right: bool = False) -> str:
    """`text` cleaned, on one line, cut or padded to exactly `cells` terminal cells."""
    line = clean_line(text, cells)
    if line.endswith("…") and glyphs.ellipsis != "…":
        return fit(line[:-1] + glyphs.ellipsis, cells, glyphs, right=right)
    pad = " " * (cells - cell_width(line))
    return pad + line if right else line + pad


def time_left(seconds: int) -> str:
    """Hours and minutes to a due instant, with a minus once it is past: 0:41, -0:12; days from 100 hours."""
    minutes = abs(seconds) // 60
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}" if minutes < 6000 else sign + duration(minutes * 60)


def sla_cell(state: str, due_at: int | None, now: int, glyphs: Glyphs) -> Piece:
    """The clock of a ticket (glyph, then time left to the nearest due or a word) and its colour."""
    if due_at is None:
        words = {
            "paused": (f"{glyphs.paused} " + _("paused"), "$quiet"),
            "met": (f"{glyphs.met} " + _("met"), "$quiet"),
            "breached": (f"{glyphs.overdue} " + _("missed"), "$quiet"),
            "overdue": (f"{glyphs.overdue} " + _("overdue"), "$error"),
        }
        return words.get(state, (f"  {glyphs.none}", "$quiet"))
    left = due_at - now
    if left < 0 or state == "overdue":
        return (f"{glyphs.overdue} {time_left(left)}", "$error")
    if state == "warn":
        return (f"{glyphs.warning} {time_left(left)}", "$warning")
    return (f"  {time_left(left)}", "")


def status_word(status: str) -> str:
    """A status in the viewer's language."""
    return _(STATUS_WORDS.get(status, status))


def count_word(count: int, cap: int = COUNT_CAP) -> str:
    """A count that was capped: 41, or 1,000+ when there are more."""
    return f"{cap:,}+" if count > cap else f"{count:,}"


def size_word(size: int) -> str:
    """The size of a file: 312 B, 2 kB, 4.1 MB."""
    if size < 1000:
        return ngettext("%d byte", "%d bytes", size) % size
    kilo = size / 1000
    return f"{kilo:.0f} kB" if kilo < 1000 else f"{kilo / 1000:.1f} MB"


def problem_text(problem: Problem) -> Content:
    """A refusal in the viewer's language with what would be valid."""
    return user_text(say(problem))
