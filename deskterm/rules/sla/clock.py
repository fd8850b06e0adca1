"""Clock: one cycle while it is folded. Time passes by calls of `advance`, in stretches of equal terms."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskterm.rules.calendar import Calendar
    from deskterm.rules.rulebook import Level

__all__ = ["Clock", "Span", "Terms", "in_front"]

Terms = tuple[int | None, "Calendar", "tuple[Level, ...]", str, int, str]
"""Target (None: no such clock), calendar, levels of the metric, id and revision of their owner, priority."""

Span = tuple[int, int, str, int, int, "Calendar", str, str, int]
"""Begin, end, kind, counted seconds, seq of the event that began it, calendar, priority, owner, revision."""


class Clock:
    """A cycle of `metric`; `since` is up to when its time was counted, `floor` the event behind that.

    A clock without a target is dormant: it counts nothing, and wakes with its elapsed time when a policy has
    a target for it. `seen` tells whether it ever had one, `gone` since when it has none any more.
    """

    __slots__ = (
        "breached_at",
        "calendar",
        "cancelled",
        "crossed",
        "elapsed",
        "floor",
        "gone",
        "levels",
        "log",
        "manual",
        "metric",
        "n",
        "owner",
        "paused",
        "priority",
        "reached",
        "rev",
        "seen",
        "seq",
        "since",
        "started",
        "stopped",
        "target",
        "turn",
    )

    def __init__(self, metric: str, n: int, seq: int, at: int, terms: Terms, log: list[Span] | None) -> None:
        self.metric = metric
        self.n = n
        self.seq = self.turn = seq
        self.started = self.since = self.floor = at
        self.target, self.calendar, self.levels, self.owner, self.rev, self.priority = terms
        self.seen = self.target is not None
        self.elapsed = 0
        self.paused = self.cancelled = False
        self.reached: int | None = None
        self.breached_at: int | None = None
        self.stopped: int | None = None
        self.manual: int | None = None
        self.gone: int | None = None
        self.crossed: dict[str, tuple[int, Level, str, int]] = {}
        self.log = log

    @property
    def running(self) -> bool:
        """Time works against it: it has a due."""
        if self.stopped is not None:
            return False
        return self.manual is not None or (self.target is not None and not self.paused)

    @property
    def vanished(self) -> bool:
        """It is open, and nothing is left that it could run towards."""
        return self.stopped is None and self.target is None and self.manual is None

    def due(self) -> int:
        """The instant it runs out, seen from `since`; once it is too late, the one at which it ran out."""
        if self.breached_at is not None and self.reached is not None:
            return self.reached
        if self.manual is not None:
            return self.manual
        return max(self.floor, self.calendar.add(self.since, (self.target or 0) - self.elapsed))

    def advance(self, to: int, *, last: bool = False) -> None:
        """Let time pass up to `to`; what is reached in the very instant of an event counts only at `last`."""
        if (to <= self.floor and not last) or self.stopped is not None:
            return
        counted = 0
        if not self.paused and self.target is not None:
            counted = self.calendar.elapsed(self.since, to)
        if self.running:
            self._judge(self.elapsed + counted, to)
        self.elapsed += counted
        if self.log is not None and self.target is not None and to > self.since:
            self._note(to, "paused" if self.paused else "running", counted)
        if to > self.since:
            self.since = to
        if to > self.floor:
            self.floor = to

    def _judge(self, elapsed: int, to: int) -> None:
        """What is reached between `since` and `to`, when `elapsed` will have been spent."""
        if self.manual is not None or elapsed >= (self.target or 0):
            due = self.due()
            if due <= to:
                self.reached = due
            if due < to and self.breached_at is None:
                self.breached_at = due
        for level in self.levels:
            if level.id not in self.crossed:
                nominal = self._crossing(level, elapsed)
                if nominal is not None and nominal <= to:
                    self.crossed[level.id] = (nominal, level, self.owner, self.rev)

    def _crossing(self, level: "Level", elapsed: int) -> int | None:
        """When `level` was passed, None when it was not; one at the due or behind it needs the breach.

        A target that became shorter than what was spent is overrun in that very instant.
        """
        target = self.target or 0
        if self.manual is not None or level.basis == "wall":
            visible = in_front(level) or self.breached_at is not None
            return max(self.floor, self.position_in_wall_time(level, self.due())) if visible else None
        position = level.position(target)
        if position > elapsed:
            return None
        if self.breached_at is None and self.elapsed <= target and not in_front(level):
            return None
        return max(self.floor, self.calendar.add(self.since, position - self.elapsed))

    def position_in_wall_time(self, level: "Level", due: int) -> int:
        """The instant of a level that is counted in wall time, however it is written."""
        if level.basis == "percent":
            return self.started - (self.started - due) * level.amount // 100
        return due + level.amount

    def retarget(self, terms: Terms, seq: int, at: int) -> None:
        """From `at` on other terms are in force; what was spent stays spent."""
        self.advance(at)
        self.target, self.calendar, self.levels, self.owner, self.rev, self.priority = terms
        self.turn = seq
        if self.target is None:
            self.gone = at if self.gone is None else self.gone
            return
        self.gone = None
        self.seen = True
        if self.breached_at is None or self.elapsed < self.target:
            self.reached = None

    def pause(self, paused: bool, seq: int, at: int) -> None:
        """Pause or go on at `at`; nothing when that is how it stands."""
        if paused != self.paused:
            self.advance(at)
            self.paused = paused
            self.turn = seq

    def promise(self, due: int | None, seq: int, at: int) -> None:
        """From `at` on a due of wall time holds, never before `at`; None: the target again."""
        self.advance(at)
        self.manual = None if due is None else max(due, at)
        self.reached = None
        self.turn = seq

    def carry(self, elapsed: int, seq: int, at: int) -> None:
        """At least `elapsed` was spent before `at`, elsewhere."""
        self.advance(at)
        more = max(0, elapsed - self.elapsed)
        self.elapsed += more
        self.turn = seq
        if self.log is not None and more:
            self._note(at, "carried", more)

    def anchor(self, at: int) -> None:
        """It began at `at`, before the event that opened it; that event is still what may breach it."""
        self.started = self.since = min(at, self.since)

    def stop(self, at: int, *, cancelled: bool = False) -> None:
        """It ends at `at`."""
        self.advance(at)
        self.stopped = at
        self.cancelled = cancelled

    def resume(self, seq: int, at: int) -> None:
        """The same cycle goes on; the time since it stopped counts nothing."""
        if self.log is not None and self.stopped is not None:
            self._note(at, "over", 0)
        self.stopped = None
        self.cancelled = False
        self.since = self.floor = at
        self.turn = seq

    def _note(self, to: int, kind: str, counted: int) -> None:
        if self.log is not None:
            self.log.append(
                (self.since, to, kind, counted, self.turn, self.calendar, self.priority, self.owner, self.rev)
            )


def in_front(level: "Level") -> bool:
    """Whether a level lies in front of the due as it is written, and so needs no breach to be passed."""
    return level.amount < (100 if level.basis == "percent" else 0)
