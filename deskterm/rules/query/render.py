"""From the tree back to text, so that parse(render(node)) is that node again."""

import re
from collections.abc import Sequence

from deskterm.rules.query.ast import (
    And,
    Cmp,
    Glob,
    In,
    Node,
    Not,
    Null,
    Or,
    Period,
    SortKey,
    Span,
    Text,
    Value,
    Who,
)
from deskterm.rules.query.moments import write_span
from deskterm.rules.words import closed

__all__ = ["render", "written"]

_PLAIN_WORD = re.compile(r"\w+")
_MEANT_OTHERWISE = ("none", "any", "me", "mine")


def render(node: Node, sort: Sequence[SortKey] = ()) -> str:
    """The query that asks for `node` in that order."""
    where = _branches(node) if node != And(()) else ""
    keys = ",".join(f"{'-' if key.descending else ''}{key.field}" for key in sort)
    return " ".join(part for part in (where, f"sort:{keys}" if keys else "") if part)


def _branches(node: Node) -> str:
    if isinstance(node, Or) and node.nodes:
        return " OR ".join(_operands(each) for each in node.nodes)
    return _operands(node)


def _operands(node: Node) -> str:
    if isinstance(node, And) and node.nodes:
        return " ".join(_operand(each) for each in node.nodes)
    return _operand(node)


def _operand(node: Node) -> str:
    match node:
        case And():
            return f"({_branches(node)})" if node.nodes else "()"
        case Or():
            return f"({_branches(node)})" if node.nodes else "-()"
        case Not():
            return f"-{_operand(node.node)}"
        case In():
            return f"{node.field}:{','.join(_value(each) for each in node.values)}"
        case Cmp():
            return f"{node.field}{node.op}{_value(node.value)}"
        case Null():
            return f"{node.field}:{'any' if node.present else 'none'}"
        case Glob():
            return f"{node.field}:{node.text}*" if node.at == "start" else f"{node.field}:*{node.text}"
        case Text():
            words = _words(node)
            return words if node.field == "text" else f"{node.field}~{words}"
    raise TypeError(node)


def _words(node: Text) -> str:
    star = "*" if node.prefix else ""
    phrase = closed(node.phrase)
    return f"{phrase}{star}" if _PLAIN_WORD.fullmatch(phrase) else f'"{phrase}{star}"'


def _value(value: Value) -> str:
    match value:
        case int():
            return str(value)
        case Who():
            return value.value
        case Span():
            return write_span(value)
        case Period():
            return value.name
    return written(value)


def written(text: str) -> str:
    """A value as it must be typed to mean exactly `text`: in quotes where it needs them."""
    special = any(char in '(),"*\\' or char.isspace() for char in text)
    if text and not special and text not in _MEANT_OTHERWISE and text[0] not in "<>":
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
