"""Where a person types: one line or several, without a blinking cursor."""

from textual.document._document import Selection
from textual.widgets import Input, TextArea

from deskterm.screens.type_ahead import hold_keys, release_keys

__all__ = ["Entry", "Pad"]


class Entry(Input):
    """One line of input without a border."""

    DEFAULT_CSS = """
    Entry { background: $surface; &:focus { background-tint: transparent; } }
    """

    def __init__(self, value: str = "", *, id: str | None = None) -> None:
        super().__init__(value, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def on_focus(self) -> None:
        release_keys(self, "entry", "submitted")

    async def action_submit(self) -> None:
        hold_keys(self, "submitted")
        await super().action_submit()


class Pad(TextArea):
    """Several lines of input without a border."""

    DEFAULT_CSS = """
    Pad { background: transparent; padding: 0 1; & .text-area--cursor-line { background: transparent; } }
    """

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(text, id=id, compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        # behind the text; the usual way would scroll, for which there are no styles yet
        self.set_reactive(TextArea.selection, Selection.cursor(self.document.end))

    def on_focus(self) -> None:
        release_keys(self, "entry", "submitted")
