"""Why: how a ticket got where it is, what it is measured by, and what the timer did; to be read."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from deskterm.desk.explaining import Explanation
from deskterm.i18n import N_, _
from deskterm.rules.clean import cell_width, clean_line
from deskterm.rules.problems import Problem
from deskterm.screens.context import Context
from deskterm.screens.present import pieces, user_text
from deskterm.screens.reasons import page_of
from deskterm.screens.type_ahead import release_keys
from deskterm.screens.widgets.page import Page
from deskterm.screens.widgets.status import StatusLine
from deskterm.screens.widgets.text import Line, Paragraph
from deskterm.screens.work import WorkScreen
from deskterm.store.rows import TicketRow

__all__ = ["WhyScreen"]


class WhyScreen(WorkScreen):
    """The reasons of one ticket; whatever it was opened from waits behind it."""

    AUTO_FOCUS = "Page"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,left,backspace,w", "back", N_("back"), id="why.back"),
        Binding("q", "back", N_("back"), id="why.close", show=False),
        Binding("R", "reload", N_("look again"), id="why.reload"),
    ]

    def __init__(self, context: Context, row: TicketRow) -> None:
        super().__init__(context)
        self.row = row
        self.explained: Explanation | None = None

    def compose(self) -> ComposeResult:
        yield Line(user_text(_("Make this window larger: 60 x 12 is the least."), "$quiet"), id="too-small")
        with Vertical(id="desk"):
            yield Line(id="head")
            yield Line(id="ruler")
            yield Page(id="page")
            yield Paragraph(id="banner")
            yield StatusLine(id="status")

    def on_mount(self) -> None:
        self.query_one(StatusLine).set_keys(
            [
                ("j k", _("line")),
                ("space", _("page")),
                ("{ }", _("section")),
                ("esc", _("back")),
                ("?", _("keys")),
                ("g G", _("top, end")),
            ]
        )
        self.load()

    def load(self) -> None:
        """Ask the desk."""
        desk, viewer, number = self.context.desk, self.context.actor, self.row.id
        self.fetch("why", lambda: desk.explain(number, viewer=viewer), self._show, self._refused)

    def _show(self, found: Explanation) -> None:
        release_keys(self, "dialog")
        self.explained, self.row = found, found.row
        self._dress()

    def _refused(self, problem: Problem) -> None:
        release_keys(self, "dialog")
        self.complain(problem)

    def _dress(self) -> None:
        glyphs, width = self.context.glyphs, self.size.width
        left = f" {glyphs.back} " + _("Why") + "  "
        subject = clean_line(f"#{self.row.id} {self.row.subject}", max(8, width - cell_width(left) - 1))
        self.query_one("#head", Line).show(pieces([(left, "$quiet"), (subject, "bold")]))
        self.query_one("#ruler", Line).show(user_text(glyphs.rule * width, "$line"))
        found, when = self.explained, self.context.date
        if found is not None:
            self.query_one(Page).show(lambda cells: page_of(found, cells, glyphs, when))

    # -- what every screen with tickets answers

    def targets(self) -> Sequence[TicketRow]:
        return (self.row,)

    def renew(self, tickets: Sequence[int]) -> None:  # noqa: ARG002
        self.load()

    def pulse(self) -> None:
        self.load()

    def minute(self) -> None:
        self.load()

    def home(self) -> Widget:
        return self.query_one(Page)

    def on_resize(self) -> None:
        self._dress()
        self.call_after_refresh(self.refocus)

    def action_reload(self) -> None:
        self.load()

    def action_back(self) -> None:
        self.dismiss()
