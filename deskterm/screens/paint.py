"""Painting: of what Textual wants to write, only the cells that look different from what the terminal shows.

Textual repaints whole widgets and, for a dialog, the whole screen. Over SSH and in tmux that tears; so the
cells last written are remembered, and an update is cut down to the differences. It hooks into `App._display`,
which Textual keeps to itself: the version is pinned and tests compare both ways of painting.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

__all__ = ["Painted", "Painter"]

Look = tuple[str, str, str]
"""The codes of attributes, foreground and background."""
Cell = tuple[str, Look]

PLAIN: Final[Look] = ("", "", "")
ERASES_IN_COLOUR: Final = ("xterm", "tmux", "alacritty", "foot", "kitty", "konsole", "rxvt", "st-", "wezterm")
"""TERM of terminals that erase to the end of a line in the colour in force; others may use their default."""
GAP: Final = 8  # unchanged cells that are cheaper to write again than to jump over
_BEGINS: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
_ENDS: Final = dict(
    zip(
        _BEGINS,
        ("22", "22", "23", "24", "25", "25", "27", "28", "29", "24", "54", "54", "55"),
        strict=True,
    )
)
"""What ends an attribute; 22 ends bold and dim alike."""
UNKNOWN: Final[Cell] = ("\0", PLAIN)


class Painted(CompositorUpdate):
    """What is left of an update, ready to be written."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render_segments(self, console: Console) -> str:  # noqa: ARG002
        return self.text


class Painter:
    """Remembers the cells of the terminal."""

    def __init__(self, terminal: str = "") -> None:
        self._rows: list[list[Cell]] = []
        self._width = 0
        self._erases = terminal.startswith(ERASES_IN_COLOUR)

    def forget(self) -> None:
        """The terminal may show anything: the next update is written in full."""
        self._rows = []

    def lessen(self, update: CompositorUpdate, console: Console, width: int, height: int) -> Painted | None:
        """The part of `update` that changes what is seen, None for nothing."""
        if (len(self._rows), self._width) != (height, width):
            self._rows = [[UNKNOWN] * width for _ in range(height)]
            self._width = width
        system = console._color_system or ColorSystem.TRUECOLOR
        out = _Writer(width if self._erases else 0)
        for y, x, strip in _strips(update):
            if 0 <= y < height:
                self._compare(out, y, x, _cells(strip, system))
        return Painted(text) if (text := out.text()) else None

    def _compare(self, out: "_Writer", y: int, x: int, cells: list[Cell]) -> None:
        row = self._rows[y]
        cells = cells[: max(0, self._width - x)]
        old = row[x : x + len(cells)]
        if old == cells:
            return
        row[x : x + len(cells)] = cells
        if _doubtful(old) or _doubtful(cells):
            out.write(y, x, cells)
            return
        for start, end in _runs(old, cells):
            out.write(y, x + start, cells[start:end])


def _strips(update: CompositorUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Where each strip of an update goes: line, column, strip."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield y, x, strip
                x += strip.cell_length
    elif isinstance(update, ChopsUpdate):
        for y, left, right in update.spans:
            for end, (x, piece) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if piece is not None and x <= right and end > left:
                    yield y, x, piece
    else:
        raise TypeError(f"{type(update).__name__} is not known")


def _cells(strip: Strip, system: ColorSystem) -> list[Cell]:
    """The cells of a strip; behind a wide character stands an empty one."""
    cells: list[Cell] = []
    for text, style, control in strip:
        if control:
            continue
        look = _look(_codes(style, system))
        if text.isascii():
            cells += [(char, look) for char in text]
        else:
            for cluster, width in _clusters(text):
                if width:
                    cells.append((cluster, look))
                    cells += [("", look)] * (width - 1)
                else:
                    _join(cells, cluster)
    return cells


def _join(cells: list[Cell], mark: str) -> None:
    """Put a mark that stands alone onto the character before it."""
    place = next((place for place in range(len(cells) - 1, -1, -1) if cells[place][0]), None)
    if place is not None:
        cells[place] = (cells[place][0] + mark, cells[place][1])


def _codes(style: Style | None, system: ColorSystem) -> str:
    return "" if style is None else Strip.render_ansi(style, system)


@lru_cache(maxsize=2048)
def _clusters(text: str) -> list[tuple[str, int]]:
    """What is drawn as one, with how many cells it takes."""
    return [(text[start:end], width) for start, end, width in split_graphemes(text)[0]]


@lru_cache(maxsize=4096)
def _look(codes: str) -> Look:
    """SGR codes, sorted into attributes, foreground and background."""
    parts = codes.split(";") if codes else []
    attributes: list[str] = []
    foreground = background = ""
    place = 0
    while place < len(parts):
        code = int(parts[place])
        size = 1
        if code in (38, 48):
            size = 5 if parts[place + 1] == "2" else 3
        whole = ";".join(parts[place : place + size])
        if 30 <= code <= 39 or 90 <= code <= 97:
            foreground = whole
        elif 40 <= code <= 49 or 100 <= code <= 107:
            background = whole
        else:
            attributes.append(whole)
        place += size
    return (";".join(attributes), foreground, background)


def _doubtful(cells: list[Cell]) -> bool:
    """Whether terminals may disagree about the width: clusters of several characters, and pictures."""
    return any(len(char) > 1 or char > "\U0001efff" for char, _look_of_it in cells)


def _runs(old: list[Cell], new: list[Cell]) -> Iterator[tuple[int, int]]:
    """The stretches that differ, joined where a jump would cost more."""
    start = end = -1
    for place, (before, after) in enumerate(zip(old, new, strict=True)):
        if before == after:
            continue
        if start < 0:
            start = place
        elif place - end > GAP:
            yield start, end
            start = place
        end = place + 1
    if start >= 0:
        yield start, end


class _Writer:
    """Collects what goes to the terminal; changes colours only where they change.

    With a `width` blanks up to it are not written but erased.
    """

    def __init__(self, width: int) -> None:
        self._parts: list[str] = []
        self._look = PLAIN
        self._width = width

    def write(self, y: int, x: int, cells: list[Cell]) -> None:
        """Write cells from a place on."""
        while cells and not cells[0][0] and x > 0:  # the second half of a wide character
            cells, x = cells[1:], x + 1
        if not cells:
            return
        self._parts.append(f"\x1b[{y + 1};{x + 1}H")
        written = len(cells)
        if x + len(cells) == self._width and not cells[-1][1][0]:
            while written and cells[written - 1] == (" ", cells[-1][1]):
                written -= 1
            written = written if len(cells) - written > 3 else len(cells)
        for char, look in cells[:written]:
            self._colour(look)
            self._parts.append(char)
        if written < len(cells):
            self._colour(cells[-1][1])
            self._parts.append("\x1b[K")

    def _colour(self, look: Look) -> None:
        if look is not self._look and look != self._look:
            self._parts.append(self._turn(look))
            self._look = look

    def _turn(self, look: Look) -> str:
        """The shortest way from the present look to another."""
        was, now = self._look, look
        codes: list[str] = []
        if was[0] != now[0]:
            before, after = set(was[0].split(";")) - {""}, set(now[0].split(";")) - {""}
            ended = {_ENDS[each] for each in before - after}
            codes += sorted(ended) + sorted(
                each for each in after if each not in before or _ENDS[each] in ended
            )
        codes += [now[1] or "39"] if was[1] != now[1] else []
        codes += [now[2] or "49"] if was[2] != now[2] else []
        return "\x1b[" + ";".join(codes) + "m"

    def text(self) -> str:
        """Everything, ending in plain colours."""
        return "".join(self._parts) + ("\x1b[0m" if self._look != PLAIN else "")
