"""Stale: somebody was faster; what he did, and what shall become of the text at hand."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from deskterm.i18n import N_, _
from deskterm.screens.context import Context
from deskterm.screens.dialogs.dialog import Dialog
from deskterm.screens.present import joined, user_text
from deskterm.screens.widgets.text import Paragraph

__all__ = ["StaleDialog"]


class StaleDialog(Dialog[Literal["send"]]):
    """Answers "send" to send all the same, None to go on writing; `since` are the lines of what happened."""

    DEFAULT_CSS = """
    StaleDialog > .box { border: round $warning; }
    StaleDialog VerticalScroll { height: auto; max-height: 12; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "send", N_("send all the same"), id="stale.send"),
        Binding("enter", "cancel", N_("look first"), id="stale.look"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, context: Context, since: Sequence[str]) -> None:
        super().__init__(context, _("This ticket changed while you were writing"))
        self.since = since

    def body(self) -> Iterable[Widget]:
        lines = [user_text(line) for line in self.since]
        lines += [user_text(""), user_text(_("Nothing was sent; your text is kept."), "$quiet")]
        return [VerticalScroll(Paragraph(joined(lines)))]

    def keys(self) -> Iterable[tuple[str, str]]:
        return [("enter", _("look first")), ("s", _("send all the same"))]

    def action_send(self) -> None:
        self.dismiss("send")
