"""Report: what became of a deed on several tickets; what was refused, and why."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from deskterm.i18n import N_, _, say
from deskterm.screens.context import Context
from deskterm.screens.deeds import Outcome
from deskterm.screens.dialogs.dialog import Dialog
from deskterm.screens.present import joined, user_text
from deskterm.screens.widgets.text import Paragraph

__all__ = ["ReportDialog", "tally"]


def tally(outcome: Outcome) -> str:
    """`497 done, 3 refused`."""
    return _("%(done)d done, %(refused)d refused") % {
        "done": len(outcome.receipts),
        "refused": len(outcome.refused),
    }


class ReportDialog(Dialog[None]):
    """Lists the refusals."""

    DEFAULT_CSS = """
    ReportDialog VerticalScroll { height: auto; max-height: 16; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "cancel", N_("good"), id="report.close"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, context: Context, outcome: Outcome) -> None:
        super().__init__(context, f"{outcome.deed.words}: {tally(outcome)}")
        self.outcome = outcome

    def body(self) -> Iterable[Widget]:
        overdue = self.context.glyphs.overdue
        lines = [user_text(f"{overdue} #{ticket} {say(why)}") for ticket, why in self.outcome.refused.items()]
        return [VerticalScroll(Paragraph(joined(lines)))]

    def keys(self) -> Iterable[tuple[str, str]]:
        return [("enter", _("good"))]
