"""Report: how the clocks of one ticket stand at one instant."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.rules.facts import Ticket
from deskterm.rules.sla.history import Void

if TYPE_CHECKING:
    from deskterm.rules.calendar import Calendar
    from deskterm.rules.rulebook import Level
    from deskterm.rules.sla.resting import Rest

__all__ = ["ClockReport", "Crossing", "Cycle", "Segment", "Share", "Stay", "project"]


class Segment(NamedTuple):
    """A stretch of a cycle, from `begin` until before `end`.

    `kind` is "running" (inside the hours), "closed" (outside them, or resolved meanwhile), "paused" or
    "carried" (brought by a merge). `counted` seconds went into the elapsed time; `open` are the open seconds
    in it, of a pause those that it saved. `seq` is the event that began it, after which `priority`, `policy`
    and `rev` were in force; `stretches` how many of them this line stands for.
    """

    begin: int
    end: int
    kind: str
    counted: int
    open: int
    seq: int
    priority: str
    policy: str
    rev: int
    stretches: int = 1


class Cycle(NamedTuple):
    """One run of one clock; instants in epoch seconds, lengths in open seconds of `calendar`.

    `due_at` is None unless it runs; `remaining` is 0 when nothing is left; `reached_at` is when the target
    was used up, `breached_at` the same once it is too late (and then for good); `crossed` tells of every
    level passed when that was. `outcome` is active, met, breached or cancelled; `kind` sla, ola or uc;
    `policy` the id of what set the target, `rev` its revision; `manual` a promised due; `uncertain` a due
    past the last date whose holidays are known.
    """

    metric: str
    n: int
    start_seq: int
    started: int
    target: int
    calendar: "Calendar"
    elapsed: int
    due_at: int | None
    remaining: int
    paused: bool
    reached_at: int | None
    breached_at: int | None
    stopped: int | None
    outcome: str
    crossed: Mapping[str, int]
    uncertain: bool
    policy: str
    rev: int
    segments: tuple[Segment, ...] = ()
    manual: int | None = None
    kind: str = "sla"


class Crossing(NamedTuple):
    """A level that was passed at `nominal_at`; `owner` is the policy, OLA or UC that asks for it, of `rev`.

    `key` is the same however often one looks: sla/METRIC/SEQ/LEVEL, ola/ID/METRIC/SEQ/LEVEL or
    uc/ID/METRIC/SEQ/LEVEL with the number of the event that opened the cycle. `stopped`: it is over by now.
    """

    key: str
    metric: str
    n: int
    level: "Level"
    owner: str
    rev: int
    nominal_at: int
    stopped: bool

    def key_of(self, ticket: int) -> str:
        """The key with the number of the ticket behind its first word, as the store keeps it."""
        head, rest = self.key.split("/", 1)
        return f"{head}/{ticket}/{rest}"


class Stay(NamedTuple):
    """A group ("" for none) had the ticket from `begin` until before `end` (None: it still has it)."""

    group: str
    begin: int
    end: int | None


class Share(NamedTuple):
    """Part of the overrun of a cycle: `name` of `kind` (group, uc) had the ticket for `seconds` of it.

    The seconds are open seconds of the cycle's calendar; a group and a vendor may share the same ones.
    """

    metric: str
    n: int
    kind: str
    name: str
    seconds: int


class ClockReport(NamedTuple):
    """All cycles of a ticket at the instant `at`, and what follows for its queue line.

    `cycles` are the customer's, `internal` those of OLAs and UCs. `dues` are the dues of the running ones
    by metric; `state` is overdue, warn, ok, paused, breached, met or none. `next_change_at` is the first
    instant at which a look is worth while: a level that nobody has acted on (past or to come), a clock that
    becomes risky, or the second after a due. `exempt` is the reason why no clock runs any more, None if so.
    `rest` is what a change of the policies has to know of the open ones (see `resting`), and `later_at` the
    part of `next_change_at` that such a change leaves as it is.
    """

    at: int
    cycles: tuple[Cycle, ...]
    internal: tuple[Cycle, ...]
    dues: Mapping[str, int]
    next_due: int | None
    state: str
    next_change_at: int | None
    crossings: tuple[Crossing, ...]
    stays: tuple[Stay, ...] = ()
    voids: tuple[Void, ...] = ()
    exempt: str | None = None
    rest: "Rest | None" = None
    later_at: int | None = None

    @property
    def attribution(self) -> tuple[Share, ...]:
        """Who had the ticket while its breached cycles ran on."""
        return tuple(share for cycle in self.cycles for share in self._shares(cycle) if share.seconds)

    def _shares(self, cycle: Cycle) -> list[Share]:
        begin, end = cycle.breached_at, cycle.stopped if cycle.stopped is not None else self.at
        if begin is None:
            return []
        spans = [("group", stay.group, stay.begin, stay.end) for stay in self.stays if stay.group]
        spans += [("uc", uc.policy, uc.started, uc.stopped) for uc in self.internal if uc.kind == "uc"]
        shared: dict[tuple[str, str], int] = {}
        for kind, name, start, over in dict.fromkeys(spans):  # one contract may have several clocks
            last = end if over is None else min(end, over)
            seconds = cycle.calendar.elapsed(max(begin, start), last)
            shared[kind, name] = shared.get((kind, name), 0) + seconds
        return [Share(cycle.metric, cycle.n, kind, name, each) for (kind, name), each in shared.items()]


def project(ticket: Ticket, report: ClockReport, **also: Any) -> Ticket:
    """`ticket` with the projections of `report` in its due columns; `also` are columns that win.

    It has to be looked at when its clocks say so, and when it wakes up.
    """
    dues = report.dues
    moments = [moment for moment in (report.next_change_at, ticket.wake_at) if moment is not None]
    values: dict[str, Any] = {
        "due_first": dues.get("first_response"),
        "due_next": dues.get("next_response"),
        "due_update": dues.get("update"),
        "due_resolve": dues.get("resolution"),
        "next_due_at": report.next_due,
        "sla_state": report.state,
        "next_change_at": min(moments, default=None),
    }
    return replace(ticket, **{**values, **also})
