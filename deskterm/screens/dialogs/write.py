"""Write: a text for several tickets at once; for one ticket there is the compose box."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from deskterm.i18n import N_, _
from deskterm.screens.context import Context
from deskterm.screens.dialogs.dialog import Dialog
from deskterm.screens.drafts import AUTOSAVE
from deskterm.screens.present import user_text
from deskterm.screens.widgets.entry import Pad
from deskterm.screens.widgets.text import Line

__all__ = ["WriteDialog"]


class WriteDialog(Dialog[str]):
    """Answers the text."""

    DEFAULT_CSS = """
    WriteDialog > .box { width: 84; }
    WriteDialog Pad { height: 10; background: $panel; }
    WriteDialog .public { color: $public; margin-bottom: 1; }
    WriteDialog .internal { color: $note; margin-bottom: 1; }
    WriteDialog.-internal Pad { background: $note-tint; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "done", N_("go on"), id="write.done", priority=True),
    ]

    def __init__(
        self, context: Context, title: str, start: str, keep: Callable[[str], None], *, public: bool
    ) -> None:
        super().__init__(context, title)
        self.start = start
        self.keep = keep
        self.public = public
        self.set_class(not public, "-internal")

    def body(self) -> Iterable[Widget]:
        glyphs = self.context.glyphs
        if self.public:
            told = f"{glyphs.public} " + _("PUBLIC: each requester gets it")
            return [Line(user_text(told), classes="public"), Pad(self.start)]
        told = f"{glyphs.internal} " + _("INTERNAL: only agents see it")
        return [Line(user_text(told), classes="internal"), Pad(self.start)]

    def keys(self) -> Iterable[tuple[str, str]]:
        return [("ctrl+s", _("go on")), ("esc", _("back"))]

    def on_mount(self) -> None:
        self.set_interval(AUTOSAVE, self.keep_draft)

    def keep_draft(self) -> None:
        text = self.query_one(Pad).text
        if text != self.start:
            self.start = text
            self.keep(text)

    def action_cancel(self) -> None:
        self.keep_draft()
        super().action_cancel()

    def action_done(self) -> None:
        self.keep_draft()
        text = self.query_one(Pad).text
        if text.strip():
            self.dismiss(text)
