"""The timeline of a ticket as lines of cells; public and internal differ by word, by bar and by colour."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from deskterm.i18n import N_, _
from deskterm.rules.clean import cell_width, clean, clean_line
from deskterm.screens.describe import describe, why
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import Piece, fit, size_word, user_text
from deskterm.store.rows import MessageRow, TimelineRow

__all__ = ["FILTERS", "Filter", "TimelineLine", "lines_of", "wanted"]

Filter = Literal["all", "public", "internal", "changes"]
FILTERS: Final[tuple[tuple[Filter, str], ...]] = (
    ("all", N_("All")),
    ("public", N_("Public")),
    ("internal", N_("Internal")),
    ("changes", N_("Changes")),
)
MOST_LINES: Final = 200  # of one message, until the whole of it is asked for
MOST_LETTERS: Final = 20_000
WHOLE_LETTERS: Final = 2_000_000

When = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line on the screen; `entry` is the place of its event in the timeline."""

    entry: int
    pieces: tuple[Piece, ...]


def wanted(row: TimelineRow, shown: Filter) -> bool:
    """Whether an event belongs to what is shown."""
    if shown == "all":
        return True
    if row.message is None:
        return shown == "changes"
    return shown == ("public" if row.message.public else "internal")


def lines_of(
    timeline: Sequence[TimelineRow],
    shown: Filter,
    width: int,
    glyphs: Glyphs,
    when: When,
    *,
    whole: bool = False,
) -> list[TimelineLine]:
    """All lines at a width in cells; long messages are cut unless `whole`."""
    lines: list[TimelineLine] = []
    before_was_message = False
    for place, row in enumerate(timeline):
        if not wanted(row, shown):
            continue
        is_message = row.message is not None
        if lines and (is_message or before_was_message):
            lines.append(TimelineLine(place, ()))
        new = (
            _message(row, row.message, width, glyphs, when, whole)
            if row.message
            else _change(row, width, glyphs, when)
        )
        lines += [TimelineLine(place, tuple(pieces)) for pieces in new]
        before_was_message = is_message
    return lines


def _message(
    row: TimelineRow, message: MessageRow, width: int, glyphs: Glyphs, when: When, whole: bool
) -> Iterator[list[Piece]]:
    bar, tone = (glyphs.public, "$public") if message.public else (glyphs.internal, "$note")
    yield _head(row, message, width, glyphs, when, tone)
    for line in _body(message.body, max(10, width - 4), whole):
        yield [(f" {bar} ", tone), (line, "")]
    for file in message.attachments:
        name = f"{glyphs.file} {clean_line(file.name, width - 16)} {size_word(file.size)}"
        yield [(f" {bar} ", tone), (name, "$quiet")]


def _head(
    row: TimelineRow, message: MessageRow, width: int, glyphs: Glyphs, when: When, tone: str
) -> list[Piece]:
    if not message.public:
        kind = _("INTERNAL NOTE")
    elif row.data.get("side", "agent") == "agent" and message.author_kind == "agent":
        kind = _("public reply")
    else:
        kind = message.channel or _("message")
    who = row.actor_name or message.author_name or message.author or row.actor or row.actor_kind
    right = f"{when(row.at)}  {clean_line(kind)}"
    name = fit(who, max(8, width - cell_width(right) - 3), glyphs)
    return [(f" {name} ", "bold"), (right, tone if not message.public else "$quiet")]


def _body(body: str, width: int, whole: bool) -> Iterator[str]:
    """The lines of a message, wrapped to cells; what is left out is counted."""
    letters = WHOLE_LETTERS if whole else MOST_LETTERS
    text = clean(body[:letters]).expandtabs(4)
    wrapped = [line.plain for line in user_text(text).wrap(width)] if text.strip() else [""]
    most = len(wrapped) if whole else MOST_LINES
    yield from wrapped[:most]
    if len(wrapped) > most or len(body) > letters:
        left = len(body) - sum(map(len, wrapped[:most]))
        yield _("… about %d characters more (W shows all)") % max(0, left)


def _change(row: TimelineRow, width: int, glyphs: Glyphs, when: When) -> Iterator[list[Piece]]:
    who = row.actor if row.actor_kind == "agent" else row.actor_name or row.actor or row.actor_kind
    right = f"{clean_line(who, 14)}  {when(row.at)}"
    room = max(8, width - cell_width(right) - 6)
    told = clean_line(describe(row.kind, row.data, glyphs, when), room)
    reason, left = why(row.because), room - cell_width(told) - 3
    because = clean_line(reason, left) if left >= min(8, cell_width(reason)) else ""
    gap = " " * max(1, room - cell_width(told) - (cell_width(because) + 3 if because else 0) + 1)
    pieces: list[Piece] = [(f" {glyphs.change} ", "$quiet"), (told, "")]
    if because:
        pieces.append((f"   {because}", "$quiet"))
    yield [*pieces, (f"{gap}{right} ", "$quiet")]
