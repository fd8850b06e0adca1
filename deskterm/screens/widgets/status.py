"""The lowest line: the keys that matter here, or the last answer; beside it what waits."""

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from deskterm.screens.present import EMPTY, pieces, user_text

__all__ = ["StatusLine"]

Keys = Sequence[tuple[str, str]]


class StatusLine(Widget):
    """Keys with their words; an answer takes their place until the next key."""

    DEFAULT_CSS = "StatusLine { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.keys: Keys = ()
        self.answer = EMPTY
        self.aside = EMPTY

    def set_keys(self, keys: Keys) -> None:
        """The keys to show."""
        if keys != self.keys:
            self.keys = keys
            self.refresh()

    def say(self, text: str, style: str = "") -> None:
        """Show an answer in the place of the keys."""
        self._set("answer", user_text(f" {text}", style))

    def clear(self) -> None:
        """Show the keys again."""
        self._set("answer", EMPTY)

    def beside(self, content: Content) -> None:
        """What stands at the right end."""
        self._set("aside", content)

    def _set(self, name: str, content: Content) -> None:
        if not content.is_same(getattr(self, name)):
            setattr(self, name, content)
            self.refresh()

    def render(self) -> Content:
        room = self.size.width - self.aside.cell_length - 2
        left = self.answer or self._keys(room)
        left = left.truncate(room, ellipsis=True)
        gap = " " * max(1, self.size.width - left.cell_length - self.aside.cell_length - 1)
        return left + user_text(gap) + self.aside

    def _keys(self, room: int) -> Content:
        """As many keys as fit."""
        shown = EMPTY
        for key, word in self.keys:
            more = shown + pieces([("  " if shown else " ", ""), (key, "bold"), (f" {word}", "$quiet")])
            if more.cell_length > room:
                break
            shown = more
        return shown

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return 1
