"""A page to read: whatever makes its lines at a width."""

from collections.abc import Callable, Sequence

from deskterm.screens.present import Piece
from deskterm.screens.widgets.line_view import LineView

__all__ = ["Page"]

Lines = Sequence[Sequence[Piece]]


class Page(LineView):
    """Shows lines from the first one on, and keeps its place when they are made again."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._make: Callable[[int], Lines] = lambda _width: ()
        self._lines: Lines = ()

    def show(self, make: Callable[[int], Lines]) -> None:
        """Show what `make` makes of a width in cells; what looks the same is not painted again."""
        width = self.scrollable_content_region.width
        self._make = make
        if width <= 0 or make(width) != self._lines:
            self.show_again()

    def wrap(self, width: int) -> int:
        self._lines = self._make(width)
        return len(self._lines)

    def pieces_of(self, place: int) -> Sequence[Piece]:
        return self._lines[place]
