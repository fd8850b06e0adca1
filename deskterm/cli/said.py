"""Said: one line of an explanation."""

from typing import NamedTuple

__all__ = ["Said"]


class Said(NamedTuple):
    """A line of the `part` of an explanation.

    `mark` is # for a heading, + (holds), - (does not), > (what was done) or "". A `fixed` one has columns and
    is not wrapped. Without a text it is an empty line.
    """

    part: str
    mark: str
    text: str = ""
    indent: int = 0
    fixed: bool = False
