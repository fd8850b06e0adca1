"""Conditions: the queries of a rule file, and the names in them."""

from collections.abc import Iterator
from typing import Final

from deskterm.rules.problems import N_, Problem
from deskterm.rules.query.ast import EVERYTHING, And, Cmp, Glob, In, Node, Not, Null, Or, Text
from deskterm.rules.query.parser import parse
from deskterm.rules.rulefile.reading import Section

__all__ = ["anchor", "condition", "leaves"]

# the fields a timeline can answer for any moment of a ticket's past
RETRACED: Final = (
    *("status", "priority", "queue", "group", "assignee", "type", "category", "impact", "urgency"),
    *("vendor", "lang", "region", "channel", "domain", "subject", "tag"),
)
PAST_STATES: Final = (
    *("open", "new", "pending", "waiting", "unsolved", "resolved", "solved", "closed"),
    *("assigned", "unassigned", "reopened"),
)
_NAMED: Final = {"group": "group", "queue": "queue", "assignee": "agent", "hours": "calendar"}
_CODES: Final = {
    "query.unknown_field": "E210",
    "status": "E206",
    "priority": "E207",
    "field": "E210",
}

Leaf = In | Cmp | Null | Glob | Text


def condition(section: Section, key: str = "when", *, required: bool = False) -> Node:
    """The condition at a key, everything where it is faulty or missing; names in it have to exist."""
    text = section.text(key, required=required)
    if not text:
        return EVERYTHING
    try:
        query = parse(text, rules=True, vocabulary=section.reading.vocabulary)
    except Problem as problem:
        section.refuse(_code(problem), key, problem)
        return EVERYTHING
    if query.sort:
        section.fault("E112", key, N_("%(key)s is a condition, it has no order: leave out sort:"), key=key)
    _check_names(section, key, query.where)
    return query.where


def anchor(section: Section, key: str = "anchor") -> Node:
    """A condition on what a ticket was, which a timeline can answer for the past as well."""
    node = condition(section, key, required=True)
    for leaf in leaves(node):
        if not _retraced(leaf):
            template = N_(
                "%(key)s cannot ask for %(asked)s, for nobody knows when it became true (%(valid)s)"
            )
            valid = (*RETRACED, "cf.NAME")
            section.fault(
                "E112", key, template, choices=valid, key=key, asked=leaf.field, valid=", ".join(valid)
            )
    if node == EVERYTHING and section.table.get(key) == "":
        section.fault("E112", key, N_("%(key)s must name a condition that becomes true"), key=key)
    return node


def leaves(node: Node) -> Iterator[Leaf]:
    """Every single question of a condition."""
    match node:
        case And() | Or():
            for each in node.nodes:
                yield from leaves(each)
        case Not():
            yield from leaves(node.node)
        case In() | Cmp() | Null() | Glob() | Text():
            yield node


def _code(problem: Problem) -> str:
    if problem.code == "query.unknown_value":
        return _CODES.get(str(problem.values["name"]), "E110")
    return _CODES.get(problem.code, "E110")


def _check_names(section: Section, key: str, node: Node) -> None:
    for leaf in leaves(node):
        kind = _NAMED.get(leaf.field.removeprefix("was."))
        if kind is None or not isinstance(leaf, In):
            continue
        for value in leaf.values:
            section.known(kind, str(value), key)


def _retraced(leaf: Leaf) -> bool:
    if leaf.field == "is" and isinstance(leaf, In):
        return all(value in PAST_STATES for value in leaf.values)
    return leaf.field in RETRACED or leaf.field.startswith("cf.")
