"""Cells: how much of a terminal's line clean text takes, and where it may be cut."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from deskterm.rules.glyphs import (
    FLAG_LETTERS,
    JOINER,
    KEYS,
    NEWER,
    NON_JOINER,
    PICTURE,
    SIGNS,
    TONES,
    WIDENED,
    compiled,
    is_mark,
)

__all__ = ["cell_width", "end_within"]


def cell_width(text: str) -> int:
    """Terminal cells that one line of clean text takes, as the library of the screens counts them."""
    if text.isascii():
        return len(text)
    if JOINER not in text and PICTURE not in text:
        return sum(map(_cells, text))
    return sum(width for _end, width in _clusters(text))


def end_within(text: str, cells: int) -> int:
    """Where the longest beginning of `text` ends that takes no more than `cells` and splits no character."""
    if text.isascii():
        return min(max(cells, 0), len(text))
    kept = used = 0
    for end, width in _clusters(text):
        used += width
        if used > cells:
            break
        kept = end
    return kept


@lru_cache(maxsize=8192)
def _cells(char: str) -> int:
    if is_mark(char) or char in TONES or char in (NON_JOINER, JOINER):
        return 0
    wide = (
        unicodedata.east_asian_width(char) in "WF"
        or compiled(WIDENED).match(char)
        or compiled(NEWER).match(char)
    )
    return 2 if wide else 1


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """The end and the cells of each run of code points that a terminal draws as one."""
    base = before = ""
    width = 0
    for here, char in enumerate(text):
        size = 0 if before == JOINER else _cells(char)
        flag = base in FLAG_LETTERS and char in FLAG_LETTERS
        if size and width and not flag:
            yield here, width
            width = 0
        if char == PICTURE:
            size, base = int(base in SIGNS or base in KEYS), ""
        elif size:
            base = "" if flag else char
        width += size
        before = char
    if text:
        yield len(text), width
