"""A list to choose one line from; small, for pickers, completions and the keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from deskterm.rules.clean import cell_width, clean_line
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import fit
from deskterm.screens.widgets.tones import Tones

__all__ = ["Choice", "ChoiceList"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One line: what it gives, what it is called, what is said beside it; `more` is found but not shown.

    One that is `off` cannot be taken, and what is said beside it is why. Texts are raw.
    """

    value: str
    label: str
    hint: str = ""
    more: str = ""
    off: bool = False

    def matches(self, wanted: str) -> bool:
        """Whether all words of `wanted` occur in it."""
        text = f"{self.label} {self.hint} {self.more}".casefold()
        return all(word in text for word in wanted.casefold().split())


class ChoiceList(Widget):
    """Shows choices with one of them under the cursor; keys come from whoever holds the focus."""

    @dataclass
    class Chosen(Message):
        """A line was clicked."""

        choice: Choice

    def __init__(self, glyphs: Glyphs, choices: Sequence[Choice] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self.choices = tuple(choices)
        self.index = 0
        self.top = 0

    @property
    def choice(self) -> Choice | None:
        """The one under the cursor."""
        return self.choices[self.index] if self.choices else None

    def show(self, choices: Sequence[Choice], index: int = 0) -> None:
        """Offer these instead."""
        self.choices = tuple(choices)
        self.index = max(0, min(index, len(self.choices) - 1))
        self._scroll()
        self.refresh(layout=True)

    def move(self, by: int, *, around: bool = True) -> None:
        """Move the cursor, by one around the ends, further up to them."""
        if not self.choices:
            return
        target = self.index + by
        last = len(self.choices) - 1
        self.index = target % len(self.choices) if around else max(0, min(target, last))
        self._scroll()
        self.refresh()

    def _scroll(self) -> None:
        height = max(1, self.size.height)
        self.top = max(min(self.top, self.index), self.index - height + 1, 0)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        self._scroll()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return max(1, len(self.choices))

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        label, hint = self._widths()
        return label + (hint + 2 if hint else 0) + 4

    def _widths(self) -> tuple[int, int]:
        labels = [cell_width(clean_line(each.label, 60)) for each in self.choices]
        hints = [cell_width(clean_line(each.hint, 60)) + 2 * each.off for each in self.choices]
        return max(labels, default=0), max(hints, default=0)

    def render_line(self, y: int) -> Strip:
        width, tones = self.size.width, Tones(self)
        if self.top + y >= len(self.choices):
            return Strip.blank(width, tones.plain)
        choice = self.choices[self.top + y]
        here = self.top + y == self.index
        style = tones.on_cursor if here else tones.__getitem__
        label, hint = self._widths()
        label = min(label, max(4, width - 4))
        lead = f" {self.glyphs.cursor if here else ' '} {fit(choice.label, label, self.glyphs)}"
        segments = [Segment(lead, style("$quiet" if choice.off else ""))]
        if hint:
            told = f"{self.glyphs.overdue} {choice.hint}" if choice.off else choice.hint
            segments.append(Segment("  " + clean_line(told, max(0, width - label - 6)), style("$quiet")))
        return Strip(segments).adjust_cell_length(width, style(""))

    def on_click(self, event: events.Click) -> None:
        place = self.top + event.y
        if place < len(self.choices):
            self.index = place
            self.refresh()
            self.post_message(self.Chosen(self.choices[place]))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.move(1, around=False)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.move(-1, around=False)
