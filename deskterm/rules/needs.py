"""Needs: what a rule book may ask about a ticket that costs something to find out."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from deskterm.rules.query.ast import And, Node, Not, Or, Text
from deskterm.rules.rulebook import RuleBook

__all__ = ["Needs", "needs_of"]


class Needs(NamedTuple):
    """`words`: all that was ever said · `standing`: what everybody has to do · `sticky`: who solved last."""

    words: bool
    standing: bool
    sticky: bool


def needs_of(rules: RuleBook) -> Needs:
    """What these rules may ask."""
    return _known(_Held(rules))


class _Held:
    """Lets a rule book, which holds what cannot be hashed, stand in a cache by its identity."""

    def __init__(self, rules: RuleBook) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.rules is self.rules


@lru_cache(maxsize=8)
def _known(held: _Held) -> Needs:
    rules = held.rules
    assigns = [route.assign for route in rules.routes if route.assign.by not in ("none", "person")]
    return Needs(
        words=any(_asks_text(node) for node in _conditions(rules)),
        standing=bool(assigns) or any(route.assign.by == "person" for route in rules.routes),
        sticky=any(assign.sticky for assign in assigns),
    )


def _conditions(rules: RuleBook) -> Iterator[Node]:
    for group in (
        rules.classify,
        rules.routes,
        rules.policies,
        rules.triggers,
        rules.automations,
        rules.macros,
    ):
        for rule in group:
            yield rule.when
    if rules.lifecycle.reopen_ignore is not None:
        yield rules.lifecycle.reopen_ignore


def _asks_text(node: Node) -> bool:
    match node:
        case And() | Or():
            return any(_asks_text(each) for each in node.nodes)
        case Not():
            return _asks_text(node.node)
    return isinstance(node, Text) and node.field == "text"
