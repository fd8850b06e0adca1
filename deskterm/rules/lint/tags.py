"""Tags: those that a condition asks for and that look like a misspelled one that the rules set."""

from collections.abc import Iterable, Iterator
from typing import Final

from deskterm.rules.lint.reach import Budget, warning
from deskterm.rules.problems import N_
from deskterm.rules.query.ast import In, Node
from deskterm.rules.rulebook import Act, RuleBook
from deskterm.rules.rulefile.conditions import leaves
from deskterm.rules.rulefile.faults import Fault

__all__ = ["all_acts", "misspelled"]

_MOST: Final = 500  # tags that are compared


def misspelled(book: RuleBook) -> Iterator[Fault]:
    """People add tags too, so an unknown one alone is no fault; one letter off a known one is."""
    known = sorted(set(_added(book)))[:_MOST]
    checked = Budget(_MOST)
    for rule, name, line, when in _conditions(book):
        for tag in _asked(when):
            near = _near(tag, known) if tag not in known and checked.spend() else ""
            if near:
                template = N_("%(rule)s '%(id)s' asks for the tag '%(tag)s', which no rule sets (%(near)s?)")
                yield warning("W505", line, template, rule=rule, id=name, tag=tag, near=near)


def all_acts(book: RuleBook) -> list[Act]:
    """Everything that any rule may do."""
    lists = [
        *(each.do for each in book.triggers),
        *(each.do for each in book.automations),
        *(each.do for each in book.macros),
        *(level.do for each in book.policies for level in each.levels),
        *(level.do for each in book.olas for level in each.levels),
        *(level.do for each in book.ucs for level in each.levels),
        *(stage.do for each in book.blueprints for stage in each.stages),
    ]
    return [act for acts in lists for act in acts]


def _added(book: RuleBook) -> Iterator[str]:
    yield from (tag for each in book.classify for tag in each.add_tags)
    yield from (tag for each in book.routes for tag in each.add_tags)
    for act in all_acts(book):
        if act.verb == "add_tags":
            yield from act.value


def _conditions(book: RuleBook) -> Iterable[tuple[str, str, int, Node]]:
    yield from (("classify", each.id, each.line, each.when) for each in book.classify)
    yield from (("route", each.id, each.line, each.when) for each in book.routes)
    yield from (("sla", each.id, each.line, each.when) for each in book.policies)
    yield from (("trigger", each.id, each.line, each.when) for each in book.triggers)
    yield from (("automation", each.id, each.line, each.anchor) for each in book.automations)
    yield from (("automation", each.id, each.line, each.when) for each in book.automations)
    yield from (("macro", each.id, each.line, each.when) for each in book.macros)


def _asked(when: Node) -> Iterator[str]:
    for leaf in leaves(when):
        if isinstance(leaf, In) and leaf.field == "tag":
            yield from (str(each) for each in leaf.values)


def _near(tag: str, known: list[str]) -> str:
    """The known tag that was probably meant; "" when it is like none."""
    if len(tag) < 4:
        return ""
    from difflib import get_close_matches

    return next(iter(get_close_matches(tag, known, n=1, cutoff=0.85)), "")
