"""Blueprints: the guided process of a ticket type; where a ticket stands in it, and where it may go.

A ticket stands in a stage, and the stage stands for a status. What is solved may always be closed, and
anything cancelled, whether a stage stands for that or not; the ticket then keeps its stage.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from deskterm.rules.calendar import ALWAYS, CalendarExhausted
from deskterm.rules.facts import Book, Event, Ticket
from deskterm.rules.lifecycle import Aim
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Blueprint, RuleBook, Stage

__all__ = ["Overstay", "aim_along", "blueprint_of", "overstay", "reachable", "stage_of"]


class Overstay(NamedTuple):
    """A stay in a stage that is longer than its limit from `nominal_at` on; `seq` is the event it began with.

    `new`: the limit came with rules that were activated after that instant, so nobody is to be stormed.
    """

    blueprint: str
    stage: Stage
    seq: int
    nominal_at: int
    key: str
    new: bool = False


def blueprint_of(kind: str, rules: RuleBook | None) -> Blueprint | None:
    """The blueprint of a ticket type."""
    if rules is None or not kind:
        return None
    return next((each for each in rules.blueprints if each.type == kind), None)


def stage_of(ticket: Ticket, book: Book) -> Stage | None:
    """The stage in which a ticket stands; None where no blueprint guides it, or none knows its stage."""
    blueprint = blueprint_of(ticket.type, book.rules)
    return _named(blueprint, ticket.stage) if blueprint is not None else None


def reachable(ticket: Ticket, book: Book) -> tuple[Stage, ...]:
    """The stages that may be next, as the file lists them.

    A ticket that was withdrawn comes back to its stage. One that stands in no stage, for it was there before
    the blueprint, may enter any.
    """
    blueprint = blueprint_of(ticket.type, book.rules)
    if blueprint is None:
        return ()
    here = _named(blueprint, ticket.stage)
    if here is None:
        return blueprint.stages
    if ticket.status == "cancelled" != here.status:
        return (here,)
    found = (_named(blueprint, each) for each in here.goes_to)
    return tuple(each for each in found if each is not None)


def aim_along(ticket: Ticket, to: str, book: Book) -> Aim | None:
    """Where `to`, a stage or a status, leads a ticket that a blueprint guides; None: it is free to go.

    Raises the Problem that names the allowed stages.
    """
    blueprint = blueprint_of(ticket.type, book.rules)
    if blueprint is None:
        return None
    next_ones = reachable(ticket, book)
    here, named = _named(blueprint, ticket.stage), _named(blueprint, to)
    if named is not None and (named.status == to or to not in book.terms.statuses):
        if named in next_ones:
            return Aim(named.status, named)
        if to not in book.terms.statuses:
            raise _outside(ticket, to, next_ones)
    standing = [each for each in next_ones if each.status == to]
    if here is None or (not standing and _is_the_end(ticket, to, book)):
        return None
    if len(standing) == 1:
        return Aim(to, standing[0])
    raise _outside(ticket, to, tuple(standing) or next_ones)


def _is_the_end(ticket: Ticket, to: str, book: Book) -> bool:
    return to == "cancelled" or (to == "closed" and book.terms.category(ticket.status) == "solved")


def _named(blueprint: Blueprint | None, name: str) -> Stage | None:
    if blueprint is None or not name:
        return None
    return next((each for each in blueprint.stages if each.id == name), None)


def _outside(ticket: Ticket, to: str, allowed: tuple[Stage, ...]) -> Problem:
    names = [each.id for each in allowed]
    if sum(each.status == to for each in allowed) > 1:
        template = N_("%(new)s can be several stages for ticket %(ticket)s: name one of them.")
    elif names:
        template = N_("From the stage %(stage)s ticket %(ticket)s cannot go to %(new)s.")
    else:
        template = N_("The stage %(stage)s is the last one of ticket %(ticket)s: it cannot go to %(new)s.")
    return Problem(
        "blueprint.move", template, choices=names, field="stage", stage=ticket.stage, ticket=ticket.id, new=to
    )


def overstay(
    ticket: Ticket, history: Iterable[Event], book: Book, fired: frozenset[str] = frozenset()
) -> Overstay | None:
    """When the stay of a ticket in its stage is too long; None where it may last, or was seen to already."""
    stage = stage_of(ticket, book)
    if stage is None or not stage.limit or not stage.do or book.rules is None:
        return None
    events = tuple(history)
    entered = next((event for event in reversed(events) if _enters(event, stage.id)), None)
    if entered is None:
        return None
    blueprint = blueprint_of(ticket.type, book.rules)
    name = blueprint.id if blueprint else ""
    key = f"stage/{ticket.id}/{name}/{stage.id}/{entered.seq}"
    try:
        nominal = book.rules.calendars.get(stage.calendar, ALWAYS).add(entered.at, stage.limit)
    except CalendarExhausted:
        return None
    if key in fired:
        return None
    new = nominal <= _limited_since(events, book.editions, name, stage)
    return Overstay(name, stage, entered.seq, nominal, key, new)


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
    known = _named(found, stage.id)
    return known is not None and bool(known.do) and known.limit == stage.limit
