"""Catching up: which crossed levels act and which are only written down, and in what order all is done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from deskterm.rules.automate.automations import Due, Wake
from deskterm.rules.changes import Notice
from deskterm.rules.facts import Event
from deskterm.rules.stays import Overstay

if TYPE_CHECKING:
    from deskterm.rules.rulebook import Level, RuleBook
    from deskterm.rules.sla import ClockReport, Crossing

__all__ = ["Verdict", "Work", "appeared", "collapse", "one_notice_each", "order_due"]

_PUNCTUAL: Final = 900  # seconds; what is done later than that is late


class Verdict(NamedTuple):
    """What becomes of a crossed level: `outcome` is act, skipped_late, skipped_new or skipped_done."""

    crossing: "Crossing"
    outcome: str
    key: str

    @property
    def nominal_at(self) -> int:
        """When it was crossed."""
        return self.crossing.nominal_at


Work = Verdict | Wake | Overstay | Due
"""Something that the timer has to do for a ticket."""


def collapse(
    ticket: int,
    report: "ClockReport",
    history: Iterable[Event],
    editions: "Mapping[int, RuleBook]",
    now: int,
    fired: frozenset[str] = frozenset(),
) -> tuple[Verdict, ...]:
    """A verdict on every crossed level that does something and is not in `fired`, by nominal instant.

    A clock that is over needs no level any more (skipped_done). One that came with rules which were activated
    after it would have been crossed storms nobody (skipped_new). A warning is of no use once the breach has
    come, nor a level with late = "skip" long after its instant (skipped_late); late = "fire" acts even so.
    """
    breached = {_cycle_key(crossing): False for crossing in report.crossings}
    for cycle in (*report.cycles, *report.internal):
        owner = "" if cycle.kind == "sla" else f"/{cycle.policy}"
        breached[f"{cycle.kind}{owner}/{cycle.metric}/{cycle.start_seq}"] = cycle.breached_at is not None
    told = tuple(history)
    found: list[Verdict] = []
    for crossing in report.crossings:
        key = crossing.key_of(ticket)
        if not crossing.level.do or key in fired or _unwritten(crossing):
            continue
        outcome = "act"
        if crossing.stopped:
            outcome = "skipped_done"
        elif crossing.nominal_at <= appeared(crossing, told, editions):
            outcome = "skipped_new"
        elif _too_late(crossing, now, breached[_cycle_key(crossing)]):
            outcome = "skipped_late"
        found.append(Verdict(crossing, outcome, key))
    return tuple(sorted(found, key=lambda each: each.nominal_at))


def appeared(crossing: "Crossing", history: Iterable[Event], editions: "Mapping[int, RuleBook]") -> int:
    """The instant at which an activation brought a level to a ticket; -1 when it was there from the start.

    A ticket that the activation put under another policy has that from the moment in which it was reached.
    """
    since, had, brought = -1, False, 0
    for event, alone in _of_rules(history):
        rev = int(event.data["rev"])
        has = _has(editions.get(rev), crossing.owner, crossing.level)
        if event.kind == "rules_activated":
            brought = rev if has and not had else 0
            since = event.at if brought else since
        elif brought == rev and event.data["policy"] == crossing.owner:
            since, brought = event.at if alone else since, 0
        had = has
    return since


def _of_rules(history: Iterable[Event]) -> Iterator[tuple[Event, bool]]:
    """The activations and the policies, and whether nothing else was written at once, which would be why."""
    told = tuple(history)
    together = Counter(event.version for event in told)
    for event in told:
        if event.kind in ("rules_activated", "policy_applied"):
            yield event, together[event.version] == 1


def order_due(
    levels: Iterable[Verdict],
    automations: Iterable[Due],
    wake: Wake | None = None,
    stay: Overstay | None = None,
) -> list[Work]:
    """All that is to be done, in the order in which it should have been; in one second levels come first."""
    ranked: list[tuple[int, int, str, Work]] = []
    ranked += [(each.nominal_at, 0, "", each) for each in levels]
    ranked += [(each.nominal_at, 1, each.key, each) for each in (() if wake is None else (wake,))]
    ranked += [(each.nominal_at, 2, each.key, each) for each in (() if stay is None else (stay,))]
    ranked += [(each.nominal_at, 3, each.key, each) for each in automations]
    return [work for *_, work in sorted(ranked, key=lambda each: each[:3])]


def one_notice_each(notices: list[Notice], start: int) -> None:
    """Of what levels tell one person from `start` on leave the last, which says how many there were."""
    last: dict[str, Notice] = {}
    count: dict[str, int] = {}
    for notice in notices[start:]:
        if _of_level(notice):
            last[notice.to] = notice
            count[notice.to] = count.get(notice.to, 0) + 1
    kept = [each for each in notices[start:] if not _of_level(each) or last[each.to] is each]
    notices[start:] = [_counted(each, count.get(each.to, 1)) if _of_level(each) else each for each in kept]


def _of_level(notice: Notice) -> bool:
    return notice.kind == "notify" and notice.because.startswith("level ")


def _counted(notice: Notice, levels: int) -> Notice:
    if levels == 1:
        return notice
    payload = {**notice.payload, "levels": levels}
    return Notice(notice.kind, notice.to, notice.because, notice.change, payload)


def _too_late(crossing: "Crossing", now: int, breached: bool) -> bool:
    match crossing.level.late:
        case "fire":
            return False
        case "skip" if now - crossing.nominal_at > _PUNCTUAL:
            return True
    return crossing.level.warns and breached


def _unwritten(crossing: "Crossing") -> bool:
    """Whether the event that began its cycle is being decided just now, and has no number to be known by."""
    return _cycle_key(crossing).endswith("/0")


def _cycle_key(crossing: "Crossing") -> str:
    return crossing.key.rpartition("/")[0]


def _has(rules: "RuleBook | None", owner: str, level: "Level") -> bool:
    """Whether the policy, OLA or contract `owner` has a level of that name at that place."""
    if rules is None:
        return False
    policy = rules.policy(owner)
    known = [() if policy is None else policy.levels]
    known += [each.levels for each in rules.olas if each.id == owner]
    known += [each.levels for each in rules.ucs if each.id == owner]
    return any(_place(each) == _place(level) for levels in known for each in levels)


def _place(level: "Level") -> tuple[str, str, str, int]:
    return level.id, level.metric, level.basis, level.amount
