"""Lint: what a rule file says that is allowed and cannot be meant. Sound and incomplete.

Each warning is true; there may be faults it does not see. Conditions with more than 64 alternatives are left
alone, and of very long lists only the first comparisons are made.
"""

from typing import TYPE_CHECKING

from deskterm.rules.rulebook import RuleBook
from deskterm.rules.rulefile.faults import Fault

if TYPE_CHECKING:
    from deskterm.rules.facts import Book

__all__ = ["lint"]


def lint(book: RuleBook, *, desk: "Book | None" = None, now: int | None = None) -> tuple[Fault, ...]:
    """Every warning about `book`, in the order of its lines.

    With the `desk` also what its people make of it; with `now` (an instant) also what time does to it.
    """
    from deskterm.rules.lint import classes, days, people, reach, rings, tags, targets

    routes, policies = reach.routes(book), reach.policies(book)
    found = [
        *reach.unreached("route", routes),
        *reach.unreached("sla", policies),
        *reach.leaves_over("route", routes),
        *reach.leaves_over("sla", policies),
        *classes.contradicting(book),
        *classes.dead(book),
        *tags.misspelled(book),
        *rings.rings(book),
        *targets.contradicting(book),
        *days.idle(book),
        *days.ending(book, now),
        *people.unmet(book, desk),
        *people.absent(book, desk, now),
    ]
    return tuple(sorted(found, key=lambda fault: (fault.line, fault.code)))
