"""Themes: one calm dark, one calm light, and the terminal's own colours."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.theme import BUILTIN_THEMES, Theme

if TYPE_CHECKING:
    from textual.app import App

__all__ = ["DARK", "LIGHT", "THEMES", "choose_theme", "register_themes"]

DARK: Final = "deskterm-dark"
LIGHT: Final = "deskterm-light"
THEMES: Final = (DARK, LIGHT, "ansi-dark", "ansi-light")

_DARK = Theme(
    name=DARK,
    primary="#7aa2d6",
    secondary="#8a94a6",
    accent="#7aa2d6",
    warning="#d9a860",
    error="#e5747a",
    success="#8fb57a",
    foreground="#cdd2da",
    background="#15181d",
    surface="#1b1f26",
    panel="#232832",
    boost="#232832",
    dark=True,
    variables={
        "quiet": "#7d8694",
        "line": "#353c48",
        "row-cursor": "#2a3344",
        "public": "#7aa2d6",
        "note": "#d9a860",
        "note-tint": "#26221b",
    },
)
_LIGHT = Theme(
    name=LIGHT,
    primary="#2a66a8",
    secondary="#6a7380",
    accent="#2a66a8",
    warning="#8f5b00",
    error="#b3262e",
    success="#2f7a3a",
    foreground="#262b33",
    background="#fbfbf8",
    surface="#f2f2ee",
    panel="#e8e9e5",
    boost="#e8e9e5",
    dark=False,
    variables={
        "quiet": "#69717d",
        "line": "#c9ccd1",
        "row-cursor": "#dbe6f3",
        "public": "#2a66a8",
        "note": "#8f5b00",
        "note-tint": "#f8f0df",
    },
)


def _ansi(name: str, *, quiet: str, cursor: str) -> Theme:
    theme = BUILTIN_THEMES[name]
    own = {
        "quiet": quiet,
        "line": quiet,
        "row-cursor": cursor,
        "public": "ansi_blue",
        "note": "ansi_yellow",
        "note-tint": "ansi_default",
    }
    return replace(theme, variables={**theme.variables, **own})


def register_themes(app: "App[int]") -> None:
    """Make the four themes known to `app`; the terminal's two get our own variables."""
    for theme in (
        _DARK,
        _LIGHT,
        _ansi("ansi-dark", quiet="ansi_bright_black", cursor="ansi_bright_black"),
        _ansi("ansi-light", quiet="ansi_bright_black", cursor="ansi_bright_white"),
    ):
        app.register_theme(theme)


def choose_theme(wish: str, *, color: bool) -> str:
    """The theme to start with: a name of THEMES, "dark" or "light"; without colour the terminal's own."""
    light = wish.endswith("light")
    if not color or wish.startswith("ansi"):
        return "ansi-light" if light else "ansi-dark"
    return LIGHT if light else DARK
