"""Clean text: what of a stranger's text may reach a terminal, a pipe or a spreadsheet.

Raw text stays in the store; everything shown passes through here once. What acts on a terminal, hides or
turns text around becomes visible (`<U+202E>`); what merely asks for a glyph no terminal has is left out.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NewType

from deskterm.rules import glyphs
from deskterm.rules.cells import cell_width, end_within
from deskterm.rules.glyphs import JOINER, NON_JOINER, PICTURE, compiled, is_mark

__all__ = [
    "Safe",
    "cell_width",
    "clean",
    "clean_line",
    "csv_cell",
    "escape_json_controls",
    "few_marks",
    "has_control",
]

Safe = NewType("Safe", str)
"""Text that may be shown: NFC, printable but for newline and tab, at most eight marks on a character."""

MOST_MARKS = 8
MOST_CODES_A_CELL = 16

_PLAIN_BYTES = bytes(range(0x20, 0x7F)) + b"\n\t"
_CONTROLS = f"[{glyphs.CONTROLS}]"
_JSON_CONTROLS = f"[{glyphs.CONTROLS}{NON_JOINER}{JOINER}]"
_DOUBTFUL = f"{glyphs.MARKISH}|[{''.join(glyphs.FILLERS)}{glyphs.JAMO}]"
_TONES = "".join(glyphs.TONES)
_SPECIAL = f"[{glyphs.SELECTORS}{_TONES}{NON_JOINER}{JOINER}]"
_LONG_CHAIN = f"((?:[^{JOINER}][{_TONES}{PICTURE}]?{JOINER}){{3}}[^{JOINER}][{_TONES}{PICTURE}]?){JOINER}"
_LOOSE_JAMO = f"[{glyphs.JAMO}]"
_MARK_RUN = f"{glyphs.MARKISH}{{{MOST_MARKS + 1},}}"
_LINE_START = rf"(?:\A|(?<=[\n\t])){glyphs.MARKISH}"
_BLANKS = "[ \t\n]+"


def clean(text: str) -> Safe:
    """Text of several lines that may be shown; a second time changes nothing."""
    if _is_plain(text):
        return Safe(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(map(_visible, text))
    while (settled := _settled(text)) != text:
        text = settled
    return Safe(text)


def clean_line(text: str, cells: int | None = None) -> Safe:
    """The text on one line, blanks collapsed and stripped, cut with `…` to at most `cells` terminal cells."""
    if cells is None:
        return _on_one_line(text)
    most = MOST_CODES_A_CELL * (max(cells, 0) + 2)
    if len(text) <= most:
        return _cut(_on_one_line(text), cells, beyond=False)
    text = text.lstrip(" \t\r\n")
    return _cut(_on_one_line(text[:most]), cells, beyond=len(text) > most)


def has_control(text: str) -> bool:
    """Whether a character acts on a terminal, hides or reorders text, or is none at all."""
    return not _is_plain_ascii(text) and compiled(_CONTROLS).search(text) is not None


def few_marks(text: str) -> str:
    """The text with at most eight marks on a character, so that normalising it takes linear time."""
    return compiled(_MARK_RUN).sub(_first_marks, text)


def escape_json_controls(dumped: str) -> str:
    r"""Readable JSON of `json.dumps` with control and format characters as \uXXXX; it loads the same.

    Only two lone surrogates in the order of a pair load as the character they mean: JSON knows no other.
    """
    if dumped.isascii() and "\x7f" not in dumped:
        return dumped
    return compiled(_JSON_CONTROLS).sub(lambda found: _json_escape(ord(found[0])), dumped)


def csv_cell(text: str) -> Safe:
    """The text on one line for a spreadsheet; what it would compute, `-1.5` too, gets a `'` in front."""
    line = clean_line(text)
    return Safe(f"'{line}") if line.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) else line


def _is_plain_ascii(text: str) -> bool:
    return text.isascii() and (text.isprintable() or not text.encode("ascii").translate(None, _PLAIN_BYTES))


def _is_plain(text: str) -> bool:
    """Whether `clean` would surely change nothing, found out cheaply."""
    if text.isascii():
        return _is_plain_ascii(text)
    return (
        text.replace("\n", "").isprintable()
        and compiled(_DOUBTFUL).search(text) is None
        and unicodedata.is_normalized("NFC", text)
    )


def _code(char: str) -> str:
    return f"<U+{ord(char):04X}>"


@lru_cache(maxsize=8192)
def _visible(char: str) -> str:
    """The character, or what stands for one that has no place in shown text whatever its neighbours."""
    if char in ("\n", "\t", NON_JOINER, JOINER):
        return char
    category = unicodedata.category(char)
    if category == "Cc":
        return "\ufffd"
    odd = category[0] == "C" and not compiled(glyphs.NEWER).match(char)
    return _code(char) if odd or category in ("Zl", "Zp") or char in glyphs.FILLERS else char


def _settled(text: str) -> str:
    """The text one round nearer to the form that a further round leaves alone."""
    if text.isascii():
        return text
    text = compiled(_SPECIAL).sub(_special, text)
    if JOINER in text:
        text = compiled(_LONG_CHAIN).sub(r"\1<U+200D>", text)
    text = unicodedata.normalize("NFC", few_marks(text))
    text = compiled(_LOOSE_JAMO).sub(lambda found: _code(found[0]), text)
    return compiled(_LINE_START).sub(lambda found: _seated(found[0]), text)


def _special(found: re.Match[str]) -> str:
    here, text = found.start(), found.string
    return _between(text[max(here - 1, 0) : here], found[0], text[here + 1 : here + 2])


@lru_cache(maxsize=8192)
def _between(before: str, char: str, after: str) -> str:
    """A selector, skin tone or joiner as it is shown between its neighbours (empty at an end of the text)."""
    if char == JOINER:
        return char if _joins(before, after) else "" if before in glyphs.VIRAMAS else _code(char)
    if char == NON_JOINER:
        return char if _parts(before, after) else _code(char)
    if char in glyphs.TONES:
        return char if before in glyphs.PEOPLE else _code(char)
    if char == PICTURE and (before in glyphs.SIGNS or (before in glyphs.KEYS and after == "\u20e3")):
        return char
    return _code(char) if not before.strip() or compiled(_SPECIAL).match(before) else ""


def _joins(before: str, after: str) -> bool:
    """Whether a joiner makes one picture of two, or spells a conjunct in front of a virama."""
    pictures = before in glyphs.PICTURES or before in glyphs.TONES or before == PICTURE
    return (pictures and after in glyphs.PICTURES) or _spells(before, after)


def _parts(before: str, after: str) -> bool:
    """Whether a non-joiner is spelling: between Arabic letters, or beside a virama."""
    if before in glyphs.VIRAMAS:
        return not after or not (is_mark(after) or compiled(_SPECIAL).match(after))
    return (before in glyphs.ARABIC and after in glyphs.ARABIC_LETTERS) or _spells(before, after)


def _spells(before: str, after: str) -> bool:
    indic = before.isalpha() and glyphs.INDIC_FIRST <= before <= glyphs.INDIC_LAST
    return indic and after in glyphs.VIRAMAS


def _seated(char: str) -> str:
    """A mark on a dotted circle, lest it lands on what the screen has before it; others as they are."""
    return f"\u25cc{char}" if is_mark(char) else char


def _first_marks(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if is_mark(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _on_one_line(text: str) -> Safe:
    if text.isascii() and text.isprintable():
        return Safe(" ".join(text.split()))
    line = compiled(_BLANKS).sub(" ", clean(text)).strip()
    return Safe(_seated(line[0]) + line[1:] if line else line)


def _cut(line: Safe, cells: int, beyond: bool) -> Safe:
    if not beyond and cell_width(line) <= cells:
        return line
    if cells < 1:
        return Safe("")
    return Safe(line[: end_within(line, cells - 1)].rstrip().rstrip(NON_JOINER + JOINER) + "…")


def _json_escape(code: int) -> str:
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
