"""Text on the screen: widgets that take Content and nothing else, so that no string can be read as markup."""

from textual.content import Content
from textual.widget import Widget

from deskterm.screens.present import EMPTY

__all__ = ["Line", "Paragraph"]


class Line(Widget):
    """Content of a height that the style sheet fixes; showing the same again paints nothing."""

    DEFAULT_CSS = "Line { height: 1; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(
        self, content: Content = EMPTY, *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.content = content

    def show(self, content: Content) -> None:
        """Show this instead."""
        if content.is_same(self.content):
            return
        self.content = content
        self.refresh(layout=self.styles.auto_dimensions)

    def render(self) -> Content:
        return self.content


class Paragraph(Line):
    """Content as high as it needs to be."""

    DEFAULT_CSS = "Paragraph { height: auto; text-wrap: wrap; }"
