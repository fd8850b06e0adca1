"""A ticket in short: the preview below the queue, and the card beside the timeline."""

from collections.abc import Callable

from textual.content import Content

from deskterm.i18n import _
from deskterm.rules.clean import cell_width, clean_line
from deskterm.rules.sla import ClockReport
from deskterm.screens.clocks import clock_pieces
from deskterm.screens.describe import describe
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import Piece, fit, joined, pieces, size_word, status_word, user_text
from deskterm.store.rows import TicketDetail, TimelineRow

__all__ = ["card", "preview", "requester_line"]

When = Callable[[int], str]


def preview(
    detail: TicketDetail, report: ClockReport, width: int, height: int, glyphs: Glyphs, when: When
) -> Content:
    """Subject, requester, clocks, then the latest events, in `height` lines of `width` cells."""
    row = detail.row
    dot = f" {glyphs.dot} "
    facts = dot.join(filter(None, (row.priority, row.type, row.category, row.queue, " ".join(row.tags))))
    head = _two_sides([(f"#{row.id} {row.subject}", "bold")], facts, width)
    clocks = dot.join(f"{metric} {told.strip()}" for metric, (told, _tone) in clock_pieces(report, glyphs))
    lines = [head, _two_sides([(requester_line(detail, glyphs), "")], clocks, width)]
    for event in detail.timeline[-max(0, height - 2) :]:
        lines.append(_event_line(event, width, glyphs, when))
    return joined(lines[:height])


def requester_line(detail: TicketDetail, glyphs: Glyphs) -> str:
    """`Cy Doe <cy@globex.example> · Globex (silver) · 1 open, 4 past`."""
    row = detail.row
    who = f"{row.requester_name} <{row.requester}>" if row.requester_name else row.requester
    organization = f"{row.organization} ({row.tier})" if row.organization and row.tier else row.organization
    counts = _("%(open)d open, %(past)d past") % {
        "open": detail.requester_open,
        "past": detail.requester_past,
    }
    return f" {glyphs.dot} ".join(filter(None, (who or glyphs.none, organization, counts)))


def _two_sides(left: list[Piece], right: str, width: int) -> Content:
    """A line with something at both ends; the right end gives way."""
    right = clean_line(right, max(0, width // 2 - 2))
    room = max(4, width - cell_width(right) - 3)
    text = "".join(text for text, _tone in left)
    tone = left[0][1]
    shown = clean_line(text, room)
    gap = " " * max(1, room - cell_width(shown) + 1)
    return pieces([(f" {shown}", tone), (f"{gap}{right}", "$quiet")])


def _event_line(event: TimelineRow, width: int, glyphs: Glyphs, when: When) -> Content:
    message = event.message
    if message is None:
        told, bar, tone = describe(event.kind, event.data, glyphs, when), glyphs.change, "$quiet"
    else:
        public = message.public
        bar, tone = (glyphs.public, "$public") if public else (glyphs.internal, "$note")
        told = message.body[:500] if public else _("note: %s") % message.body[:500]
    who = event.actor if event.actor_kind == "agent" else event.actor_name or event.actor or event.actor_kind
    lead = f"{fit(who, 9, glyphs)} {fit(when(event.at), 11, glyphs)}  "
    room = max(8, width - cell_width(lead) - 4)
    body_tone = "" if message else "$quiet"
    return pieces([(f" {bar} ", tone), (lead, "$quiet"), (clean_line(told, room), body_tone)])


def card(detail: TicketDetail, report: ClockReport, width: int, glyphs: Glyphs, when: When) -> Content:
    """What stands beside the timeline: requester, clocks, facts, waiting, solution, files."""
    blocks = [
        _requester(detail, width, glyphs),
        _clocks(report, width, glyphs),
        _facts(detail, width, glyphs),
        _waiting(detail, width, when),
        _solution(detail),
        _files(detail, width, glyphs),
    ]
    lines: list[Content] = []
    for block in blocks:
        if block:
            lines += [user_text(""), *block] if lines else block
    return joined(lines)


def _title(text: str) -> Content:
    return user_text(text, "$quiet")


def _requester(detail: TicketDetail, width: int, glyphs: Glyphs) -> list[Content]:
    row = detail.row
    counts = _("%(open)d open, %(past)d past") % {
        "open": detail.requester_open,
        "past": detail.requester_past,
    }
    lines = [
        _title(_("REQUESTER")),
        user_text(clean_line(row.requester_name or row.requester or glyphs.none, width)),
    ]
    if row.requester_name and row.requester and row.requester_name != row.requester:
        lines.append(user_text(clean_line(row.requester, width)))
    if row.organization:
        tier = f" {glyphs.dot} {row.tier}" if row.tier else ""
        lines.append(user_text(clean_line(f"{row.organization}{tier}", width)))
    return [*lines, user_text(counts, "$quiet")]


def _clocks(report: ClockReport, width: int, glyphs: Glyphs) -> list[Content]:
    clocks = clock_pieces(report, glyphs)
    if not clocks:
        return []
    room = min(14, width - 1 - max(cell_width(told) for _metric, (told, _tone) in clocks))
    lines = [
        pieces([(fit(metric, room, glyphs) + " ", "$quiet"), (told, tone)]) for metric, (told, tone) in clocks
    ]
    return [_title(_("CLOCKS")), *lines]


def _facts(detail: TicketDetail, width: int, glyphs: Glyphs) -> list[Content]:
    row = detail.row
    facts = [
        (_("queue"), row.queue),
        (_("group"), row.group),
        (_("assignee"), f"{row.assignee_name} ({row.assignee})" if row.assignee_name else row.assignee),
        (_("type"), row.type),
        (_("category"), row.category),
        (_("impact"), detail.impact),
        (_("urgency"), detail.urgency),
        (_("channel"), row.channel),
        (_("tags"), " ".join(row.tags)),
        (_("reopened"), _("%dx") % row.reopen_count if row.reopen_count else ""),
        *((f"cf.{name}", value) for name, value in detail.custom.items()),
    ]
    lines = [
        pieces([(fit(name, 11, glyphs) + " ", "$quiet"), (clean_line(value, max(4, width - 12)), "")])
        for name, value in facts
        if value
    ]
    return [_title(_("FACTS")), *lines]


def _waiting(detail: TicketDetail, width: int, when: When) -> list[Content]:
    if not (detail.wait_reason or detail.vendor or detail.wake_at):
        return []
    told = [clean_line(text, width) for text in (detail.vendor, detail.wait_reason) if text]
    if detail.wake_at:
        told.append(clean_line(_("until %s") % when(detail.wake_at)))
    return [_title(status_word(detail.row.status).upper()), *(user_text(text) for text in told)]


def _solution(detail: TicketDetail) -> list[Content]:
    if not detail.solution:
        return []
    return [
        _title(_("SOLUTION")),
        user_text(clean_line(detail.cause, 300), "$quiet"),
        user_text(clean_line(detail.solution, 600)),
    ]


def _files(detail: TicketDetail, width: int, glyphs: Glyphs) -> list[Content]:
    if not detail.attachments:
        return []
    lines = [
        pieces(
            [
                (
                    f"{glyphs.internal if file.internal else glyphs.public} ",
                    "$note" if file.internal else "$public",
                ),
                (clean_line(file.name, max(8, width - 12)), ""),
                (f" {size_word(file.size)}", "$quiet"),
            ]
        )
        for file in detail.attachments
    ]
    return [_title(_("FILES  x opens the list")), *lines]
