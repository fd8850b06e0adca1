"""Glyphs: the signs of the screens, each one cell wide, with a twin for terminals without UTF-8."""

from dataclasses import dataclass
from typing import Final

__all__ = ["ASCII", "UNICODE", "Glyphs"]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One sign for one meaning; a state is never told by colour alone."""

    cursor: str = "▸"
    mark: str = "●"
    met: str = "✓"
    overdue: str = "✗"
    warning: str = "◔"
    paused: str = "‖"
    rule: str = "─"
    public: str = "│"
    internal: str = "┆"
    change: str = "·"
    bar: str = "│"
    none: str = "–"
    ellipsis: str = "…"
    back: str = "‹"
    arrow: str = "→"
    dot: str = "·"
    file: str = "+"
    underline: str = "▔"
    gone: str = "×"


UNICODE: Final = Glyphs()
ASCII: Final = Glyphs(
    cursor=">",
    mark="*",
    met="v",
    overdue="x",
    warning="~",
    paused="=",
    rule="-",
    public="|",
    internal=":",
    change="-",
    bar="|",
    none="-",
    ellipsis="~",
    back="<",
    arrow="->",
    dot="-",
    file="+",
    underline="^",
    gone="x",
)
