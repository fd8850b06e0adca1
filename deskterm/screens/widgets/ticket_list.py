"""The list of a queue: paints only the rows that are seen; cursor and marks stay on their tickets."""

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from deskterm.clock import Clock
from deskterm.i18n import N_, _
from deskterm.rules.clean import cell_width
from deskterm.screens.columns import Layout, layout, row_pieces
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.marks import Marks
from deskterm.screens.present import fit
from deskterm.screens.type_ahead import hold_keys
from deskterm.screens.widgets.tones import Tones
from deskterm.screens.window import Window
from deskterm.store.rows import Page, TicketRow

__all__ = ["TicketList"]

WHEEL: Final = 3  # rows a turn of the mouse wheel


class TicketList(Widget, can_focus=True):
    """Rows of tickets with a cursor; tells when it wants more of the view and when a ticket is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", N_("down"), id="list.down", show=False),
        Binding("k,up", "move(-1)", N_("up"), id="list.up", show=False),
        Binding("ctrl+d", "half(1)", N_("half a page down"), id="list.half_down", show=False),
        Binding("ctrl+u", "half(-1)", N_("half a page up"), id="list.half_up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", N_("page down"), id="list.page_down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", N_("page up"), id="list.page_up", show=False),
        Binding("g,home", "first", N_("first ticket"), id="list.first", show=False),
        Binding("G,end", "last", N_("last ticket"), id="list.last", show=False),
        Binding("enter,l,right", "open", N_("open the ticket"), id="list.open", show=False),
        Binding("space", "mark", N_("mark and move down"), id="list.mark", show=False),
        Binding("v", "range", N_("start or end a range"), id="list.range", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor stands on another ticket, or on none."""

        row: TicketRow | None

    @dataclass
    class Opened(Message):
        """A ticket was chosen."""

        row: TicketRow

    @dataclass
    class Wanted(Message):
        """More of the view is needed: "after", "before", "first" or "last"."""

        what: str

    @dataclass
    class Marked(Message):
        """Marks came or went."""

    def __init__(self, glyphs: Glyphs, clock: Clock, *, id: str) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self.clock = clock
        self.window = Window()
        self.marks = Marks()
        self.gone: frozenset[int] = frozenset()
        self.loaded = False
        self.cursor: int | None = None
        self.top = 0
        self._tones: tuple[str, Tones] | None = None
        self._digits = self._letters = 0

    # -- what it shows

    @property
    def row(self) -> TicketRow | None:
        """The ticket under the cursor."""
        place = self.place
        return None if place is None else self.window.rows[place]

    @property
    def place(self) -> int | None:
        """Where the cursor stands in the window."""
        return self.window.place(self.cursor)

    @property
    def rank(self) -> int | None:
        """How many tickets of the view stand before the cursor; None when that is not known."""
        place, start = self.place, self.window.start
        return None if place is None or start is None else start + place

    @property
    def plan(self) -> Layout:
        """The columns at the present width."""
        return layout(self.size.width, self._digits, self._letters)

    def show(self, page: Page, start: int | None = 0, *, keep: bool = False) -> None:
        """Show a view from this page on; `keep` leaves cursor and scroll on the same ticket."""
        place, height = self.place, self.size.height
        line = 0 if place is None else place - self.top
        at_start = self.top == 0
        self.window.begin(page, start)
        self.loaded, self.gone = True, frozenset()
        self._measure()
        rows = self.window.rows
        if not (keep and self.window.place(self.cursor) is not None):
            near = min(place or 0, len(rows) - 1) if keep else 0
            self.cursor = rows[near].id if rows else None
        found = self.place or 0
        stays = at_start and found < height  # so that what is new in front is seen
        self.top = 0 if stays or not keep else max(0, min(found - line, len(rows) - height))
        self.refresh()
        self._tell()

    def extend(self, page: Page, *, behind: bool) -> None:
        """Add the page that follows (`behind`) or precedes; nothing moves under the eye."""
        if behind:
            self.top -= self.window.append(page)
        else:
            self.top += self.window.prepend(page)
        self.top = max(0, self.top)
        if self._measure() or len(self.window) - len(page.rows) < self.top + self.size.height:
            self.refresh()

    def renew(self, newer: dict[int, TicketRow], gone: frozenset[int]) -> None:
        """Show newer versions of rows in their old places, and which rows left the view."""
        dirty = set(self.window.update(newer))
        dirty |= {place for ticket in gone ^ self.gone if (place := self.window.place(ticket)) is not None}
        self.gone = gone
        self.marks.renew(newer)
        for place in dirty:
            self._repaint(place)

    def repaint_times(self) -> None:
        """Paint again; for a minute that went by."""
        self.refresh()

    def _measure(self) -> bool:
        digits = len(str(max((row.id for row in self.window.rows), default=0)))
        letters = max((cell_width(row.priority) for row in self.window.rows), default=0)
        grown = digits > self._digits or letters > self._letters
        self._digits, self._letters = max(self._digits, digits), max(self._letters, letters)
        return grown

    # -- moving

    def action_move(self, by: int) -> None:
        self._go((self.place or 0) + by, jump=self.size.height // 2)

    def action_half(self, pages: int) -> None:
        self._leap(pages * max(1, self.size.height // 2))

    def action_page(self, pages: int) -> None:
        self._leap(pages * max(1, self.size.height - 1))

    def action_first(self) -> None:
        if self.window.before is None:
            self._go(0)
        else:
            self.post_message(self.Wanted("first"))

    def action_last(self) -> None:
        if self.window.after is None:
            self._go(len(self.window) - 1)
        else:
            self.post_message(self.Wanted("last"))

    def action_open(self) -> None:
        if self.row is not None:
            hold_keys(self, "ticket")
            self.post_message(self.Opened(self.row))

    def step(self, by: int) -> TicketRow | None:
        """Move the cursor from outside (next or previous ticket); the ticket it stands on then."""
        self._go((self.place or 0) + by, jump=self.size.height // 2)
        return self.row

    def _leap(self, by: int) -> None:
        """Move cursor and scroll together, as far as there are rows."""
        place = self.place or 0
        target = max(0, min(place + by, len(self.window) - 1))
        lowest = max(0, len(self.window) - self.size.height)
        top = max(0, min(self.top + by, lowest))
        if top != self.top:
            self.top = top
            self.refresh()
        self._go(target)

    def _go(self, place: int, jump: int = 0) -> None:
        """Put the cursor on a place; where that is out of sight scroll, by `jump` rows more than needed."""
        rows, height = self.window.rows, max(1, self.size.height)
        if not rows:
            return
        place = max(0, min(place, len(rows) - 1))
        before = self.place
        self.cursor = rows[place].id
        top = self.top
        if place < top:
            top = max(0, place - jump)
        elif place >= top + height:
            top = min(place - height + 1 + jump, max(0, len(rows) - height))
        if top != self.top:
            self.top = top
            self.refresh()
        elif before != place or self.marks.begun:
            self._repaint(before)
            self._repaint(place)
        if self.marks.begun:
            self.refresh()
        self._want_more(place)
        if before != place:
            self._tell()

    def _want_more(self, place: int) -> None:
        near = 2 * max(1, self.size.height)
        if len(self.window) - place <= near and self.window.after is not None:
            self.post_message(self.Wanted("after"))
        if place <= near and self.window.before is not None:
            self.post_message(self.Wanted("before"))

    def _tell(self) -> None:
        self.post_message(self.Moved(self.row))

    # -- marks

    def action_mark(self) -> None:
        row = self.row
        if row is None:
            return
        if self.marks.begun:
            self.action_range()
            return
        self.marks.toggle(row)
        self._repaint(self.place)
        self.post_message(self.Marked())
        self.action_move(1)

    def action_range(self) -> None:
        if self.row is None:
            return
        if self.marks.begun:
            self.marks.close_range(self._in_range())
        else:
            self.marks.open_range(self.row.id)
        self.refresh()
        self.post_message(self.Marked())

    def clear_marks(self) -> bool:
        """Drop range and marks; False when there were none."""
        had = self.marks.clear()
        if had:
            self.refresh()
            self.post_message(self.Marked())
        return had

    def mark_all(self, rows: list[TicketRow]) -> None:
        """Mark all of these."""
        self.marks.add(rows)
        self.refresh()
        self.post_message(self.Marked())

    def _in_range(self) -> list[TicketRow]:
        start, end = self.window.place(self.marks.begun), self.place
        if start is None or end is None:
            return []
        return self.window.rows[min(start, end) : max(start, end) + 1]

    # -- painting

    @property
    def tones(self) -> Tones:
        """The styles of the theme in use."""
        if self._tones is None or self._tones[0] != self.app.theme:
            self._tones = (self.app.theme, Tones(self))
        return self._tones[1]

    def notify_style_update(self) -> None:
        self._tones = None
        super().notify_style_update()

    def _repaint(self, place: int | None) -> None:
        if place is not None and 0 <= place - self.top < self.size.height:
            self.refresh(Region(0, place - self.top, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        width, place = self.size.width, self.top + y
        if place < len(self.window):
            return self._row_strip(place, width)
        tones = self.tones
        if self.loaded and not self.window.rows and y == max(0, self.size.height // 3):
            text = fit(_("No ticket here. N opens a new one."), width - 4, self.glyphs)
            return Strip([Segment("    " + text, tones["$quiet"])], width)
        return Strip.blank(width, tones.plain)

    def _row_strip(self, place: int, width: int) -> Strip:
        row, plan, tones, glyphs = self.window.rows[place], self.plan, self.tones, self.glyphs
        here = row.id == self.cursor
        marked = row.id in self.marks or (self.marks.begun is not None and row in self._in_range())
        mark = glyphs.mark if marked else glyphs.gone if row.id in self.gone else " "
        gutter = (f" {glyphs.cursor if here else ' '}{mark}" + " " * (plan.gutter - 3), "$primary")
        cells = row_pieces(row, plan, self.clock.now(), glyphs)
        if row.id in self.gone:
            cells = [(text, "$quiet") for text, _tone in cells]
        style = tones.on_cursor if here else tones.__getitem__
        lead = (
            [gutter, *cells] if here or mark != " " else [(gutter[0] + cells[0][0], cells[0][1]), *cells[1:]]
        )
        strip = Strip([Segment(text, style(tone)) for text, tone in _merged(lead)])
        return strip.adjust_cell_length(width, style(""))

    # -- the mouse

    def on_click(self, event: events.Click) -> None:
        place = self.top + event.get_content_offset_capture(self).y
        if 0 <= place < len(self.window):
            again = self.window.rows[place].id == self.cursor
            self._go(place)
            if again:
                self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._wheel(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._wheel(-WHEEL)

    def _wheel(self, by: int) -> None:
        lowest = max(0, len(self.window) - self.size.height)
        top = max(0, min(self.top + by, lowest))
        if top != self.top:
            self.top = top
            self.refresh()
            self._want_more(top if by < 0 else top + self.size.height)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        place = self.place
        if place is not None and self.size.height and not self.top <= place < self.top + self.size.height:
            self.top = max(0, place - self.size.height + 1)


def _merged(cells: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of one tone as one piece."""
    out: list[tuple[str, str]] = []
    for text, tone in cells:
        if out and out[-1][1] == tone:
            out[-1] = (out[-1][0] + text, tone)
        else:
            out.append((text, tone))
    return out
