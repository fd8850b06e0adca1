"""From tokens to the tree: recursive descent over the grammar of the query language."""

import re
from typing import Final

from deskterm.rules.query.ast import EVERYTHING, And, In, Node, Not, Or, Period, Query, SortKey
from deskterm.rules.query.context import SPECIFIED, Vocabulary
from deskterm.rules.query.fields import SORTABLE
from deskterm.rules.query.leaves import Reader, text_node
from deskterm.rules.query.refusals import (
    bad_character,
    bad_operator,
    dangling,
    missing_parenthesis,
    missing_value,
    nothing_to_negate,
    sort_negated,
    stray_parenthesis,
    too_deep,
    too_long,
    too_many,
    unknown_sort,
)
from deskterm.rules.query.tokens import Given, Token, scan

__all__ = ["CONDITION_LIMIT", "DEPTH_LIMIT", "LENGTH_LIMIT", "parse"]

LENGTH_LIMIT: Final = 4_000
DEPTH_LIMIT: Final = 24  # the parser of SQLite gives up at little more than 40 brackets of its own
CONDITION_LIMIT: Final = 200  # SQLite nests a chain of ANDs and gives up at a depth of 1,000

# control characters and lone surrogates: no database takes all of them, and nobody can see them
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_ENDS_OPERAND = ("END", ")", "OR", "AND")


def parse(text: str, *, rules: bool = False, vocabulary: Vocabulary = SPECIFIED) -> Query:
    """Read a query; `rules` lets in the fields that only a rule can ask for.

    Raises Problem (usage) with the column for anything that is not one, also for a status or priority that
    `vocabulary` does not have. Takes time in proportion to the length.
    """
    if len(text) > LENGTH_LIMIT:
        raise too_long(len(text), LENGTH_LIMIT)
    unfit = _UNFIT.search(text)
    if unfit:
        raise bad_character(unfit[0], unfit.start() + 1)
    descent = _Descent(scan(text), Reader(rules, vocabulary))
    where = descent.query()
    return Query(where, tuple(descent.sort), text)


class _Descent:
    """Stands before one token and knows how deep."""

    def __init__(self, tokens: list[Token], reader: Reader) -> None:
        self.tokens = tokens
        self.reader = reader
        self.place = 0
        self.depth = 0
        self.conditions = 0
        self.sort: list[SortKey] = []

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def query(self) -> Node:
        node = self.alternatives()
        if self.token.kind != "END":
            raise stray_parenthesis(self.token.column)
        return node

    def alternatives(self) -> Node:
        branches = [self.conjunction()]
        while self.token.kind == "OR":
            connector = self.token
            self.place += 1
            branches.append(self.conjunction())
            if not (branches[-2] and branches[-1]):
                raise dangling(connector.text, connector.column)
        nodes = [_all(branch) for branch in branches]
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def conjunction(self) -> list[Node]:
        nodes: list[Node] = []
        while True:
            token = self.token
            if token.kind == "AND":
                self.place += 1
                if not nodes or self.token.kind in _ENDS_OPERAND:
                    raise dangling(token.text, token.column)
            elif token.kind in _ENDS_OPERAND:
                return nodes
            elif token.kind == "TERM" and token.text.lower() == "sort":
                self.place += 1
                self.order(token)
            else:
                nodes.append(self.operand())

    def operand(self) -> Node:
        token = self.token
        self.place += 1
        match token.kind:
            case "NOT":
                return self.negation(token)
            case "(":
                return self.group(token)
            case "TERM":
                node = self.reader.node(token)
            case kind:
                node = text_node("text", Given(token.text, token.column, quoted=kind == "PHRASE"))
        self.conditions += _conditions(node)
        if self.conditions > CONDITION_LIMIT:
            raise too_many(token.column, CONDITION_LIMIT)
        return node

    def negation(self, token: Token) -> Node:
        if self.token.kind in _ENDS_OPERAND:
            raise nothing_to_negate(token.column)
        if self.token.kind == "TERM" and self.token.text.lower() == "sort":
            raise sort_negated(self.token.column)
        self.descend(token)
        node = Not(self.operand())
        self.depth -= 1
        return node

    def group(self, token: Token) -> Node:
        self.descend(token)
        node = self.alternatives()
        if self.token.kind != ")":
            raise missing_parenthesis(self.token.column)
        self.place += 1
        self.depth -= 1
        return node

    def descend(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise too_deep(token.column, DEPTH_LIMIT)

    def order(self, token: Token) -> None:
        if token.op not in (":", "="):
            raise bad_operator("sort", token.op, token.column, (":",))
        for given in token.values:
            descending = given.text.startswith("-")
            name = given.text[descending:].lower()
            column = given.column + descending
            if not name:
                raise missing_value("-", column)
            if name not in SORTABLE:
                raise unknown_sort(name, column, SORTABLE)
            if all(key.field != name for key in self.sort):
                self.sort.append(SortKey(name, descending))


def _conditions(node: Node) -> int:
    """How many questions one term becomes: a list of texts, days or states is one for each."""
    match node:
        case Not():
            return _conditions(node.node)
        case Or():
            return sum(_conditions(each) for each in node.nodes)
        case In() if node.field == "is" or isinstance(node.values[0], Period):
            return len(node.values)
    return 1


def _all(nodes: list[Node]) -> Node:
    if not nodes:
        return EVERYTHING
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))
