"""Service levels as a fold over the timeline: nothing is counted up, everything can be recomputed.

`history` says what is read of an event, `folding` moves the clocks by events, `clock` lets their time pass,
`closing` makes the report; `internal` adds OLAs and UCs, `ledger` the stretches that people check.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, overload

from deskterm.rules.facts import Event
from deskterm.rules.sla.folding import fold
from deskterm.rules.sla.report import ClockReport, Crossing, Cycle, Segment, Share, Stay, project

if TYPE_CHECKING:
    from deskterm.rules.calendar import Calendar
    from deskterm.rules.rulebook import Policy

__all__ = ["ClockReport", "Crossing", "Cycle", "Segment", "Share", "Stay", "clocks", "fold", "project"]


@overload
def clocks(history: Iterable[Event], policies: int) -> ClockReport: ...


@overload
def clocks(
    history: Iterable[Event], policies: "Mapping[str, Policy]", calendars: "Mapping[str, Calendar]", now: int
) -> ClockReport: ...


def clocks(
    history: Iterable[Event],
    policies: "Mapping[str, Policy] | int",
    calendars: "Mapping[str, Calendar] | None" = None,
    now: int = 0,
) -> ClockReport:
    """How the clocks stand at `now` under one set of policies, whatever revision the history names.

    A ticket that no event puts under a policy is under "default", or under the only one there is. With an
    instant in place of the policies: under the built-in rules.
    """
    if isinstance(policies, int):
        return fold(history, {}, policies)
    from deskterm.rules.sla.single import one_edition

    events = tuple(history)
    return fold(events, one_edition(events, policies, calendars or {}), now)
