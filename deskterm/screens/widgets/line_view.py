"""Lines to read: wrapped to the width by whoever made them, scrolled by line, page and section."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from deskterm.i18n import N_
from deskterm.screens.present import Piece
from deskterm.screens.widgets.tones import Tones

__all__ = ["LineView"]


class LineView(ScrollView, can_focus=True):
    """Shows lines of pieces; a section begins behind an empty line."""

    ALLOW_MAXIMIZE = False
    DEFAULT_CSS = """
    LineView {
        height: 1fr; width: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        scrollbar-background: $background; scrollbar-color: $line;
        scrollbar-background-hover: $background; scrollbar-color-hover: $quiet;
        scrollbar-background-active: $background; scrollbar-color-active: $quiet;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "by(1)", N_("down"), id="lines.down", show=False),
        Binding("k,up", "by(-1)", N_("up"), id="lines.up", show=False),
        Binding("ctrl+d", "half(1)", N_("half a page down"), id="lines.half_down", show=False),
        Binding("ctrl+u", "half(-1)", N_("half a page up"), id="lines.half_up", show=False),
        Binding("space,pagedown,ctrl+f", "page(1)", N_("page down"), id="lines.page_down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", N_("page up"), id="lines.page_up", show=False),
        Binding("g,home", "top", N_("to the top"), id="lines.first", show=False),
        Binding("G,end", "bottom", N_("to the end"), id="lines.last", show=False),
        Binding("right_curly_bracket", "entry(1)", N_("next section"), id="lines.next", show=False),
        Binding("left_curly_bracket", "entry(-1)", N_("section before"), id="lines.before", show=False),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._tones: tuple[str, Tones] | None = None
        self._at_end = False
        self.count = 0

    def pieces_of(self, place: int) -> Sequence[Piece]:
        """The pieces of a line."""
        raise NotImplementedError

    def wrap(self, width: int) -> int:
        """Make the lines for a width in cells; returns how many there are."""
        raise NotImplementedError

    def show_again(self) -> None:
        """What is to be shown is different."""
        width = self.scrollable_content_region.width
        if width <= 0:
            return
        self.count = self.wrap(width)
        self.virtual_size = Size(width, self.count)
        self.refresh()
        if self._at_end:
            self.call_after_refresh(self.action_bottom)

    def on_resize(self) -> None:
        self.show_again()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if self._tones is None or self._tones[0] != self.app.theme:
            self._tones = (self.app.theme, Tones(self))
        tones = self._tones[1]
        place = self.scroll_offset.y + y
        if place >= self.count:
            return Strip.blank(width, tones.plain)
        segments = [Segment(text, tones[tone]) for text, tone in self.pieces_of(place) if text]
        return Strip(segments).adjust_cell_length(width, tones.plain)

    def notify_style_update(self) -> None:
        self._tones = None
        super().notify_style_update()

    # -- moving

    def on_mouse_scroll_up(self) -> None:
        self._at_end = False

    def go_to(self, y: float) -> None:
        """Let that line be the first one seen, as far as there are lines below."""
        self.scroll_to(y=max(0, min(y, self.max_scroll_y)), animate=False, force=True)

    def action_by(self, lines: int) -> None:
        self.go_to(self.scroll_offset.y + lines)

    def action_half(self, pages: int) -> None:
        self.go_to(self.scroll_offset.y + pages * max(1, self.size.height // 2))

    def action_page(self, pages: int) -> None:
        self.go_to(self.scroll_offset.y + pages * max(1, self.size.height - 1))

    def action_top(self) -> None:
        self.go_to(0)

    def action_bottom(self) -> None:
        self.go_to(self.max_scroll_y)

    def action_entry(self, by: int) -> None:
        here = self.scroll_offset.y
        starts = [
            place
            for place in range(self.count)
            if self.pieces_of(place) and (place == 0 or not self.pieces_of(place - 1))
        ]
        further = [place for place in starts if (place > here if by > 0 else place < here)]
        if further:
            self.go_to(further[0] if by > 0 else further[-1])
