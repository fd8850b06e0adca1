"""The views of a queue as one line of tabs with their counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from deskterm.rules.clean import cell_width, clean_line
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import COUNT_CAP, Piece, pieces

__all__ = ["ViewTabs"]


class ViewTabs(Widget):
    """`1 Mine 6 │[2 Unassigned 14]│ ...`; counts come when they are known."""

    DEFAULT_CSS = "ViewTabs { height: 1; text-wrap: nowrap; text-overflow: clip; }"

    @dataclass
    class Chosen(Message):
        """A tab was clicked; its place from 0."""

        place: int

    def __init__(self, glyphs: Glyphs, titles: Sequence[str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self.titles = tuple(titles)
        self.counts: tuple[int | None, ...] = (None,) * len(self.titles)
        self.active: int | None = 0

    def show(self, active: int | None) -> None:
        """Which one is open; None when the query is of nobody's making."""
        if active != self.active:
            self.active = active
            self.refresh()

    def count(self, counts: Sequence[int | None]) -> None:
        """New counts, in the order of the tabs."""
        if tuple(counts) != self.counts:
            self.counts = tuple(counts)
            self.refresh()

    def shown(self) -> list[tuple[int, str]]:
        """The tabs that fit with their words, shortened evenly; at the worst those around the open one."""
        width = self.size.width
        places = list(range(len(self.titles)))
        labels: list[tuple[int, str]] = []
        for letters in (30, *range(12, 5, -1)):
            labels = [(place, self._label(place, letters)) for place in places]
            if self._cells(labels) <= width:
                return labels
        while len(labels) > 1 and self._cells(labels) + 2 > width:
            ahead = labels[-1][0] - (self.active or 0) >= (self.active or 0) - labels[0][0]
            labels.pop(-1 if ahead else 0)
        return labels

    @staticmethod
    def _cells(labels: list[tuple[int, str]]) -> int:
        return sum(cell_width(label) + 3 for _place, label in labels)

    def _label(self, place: int, letters: int) -> str:
        count = self.counts[place]
        title: str = clean_line(self.titles[place])
        if cell_width(title) > letters:
            title = clean_line(title, letters + 1).removesuffix("…").rstrip()
        return f"{place + 1} {title}" + ("" if count is None else f" {_short(count)}")

    def render(self) -> Content:
        parts: list[Piece] = []
        labels = self.shown()
        for place, label in labels:
            here = place == self.active
            parts.append(("[" if here else " ", "$primary"))
            parts.append((label, "bold $primary" if here else ""))
            parts.append(("]" if here else " ", "$primary"))
            if place != labels[-1][0]:
                parts.append((self.glyphs.bar, "$line"))
        if len(labels) < len(self.titles):
            parts.append((self.glyphs.ellipsis, "$quiet"))
        return pieces(parts)

    def on_click(self, event: events.Click) -> None:
        edge = 0
        for place, label in self.shown():
            edge += cell_width(label) + 3
            if event.x < edge:
                self.post_message(self.Chosen(place))
                return

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return 1


def _short(count: int) -> str:
    """A count for a tab: room is scarce there."""
    return "1k+" if count > COUNT_CAP else str(count)
