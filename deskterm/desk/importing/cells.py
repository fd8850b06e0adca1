"""Cells: how a mapping says where a value comes from, and what becomes of it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Final

from deskterm.rules.facts import nothing
from deskterm.rules.frozen import frozen

__all__ = ["Cell", "Take", "Template"]

_COLUMN: Final = re.compile(r"\{([^{}]+)\}")

Take = Callable[[Sequence[str]], str]
"""Gives the value of a cell for the values of a row; "" when the row says nothing."""


@frozen
class Template:
    """Words and columns in turn: words stand at even places, the names of columns at odd ones."""

    parts: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Template":
        """`Caller {caller_id}`: a name in braces is a column; a text without braces is one column."""
        if not _COLUMN.search(text):
            return cls(("", text, ""))
        return cls(tuple(_COLUMN.split(text)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it names."""
        return self.parts[1::2]

    def bind(self, place: Mapping[str, int]) -> Take:
        """The function that fills it; `place` tells where in a row's values a column stands."""
        places = [place[name] for name in self.columns]
        if self.parts[::2] == ("", ""):
            (only,) = places
            return lambda row: row[only]
        words = self.parts[::2]

        def fill(row: Sequence[str]) -> str:
            values = [row[each] for each in places]
            if not all(values):
                return ""
            return words[0] + "".join(map(str.__add__, values, words[1:]))

        return fill


@frozen
class Cell:
    """A value of each row: of the first template all of whose columns say something, else `value`.

    `table` turns what was found into the desk's words; what it does not know becomes `otherwise`, or is a
    fault of the row when that is None. Without a table everything is taken as it is.
    """

    templates: tuple[Template, ...] = ()
    value: str = ""
    table: Mapping[str, str] = field(default_factory=nothing)
    otherwise: str | None = None

    def columns(self) -> Iterator[str]:
        """The columns it needs."""
        for template in self.templates:
            yield from template.columns

    def bind(self, place: Mapping[str, int]) -> Take:
        """The function that reads it, before `table` is asked."""
        if not self.templates:
            value = self.value
            return lambda _row: value
        takes = [template.bind(place) for template in self.templates]
        if len(takes) == 1 and not self.value:
            return takes[0]
        return lambda row: next((found for take in takes if (found := take(row))), self.value)
