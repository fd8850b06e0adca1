"""The common frame of dialogs: a box with a title, a body and the keys that answer it."""

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from deskterm.i18n import N_
from deskterm.screens.context import Context
from deskterm.screens.present import pieces, user_text
from deskterm.screens.type_ahead import release_keys
from deskterm.screens.widgets.text import Line

__all__ = ["Dialog", "keys_line"]

R = TypeVar("R")


def keys_line(keys: Iterable[tuple[str, str]]) -> Content:
    """Keys with what they do, the key strong and the word quiet."""
    parts: list[tuple[str, str]] = []
    for key, word in keys:
        parts += [("  " if parts else "", ""), (key, "bold"), (f" {word}", "$quiet")]
    return pieces(parts)


class Dialog(ModalScreen[R]):
    """A question above the screen; esc answers None."""

    AUTO_FOCUS = "Entry, Pad"
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: transparent;
        & > .box {
            width: 72; max-width: 96%; height: auto; max-height: 90%;
            padding: 0 1; border: round $line; background: $surface;
        }
        & .title { height: 1; margin-bottom: 1; }
        & .keys { height: 1; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", N_("back"), id="dialog.cancel"),
    ]

    def __init__(self, context: Context, title: str) -> None:
        super().__init__()
        self.context = context
        self.heading = title

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Line(user_text(self.heading, "bold"), classes="title")
            yield from self.body()
            yield Line(keys_line(self.keys()), classes="keys")

    def body(self) -> Iterable[Widget]:
        """What stands between title and keys."""
        raise NotImplementedError

    def keys(self) -> Iterable[tuple[str, str]]:
        """The keys that answer, with words."""
        raise NotImplementedError

    def on_screen_resume(self) -> None:
        self.call_after_refresh(release_keys, self, "dialog")

    def keep_draft(self) -> None:
        """Save what is being typed, if it is worth it."""

    def action_cancel(self) -> None:
        self.dismiss(None)
