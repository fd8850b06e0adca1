"""Forecast: what a deed would do to a ticket, in lines of raw text."""

from deskterm.desk.receipt import Receipt
from deskterm.i18n import _
from deskterm.screens.context import Context
from deskterm.screens.describe import describe

__all__ = ["forecast"]

MOST_WORDS = 2000  # characters of a message


def forecast(context: Context, receipt: Receipt, *, whole: bool) -> tuple[str, ...]:
    """A line for each change and, when it shall be told as a `whole`, the words of each message below it."""
    glyphs = context.glyphs
    told = [describe(str(each["kind"]), each, glyphs, context.when) for each in receipt.changes]
    if not told:
        return (_("nothing to change"), *receipt.warnings)
    if not whole:
        return ("; ".join(told), *receipt.warnings)
    lines: list[str] = []
    for line, each in zip(told, receipt.changes, strict=True):
        lines.append(line)
        lines += [f"  {words}" for words in str(each.get("body", ""))[:MOST_WORDS].splitlines()]
    return (*lines, *receipt.warnings)
