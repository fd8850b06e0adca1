"""Resolve: cause and solution, which a resolved ticket needs, and an answer to the requester."""

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

__all__ = ["Resolution", "ResolveDialog"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Why it happened, what solved it, and what the requester is told ("" for nothing)."""

    cause: str
    solution: str
    reply: str


class ResolveDialog(Dialog[Resolution]):
    """Answers a Resolution; says what is missing and keeps what was typed."""

    DEFAULT_CSS = """
    ResolveDialog > .box { width: 84; }
    ResolveDialog .label { color: $quiet; }
    ResolveDialog .public { color: $public; }
    ResolveDialog Entry { background: $panel; margin-bottom: 1; }
    ResolveDialog Pad { background: $panel; height: 4; margin-bottom: 1; }
    ResolveDialog #lacking { color: $error; height: 1; }
    ResolveDialog .keys { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "done", N_("resolve"), id="resolve.done", priority=True),
    ]

    def __init__(
        self,
        context: Context,
        title: str,
        requester: str,
        start: Resolution,
        keep: Callable[[Resolution], None],
    ) -> None:
        super().__init__(context, title)
        self.requester = requester
        self.start = start
        self.keep = keep

    def body(self) -> Iterable[Widget]:
        told = _("Reply to %s (public; empty: nothing is written to them)") % self.requester
        return [
            Line(user_text(_("Cause: why it happened")), classes="label"),
            Entry(self.start.cause, id="cause"),
            Line(user_text(_("Solution: what solved it (the requester reads it)")), classes="label"),
            Pad(self.start.solution, id="solution"),
            Line(user_text(f"{self.context.glyphs.public} {told}"), classes="public"),
            Pad(self.start.reply, id="reply"),
            Line(id="lacking"),
        ]

    def keys(self) -> Iterable[tuple[str, str]]:
        return [("ctrl+s", _("resolve")), ("tab", _("next field")), ("esc", _("back"))]

    def on_mount(self) -> None:
        self.set_interval(AUTOSAVE, self.keep_draft)

    def keep_draft(self) -> None:
        typed = self.resolution
        if typed != self.start:
            self.start = typed
            self.keep(typed)

    def action_cancel(self) -> None:
        self.keep_draft()
        super().action_cancel()

    def on_input_submitted(self) -> None:
        self.query_one("#solution").focus()

    @property
    def resolution(self) -> Resolution:
        """What was typed so far."""
        pads = [self.query_one(f"#{name}", Pad).text for name in ("solution", "reply")]
        return Resolution(self.query_one("#cause", Entry).value, *pads)

    def action_done(self) -> None:
        self.keep_draft()
        typed = self.resolution
        for name in ("cause", "solution"):
            if not getattr(typed, name).strip():
                self.query_one("#lacking", Line).show(
                    user_text(_("A resolved ticket needs a cause and a solution."))
                )
                self.query_one(f"#{name}").focus()
                return
        self.dismiss(typed)
