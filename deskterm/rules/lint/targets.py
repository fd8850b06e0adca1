"""Targets: promises that contradict each other, or that are missing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from deskterm.rules.duration import format_duration
from deskterm.rules.lint.reach import Budget, covers, of_policy, taken_by, warning
from deskterm.rules.lint.sets import Values
from deskterm.rules.lint.terms import Demand, is_dead, joined
from deskterm.rules.problems import N_
from deskterm.rules.rulebook import Level, Policy, RuleBook
from deskterm.rules.rulefile.faults import Fault
from deskterm.rules.terms import Terms

__all__ = ["always_taken", "contradicting"]

_BESIDE: Final = {"own": "first_response", "work": "resolution"}


def always_taken(priority: str, policy: Policy, above: Sequence[Policy], terms: Terms) -> bool:
    """True when no ticket of that priority comes to `policy`: the condition or those above do not let it."""
    own = of_policy(policy, terms)
    if own.terms is None:
        return False
    is_such = {"priority": Demand((Values(frozenset((priority,))),))}
    wanted = [term for each in own.terms if not is_dead(term := joined((each, is_such)))]
    earlier = [found for each in above if covers(found := of_policy(each, terms), own)]
    budget = Budget()
    return all(taken_by(term, earlier, budget) for term in wanted)


def contradicting(book: RuleBook) -> Iterator[Fault]:
    """Warnings about targets and levels that cannot be meant."""
    for policy in book.policies:
        yield from _late_answers(policy)
        for level in policy.levels:
            targets = [row[level.metric] for row in policy.targets.values() if level.metric in row]
            yield from _misplaced("sla", policy.id, level, targets)
    for ola in book.olas:
        for level in ola.levels:
            yield from _misplaced("ola", ola.id, level, _of(ola.targets, level))
    for uc in book.ucs:
        for level in uc.levels:
            yield from _misplaced("uc", uc.id, level, _of(uc.targets, level))
    yield from _loose_olas(book)


def _of(targets: Mapping[str, int], level: Level) -> tuple[int, ...]:
    return (targets[level.metric],) if level.metric in targets else ()


def _late_answers(policy: Policy) -> Iterator[Fault]:
    for priority, row in policy.targets.items():
        first, last = row.get("first_response"), row.get("resolution")
        if first is not None and last is not None and first > last:
            template = N_(
                "sla '%(id)s': target.%(priority)s promises the first response (%(first)s) later than "
                "the resolution (%(last)s)"
            )
            yield warning(
                "W507",
                policy.line,
                template,
                id=policy.id,
                priority=priority,
                first=format_duration(first),
                last=format_duration(last),
            )


def _misplaced(kind: str, name: str, level: Level, targets: Sequence[int]) -> Iterator[Fault]:
    if not targets:
        template = N_("%(rule)s '%(id)s': level '%(level)s' is about %(metric)s, which has no target")
        yield warning("W515", level.line, template, rule=kind, id=name, level=level.id, metric=level.metric)
    elif level.basis == "offset" and min(targets) + level.amount < 0:
        template = N_(
            "%(rule)s '%(id)s': level '%(level)s' (%(before)s before) lies in front of the start of a target "
            "of %(target)s: it is reached at once"
        )
        yield warning(
            "W509",
            level.line,
            template,
            rule=kind,
            id=name,
            level=level.id,
            before=format_duration(-level.amount),
            target=format_duration(min(targets)),
        )


def _loose_olas(book: RuleBook) -> Iterator[Fault]:
    """Lengths are compared in one calendar only: hours of two cannot be."""
    for ola in book.olas:
        for metric, seconds in ola.targets.items():
            beside = _BESIDE.get(metric, "")
            promised = [
                row[beside]
                for policy in book.policies
                if policy.calendar == ola.calendar
                for row in policy.targets.values()
                if beside in row
            ]
            if promised and seconds > max(promised):
                template = N_(
                    "ola '%(id)s': %(metric)s takes %(length)s, longer than any %(beside)s that is promised "
                    "(%(promised)s)"
                )
                yield warning(
                    "W508",
                    ola.line,
                    template,
                    id=ola.id,
                    metric=metric,
                    length=format_duration(seconds),
                    beside=beside,
                    promised=format_duration(max(promised)),
                )
