"""Service levels as a fold over the timeline: nothing is counted up, everything can be recomputed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from deskterm.rules.calendar import ALWAYS, BusinessTime
from deskterm.rules.facts import Event, Ticket
from deskterm.rules.terms import CATEGORY

__all__ = ["DEFAULT_POLICY", "ClockReport", "Cycle", "Policy", "clocks", "project"]

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Policy:
    """Targets in open seconds by priority and metric, and the statuses in which a metric pauses."""

    id: str
    targets: Mapping[str, Mapping[str, int]]
    pause: Mapping[str, frozenset[str]]
    calendar: BusinessTime = ALWAYS
    warn_percent: int = 75


DEFAULT_POLICY = Policy(
    id="default",
    targets={
        "P1": {"first_response": HOUR // 2, "next_response": HOUR, "resolution": 4 * HOUR},
        "P2": {"first_response": 2 * HOUR, "next_response": 4 * HOUR, "resolution": 24 * HOUR},
        "P3": {"first_response": 8 * HOUR, "next_response": 12 * HOUR, "resolution": 72 * HOUR},
        "P4": {"first_response": 24 * HOUR, "next_response": 48 * HOUR, "resolution": 120 * HOUR},
    },
    pause={"resolution": frozenset({"pending"}), "next_response": frozenset({"pending"})},
)


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run of a clock: `elapsed` open seconds until `since`, running on unless paused or stopped."""

    metric: str
    number: int
    started: int
    target: int
    since: int
    elapsed: int = 0
    paused: bool = False
    stopped: int | None = None
    breached_at: int | None = None
    cancelled: bool = False

    def due_at(self, calendar: BusinessTime) -> int | None:
        """The instant it runs out; None while paused or stopped."""
        if self.paused or self.stopped is not None:
            return None
        if self.breached_at is not None and self.elapsed >= self.target:
            return self.breached_at  # time that is over stays where it ran out, however late one looks
        return calendar.add(self.since, self.target - self.elapsed)

    @property
    def outcome(self) -> str:
        """active, met, breached or cancelled."""
        if self.cancelled:
            return "cancelled"
        if self.breached_at is not None:
            return "breached"
        return "met" if self.stopped is not None else "active"


@dataclass(frozen=True, slots=True)
class ClockReport:
    """All cycles of a ticket at one instant, and what follows for its queue line."""

    cycles: tuple[Cycle, ...]
    dues: Mapping[str, int]
    state: str
    next_change_at: int | None

    @property
    def next_due(self) -> int | None:
        """The nearest due of the running clocks."""
        return min(self.dues.values(), default=None)


@dataclass(slots=True)
class _Fold:
    policy: Policy
    status: str = "new"
    priority: str = ""
    running: dict[str, Cycle] = field(default_factory=dict)
    done: list[Cycle] = field(default_factory=list)
    responded: bool = False

    def advance(self, now: int) -> None:
        for metric, cycle in self.running.items():
            self.running[metric] = _advanced(cycle, now, self.policy.calendar)

    def start(self, metric: str, at: int) -> None:
        target = self.policy.targets.get(self.priority, {}).get(metric)
        if target is None or metric in self.running:
            return
        number = 1 + sum(cycle.metric == metric for cycle in self.done)
        self.running[metric] = Cycle(metric, number, at, target, at, paused=self._pauses(metric))

    def stop(self, metric: str, at: int, *, cancelled: bool = False) -> None:
        cycle = self.running.pop(metric, None)
        if cycle is not None:
            self.done.append(replace(cycle, stopped=at, paused=False, cancelled=cancelled))

    def retarget(self) -> None:
        targets = self.policy.targets.get(self.priority, {})
        for metric in list(self.running):
            if metric in targets:
                self.running[metric] = replace(self.running[metric], target=targets[metric])
            else:
                del self.running[metric]

    def repause(self) -> None:
        for metric, cycle in self.running.items():
            if cycle.paused != (paused := self._pauses(metric)):
                self.running[metric] = replace(cycle, paused=paused)

    def _pauses(self, metric: str) -> bool:
        return self.status in self.policy.pause.get(metric, frozenset())


def _advanced(cycle: Cycle, now: int, calendar: BusinessTime) -> Cycle:
    if cycle.paused or now <= cycle.since:
        return cycle
    breached_at = cycle.breached_at
    if breached_at is None and (due := cycle.due_at(calendar)) is not None and now > due:
        # a breach is never in the past of the event that causes it: `since` is that event
        breached_at = max(due, cycle.since)
    # built, not replaced: every event of every history comes through here
    return Cycle(
        metric=cycle.metric,
        number=cycle.number,
        started=cycle.started,
        target=cycle.target,
        since=now,
        elapsed=cycle.elapsed + calendar.elapsed(cycle.since, now),
        breached_at=breached_at,
        cancelled=cycle.cancelled,
        stopped=cycle.stopped,
    )


def clocks(history: Iterable[Event], now: int, policy: Policy = DEFAULT_POLICY) -> ClockReport:
    """Fold `history` (oldest first) up to `now` under `policy`."""
    fold = _Fold(policy)
    at: int | None = None
    for event in history:
        step = _STEPS.get(event.kind)
        if step is None and event.at == at:
            continue  # an action's events share an instant, and time passes once
        if event.at != at:
            fold.advance(at := event.at)
        if step is not None:
            step(fold, event)
        _unpause_since(fold, event.at)
    fold.advance(now)
    return _report(fold)


def _unpause_since(fold: _Fold, at: int) -> None:
    """A clock that was paused starts to run again from this event on."""
    for metric, cycle in fold.running.items():
        if cycle.since < at:
            fold.running[metric] = replace(cycle, since=at)


def _created(fold: _Fold, event: Event) -> None:
    fold.priority = str(event.data.get("priority", ""))
    fold.status = str(event.data.get("status", "new"))
    if event.data.get("side", "requester") == "requester":
        fold.start("first_response", event.at)
    fold.start("resolution", event.at)


def _message(fold: _Fold, event: Event) -> None:
    if not event.data.get("public") or event.data.get("auto"):
        return
    if event.data.get("side") == "agent":
        fold.stop("first_response", event.at)
        fold.stop("next_response", event.at)
        fold.responded = True
    elif fold.responded and CATEGORY[fold.status] not in ("solved", "closed"):
        fold.start("next_response", event.at)


def _status(fold: _Fold, event: Event) -> None:
    was, fold.status = CATEGORY[fold.status], str(event.data["new"])
    now = CATEGORY[fold.status]
    if now in ("solved", "closed") and was not in ("solved", "closed"):
        for metric in list(fold.running):
            fold.stop(metric, event.at, cancelled=fold.status in ("cancelled", "merged"))
    elif was in ("solved", "closed") and now not in ("solved", "closed"):
        fold.start("resolution", event.at)
    fold.repause()


def _field(fold: _Fold, event: Event) -> None:
    if event.data.get("name") == "priority":
        fold.priority = str(event.data["new"])
        fold.retarget()


_STEPS = {"created": _created, "message": _message, "status": _status, "field": _field}


def _report(fold: _Fold) -> ClockReport:
    calendar = fold.policy.calendar
    dues = {
        metric: due for metric, cycle in fold.running.items() if (due := cycle.due_at(calendar)) is not None
    }
    cycles = (*fold.done, *fold.running.values())
    changes = [
        moment
        for cycle in fold.running.values()
        for moment in (_warns_at(cycle, fold.policy), cycle.due_at(calendar))
        if moment is not None and moment >= cycle.since
    ]
    return ClockReport(cycles, dues, _state(fold), min(changes, default=None))


def _warns_at(cycle: Cycle, policy: Policy) -> int | None:
    if cycle.paused:
        return None
    position = -(-cycle.target * policy.warn_percent // 100)
    return policy.calendar.add(cycle.since, position - cycle.elapsed) if position > cycle.elapsed else None


def _state(fold: _Fold) -> str:
    cycles = fold.running.values()
    if any(cycle.breached_at is not None for cycle in cycles):
        return "overdue"
    active = [cycle for cycle in cycles if not cycle.paused]
    if active:
        risky = any(cycle.elapsed * 100 >= cycle.target * fold.policy.warn_percent for cycle in active)
        return "warn" if risky else "ok"
    if cycles:
        return "paused"
    verdicts = {cycle.outcome for cycle in fold.done}
    if "breached" in verdicts:
        return "breached"
    return "met" if "met" in verdicts else "none"


def project(ticket: Ticket, report: ClockReport, **also: Any) -> Ticket:
    """`ticket` with the projections of `report` in its due columns, and `also` in columns of that name."""
    return replace(
        ticket,
        due_first=report.dues.get("first_response"),
        due_next=report.dues.get("next_response"),
        due_update=report.dues.get("update"),
        due_resolve=report.dues.get("resolution"),
        next_due_at=report.next_due,
        sla_state=report.state,
        next_change_at=report.next_change_at,
        **also,
    )
