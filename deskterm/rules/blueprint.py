"""Blueprints: the guided process of a ticket type; where a ticket stands in it, and where it may go.

A ticket stands in a stage, and the stage stands for a status. What is solved may always be closed, and
anything cancelled, whether a stage stands for that or not; the ticket then keeps its stage.
"""

from deskterm.rules.facts import Book, Ticket
from deskterm.rules.lifecycle import Aim
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Blueprint, RuleBook, Stage

__all__ = ["aim_along", "blueprint_of", "is_the_end", "reachable", "stage_of"]


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
    if here is None or (not standing and is_the_end(ticket, to, book)):
        return None
    if len(standing) == 1:
        return Aim(to, standing[0])
    raise _outside(ticket, to, tuple(standing) or next_ones)


def is_the_end(ticket: Ticket, to: str, book: Book) -> bool:
    """Whether `to` ends a ticket in any stage: withdrawn, or closed once it is solved."""
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
