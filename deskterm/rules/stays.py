"""Stays: since when a ticket stands in a stage of its blueprint, until when it should, what happens then."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from deskterm.rules.blueprint import blueprint_of, reachable, stage_of
from deskterm.rules.calendar import ALWAYS, CalendarExhausted
from deskterm.rules.explanation import Line
from deskterm.rules.facts import Book, Event, Ticket
from deskterm.rules.problems import N_
from deskterm.rules.rulebook import RuleBook, Stage

__all__ = ["Overstay", "Stay", "overstay", "stay_lines", "stay_of"]


class Stay(NamedTuple):
    """A ticket in a stage since `since`; `leave_by` is when the stage's limit is reached (None: it has none).

    `seq` is the event it began with (0: it is being decided just now), `onward` the stages that may be next.
    """

    blueprint: str
    stage: Stage
    seq: int
    since: int
    leave_by: int | None
    onward: tuple[Stage, ...] = ()


class Overstay(NamedTuple):
    """A stay that is longer than its limit from `nominal_at` on; the stage says what to do then.

    `new`: the limit came with rules that were activated after that instant, so nobody is to be stormed.
    """

    blueprint: str
    stage: Stage
    seq: int
    nominal_at: int
    key: str
    new: bool = False


def stay_of(ticket: Ticket, history: Iterable[Event], book: Book) -> Stay | None:
    """The stay of a ticket in its stage; None where no blueprint guides it."""
    stage, blueprint = stage_of(ticket, book), blueprint_of(ticket.type, book.rules)
    entered = None
    if stage is not None:
        entered = next((event for event in reversed(tuple(history)) if _enters(event, stage.id)), None)
    if stage is None or entered is None or blueprint is None:
        return None
    leave_by = _limit(stage, entered.at, book.rules)
    return Stay(blueprint.id, stage, entered.seq, entered.at, leave_by, reachable(ticket, book))


def overstay(
    ticket: Ticket, history: Iterable[Event], book: Book, fired: frozenset[str] = frozenset()
) -> Overstay | None:
    """When the stay of a ticket in its stage is too long; None where it may last, or was seen to already."""
    events = tuple(history)
    stay = stay_of(ticket, events, book)
    if stay is None or stay.leave_by is None or not stay.stage.do:
        return None
    key = f"stage/{ticket.id}/{stay.blueprint}/{stay.stage.id}/{stay.seq}"
    if key in fired:
        return None
    new = stay.leave_by <= _limited_since(events, book.editions, stay.blueprint, stay.stage)
    return Overstay(stay.blueprint, stay.stage, stay.seq, stay.leave_by, key, new)


def stay_lines(stay: Stay, now: int) -> Iterator[Line]:
    """A stay in words: the stage, since when, until when, where it may go and who may move it there."""
    yield Line(0, "+", N_("stage %(id)s of the blueprint %(name)s"), _named(stay))
    yield Line(1, "", N_("in it since %(actual)s"), {"actual": stay.since}, True)
    if stay.leave_by is not None:
        late = stay.leave_by <= now
        told = N_("its time was over at %(actual)s") if late else N_("its time is over at %(actual)s")
        yield Line(1, "-" if late else "", told, {"actual": stay.leave_by}, True)
    for stage in stay.onward:
        values = {"id": stage.id, "needs": ", ".join(stage.needs), "who": ", ".join(stage.who)}
        yield Line(1, ">", _ONWARD[bool(stage.needs), bool(stage.who)], values)


_ONWARD = {
    (False, False): N_("it can go to %(id)s"),
    (True, False): N_("it can go to %(id)s, which needs %(needs)s"),
    (False, True): N_("it can go to %(id)s (%(who)s)"),
    (True, True): N_("it can go to %(id)s (%(who)s), which needs %(needs)s"),
}


def _named(stay: Stay) -> Mapping[str, str]:
    return {"id": stay.stage.id, "name": stay.blueprint}


def _limit(stage: Stage, since: int, rules: RuleBook | None) -> int | None:
    if not stage.limit or rules is None:
        return None
    try:
        return rules.calendars.get(stage.calendar, ALWAYS).add(since, stage.limit)
    except CalendarExhausted:
        return None


def _enters(event: Event, stage: str) -> bool:
    return event.kind == "field" and event.data.get("name") == "stage" and event.data.get("new") == stage


def _limited_since(
    history: tuple[Event, ...], editions: Mapping[int, RuleBook], blueprint: str, stage: Stage
) -> int:
    """The instant of the activation that brought the limit; -1 when it was there from the start."""
    since, had = -1, False
    for event in history:
        if event.kind not in ("rules_activated", "policy_applied"):
            continue
        has = _has(editions.get(int(event.data["rev"])), blueprint, stage)
        if event.kind == "rules_activated" and has and not had:
            since = event.at
        had = has
    return since


def _has(rules: RuleBook | None, blueprint: str, stage: Stage) -> bool:
    found = next((each for each in rules.blueprints if each.id == blueprint), None) if rules else None
    known = next((each for each in found.stages if each.id == stage.id), None) if found else None
    return known is not None and bool(known.do) and known.limit == stage.limit
