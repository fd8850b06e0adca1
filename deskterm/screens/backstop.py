"""The last gate before the terminal: no control character that came with data leaves the app."""

import re
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

__all__ = ["AsciiTwins", "Backstop"]

# C0, DEL, C1, line separators, every mark that turns the writing direction, invisible tags and spaces, lone
# surrogates (which no UTF-8 stream can carry: the thread that writes would die of one).
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


class Backstop(LineFilter):
    """Takes what may act on a terminal out of every line; behind `user_text` it has nothing to do.

    It is added to `App._filters`, which Textual keeps to itself: the version is pinned and a test watches it.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments without control and direction characters."""
        unsafe = _UNSAFE.search
        if not any(unsafe(segment.text) for segment in segments):
            return segments
        return [Segment(_UNSAFE.sub(_harmless, text), style, control) for text, style, control in segments]


def _harmless(found: re.Match[str]) -> str:
    """As many cells as Textual counts for the character, so that the columns stay."""
    return "\ufffd" * cell_len(found[0])


# what frames, rulers and cut texts are drawn with; each one cell wide, like its twin
_TWINS: Final = str.maketrans(
    {
        "…": "~",
        **dict.fromkeys("─━═", "-"),
        **dict.fromkeys("│┃║┆", "|"),
        **dict.fromkeys("╭╮╰╯┌┐└┘", "+"),
        **dict.fromkeys("▁▂▃▄▅▆▇█▔▕▏", "#"),
    }
)


class AsciiTwins(LineFilter):
    """Frames in ASCII, for terminals without UTF-8."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments with the twins of frames and ellipses."""
        if all(segment.text.isascii() for segment in segments):
            return segments
        return [Segment(text.translate(_TWINS), style, control) for text, style, control in segments]
