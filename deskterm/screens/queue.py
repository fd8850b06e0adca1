"""The queue: views, search, the list, and a look at the ticket under the cursor."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget

from deskterm.i18n import N_, _, ngettext
from deskterm.rules.clean import cell_width
from deskterm.rules.sla import ClockReport
from deskterm.rules.views import View
from deskterm.screens.browsing import BrowsingScreen
from deskterm.screens.columns import heading
from deskterm.screens.context import Context
from deskterm.screens.present import Piece, count_word, pieces, user_text
from deskterm.screens.source import MOST_MARKED, News, Source
from deskterm.screens.summary import preview
from deskterm.screens.type_ahead import hold_keys, release_keys
from deskterm.screens.widgets.prompt import Completions, Prompt
from deskterm.screens.widgets.status import StatusLine
from deskterm.screens.widgets.text import Line, Paragraph
from deskterm.screens.widgets.ticket_list import TicketList
from deskterm.screens.widgets.view_tabs import ViewTabs
from deskterm.store.rows import Page, TicketDetail, TicketRow

__all__ = ["QueueScreen"]

PREVIEW_DELAY = 0.12  # seconds the cursor must rest before the preview is read
PREVIEW_HEIGHT = 6
ALARMS = ("is:overdue", "is:unsolved -is:overdue due<1h")


class QueueScreen(BrowsingScreen):
    """Shows one view or search at a time."""

    AUTO_FOCUS = "TicketList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", N_("search"), id="queue.search"),
        Binding("o", "preview", N_("preview on or off"), id="queue.preview"),
        Binding("asterisk", "mark_all", N_("mark all of the view"), id="queue.mark_all"),
        Binding("escape", "unmark", N_("drop the marks"), id="queue.unmark"),
        Binding("R", "refresh", N_("show what is new"), id="queue.refresh"),
    ]

    def __init__(self, context: Context, views: Sequence[View]) -> None:
        super().__init__(context, views)
        self.asked_preview: bool | None = None
        self._kept_news: News | None = None
        self._resting: Timer | None = None
        self._wanted: set[str] = set()
        self._alarms = (0, 0)

    def compose(self) -> ComposeResult:
        context = self.context
        yield Line(user_text(_("Make this window larger: 60 x 12 is the least."), "$quiet"), id="too-small")
        with Vertical(id="desk"):
            yield Line(id="head")
            yield ViewTabs(context.glyphs, [_(view.title) for view in self.views], id="tabs")
            yield Prompt(context.glyphs, id="prompt")
            yield Line(id="ruler")
            yield Line(id="heading")
            yield TicketList(context.glyphs, context.clock, id="list")
            yield Line(id="fold", classes="ruler")
            yield Paragraph(id="preview")
            yield Paragraph(id="banner")
            yield StatusLine(id="status")
        yield Completions(context.glyphs, id="completions")

    @property
    def tickets(self) -> TicketList:
        """The rows."""
        return self.query_one(TicketList)

    @property
    def rank(self) -> int | None:
        return self.tickets.rank

    @property
    def source(self) -> Source:
        """Where the rows of the query in force come from."""
        return Source(self.context.desk, self.context.actor, self.query_text)

    def on_mount(self) -> None:
        self._dress()
        self.show_keys()
        self._open_first()

    def show_keys(self) -> None:
        self.query_one(StatusLine).set_keys(
            [
                ("enter", _("open it")),
                ("c", _("claim")),
                ("a", _("assign")),
                ("r", _("reply")),
                ("n", _("note")),
                ("/", _("search")),
                ("?", _("keys")),
                ("p", _("priority")),
                ("e", _("resolve")),
                ("space", _("mark")),
                ("o", _("preview")),
                ("w", _("why")),
                ("m", _("macro")),
            ]
        )

    def home(self) -> Widget:
        entries = self.query("Entry")
        return entries.first() if entries else self.tickets

    def on_resize(self) -> None:
        self._dress()
        self.call_after_refresh(self.refocus)

    def _dress(self) -> None:
        """What depends on the size: rulers, titles, preview."""
        width, height = self.size
        self.query_one("#ruler", Line).show(self.ruler())
        self.query_one("#fold", Line).show(self.ruler())
        self._show_heading()
        self._show_head()
        roomy = width >= 100 and height >= 30
        self._set_preview(roomy if self.asked_preview is None else self.asked_preview)

    def _show_head(self) -> None:
        """Who sits here, and at the right end what burns."""
        context, glyphs = self.context, self.context.glyphs
        left: list[Piece] = [(" deskterm", "bold $primary"), (f" {glyphs.dot} {context.login}", "$quiet")]
        if context.clock.frozen:
            stands = _("the clock stands still at %s") % context.when(context.clock.now())
            left.append((f" {glyphs.dot} {stands}", "$warning"))
        overdue, risky = self._alarms
        right: list[Piece] = []
        if overdue:
            told = _("%s overdue") % count_word(overdue)
            right.append((f"{glyphs.overdue} {told}  ", "$error"))
        if risky:
            told = _("%s at risk") % count_word(risky)
            right.append((f"{glyphs.warning} {told} ", "$warning"))
        used = sum(cell_width(text) for text, _tone in left + right)
        gap: Piece = (" " * max(1, self.size.width - used), "")
        self.query_one("#head", Line).show(pieces([*left, gap, *right]))

    def _show_heading(self) -> None:
        line = heading(self.tickets.plan, self.context.glyphs)
        self.query_one("#heading", Line).show(user_text(line, "$quiet"))

    # -- reading

    def _open_first(self) -> None:
        """Begin with the first view that has a ticket: nobody starts before an empty list."""
        desk, viewer, queries = self.context.desk, self.context.actor, [view.query for view in self.views]

        def job() -> tuple[int, Page]:
            pages = ((place, Source(desk, viewer, query).first()) for place, query in enumerate(queries))
            first = next(pages)
            return first if first[1].rows else next((each for each in pages if each[1].rows), first)

        def show(found: tuple[int, Page]) -> None:
            self.view_place, page = found
            self.query_text = queries[self.view_place]
            self.query_one(ViewTabs).show(self.view_place)
            self._show_page(page, keep=False)
            self.count()

        self.fetch("page", job, show)

    def load(self, *, keep: bool = False) -> None:
        """Read the query from its start; `keep` holds the cursor on its ticket."""
        source = self.source
        self._kept_news = None
        self._wanted.clear()
        for group in ("after", "before", "news", "all"):
            self.forget(group)
        if not keep:
            hold_keys(self, "page")
        self.fetch("page", source.first, lambda page: self._show_page(page, keep=keep))
        self.count()

    def _show_page(self, page: Page, *, keep: bool) -> None:
        self.tickets.show(page, keep=keep)
        self.query_one(Prompt).show(self.query_text)
        self._show_heading()
        self._show_news()
        release_keys(self, "page")

    def count(self) -> None:
        """Count the query in force and every view, beside the rest."""
        desk, viewer, source = self.context.desk, self.context.actor, self.source
        queries = [view.query for view in self.views]

        def job() -> tuple[int, list[int]]:
            return source.count(), [desk.count(query, viewer=viewer) for query in (*queries, *ALARMS)]

        self.fetch("counts", job, self._show_counts)

    def _show_counts(self, counts: tuple[int, list[int]]) -> None:
        self.total, each = counts
        self.query_one(ViewTabs).count(each[: len(self.views)])
        self._alarms = (each[-2], each[-1])
        self._show_head()
        self._show_rank()

    def on_ticket_list_wanted(self, message: TicketList.Wanted) -> None:
        listed, source, what = self.tickets, self.source, message.what
        if what in self._wanted:
            return
        self._wanted.add(what)
        after, before = listed.window.after, listed.window.before
        if what == "first":
            self.fetch("page", source.first, lambda page: self._land(page, last=False))
        elif what == "last":
            self.fetch("page", source.last, lambda page: self._land(page, last=True))
        elif what == "after" and after is not None:
            self.fetch("after", lambda: source.after(after), lambda page: self._extend(page, what))
        elif what == "before" and before is not None:
            self.fetch("before", lambda: source.before(before), lambda page: self._extend(page, what))

    def _extend(self, page: Page, what: str) -> None:
        self._wanted.discard(what)
        self.tickets.extend(page, behind=what == "after")
        self._show_rank()

    def _land(self, page: Page, *, last: bool) -> None:
        """Stand at the very start or end of a view that is not loaded up to there."""
        self._wanted.clear()
        known = self.total is not None and last and self.total <= MOST_MARKED
        start = 0 if not last else (self.total or 0) - len(page.rows) if known else None
        self.tickets.show(page, start)
        if last:
            self.tickets.action_last()

    # -- what is new

    def pulse(self) -> None:
        """Somebody changed something: look at the shown rows again, and move nothing."""
        listed, source = self.tickets, self.source
        if not listed.loaded:
            return
        shown, place = list(listed.window.rows), listed.window.before
        if place is not None:  # it is where the first of them stands, and the others follow it
            shown = shown[1:]
        self.fetch("news", lambda: source.news(shown, place), self._take_news)
        self.count()

    def _take_news(self, news: News) -> None:
        self._kept_news = news
        self.tickets.renew(news.newer, news.gone)
        self._show_news()
        self._rest()

    def renew(self, tickets: Sequence[int]) -> None:  # noqa: ARG002
        self.pulse()

    def minute(self) -> None:
        """A minute went by: times to a due are shorter now."""
        self.tickets.repaint_times()

    def action_refresh(self) -> None:
        self.load(keep=True)

    def _show_news(self) -> None:
        marked, news = len(self.tickets.marks), self._kept_news
        told = [ngettext("%d marked", "%d marked", marked) % marked] if marked else []
        if self.tickets.marks.begun is not None:
            told.append(_("range: v ends it"))
        if news and (news.came or news.gone or news.moved):
            words = [_("%d new") % news.came] if news.came else []
            words += [_("%d gone") % len(news.gone)] if news.gone else []
            words = words or [_("order changed")]
            told.append(f"{', '.join(words)} {self.context.glyphs.none} R")
        line = f" {self.context.glyphs.dot} ".join(told)
        self.query_one(StatusLine).beside(user_text(line, "$primary"))

    # -- the cursor

    def on_ticket_list_moved(self, message: TicketList.Moved) -> None:  # noqa: ARG002
        self._show_rank()
        self._rest()

    def on_ticket_list_marked(self) -> None:
        self._show_news()

    def _show_rank(self) -> None:
        rank, total = self.tickets.rank, self.total
        if total is None:
            return
        here = "" if rank is None else f"{rank + 1:,}"
        told = _("%(place)s of %(total)s") % {"place": here or "?", "total": count_word(total)}
        self.query_one(Prompt).beside(user_text(f" {told if total else count_word(total)} ", "$quiet"))

    def targets(self) -> Sequence[TicketRow]:
        marks = tuple(self.tickets.marks)
        row = self.tickets.row
        return marks or (() if row is None else (row,))

    def row_at_hand(self) -> TicketRow | None:
        return self.tickets.row

    # -- the preview

    def _set_preview(self, on: bool) -> None:
        self.query_one("#fold").display = on
        self.query_one("#preview").display = on
        if on:
            self._rest()

    def action_preview(self) -> None:
        self.asked_preview = not self.query_one("#preview").display
        self._set_preview(self.asked_preview)

    def _rest(self) -> None:
        """Read the preview once the cursor rests."""
        if self._resting is not None:
            self._resting.stop()
        if self.query_one("#preview").display:
            self._resting = self.set_timer(PREVIEW_DELAY, self._read_preview)

    def _read_preview(self) -> None:
        row = self.tickets.row
        if row is None:
            self.query_one("#preview", Paragraph).show(user_text(""))
            return
        desk, viewer, number = self.context.desk, self.context.actor, row.id

        def job() -> tuple[TicketDetail, ClockReport]:
            return desk.ticket(number, viewer=viewer), desk.clocks(number, viewer=viewer)

        self.fetch("preview", job, self._show_preview)

    def _show_preview(self, read: tuple[TicketDetail, ClockReport]) -> None:
        context, pane = self.context, self.query_one("#preview", Paragraph)
        pane.show(preview(*read, self.size.width, PREVIEW_HEIGHT, context.glyphs, context.when))

    # -- search and marks

    def action_search(self) -> None:
        self.ask_query(self.query_text)

    def leave_line(self) -> None:
        self.tickets.focus()

    def changed_view(self) -> None:
        self.tickets.clear_marks()
        self.load()

    def action_unmark(self) -> None:
        self.tickets.clear_marks()

    def action_mark_all(self) -> None:
        self.fetch("all", self.source.some, self._mark_all)

    def _mark_all(self, rows: list[TicketRow]) -> None:
        self.tickets.mark_all(rows)
        if len(rows) == MOST_MARKED:
            self.say(_("Only the first %d are marked.") % MOST_MARKED, "$warning")

    # -- into a ticket

    def on_ticket_list_opened(self, message: TicketList.Opened) -> None:
        self.open_ticket(message.row.id)

    def compose_for(self, kind: str) -> None:
        row = self.tickets.row
        if row is not None:
            self.open_ticket(row.id, kind)

    def go_to(self, number: int) -> None:
        self.open_ticket(number)

    def open_ticket(self, number: int, compose: str = "") -> None:
        """Open a ticket, with the compose box ("reply" or "note") if asked for."""
        from deskterm.screens.ticket import TicketScreen

        hold_keys(self, "ticket")
        self.app.push_screen(TicketScreen(self.context, number, self, compose))

    def neighbour(self, by: int) -> int | None:
        """The next (1) or previous (-1) ticket of the view; the cursor goes there. None at the end."""
        before = self.tickets.cursor
        row = self.tickets.step(by)
        return None if row is None or row.id == before else row.id
