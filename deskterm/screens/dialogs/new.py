"""New: a ticket on behalf of a caller."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from deskterm.i18n import N_, _
from deskterm.screens.context import Context
from deskterm.screens.dialogs.dialog import Dialog
from deskterm.screens.drafts import AUTOSAVE
from deskterm.screens.present import user_text
from deskterm.screens.widgets.entry import Entry, Pad
from deskterm.screens.widgets.text import Line

__all__ = ["NewDialog", "NewTicket"]


@dataclass(frozen=True, slots=True)
class NewTicket:
    """For whom (an address, "" for oneself), about what, in which words."""

    requester: str = ""
    subject: str = ""
    body: str = ""


class NewDialog(Dialog[NewTicket]):
    """Answers what shall be opened; what was typed is kept when it is left."""

    DEFAULT_CSS = """
    NewDialog > .box { width: 84; }
    NewDialog .label { color: $quiet; }
    NewDialog Entry { background: $panel; margin-bottom: 1; }
    NewDialog Pad { background: $panel; height: 7; }
    NewDialog #lacking { color: $error; height: 1; }
    NewDialog .keys { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "done", N_("open the ticket"), id="new.done", priority=True),
    ]

    def __init__(self, context: Context, start: NewTicket, keep: Callable[[NewTicket], None]) -> None:
        super().__init__(context, _("New ticket"))
        self.start = start
        self.keep = keep

    def body(self) -> Iterable[Widget]:
        return [
            Line(user_text(_("Requester: an address; empty: yourself")), classes="label"),
            Entry(self.start.requester, id="requester"),
            Line(user_text(_("Subject")), classes="label"),
            Entry(self.start.subject, id="subject"),
            Line(user_text(_("What happened")), classes="label"),
            Pad(self.start.body, id="body"),
            Line(id="lacking"),
        ]

    def keys(self) -> Iterable[tuple[str, str]]:
        return [("ctrl+s", _("open the ticket")), ("tab", _("next field")), ("esc", _("back"))]

    def on_mount(self) -> None:
        self.set_interval(AUTOSAVE, self.keep_draft)

    def on_input_submitted(self) -> None:
        self.focus_next()

    @property
    def typed(self) -> NewTicket:
        """What was typed so far."""
        requester, subject = (self.query_one(f"#{name}", Entry).value for name in ("requester", "subject"))
        return NewTicket(requester, subject, self.query_one("#body", Pad).text)

    def keep_draft(self) -> None:
        if self.typed != self.start:
            self.start = self.typed
            self.keep(self.start)

    def action_cancel(self) -> None:
        self.keep_draft()
        super().action_cancel()

    def action_done(self) -> None:
        self.keep_draft()
        if self.typed.subject.strip():
            self.dismiss(self.typed)
            return
        self.query_one("#lacking", Line).show(user_text(_("%s is needed.") % _("Subject")))
        self.query_one("#subject").focus()
