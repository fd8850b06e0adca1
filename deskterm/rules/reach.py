"""Reach: what of the open tickets a rule book that follows another one touches, so that the rest can be left.

Routing, triggers, macros and texts are asked when something happens; a ticket that lies there feels none of
them. It feels how its policy is chosen, what its clocks are set to, and what the timer has to do.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.rules.comparison import without_lines
from deskterm.rules.facts import EMPTY

if TYPE_CHECKING:
    from deskterm.rules.calendar import Calendar
    from deskterm.rules.rulebook import Automation, Ola, Policy, RuleBook, Stage, Uc

__all__ = ["ALL", "NOTHING", "Reach", "reach"]


class Reach(NamedTuple):
    """`choice`: which policy applies has to be asked anew, of every ticket · `beside`: words, OLAs, vendors,
    automations or blueprints are others, which only the timeline can be asked for · `terms`: the policies
    (ids) and priorities under which the customer's clocks run otherwise.
    """

    choice: bool
    beside: bool
    terms: frozenset[tuple[str, str]]

    def __or__(self, other: "Reach") -> "Reach":
        return Reach(self.choice or other.choice, self.beside or other.beside, self.terms | other.terms)


NOTHING = Reach(choice=False, beside=False, terms=frozenset())
ALL = Reach(choice=True, beside=True, terms=frozenset())


def reach(editions: "Sequence[RuleBook]") -> Reach:
    """What is touched by activations one after the other; the first edition is what all tickets are under."""
    return reduce(Reach.__or__, (_step(old, new) for old, new in pairwise(editions)), NOTHING)


def _step(old: "RuleBook", new: "RuleBook") -> Reach:
    if old.rev == 0 or without_lines(_choice(old)) != without_lines(_choice(new)):
        return ALL  # whoever was opened without rules was never put under a policy, whatever its name is
    return Reach(choice=False, beside=_beside(old) != _beside(new), terms=frozenset(_terms(old, new)))


def _choice(rules: "RuleBook") -> Any:
    """What decides which policy takes a ticket."""
    return [(each.id, each.when, each.valid_from, each.valid_until) for each in rules.policies]


def _beside(rules: "RuleBook") -> Any:
    """What is due on a ticket, or counted, beside its customer's clocks."""
    stages = [stage for each in rules.blueprints for stage in each.stages]
    timed: tuple[Ola | Uc | Automation | Stage, ...] = (*rules.olas, *rules.ucs, *rules.automations, *stages)
    asked = tuple(rules.calendars) if rules.automations else ()  # their conditions may ask any of them
    told = rules.terms, rules.olas, rules.ucs, rules.automations, rules.blueprints
    zone = rules.timezone if rules.automations else ""
    return without_lines(told), zone, _calendars(rules, {*(each.calendar for each in timed), *asked})


def _calendars(rules: "RuleBook", names: Iterable[str]) -> "dict[str, Calendar | None]":
    return {name: rules.calendars.get(name) for name in names}


def _terms(old: "RuleBook", new: "RuleBook") -> Iterator[tuple[str, str]]:
    for before in old.policies:
        after = new.policy(before.id)
        if after is None:
            continue
        common = without_lines(_common(before, old)) != without_lines(_common(after, new))
        for priority in dict.fromkeys((*new.terms.priorities, *before.targets, *after.targets)):
            if common or before.targets.get(priority, EMPTY) != after.targets.get(priority, EMPTY):
                yield before.id, priority


def _common(policy: "Policy", rules: "RuleBook") -> Any:
    """What holds for a ticket of any priority; how it reopens matters when it does."""
    return rules.calendars.get(policy.calendar), policy.pause, policy.levels
