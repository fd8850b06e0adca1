"""Prospects: where a person may bring a ticket, what he has to say for it, and why he may not elsewhere."""

from collections.abc import Iterator
from typing import NamedTuple

from deskterm.rules import actions as a
from deskterm.rules.blueprint import blueprint_of, stage_of
from deskterm.rules.facts import Actor, Book, Ticket
from deskterm.rules.handlers.moves import not_by_himself
from deskterm.rules.lifecycle import aim_at, check, needs, ways
from deskterm.rules.permissions import permit
from deskterm.rules.problems import Problem

__all__ = ["Prospect", "prospects"]

_PUT_THERE = ("new", "merged")  # one by opening the ticket, the other by merging it


class Prospect(NamedTuple):
    """A place for a ticket: `to` is a status, or a stage that stands for `status`.

    `needs` are the fields that the move has to bring, by name; `refusal` says why this actor cannot bring it
    there whatever he says (None: he can). One that waits already may wait `anew`: for another reason or time.
    """

    to: str
    status: str
    needs: tuple[str, ...] = ()
    refusal: Problem | None = None
    anew: bool = False


def prospects(ticket: Ticket, actor: Actor, book: Book, now: int) -> tuple[Prospect, ...]:
    """Every place but the one where it is: those that come next, then the others with what forbids them."""
    nearest = tuple(_next(ticket, actor, book, now))
    named = {each.to for each in nearest}
    return (*nearest, *_waiting(ticket, actor, book), *_others(ticket, actor, book, now, named))


def _next(ticket: Ticket, actor: Actor, book: Book, now: int) -> Iterator[Prospect]:
    for way in ways(ticket, actor, book, now):
        aim = aim_at(ticket, way.to, book)
        forbids = [each for each in way.refusals if each.code != "lifecycle.needs_field"]
        himself = not_by_himself(ticket, aim, actor, book)
        refusal = next(iter(forbids), himself)
        yield Prospect(way.to, way.status, needs(ticket, aim, book), refusal)


def _waiting(ticket: Ticket, actor: Actor, book: Book) -> Iterator[Prospect]:
    """The same wait for another reason, or until another time."""
    if ticket.status in ("pending", "on_hold"):
        yield Prospect(ticket.status, ticket.status, (), _not_permitted(ticket, actor, book), anew=True)


def _others(ticket: Ticket, actor: Actor, book: Book, now: int, named: set[str]) -> Iterator[Prospect]:
    """The statuses, or the stages of its blueprint, that do not come next."""
    blueprint = blueprint_of(ticket.type, book.rules) if stage_of(ticket, book) is not None else None
    if blueprint is not None:
        here, places = ticket.stage, [(each.id, each.status) for each in blueprint.stages]
    else:
        statuses = [status for status in book.terms.statuses if status not in _PUT_THERE]
        here, places = ticket.status, [(status, status) for status in statuses]
    for to, status in places:
        if to in named or to == here:
            continue
        refused = check(ticket, to, actor, {}, book, now)
        yield Prospect(to, status, refusal=next(iter(refused), None))


def _not_permitted(ticket: Ticket, actor: Actor, book: Book) -> Problem | None:
    try:
        permit(a.Pend(ticket.id), actor, ticket, book)
    except Problem as problem:
        return problem
    return None
