"""Columns of the queue: which there are at a width, and the cells of a ticket's row."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from deskterm.i18n import N_, _, duration, language
from deskterm.rules.clean import cell_width
from deskterm.rules.terms import CATEGORY
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import Piece, fit, sla_cell, status_word
from deskterm.store.rows import TicketRow

__all__ = ["WIDE", "Layout", "heading", "layout", "row_pieces"]

_LONGEST_PRIORITY: Final = 8
WIDE: Final = 100  # cells from which on nothing is left out


@dataclass(frozen=True, slots=True)
class Layout:
    """The width of every column in cells; 0 leaves the column out."""

    number: int
    priority: int
    sla: int
    subject: int
    requester: int
    assignee: int
    status: int
    queue: int
    age: int
    gap: int
    organization: bool

    @property
    def gutter(self) -> int:
        """Room for the cursor and the mark."""
        return 4 if self.gap > 1 else 3


def layout(width: int, widest_number: int, widest_priority: int = 2) -> Layout:
    """How `width` cells are shared out among numbers and priorities of these widths and all the rest."""
    widest_priority = max(2, min(_LONGEST_PRIORITY, widest_priority))
    if width >= WIDE:
        spare = max(0, width - 120)
        roomy = width >= 116
        fixed = Layout(
            number=max(5, widest_number),
            priority=widest_priority,
            sla=9,
            subject=0,
            requester=min(30, 20 + spare // 4) if roomy else 14,
            assignee=10 if roomy else 8,
            status=_widest_status(language()),
            queue=12 if spare >= 24 else 0,
            age=_widest_age(language()),
            gap=2,
            organization=roomy,
        )
    else:
        fixed = Layout(
            number=max(5, widest_number),
            priority=widest_priority,
            sla=9,
            subject=0,
            requester=12 if width >= 64 else 0,
            assignee=3,
            status=0,
            queue=0,
            age=0,
            gap=1,
            organization=False,
        )
    return _with_subject(fixed, width)


@lru_cache
def _widest_status(spoken: str) -> int:  # noqa: ARG001 - what it is cached for
    return min(12, max(9, *(cell_width(status_word(each)) for each in CATEGORY)))


@lru_cache
def _widest_age(spoken: str) -> int:  # noqa: ARG001
    return max(4, *(cell_width(duration(each)) for each in (59, 59 * 60, 23 * 3600, 999 * 86400)))


def _with_subject(fixed: Layout, width: int) -> Layout:
    others = [
        getattr(fixed, name)
        for name in ("number", "priority", "sla", "requester", "assignee", "status", "queue", "age")
    ]
    used = fixed.gutter + sum(size + fixed.gap for size in others if size) + 1
    values = {name: getattr(fixed, name) for name in Layout.__slots__}
    return Layout(**{**values, "subject": max(8, width - used)})


_TITLES: Final = (
    ("number", N_("#")),
    ("priority", N_("P")),
    ("sla", N_("SLA")),
    ("subject", N_("Subject")),
    ("requester", N_("Requester")),
    ("assignee", N_("Assignee")),
    ("status", N_("Status")),
    ("queue", N_("Queue")),
    ("age", N_("Age")),
)


def heading(plan: Layout, glyphs: Glyphs) -> str:
    """The titles of the columns, as wide as the rows; a title without room is left out."""
    cells: list[str] = []
    for name, title in _TITLES:
        size = getattr(plan, name)
        word = _(title) if cell_width(_(title)) <= size else ""
        if name == "sla":  # the first two cells of that column are the glyph's
            cells.append("  " + fit(word, size - 2, glyphs))
        elif size:
            cells.append(fit(word, size, glyphs, right=name in ("number", "age")))
    return " " * plan.gutter + (" " * plan.gap).join(cells) + " "


def row_pieces(row: TicketRow, plan: Layout, now: int, glyphs: Glyphs) -> list[Piece]:
    """The cells behind the gutter, in few pieces: each piece costs the terminal a change of colour."""
    gap = " " * plan.gap
    clock, tone = sla_cell(row.sla_state, row.next_due_at, now, glyphs)
    number = fit(str(row.id), plan.number, glyphs, right=True)
    head = f"{number}{gap}{fit(row.priority, plan.priority, glyphs)}{gap}"
    time = fit(clock, plan.sla, glyphs) if clock.strip() == clock else "  " + fit(clock, plan.sla - 2, glyphs)
    tail = gap.join(_tail(row, plan, now, glyphs))
    return [
        (head, ""),
        (time, tone),
        (gap + fit(row.subject, plan.subject, glyphs) + gap, ""),
        (tail + " ", "$quiet"),
    ]


def _tail(row: TicketRow, plan: Layout, now: int, glyphs: Glyphs) -> list[str]:
    assignee = (row.assignee if plan.assignee > 3 else row.assignee[:2]) or glyphs.none
    cells = (
        (_requester(row, plan, glyphs), plan.requester),
        (assignee, plan.assignee),
        (status_word(row.status), plan.status),
        (row.queue, plan.queue),
        (duration(max(0, now - row.created_at)), plan.age),
    )
    last = len(cells) - 1
    return [fit(text, size, glyphs, right=place == last) for place, (text, size) in enumerate(cells) if size]


def _requester(row: TicketRow, plan: Layout, glyphs: Glyphs) -> str:
    name = row.requester_name or row.requester or glyphs.none
    return f"{name} {glyphs.dot} {row.organization}" if plan.organization and row.organization else name
