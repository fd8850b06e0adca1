"""Plan: what is about to be done to several tickets, before it is done."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from deskterm.i18n import N_, _, ngettext, say
from deskterm.rules.clean import clean_line
from deskterm.screens.context import Context
from deskterm.screens.deeds import Outcome
from deskterm.screens.dialogs.dialog import Dialog
from deskterm.screens.forecast import forecast
from deskterm.screens.present import joined, user_text
from deskterm.screens.widgets.text import Paragraph
from deskterm.store.rows import TicketRow

__all__ = ["PlanDialog", "plan_title"]

MOST_LISTED = 200


def plan_title(tickets: int, deed: str) -> str:
    """`3 tickets: assign to kim`."""
    return ngettext("%(n)d ticket: %(deed)s", "%(n)d tickets: %(deed)s", tickets) % {
        "n": tickets,
        "deed": deed,
    }


class PlanDialog(Dialog[bool]):
    """Answers True when it shall be done; `rehearsed` is what would become of it.

    What it would do is told of each ticket when the deed wants that (`planned`), of one in full.
    """

    DEFAULT_CSS = """
    PlanDialog VerticalScroll { height: auto; max-height: 16; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "agree", N_("do it"), id="plan.agree"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, context: Context, tickets: Sequence[TicketRow], rehearsed: Outcome) -> None:
        super().__init__(context, plan_title(len(tickets), rehearsed.deed.words))
        self.tickets = tickets
        self.rehearsed = rehearsed
        self.refusals = rehearsed.refused

    def body(self) -> Iterable[Widget]:
        lines = [line for row in self.tickets[:MOST_LISTED] for line in self._lines(row)]
        if len(self.tickets) > MOST_LISTED:
            lines.append(user_text(_("and %d more") % (len(self.tickets) - MOST_LISTED), "$quiet"))
        able = len(self.tickets) - len(self.refusals)
        if self.refusals:
            told = _("%(able)d will be done, %(refused)d refused.")
            lines += [
                user_text(""),
                user_text(told % {"able": able, "refused": len(self.refusals)}, "$warning"),
            ]
        return [VerticalScroll(Paragraph(joined(lines)))]

    def _lines(self, row: TicketRow) -> Iterator[Content]:
        glyphs = self.context.glyphs
        why = self.refusals.get(row.id)
        if why is not None:
            yield user_text(f"{glyphs.overdue} #{row.id} {say(why)}", "$error")
            return
        yield user_text(f"{glyphs.met} #{row.id} {clean_line(row.subject, 52)}")
        if self.rehearsed.deed.planned:
            whole = len(self.tickets) == 1
            for line in forecast(self.context, self.rehearsed.receipts[row.id], whole=whole):
                yield user_text(f"  {line}", "$quiet")

    def keys(self) -> Iterable[tuple[str, str]]:
        if len(self.refusals) == len(self.tickets):
            return [("esc", _("back"))]
        return [("enter", _("do it")), ("esc", _("back"))]

    def action_agree(self) -> None:
        if len(self.refusals) < len(self.tickets):
            self.dismiss(True)
