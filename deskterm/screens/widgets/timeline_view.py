"""The timeline of a ticket: wraps to its width, keeps its place, and stays at the end if it stood there."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from deskterm.i18n import N_
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import Piece
from deskterm.screens.timeline import Filter, TimelineLine, lines_of
from deskterm.screens.widgets.line_view import LineView
from deskterm.store.rows import TimelineRow

__all__ = ["TimelineView"]


class TimelineView(LineView):
    """Shows events as lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
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
        self._at_end = True

    def show(self, timeline: Sequence[TimelineRow], shown: Filter, *, whole: bool, newest: bool) -> None:
        """Show these events; `newest` goes to the end, otherwise the place is kept."""
        self._at_end = newest or self._at_end
        self.timeline, self.filter, self.whole = tuple(timeline), shown, whole
        self.show_again()

    def wrap(self, width: int) -> int:
        self.lines = lines_of(self.timeline, self.filter, width, self.glyphs, self.when, whole=self.whole)
        return len(self.lines)

    def pieces_of(self, place: int) -> Sequence[Piece]:
        return self.lines[place].pieces

    def go_to(self, y: float) -> None:
        self._at_end = y >= self.max_scroll_y
        super().go_to(y)
