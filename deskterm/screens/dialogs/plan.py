"""Plan: what is about to be done to several tickets, before it is done."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from deskterm.i18n import N_, _, ngettext
from deskterm.rules.clean import clean_line
from deskterm.screens.context import Context
from deskterm.screens.dialogs.dialog import Dialog
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
    """Answers True when it shall be done; `refusals` are the reasons by ticket that are known beforehand."""

    DEFAULT_CSS = """
    PlanDialog VerticalScroll { height: auto; max-height: 16; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "agree", N_("do it"), id="plan.agree"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(
        self, context: Context, deed: str, tickets: Sequence[TicketRow], refusals: dict[int, str]
    ) -> None:
        super().__init__(context, plan_title(len(tickets), deed))
        self.tickets = tickets
        self.refusals = refusals

    def body(self) -> Iterable[Widget]:
        lines = [self._line(row) for row in self.tickets[:MOST_LISTED]]
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

    def _line(self, row: TicketRow) -> Content:

        glyphs = self.context.glyphs
        why = self.refusals.get(row.id)
        if why is None:
            return user_text(f"{glyphs.met} #{row.id} {clean_line(row.subject, 52)}")
        return user_text(f"{glyphs.overdue} #{row.id} {why}", "$error")

    def keys(self) -> Iterable[tuple[str, str]]:
        if len(self.refusals) == len(self.tickets):
            return [("esc", _("back"))]
        return [("enter", _("do it")), ("esc", _("back"))]

    def action_agree(self) -> None:
        if len(self.refusals) < len(self.tickets):
            self.dismiss(True)
