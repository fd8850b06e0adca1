"""Service levels as a fold over the timeline: nothing is counted up, everything can be recomputed.

`history` says what is read of an event, `folding` moves the clocks by events, `clock` lets their time pass,
`closing` makes the report; `internal` adds OLAs and UCs, `ledger` the stretches that people check.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from deskterm.rules.facts import Event
from deskterm.rules.sla.folding import fold
from deskterm.rules.sla.report import ClockReport, Crossing, Cycle, Segment, Share, Stay, project

if TYPE_CHECKING:
    from deskterm.rules.calendar import Calendar
    from deskterm.rules.rulebook import Policy

__all__ = ["ClockReport", "Crossing", "Cycle", "Segment", "Share", "Stay", "clocks", "fold", "project"]


def clocks(
    history: Iterable[Event], policies: "Mapping[str, Policy]", calendars: "Mapping[str, Calendar]", now: int
) -> ClockReport:
    """How the clocks stand at `now` under one set of policies, whatever revision the history names.

    A ticket that no event puts under a policy is under "default", or under the only one there is.
    """
    from deskterm.rules.sla.single import one_edition

    events = tuple(history)
    return fold(events, one_edition(events, policies, calendars), now)
