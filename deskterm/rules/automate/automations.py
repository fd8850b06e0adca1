"""Automations: what is due because something has stayed true for long enough.

The anchor of an automation holds since an event of the timeline; a later public answer of an agent, while it
holds, is the anchor from then on (the days of an auto-close count from it). Notes, automatic messages and
what a requester adds without reopening move nothing. When it stops being true nothing is due, and when it
becomes true again that is another anchor, with other keys.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from deskterm.rules.calendar import ALWAYS, Calendar, CalendarExhausted
from deskterm.rules.conditions import conditions_of
from deskterm.rules.facts import Event, Ticket
from deskterm.rules.query.ast import EVERYTHING, And, In, Node, Not, Or
from deskterm.rules.retrace import Retraced, Trail
from deskterm.rules.rulebook import Automation, RuleBook

__all__ = [
    "Anchor",
    "Due",
    "Wake",
    "anchor_of",
    "due_automations",
    "due_wake",
    "next_automation_at",
    "next_wake_at",
]

_LOOK_AGAIN: Final = 900  # seconds; how often a `when` is asked that time alone can make true
_MOVING: Final = ("age", "waiting", "due", "created", "updated", "hours")
_MOVING_STATES: Final = ("overdue", "atrisk", "breached")

Holds = Callable[[Node], bool]
"""Whether a condition holds for the ticket as it is now."""


class Anchor(NamedTuple):
    """The event since which a condition holds without a break, and an agent has said nothing more."""

    seq: int
    at: int


class Due(NamedTuple):
    """An automation to be done: its `step` (0, then one per `every`), when that was due, and its key."""

    rule: Automation
    step: int
    anchor_seq: int
    nominal_at: int
    key: str


class Wake(NamedTuple):
    """A waiting ticket whose time has come; `seq` is the event that said until when."""

    seq: int
    nominal_at: int
    key: str


def due_automations(
    ticket: int,
    trail: Trail,
    rules: RuleBook,
    now: int,
    fired: frozenset[str] = frozenset(),
    holds: Holds | None = None,
) -> tuple[Due, ...]:
    """What is due by `now` and not in `fired`, in the order of time; of the steps that were missed the last.

    `holds` answers the `when` of a rule; without it none but the empty one holds.
    """
    found: list[Due] = []
    for rule, spell in _spells(ticket, trail, rules):
        latest = spell.latest(now) if spell.anchor.seq else None  # 0: it is being decided just now
        if latest is not None and latest[0] > spell.done(fired) and _wanted(rule, holds):
            step, nominal = latest
            found.append(Due(rule, step, spell.anchor.seq, nominal, f"{spell.key}{step}"))
    return tuple(sorted(found, key=lambda due: (due.nominal_at, due.key)))


def next_automation_at(
    ticket: int,
    trail: Trail,
    rules: RuleBook,
    now: int,
    fired: frozenset[str] = frozenset(),
    holds: Holds | None = None,
) -> int | None:
    """The first instant at which an automation has something to do that is not in `fired`; None: never.

    It may be past: then it is due. One that is due but for its `when` counts only where time alone can make
    that true (or nobody says, without `holds`), and then at the next quarter of an hour.
    """
    moments: list[int] = []
    for rule, spell in _spells(ticket, trail, rules):
        nominal = spell.after(spell.done(fired))
        if nominal is None:
            continue
        if nominal > now or _wanted(rule, holds):
            moments.append(nominal)
        elif holds is None or _moves(rule.when):
            moments.append(now - now % _LOOK_AGAIN + _LOOK_AGAIN)
    return min(moments, default=None)


def due_wake(ticket: Ticket, history: Iterable[Event], now: int) -> Wake | None:
    """The waking up of a waiting ticket whose time has come by `now`; None when it sleeps on."""
    if ticket.wake_at is None or ticket.wake_at > now:
        return None
    seq = _told_to_wait(history)
    return Wake(seq, ticket.wake_at, f"wake/{ticket.id}/{seq}") if seq else None


def next_wake_at(ticket: Ticket, history: Iterable[Event], fired: frozenset[str] = frozenset()) -> int | None:
    """When a waiting ticket wakes up; None when it has no such time, or was tried to be woken in vain."""
    if ticket.wake_at is None or f"wake/{ticket.id}/{_told_to_wait(history)}" in fired:
        return None
    return ticket.wake_at


def _told_to_wait(history: Iterable[Event]) -> int:
    """The event that said until when; 0 while it is only being decided."""
    return next((event.seq for event in reversed(tuple(history)) if _sets_wake(event)), 0)


def anchor_of(node: Node, trail: Trail, rules: RuleBook) -> Anchor | None:
    """Since which event `node` holds at the end of `trail`; None when it does not.

    What a timeline cannot answer never holds.
    """
    conditions = conditions_of(rules)
    if not conditions.traceable(node):
        return None
    test: Callable[[Any], bool] = conditions.test(node)
    found: Anchor | None = None
    known: Retraced | None = None
    for event, state in reversed(trail):
        if state is not known:
            if not test(state):
                break
            known = state
        found = Anchor(event.seq, event.at)
        if _answers(event) or event.kind == "created":
            break
    return found


class _Spell(NamedTuple):
    """A stretch of time in which the anchor of a rule holds; `first` is when the rule is due in it."""

    rule: Automation
    anchor: Anchor
    first: int
    key: str  # of its steps, up to their number
    calendar: Calendar

    def latest(self, now: int) -> tuple[int, int] | None:
        """The last step that is due by `now` and its instant."""
        if self.first > now:
            return None
        step = self.calendar.elapsed(self.first, now) // self.rule.every if self.rule.every else 0
        return step, self._at(step)

    def after(self, step: int) -> int | None:
        """The instant of the step behind `step` (-1: of the first one); None when there is none."""
        if step >= 0 and not self.rule.every:
            return None
        try:
            return self._at(step + 1)
        except CalendarExhausted:
            return None

    def done(self, fired: frozenset[str]) -> int:
        """The last step that was done, -1 for none; also one that lies ahead, when a clock was set back."""
        steps = (key.removeprefix(self.key) for key in fired if key.startswith(self.key))
        return max((int(step) for step in steps if step.isdigit()), default=-1)

    def _at(self, step: int) -> int:
        return self.calendar.add(self.first, step * self.rule.every)


def _spells(ticket: int, trail: Trail, rules: RuleBook) -> list[tuple[Automation, _Spell]]:
    found: list[tuple[Automation, _Spell]] = []
    for rule in rules.automations:
        anchor = anchor_of(rule.anchor, trail, rules)
        if anchor is None:
            continue
        calendar = rules.calendars.get(rule.calendar, ALWAYS)
        first = _first(rule, anchor.at, calendar)
        if first is not None:
            key = f"auto/{ticket}/{rule.id}/{anchor.seq}/"
            found.append((rule, _Spell(rule, anchor, first, key, calendar)))
    return found


def _first(rule: Automation, at: int, calendar: Calendar) -> int | None:
    """When the wait that begins at `at` is over; None when the calendar knows no such time."""
    wait = rule.after
    try:
        if wait.business_days:
            return calendar.end_of_business_day(at, wait.business_days)
        return at + wait.seconds if wait.wall else calendar.add(at, wait.seconds)
    except CalendarExhausted:
        return None


def _wanted(rule: Automation, holds: Holds | None) -> bool:
    return rule.when == EVERYTHING or (holds is not None and holds(rule.when))


def _answers(event: Event) -> bool:
    """A public word of an agent that no machine sent."""
    data = event.data
    return (
        event.kind == "message"
        and bool(data.get("public"))
        and not data.get("auto")
        and data.get("side") == "agent"
    )


def _sets_wake(event: Event) -> bool:
    if event.kind == "status":
        return bool(event.data.get("until"))
    return event.kind == "field" and event.data.get("name") == "wake_at"


def _moves(node: Node) -> bool:
    """Whether time alone can change the answer."""
    match node:
        case And() | Or():
            return any(_moves(each) for each in node.nodes)
        case Not():
            return _moves(node.node)
        case In(field="is"):
            return any(value in _MOVING_STATES for value in node.values)
    return getattr(node, "field", "") in _MOVING
