"""The ticket: its timeline, who asked, how its clocks stand; answered in place."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from deskterm.i18n import N_, _
from deskterm.rules.clean import cell_width, clean_line
from deskterm.rules.problems import Problem
from deskterm.rules.sla import ClockReport
from deskterm.screens.composing import ComposingScreen
from deskterm.screens.context import Context
from deskterm.screens.present import Piece, pieces, status_word, user_text
from deskterm.screens.summary import card, requester_line
from deskterm.screens.timeline import FILTERS
from deskterm.screens.type_ahead import release_keys
from deskterm.screens.widgets.prompt import Completions, Prompt
from deskterm.screens.widgets.status import StatusLine
from deskterm.screens.widgets.text import Line, Paragraph
from deskterm.screens.widgets.timeline_view import TimelineView
from deskterm.store.rows import TicketDetail, TicketRow

if TYPE_CHECKING:
    from deskterm.screens.queue import QueueScreen

__all__ = ["TicketScreen"]

CARD_WIDTH = 38


class TicketScreen(ComposingScreen):
    """One ticket; the queue behind keeps its place."""

    AUTO_FOCUS = "TimelineView"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,left,backspace", "back", N_("back to the queue"), id="ticket.back"),
        Binding("q", "back", N_("back to the queue"), id="ticket.close", show=False),
        Binding("right_square_bracket", "neighbour(1)", N_("next ticket of the view"), id="ticket.next"),
        Binding("left_square_bracket", "neighbour(-1)", N_("ticket before"), id="ticket.previous"),
        Binding("f", "filter", N_("all, public, internal, changes"), id="ticket.filter"),
        *(
            Binding(str(place + 1), f"filter({place})", word, id=f"ticket.filter_{shown}", show=False)
            for place, (shown, word) in enumerate(FILTERS)
        ),
        Binding("h", "filter(3)", N_("history: what changed"), id="ticket.history"),
        Binding("W", "whole", N_("long messages whole or cut"), id="ticket.whole"),
        Binding("x", "files", N_("attachments"), id="ticket.files"),
        Binding("R", "reload", N_("read the ticket again"), id="ticket.reload"),
    ]

    def __init__(self, context: Context, number: int, queue: "QueueScreen", compose: str = "") -> None:
        super().__init__(context, number)
        self.queue = queue
        self.compose_first = compose
        self.report: ClockReport | None = None
        self.shown = 0
        self.whole = False

    def compose(self) -> ComposeResult:
        context = self.context
        yield Line(user_text(_("Make this window larger: 60 x 12 is the least."), "$quiet"), id="too-small")
        with Vertical(id="desk"):
            yield Line(id="head")
            yield Line(id="ruler")
            with Horizontal(id="body"):
                with Vertical(id="left"):
                    yield Line(id="who")
                    yield Line(id="filter")
                    yield TimelineView(context.glyphs, context.when, id="timeline")
                yield Paragraph(id="card")
            yield Prompt(context.glyphs, id="prompt")
            yield Paragraph(id="banner")
            yield StatusLine(id="status")
        yield Completions(context.glyphs, id="completions")

    def on_mount(self) -> None:
        self.show_keys()
        self.load()

    def show_keys(self) -> None:
        self.query_one(StatusLine).set_keys(
            [
                ("r", _("reply")),
                ("n", _("note")),
                ("a", _("assign")),
                ("s", _("status")),
                ("e", _("resolve")),
                ("esc", _("back")),
                ("?", _("keys")),
                ("c", _("claim")),
                ("p", _("priority")),
                ("f", _("filter")),
                ("[ ]", _("next")),
                ("w", _("why")),
                ("m", _("macro")),
            ]
        )

    # -- reading

    def load(self) -> None:
        """Read the ticket."""
        desk, viewer, number = self.context.desk, self.context.actor, self.number

        def job() -> tuple[TicketDetail, ClockReport]:
            return desk.ticket(number, viewer=viewer), desk.clocks(number, viewer=viewer)

        self.fetch("ticket", job, self._show, self._missing)

    def _show(self, read: tuple[TicketDetail, ClockReport]) -> None:
        detail, self.report = read
        first = self.detail is None or self.detail.row.id != detail.row.id
        if not first and self.detail is not None and self.detail.row.version == detail.row.version:
            self.detail = detail
            self._show_facts()
            return
        self.detail = detail
        self._show_facts()
        self._show_timeline(newest=first)
        if first:
            self._offer_draft()

    def _offer_draft(self) -> None:
        if self.compose_first:
            kind, self.compose_first = self.compose_first, ""
            self.compose_for(kind)
            release_keys(self, "ticket")
            return
        release_keys(self, "ticket")
        for kind, key in (("reply", "r"), ("note", "n")):
            draft = self.context.drafts.find(self.number, kind)
            if draft is not None:
                word = _("reply") if kind == "reply" else _("note")
                told = _("An unsent %(kind)s from %(when)s is kept: %(key)s goes on with it.")
                self.say(told % {"kind": word, "when": self.context.when(draft.at), "key": key}, "$warning")

    def _missing(self, problem: Problem) -> None:
        if self.detail is None:
            self.dismiss()
            self.queue.complain(problem)
        else:
            self.complain(problem)

    def pulse(self) -> None:
        self.load()

    def minute(self) -> None:
        self.load()

    def renew(self, tickets: Sequence[int]) -> None:  # noqa: ARG002
        self.load()
        self.queue.pulse()

    def action_reload(self) -> None:
        self.load()

    # -- showing

    def home(self) -> Widget:
        typing = self.query("Pad, Entry")
        return typing.first() if typing else self.query_one(TimelineView)

    def on_resize(self) -> None:
        self._dress()
        self.call_after_refresh(self.refocus)

    def _dress(self) -> None:
        self.query_one("#ruler", Line).show(self.ruler())
        if self.detail is not None:
            self._show_facts()

    def _show_facts(self) -> None:
        """Everything but the timeline."""
        detail, report = self.detail, self.report
        if detail is None or report is None:
            return
        context = self.context
        self._show_head(detail.row)
        self._show_filter(detail)
        self.query_one("#who", Line).show(user_text(f" {requester_line(detail, context.glyphs)}", "$quiet"))
        self.query_one("#card", Paragraph).show(
            card(detail, report, CARD_WIDTH - 3, context.glyphs, context.when)
        )

    def _show_head(self, row: TicketRow) -> None:
        glyphs = self.context.glyphs
        assignee = row.assignee or glyphs.none
        right = f" {status_word(row.status)} {glyphs.dot} {row.priority} {glyphs.dot} {assignee} "
        left = f" {glyphs.back} {self.queue.standing}  "
        subject = clean_line(f"#{row.id} {row.subject}", max(8, self.size.width - cell_width(left + right)))
        gap = " " * max(0, self.size.width - cell_width(left + subject + right))
        parts: list[Piece] = [(left, "$quiet"), (subject, "bold"), (gap, ""), (right, "$primary")]
        self.query_one("#head", Line).show(pieces(parts))

    def _show_filter(self, detail: TicketDetail) -> None:
        dot = f" {self.context.glyphs.dot} "
        parts: list[Piece] = [(" ", "")]
        for place, (_name, word) in enumerate(FILTERS):
            parts.append((dot if place else "", "$quiet"))
            parts.append((_(word), "bold $primary" if place == self.shown else "$quiet"))
        count = len(detail.timeline)
        parts.append((dot + _("%d events") % count, "$quiet"))
        self.query_one("#filter", Line).show(pieces(parts))

    def _show_timeline(self, *, newest: bool) -> None:
        if self.detail is not None:
            view = self.query_one(TimelineView)
            view.show(self.detail.timeline, FILTERS[self.shown][0], whole=self.whole, newest=newest)

    def action_filter(self, place: int | None = None) -> None:
        self.shown = (self.shown + 1) % len(FILTERS) if place is None else place
        if self.detail is not None:
            self._show_filter(self.detail)
        self._show_timeline(newest=True)

    def action_whole(self) -> None:
        self.whole = not self.whole
        self._show_timeline(newest=False)

    # -- going elsewhere

    def action_back(self) -> None:
        self.keep_draft()
        self.dismiss()

    def action_neighbour(self, by: int) -> None:
        number = self.queue.neighbour(by)
        if number is None:
            self.say(_("There is no further ticket in this view."))
            return
        self.change_ticket(number)
        self.load()

    def action_files(self) -> None:
        from deskterm.screens.attachments import pick_file

        if self.detail is not None:
            pick_file(self, self.detail)

    def show_query(self, query: str) -> None:
        self.queue.show_query(query)
        self.action_back()

    def show_view(self, name: str) -> None:
        self.queue.show_view(name)
        self.action_back()

    def go_to(self, number: int) -> None:
        self.change_ticket(number)
        self.load()

    def show_flaw(self, problem: Problem | None) -> None:
        status = self.query_one(StatusLine)
        if problem is None:
            status.clear()
        else:
            self.complain(problem)

    def leave_line(self) -> None:
        self.query_one(Prompt).display = False
        self.query_one(TimelineView).focus()
