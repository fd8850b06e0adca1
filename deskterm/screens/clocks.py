"""The clocks of a ticket in words: how long each ran of what it may, and how it stands."""

from deskterm.i18n import _
from deskterm.rules.sla import ClockReport, Cycle
from deskterm.rules.sla.outlook import RISKY
from deskterm.rules.telling import METRICS
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import Piece, time_left

__all__ = ["clock_name", "clock_piece", "clock_pieces", "metric_word"]


def clock_pieces(report: ClockReport, glyphs: Glyphs) -> list[tuple[str, Piece]]:
    """Name and `✓ 0:08 of 0:15` with its colour: the latest cycle of each metric, then OLAs that run."""
    if report.state == "none":
        return []
    latest: dict[str, Cycle] = {}
    for cycle in report.cycles:
        if cycle.outcome != "cancelled":
            latest[cycle.metric] = cycle
    shown = [latest[metric] for metric in METRICS if metric in latest]
    shown += [cycle for cycle in report.internal if cycle.stopped is None and cycle.outcome != "cancelled"]
    return [(clock_name(cycle), clock_piece(cycle, glyphs)) for cycle in shown]


def metric_word(name: str) -> str:
    """A clock in the viewer's language."""
    return _(METRICS[name]) if name in METRICS else name


def clock_name(cycle: Cycle) -> str:
    """`resolution`, or `OLA network` for a clock that measures ourselves or a vendor."""
    return metric_word(cycle.metric) if cycle.kind == "sla" else f"{cycle.kind.upper()} {cycle.policy}"


def clock_piece(cycle: Cycle, glyphs: Glyphs) -> Piece:
    """How long it ran of what it may, with a glyph for how that stands, and the colour."""
    told = _("%(spent)s of %(target)s") % {
        "spent": time_left(cycle.elapsed),
        "target": time_left(cycle.target),
    }
    if cycle.breached_at is not None:
        return (f"{glyphs.overdue} {told}", "$error" if cycle.stopped is None else "$quiet")
    if cycle.stopped is not None:
        return (f"{glyphs.met} {told}", "$quiet")
    if cycle.paused:
        return (f"{glyphs.paused} {told}", "$quiet")
    if cycle.crossed or cycle.elapsed * 100 >= cycle.target * RISKY:
        return (f"{glyphs.warning} {told}", "$warning")
    return (f"  {told}", "")
