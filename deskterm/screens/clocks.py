"""The clocks of a ticket in words: how long each ran of what it may, and how it stands."""

from typing import Final

from deskterm.i18n import N_, _
from deskterm.rules.facts import Actor, Event
from deskterm.rules.sla import Cycle, fold
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import Piece, time_left
from deskterm.store.rows import TicketDetail

__all__ = ["clock_pieces"]

METRIC_WORDS: Final = {
    "first_response": N_("first response"),
    "next_response": N_("next response"),
    "update": N_("update"),
    "resolution": N_("resolution"),
}
_WARN_PERCENT: Final = 75


def clock_pieces(detail: TicketDetail, now: int, glyphs: Glyphs) -> list[tuple[str, Piece]]:
    """Metric and `✓ 0:08 of 0:15` with its colour, the latest cycle of each metric."""
    if detail.row.sla_state == "none":
        return []
    history = [
        Event(each.seq, each.at, each.kind, Actor(each.actor_kind), each.data, each.because, each.version)
        for each in detail.timeline
    ]
    latest: dict[str, Cycle] = {}
    for cycle in fold(history, {}, now).cycles:
        if cycle.outcome != "cancelled":
            latest[cycle.metric] = cycle
    known = [metric for metric in METRIC_WORDS if metric in latest]
    return [(_(METRIC_WORDS[metric]), _piece(latest[metric], glyphs)) for metric in known]


def _piece(cycle: Cycle, glyphs: Glyphs) -> Piece:
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
    if cycle.elapsed * 100 >= cycle.target * _WARN_PERCENT:
        return (f"{glyphs.warning} {told}", "$warning")
    return (f"  {told}", "")
