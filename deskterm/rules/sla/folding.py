"""Folding: the events of one ticket move its clocks, one after the other; nothing is counted up elsewhere."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from deskterm.rules.builtin import PLAIN
from deskterm.rules.facts import EMPTY, Event
from deskterm.rules.sla.clock import Clock, Span, Terms
from deskterm.rules.sla.closing import closed
from deskterm.rules.sla.history import in_order, without_voids

if TYPE_CHECKING:
    from deskterm.rules.rulebook import Policy, RuleBook
    from deskterm.rules.sla.internal import Internal
    from deskterm.rules.sla.report import ClockReport

__all__ = ["CANCELLING", "Fold", "Known", "fold"]

CANCELLING: Final = ("cancelled", "merged")
"""Statuses that end clocks without a verdict."""

_RESPONSES: Final = ("first_response", "next_response")
_NOWHERE: Final = PLAIN.calendars["always"]


def fold(
    history: Iterable[Event],
    books: "Mapping[int, RuleBook]",
    now: int,
    *,
    fired: frozenset[str] = frozenset(),
    ledger: bool = False,
) -> "ClockReport":
    """How the clocks stand at `now` after `history` (see `history` for what is read of it), in any order.

    `books` are the revisions that the history names, by number; 0 may be left out, it is the built-in one.
    `fired` are keys of crossings that have been acted on; `ledger` asks for the segments of every cycle.
    Raises KeyError for a revision that `books` lacks, CalendarExhausted for a due beyond all calendars.
    """
    events, voids = without_voids(in_order(history))
    state = Fold(books, ledger=ledger)
    if any(book.olas or book.ucs for book in books.values()):
        from deskterm.rules.sla.internal import Internal

        state.internal = Internal(state)
    for event in events:
        step = STEPS.get(event.kind)
        if step is not None:
            step(state, event)
        if state.internal is not None:
            state.internal.take(event)
    return closed(state, now, fired, voids)


Known = dict[tuple[int, str, str, str], Terms]
"""Terms by revision, policy, priority and metric."""


class Fold:
    """The clocks of a ticket in the middle of its history; `open` are those that run, by metric.

    `known` are terms that were found before, for those who fold many tickets under the same `books`.
    """

    __slots__ = (
        "asked",
        "assignee",
        "book",
        "books",
        "clocks",
        "created",
        "exempt",
        "group",
        "internal",
        "known",
        "ledger",
        "numbers",
        "open",
        "over",
        "policy",
        "priority",
        "rev",
        "side",
        "status",
        "stays",
    )

    def __init__(
        self, books: "Mapping[int, RuleBook]", known: Known | None = None, *, ledger: bool = False
    ) -> None:
        self.books = books
        self.ledger = ledger
        self.book: RuleBook = cast("RuleBook", PLAIN)
        self.policy: Policy | None = None
        self.rev = 0
        self.status = "new"
        self.over = False
        self.priority = ""
        self.side = "requester"
        self.group = ""
        self.assignee = ""
        self.created: int | None = None
        self.asked: Event | None = None
        self.exempt: str | None = None
        self.open: dict[str, Clock] = {}
        self.clocks: list[Clock] = []
        self.numbers: dict[str, int] = {}
        self.known = known if known is not None else {}
        self.stays: list[tuple[str, int]] = []
        self.internal: Internal | None = None

    def edition(self, rev: int) -> "RuleBook":
        """The rule book of that revision."""
        found = self.books.get(rev)
        if found is None:
            if rev:
                raise KeyError(rev)
            return cast("RuleBook", PLAIN)
        return found

    def terms(self, metric: str) -> Terms:
        """What holds for a clock of `metric` from here on."""
        policy = self.policy
        if policy is None:
            return None, _NOWHERE, (), "", self.rev, self.priority
        key = self.rev, policy.id, self.priority, metric
        found = self.known.get(key)
        if found is None:
            target = policy.targets.get(self.priority, EMPTY).get(metric)
            levels = tuple([level for level in policy.levels if level.metric == metric])
            calendar = self.edition(self.rev).calendars[policy.calendar]
            found = target, calendar, levels, policy.id, self.rev, self.priority
            self.known[key] = found
        return found

    def start(self, metric: str, event: Event, at: int | None = None) -> None:
        """Open a cycle unless one is open."""
        if metric in self.open or self.exempt is not None:
            return
        number = self.numbers[metric] = self.numbers.get(metric, 0) + 1
        log: list[Span] | None = [] if self.ledger else None
        clock = Clock(metric, number, event.seq, event.at if at is None else at, self.terms(metric), log)
        clock.paused = self._pauses(metric)
        self.open[metric] = clock
        self.clocks.append(clock)

    def stop(self, metric: str, at: int, *, cancelled: bool = False) -> None:
        """End the open cycle of `metric`, if there is one."""
        clock = self.open.pop(metric, None)
        if clock is not None:
            clock.stop(at, cancelled=cancelled)

    def end(self, at: int, *, cancelled: bool = False) -> None:
        """End all of them: solved, cancelled, merged or exempt."""
        promised = self.open.get("update")
        if promised is not None and promised.started == at:
            self.clocks.remove(self.open.pop("update"))  # the words that ended it promised no further ones
            self.numbers["update"] -= 1
        withdrawn = self.policy is not None and self.policy.on_resolve == "cancel"
        for metric in list(self.open):
            self.stop(metric, at, cancelled=cancelled or (withdrawn and metric in _RESPONSES))

    def reopen(self, event: Event) -> None:
        """Work begins again: what the policy says of the resolution; a question that did it is answered."""
        mode = self.policy.reopen if self.policy is not None else "new_cycle"
        last = next((clock for clock in reversed(self.clocks) if clock.metric == "resolution"), None)
        if mode == "resume" and last is not None and "resolution" not in self.open and self.exempt is None:
            last.resume(event.seq, event.at)
            self.open["resolution"] = last
            last.retarget(self.terms("resolution"), event.seq, event.at)
        elif mode != "ignore" or last is None or last.cancelled:
            self.start("resolution", event)
        if self.asked is not None and self.asked.at == event.at and "first_response" not in self.open:
            self.start("next_response", self.asked)

    def adopt(self, rev: int, policy: str, event: Event) -> None:
        """Put the ticket under `policy` of that revision; "" or one that it lacks: under none."""
        self.book = self.edition(rev)
        self.govern(self.book.policy(policy) if policy else None, rev)
        self.reread(event)

    def govern(self, policy: "Policy | None", rev: int) -> None:
        """`policy` of that revision is in force."""
        self.policy = policy
        self.rev = rev

    def reread(self, event: Event) -> None:
        """Targets, calendar and pauses are read again."""
        for metric, clock in self.open.items():
            clock.retarget(self.terms(metric), event.seq, event.at)
            clock.pause(self._pauses(metric), event.seq, event.at)

    def repause(self, event: Event) -> None:
        """The status is another: pause or go on."""
        for metric, clock in self.open.items():
            clock.pause(self._pauses(metric), event.seq, event.at)

    def _pauses(self, metric: str) -> bool:
        return self.policy is not None and self.status in self.policy.pause.get(metric, ())


def _created(state: Fold, event: Event) -> None:
    data = event.data
    state.created = event.at
    state.priority = str(data.get("priority", ""))
    state.status = str(data.get("status", "new"))
    state.side = str(data.get("side", "requester"))
    state.assignee = str(data.get("assignee", ""))
    state.group = str(data.get("group", ""))
    state.stays.append((state.group, event.at))
    state.adopt(int(data.get("rev", 0)), str(data.get("policy", "default")), event)
    state.over = not state.book.terms.is_open(state.status)
    if state.over:
        return
    if state.side == "requester":
        state.start("first_response", event)
    state.start("resolution", event)


def _message(state: Fold, event: Event) -> None:
    data = event.data
    if not data.get("public") or data.get("auto") or data.get("settled"):
        return
    if data.get("side") == "agent":
        _answered(state, event)
    elif state.over:
        state.asked = event
    elif "first_response" not in state.open:
        state.start("next_response", event)


def _answered(state: Fold, event: Event) -> None:
    for metric in (*_RESPONSES, "update"):
        state.stop(metric, event.at)
    described = event.at == state.created and state.side == "agent"
    if not state.over and not described:
        state.start("update", event)


def _status(state: Fold, event: Event) -> None:
    was_over, state.status = state.over, str(event.data["new"])
    state.over = not state.book.terms.is_open(state.status)
    if state.over and not was_over:
        state.end(event.at, cancelled=state.status in CANCELLING)
    elif was_over and not state.over:
        state.reopen(event)
    state.repause(event)


def _field(state: Fold, event: Event) -> None:
    if event.data.get("name") == "priority":
        state.priority = str(event.data["new"])
        state.reread(event)


def _assigned(state: Fold, event: Event) -> None:
    state.assignee = str(event.data.get("new", ""))


def _group(state: Fold, event: Event) -> None:
    state.group = str(event.data.get("new", ""))
    state.stays.append((state.group, event.at))


def _applied(state: Fold, event: Event) -> None:
    state.adopt(int(event.data.get("rev", 0)), str(event.data["policy"]), event)


def _activated(state: Fold, event: Event) -> None:
    if state.created is None:
        return
    state.book = state.edition(int(event.data["rev"]))
    policy = state.book.policy(state.policy.id) if state.policy is not None else None
    if policy is not None:
        state.govern(policy, int(event.data["rev"]))
    state.reread(event)


def _merged(state: Fold, event: Event) -> None:
    state.end(event.at, cancelled=True)
    state.status, state.over = "merged", True


def _carried(state: Fold, event: Event) -> None:
    metric = str(event.data.get("metric", "next_response"))
    if not state.over:
        state.start(metric, event)
    clock = state.open.get(metric)
    if clock is not None:
        clock.carry(int(event.data["elapsed"]), event.seq, event.at)


def _split(state: Fold, event: Event) -> None:
    for clock in state.open.values():
        if clock.started == event.at:
            clock.anchor(int(event.data["at"]))


def _due_set(state: Fold, event: Event) -> None:
    clock = state.open.get(str(event.data["metric"]))
    if clock is not None:
        due: Any = event.data.get("due")
        clock.promise(None if due is None else int(due), event.seq, event.at)


def _exempt(state: Fold, event: Event) -> None:
    state.end(event.at, cancelled=True)
    state.exempt = str(event.data.get("reason", ""))


STEPS: Final[Mapping[str, Callable[[Fold, Event], None]]] = {
    "created": _created,
    "message": _message,
    "status": _status,
    "field": _field,
    "assigned": _assigned,
    "group": _group,
    "policy_applied": _applied,
    "rules_activated": _activated,
    "merged_into": _merged,
    "carried": _carried,
    "split_from": _split,
    "due_set": _due_set,
    "exempt": _exempt,
}
