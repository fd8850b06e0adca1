"""Rings: triggers that wake each other, because each changes a field that the next one waits for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from deskterm.rules.lint.reach import JOINS, Budget, warning
from deskterm.rules.lint.sets import Values
from deskterm.rules.lint.terms import Demand, Term, alternatives, is_dead, joined
from deskterm.rules.problems import N_
from deskterm.rules.rulebook import Act, RuleBook, Trigger
from deskterm.rules.rulefile.faults import Fault

__all__ = ["rings"]

_STEPS: Final = ("+1", "-1")


def rings(book: RuleBook) -> Iterator[Fault]:
    """One warning for every ring, at the first of its triggers."""
    wakes = _wakes(book)
    told: set[str] = set()
    for trigger in book.triggers:
        if trigger.id in told:
            continue
        ring = _ring(trigger.id, wakes)
        if ring:
            told.update(ring)
            yield _told(trigger, ring)


def _told(trigger: Trigger, ring: Sequence[str]) -> Fault:
    if len(ring) == 1:
        template = N_("trigger '%(id)s' wakes itself: it changes a field that it waits for by changed:")
        return warning("W506", trigger.line, template, id=trigger.id)
    template = N_(
        "trigger '%(id)s' is part of a ring: '%(ring)s' each change what the next one waits for by changed:"
    )
    return warning("W506", trigger.line, template, id=trigger.id, ring="' → '".join((*ring, ring[0])))


def _wakes(book: RuleBook) -> Mapping[str, tuple[str, ...]]:
    """Trigger -> the triggers that what it does can wake."""
    terms = {each.id: alternatives(each.when, book.terms) or () for each in book.triggers}
    writes = {each.id: dict(_written(each.do)) for each in book.triggers}
    waiting = {name: tuple(term for term in found if _awaited(term)) for name, found in terms.items()}
    budget = Budget(JOINS)
    listeners = [each for each in waiting if waiting[each]]

    def reached(name: str) -> Iterator[str]:
        for other in listeners if budget.left > 0 else ():
            if any(budget.spend() and _wakes_term(writes[name], term) for term in waiting[other]):
                yield other

    return {each.id: tuple(reached(each.id)) for each in book.triggers}


def _written(acts: tuple[Act, ...]) -> Iterator[tuple[str, str | None]]:
    """Field -> the value it gets, None where that depends."""
    for act in acts:
        match act.verb:
            case "set":
                yield from (
                    (name, None if value in ("+1", "-1") else value) for name, value in act.value.items()
                )
            case "reassign":
                yield from (("assignee", None), ("group", None))
            case "add_tags" | "remove_tags":
                yield ("tag", None)


def _awaited(term: Term) -> frozenset[str]:
    """The fields that a term waits for by changed:."""
    sets = term["changed"].has if "changed" in term else ()
    return frozenset(value for each in sets if isinstance(each, Values) for value in each.values)


def _wakes_term(writes: Mapping[str, str | None], term: Term) -> bool:
    """True when it writes a field the term waits for, and no value it writes keeps the term from holding."""
    if _awaited(term).isdisjoint(writes):
        return False
    known = {name: Demand((Values(frozenset((value,))),)) for name, value in writes.items() if value}
    return not is_dead(joined((term, known)))


def _ring(start: str, wakes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest way from a trigger back to it; () when there is none."""
    before: dict[str, str] = {}
    level = [start]
    while level:
        following: list[str] = []
        for name in level:
            for other in wakes[name]:
                if other == start:
                    return _way(start, name, before)
                if other not in before:
                    before[other] = name
                    following.append(other)
        level = following
    return ()


def _way(start: str, last: str, before: Mapping[str, str]) -> tuple[str, ...]:
    way = [last]
    while way[-1] != start:
        way.append(before[way[-1]])
    return tuple(reversed(way))
