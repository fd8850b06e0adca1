"""Classes: classify rules that contradict each other, and rules whose condition contradicts itself."""

from collections.abc import Iterator
from itertools import combinations, product

from deskterm.rules.lint.reach import JOINS, Budget, contradiction, warning
from deskterm.rules.lint.sets import ALL, Values
from deskterm.rules.lint.terms import Demand, Term, alternatives, is_dead, joined
from deskterm.rules.problems import N_
from deskterm.rules.rulebook import Classify, RuleBook
from deskterm.rules.rulefile.faults import Fault

__all__ = ["contradicting", "dead"]


def contradicting(book: RuleBook) -> Iterator[Fault]:
    """Two rules that set one field differently and that nothing keeps from matching the same ticket."""
    budget = Budget(JOINS)
    terms = {rule.id: alternatives(rule.when, book.terms) for rule in book.classify}
    for first, second in combinations(book.classify, 2):
        if budget.left <= 0:
            return
        name = _quarrel(first, second)
        a, b = terms[first.id], terms[second.id]
        if name and a and b and _meet(first, a, b, budget):
            template = N_(
                "classify '%(id)s' sets %(name)s to '%(value)s', but '%(other)s' above it sets '%(kept)s' "
                "and both can match: the first keeps it"
            )
            yield warning(
                "W503",
                second.line,
                template,
                id=second.id,
                name=name,
                value=second.set[name],
                other=first.id,
                kept=first.set[name],
            )


def dead(book: RuleBook) -> Iterator[Fault]:
    """Rules outside of ordered lists whose condition never holds."""
    rules = [
        *(("classify", each.id, each.line, each.when) for each in book.classify),
        *(("uc", each.id, each.line, each.when) for each in book.ucs),
        *(("trigger", each.id, each.line, each.when) for each in book.triggers),
        *(("automation", each.id, each.line, each.anchor) for each in book.automations),
        *(("automation", each.id, each.line, each.when) for each in book.automations),
        *(("macro", each.id, each.line, each.when) for each in book.macros),
    ]
    for rule, name, line, when in rules:
        if alternatives(when, book.terms) == ():
            yield contradiction(rule, name, line)


def _quarrel(first: Classify, second: Classify) -> str:
    """The field that both set, each to another value, and the second not on purpose."""
    if second.override:
        return ""
    return next((name for name, value in second.set.items() if first.set.get(name, value) != value), "")


def _meet(first: Classify, before: tuple[Term, ...], behind: tuple[Term, ...], budget: Budget) -> bool:
    """True when a ticket that the first rule has changed may still be one for a rule behind it."""
    changed = {
        name: Demand((Values(frozenset((value,))),)) if value else Demand((), (ALL,))
        for name, value in first.set.items()
    }
    for a, b in product(before, behind):
        if not budget.spend():
            return False
        if not is_dead(joined(({**a, **changed}, b))):
            return True
    return False
