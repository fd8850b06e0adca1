"""From one term, word or phrase to its node: what a field makes of an operator and values."""

from typing import Final, cast

from deskterm.rules.query.ast import Cmp, Glob, In, Node, Not, Null, Or, Order, Text, Value, Who
from deskterm.rules.query.context import Vocabulary
from deskterm.rules.query.fields import ORDER, Field, choices, find, searchable, spelling
from deskterm.rules.query.moments import read_period, read_span
from deskterm.rules.query.refusals import (
    bad_operator,
    bad_star,
    me_in_rule,
    moment_wanted,
    not_a_date,
    not_a_duration,
    not_a_number,
    one_value,
    rules_only,
    unknown_field,
    unknown_value,
    wordless,
)
from deskterm.rules.query.tokens import Given, Token
from deskterm.rules.words import phrase

__all__ = ["Reader", "text_node"]

_PRESENCE: Final = {"none": False, "any": True, "*": True}
_ME: Final = ("me", "mine")


class Reader:
    """Reads terms for a rule or for a person, with the words of a desk."""

    def __init__(self, rules: bool, vocabulary: Vocabulary) -> None:
        self.rules = rules
        self.vocabulary = vocabulary

    def node(self, token: Token) -> Node:
        """The node of a TERM. Raises Problem for whatever the field does not know."""
        field = find(token.text)
        if field is None:
            raise unknown_field(token.text, token.column, searchable(self.rules))
        if field.rules_only and not self.rules:
            raise rules_only(field.name, token.column)
        op, values = _operator(token, field)
        if op not in field.operators:
            raise bad_operator(field.name, op, token.column, field.operators)
        if op in ORDER:
            if len(values) > 1:
                raise one_value(op, values[1].column)
            return Cmp(field.name, cast(Order, op), self._ordered(field, values[0]))
        node = self._equal(field, op, values)
        return Not(node) if op == "!=" else node

    def _equal(self, field: Field, op: str, values: tuple[Given, ...]) -> Node:
        plain: list[Value] = []
        nodes: list[Node] = []
        for given in values:
            value = self._value(field, op, given)
            if isinstance(value, Node):
                nodes.append(value)
            else:
                plain.append(value)
        if plain:
            nodes.insert(0, In(field.name, tuple(plain)))
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def _value(self, field: Field, op: str, given: Given) -> Value | Node:
        """A value to compare with, or the node that it means by itself."""
        if field.kind == "text":
            return text_node(field.name, given)
        if field.optional and not given.quoted and given.text in _PRESENCE:
            return Null(field.name, _PRESENCE[given.text])
        match field.kind:
            case "int":
                return _number(given)
            case "instant":
                return _day(field, op, given)
            case "age":
                raise bad_operator(field.name, op, given.column, ORDER)
            case _:
                return self._name(field, given)

    def _name(self, field: Field, given: Given) -> Value | Node:
        if field.closed:
            return self._known(field, given)
        if given.quoted:
            return given.text
        if given.text in _ME and field.me:
            if self.rules:
                raise me_in_rule(given.text, given.column)
            return Who.ME
        return _glob(field, given) if "*" in given.text else given.text

    def _known(self, field: Field, given: Given) -> str:
        """The value as the desk spells it, or as it was typed when the desk's words are not known here."""
        if self.rules and field.kind == "is" and given.text.lower() == "mine":
            raise me_in_rule(given.text, given.column)
        found = spelling(field, given.text, self.vocabulary)
        if found is None:
            noun = {"is": "state", "changed": "field"}.get(field.name, field.name)
            raise unknown_value(noun, given.text, given.column, choices(field, self.vocabulary))
        return found

    def _ordered(self, field: Field, given: Given) -> Value:
        match field.kind:
            case "int":
                return _number(given)
            case "age":
                span = read_span(given.text)
                if span is None or span.seconds < 0:
                    raise not_a_duration(given.text, given.column)
                return span
            case "instant":
                return _moment(field, given)
            case _:
                return self._known(field, given)


def text_node(field: str, given: Given) -> Text:
    """The words of `given`, the last one open if a * follows it at once. Raises Problem without a word."""
    words = phrase(given.text).strip(" ")
    if not words:
        raise wordless(given.text, given.column)
    if given.text[0] == "*" and not given.quoted:
        raise bad_star(given.text, given.column)
    last = given.text[-2:-1]
    prefix = given.text[-1] == "*" and (last.isalnum() or not last.isascii()) and not last.isspace()
    return Text(field, words, prefix)


def _operator(token: Token, field: Field) -> tuple[str, tuple[Given, ...]]:
    """The operator, also where it leads the value: created:>=2026-03-02."""
    first = token.values[0]
    if token.op != ":" or first.quoted or "<" not in field.operators:
        return token.op, token.values
    op = next((each for each in reversed(ORDER) if first.text.startswith(each)), "")
    if not op or op == first.text:
        return token.op, token.values
    return op, (Given(first.text[len(op) :], first.column + len(op)), *token.values[1:])


def _glob(field: Field, given: Given) -> Glob:
    text = given.text
    if text.count("*") > 1 or "*" not in (text[0], text[-1]):
        raise bad_star(text, given.column)
    return Glob(field.name, text[1:], "end") if text[0] == "*" else Glob(field.name, text[:-1], "start")


def _number(given: Given) -> int:
    digits = given.text.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise not_a_number(given.text, given.column)
    return int(digits)


def _day(field: Field, op: str, given: Given) -> Value:
    period = read_period(given.text)
    if period is None:
        if read_span(given.text):
            raise moment_wanted(field.name, op, given.column)
        raise not_a_date(given.text, given.column)
    return period


def _moment(field: Field, given: Given) -> Value:
    """A day, or a length from now: a due may lie ahead, what happened only behind (-7d)."""
    span = read_span(given.text)
    ahead = field.name == "due"
    if span is not None and (ahead or span.seconds <= 0):
        return span
    period = read_period(given.text)
    if period is None:
        like_a_date = given.text[:4].isdigit() and len(given.text) > 3 and given.text[4:5] in ("", "-")
        raise (not_a_duration if ahead and not like_a_date else not_a_date)(given.text, given.column)
    return period
