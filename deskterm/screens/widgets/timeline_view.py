"""The timeline of a ticket: scrolled by line, page and entry; wraps to its width and keeps its place."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from deskterm.i18n import N_
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.timeline import Filter, TimelineLine, lines_of
from deskterm.screens.widgets.tones import Tones
from deskterm.store.rows import TimelineRow

__all__ = ["TimelineView"]


class TimelineView(ScrollView, can_focus=True):
    """Shows events as lines."""

    ALLOW_MAXIMIZE = False
    DEFAULT_CSS = """
    TimelineView {
        height: 1fr; width: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "by(1)", N_("down"), id="timeline.down", show=False),
        Binding("k,up", "by(-1)", N_("up"), id="timeline.up", show=False),
        Binding("ctrl+d", "half(1)", N_("half a page down"), id="timeline.half_down", show=False),
        Binding("ctrl+u", "half(-1)", N_("half a page up"), id="timeline.half_up", show=False),
        Binding("space,pagedown,ctrl+f", "page(1)", N_("page down"), id="timeline.page_down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", N_("page up"), id="timeline.page_up", show=False),
        Binding("g,home", "top", N_("oldest"), id="timeline.first", show=False),
        Binding("G,end", "bottom", N_("newest"), id="timeline.last", show=False),
        Binding("right_curly_bracket", "entry(1)", N_("next message"), id="timeline.next", show=False),
        Binding("left_curly_bracket", "entry(-1)", N_("message before"), id="timeline.before", show=False),
    ]

    def __init__(self, glyphs: Glyphs, when: Callable[[int], str], *, id: str) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self.when = when
        self.timeline: tuple[TimelineRow, ...] = ()
        self.filter: Filter = "all"
        self.whole = False
        self.lines: list[TimelineLine] = []
        self._tones: tuple[str, Tones] | None = None
        self._at_end = True

    def show(self, timeline: Sequence[TimelineRow], shown: Filter, *, whole: bool, newest: bool) -> None:
        """Show these events; `newest` goes to the end, otherwise the place is kept."""
        self._at_end = newest or self._at_end
        self.timeline, self.filter, self.whole = tuple(timeline), shown, whole
        self._wrap()

    def on_resize(self) -> None:
        self._wrap()

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0:
            return
        self.lines = lines_of(self.timeline, self.filter, width, self.glyphs, self.when, whole=self.whole)
        self.virtual_size = Size(width, len(self.lines))
        self.refresh()
        if self._at_end:
            self.call_after_refresh(self.action_bottom)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if self._tones is None or self._tones[0] != self.app.theme:
            self._tones = (self.app.theme, Tones(self))
        tones = self._tones[1]
        place = self.scroll_offset.y + y
        if place >= len(self.lines):
            return Strip.blank(width, tones.plain)
        segments = [Segment(text, tones[tone]) for text, tone in self.lines[place].pieces if text]
        return Strip(segments).adjust_cell_length(width, tones.plain)

    def notify_style_update(self) -> None:
        self._tones = None
        super().notify_style_update()

    # -- moving

    def on_mouse_scroll_up(self) -> None:
        self._at_end = False

    def _to(self, y: float) -> None:
        self._at_end = y >= self.max_scroll_y
        self.scroll_to(y=max(0, min(y, self.max_scroll_y)), animate=False, force=True)

    def action_by(self, lines: int) -> None:
        self._to(self.scroll_offset.y + lines)

    def action_half(self, pages: int) -> None:
        self._to(self.scroll_offset.y + pages * max(1, self.size.height // 2))

    def action_page(self, pages: int) -> None:
        self._to(self.scroll_offset.y + pages * max(1, self.size.height - 1))

    def action_top(self) -> None:
        self._to(0)

    def action_bottom(self) -> None:
        self._to(self.max_scroll_y)

    def action_entry(self, by: int) -> None:
        here = self.scroll_offset.y
        starts = [
            place
            for place, line in enumerate(self.lines)
            if line.pieces and (place == 0 or not self.lines[place - 1].pieces)
        ]
        further = [place for place in starts if (place > here if by > 0 else place < here)]
        if further:
            self._to(further[0] if by > 0 else further[-1])
