"""Reach: which rules of an ordered list can never be the first to match."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from deskterm.rules.lint.terms import Term, alternatives, implies
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Policy, RuleBook
from deskterm.rules.rulefile.faults import Fault
from deskterm.rules.terms import Terms

__all__ = ["JOINS", "Budget", "Ordered", "covers", "policies", "routes", "taken_by", "unreached"]

_STEPS: Final = 200_000  # comparisons of two terms in one list; what lies behind them is not looked at
JOINS: Final = 20_000  # the same where terms are put together, which takes ten times as long


class Budget:
    """How many comparisons are left."""

    def __init__(self, steps: int = _STEPS) -> None:
        self.left = steps

    def spend(self) -> bool:
        """True while there is something left."""
        self.left -= 1
        return self.left >= 0


class Ordered(NamedTuple):
    """A rule of a list in which the first that matches decides; `terms` None: too many to look at.

    `passes_on`: it decides nothing · it applies from `since` until before `until`.
    """

    id: str
    line: int
    terms: tuple[Term, ...] | None
    passes_on: bool = False
    since: int | None = None
    until: int | None = None

    @property
    def takes_all(self) -> bool:
        """True when it always matches."""
        always = self.terms is not None and any(not term for term in self.terms)
        return always and not self.passes_on and self.since is None and self.until is None


def routes(book: RuleBook) -> list[Ordered]:
    """The routes of a book."""
    return [
        Ordered(each.id, each.line, alternatives(each.when, book.terms), each.goes_on) for each in book.routes
    ]


def policies(book: RuleBook) -> list[Ordered]:
    """The SLA policies of a book."""
    return [of_policy(each, book.terms) for each in book.policies]


def of_policy(policy: Policy, terms: Terms) -> Ordered:
    """One SLA policy."""
    found = alternatives(policy.when, terms)
    return Ordered(policy.id, policy.line, found, False, policy.valid_from, policy.valid_until)


def covers(a: Ordered, b: Ordered) -> bool:
    """True when `a` decides and applies as long as `b` does."""
    since = a.since is None or (b.since is not None and a.since <= b.since)
    return not a.passes_on and since and (a.until is None or (b.until is not None and b.until <= a.until))


def taken_by(term: Term, above: Sequence[Ordered], budget: Budget) -> Ordered | None:
    """The first of the rules `above` that certainly takes every ticket like `term`."""
    for each in above:
        for other in each.terms or ():
            if not budget.spend():
                return None
            if implies(term, other):
                return each
    return None


def unreached(kind: str, rules: Sequence[Ordered]) -> Iterator[Fault]:
    """A warning for every rule that is never the first to match."""
    budget = Budget()
    for place, rule in enumerate(rules):
        if rule.terms is None:
            continue
        if not rule.terms:
            yield contradiction(kind, rule.id, rule.line)
            continue
        above = [each for each in rules[:place] if covers(each, rule)]
        takers = [taken_by(term, above, budget) for term in rule.terms]
        found = list(dict.fromkeys(each.id for each in takers if each is not None))
        if all(takers):
            takes_all = any(each.takes_all for each in takers if each is not None)
            yield _unreachable(kind, rule, found, takes_all)


def leaves_over(kind: str, rules: Sequence[Ordered]) -> Iterator[Fault]:
    """A warning when there are rules and none of them takes whatever is left."""
    if not rules or any(each.takes_all for each in rules) or any(each.terms is None for each in rules):
        return
    last = rules[-1]
    template = N_("the last %(rule)s '%(id)s' does not match every ticket: end with one that has when = ''")
    yield warning("W504", last.line, template, rule=kind, id=last.id)


def contradiction(kind: str, name: str, line: int) -> Fault:
    """A rule whose condition never holds."""
    template = N_("%(rule)s '%(id)s' can never match: its condition contradicts itself")
    return warning("W502", line, template, rule=kind, id=name)


def warning(code: str, line: int, template: str, **values: object) -> Fault:
    """Something that is allowed and cannot be meant."""
    return Fault(code, line, 0, Problem(code, template, "usage", (), "", 0, **values), "warning")


def _unreachable(kind: str, rule: Ordered, takers: list[str], takes_all: bool) -> Fault:
    others = "', '".join(takers[:4])
    template = N_("%(rule)s '%(id)s' can never match: '%(others)s' above it takes every ticket it could")
    if takes_all and len(takers) == 1:
        template = N_("%(rule)s '%(id)s' can never match: '%(others)s' above it takes every ticket")
    elif len(takers) > 1:
        template = N_("%(rule)s '%(id)s' can never match: '%(others)s' above it take every ticket it could")
    return warning("W501", rule.line, template, rule=kind, id=rule.id, others=others)
