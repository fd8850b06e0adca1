"""Tones: the styles a widget paints its lines with, taken from the theme in use."""

from typing import TYPE_CHECKING, Final

from rich.style import Style
from textual.color import Color

if TYPE_CHECKING:
    from textual.widget import Widget

__all__ = ["Tones"]

_VARIABLES: Final = ("quiet", "line", "error", "warning", "success", "public", "note", "primary")


class Tones:
    """Rich styles by name ("" is plain, "bold $error" strong), also for the row of the cursor."""

    def __init__(self, widget: "Widget") -> None:
        app = widget.app
        base = widget.visual_style.rich_style
        self.plain = Style(color=base.color, bgcolor=base.bgcolor)
        self._styles: dict[str, Style] = {"": self.plain, "bold": self.plain + Style(bold=True)}
        for name in _VARIABLES:
            color = Color.parse(app.theme_variables[name]).rich_color
            self._styles[f"${name}"] = self.plain + Style(color=color)
            self._styles[f"bold ${name}"] = self.plain + Style(color=color, bold=True)
        self._cursor = self._on_cursor(widget)

    def _on_cursor(self, widget: "Widget") -> dict[str, Style]:
        if widget.app.no_color:
            return {name: Style(reverse=True, bold=style.bold) for name, style in self._styles.items()}
        if widget.app.native_ansi_color:
            strong = Style.parse("bright_white on blue")
            return dict.fromkeys(self._styles, strong)
        background = Style(bgcolor=Color.parse(widget.app.theme_variables["row-cursor"]).rich_color)
        return {name: style + background for name, style in self._styles.items()}

    def __getitem__(self, name: str) -> Style:
        return self._styles[name]

    def on_cursor(self, name: str) -> Style:
        """The style on the row of the cursor."""
        return self._cursor[name]
