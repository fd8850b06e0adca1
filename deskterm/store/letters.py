"""Letters: how a column begins and ends, and whether it holds a text, to the letter on every database."""

from typing import Any

from sqlalchemy import Text, cast, func, literal
from sqlalchemy.sql import ColumnElement

from deskterm.rules.query.ast import Glob
from deskterm.store.rawtext import encode_raw

__all__ = ["affixed", "ends", "holds", "position"]

Condition = ColumnElement[bool]


def affixed(column: ColumnElement[Any], node: Glob, dialect: str) -> Condition:
    """Whether `column` begins or ends as `node` says."""
    if node.at == "end":
        return ends(column, node.text, dialect)
    raw = encode_raw(node.text)
    return cast(func.substr(column, 1, len(raw)), Text) == literal(raw, Text)


def ends(column: ColumnElement[Any], text: str, dialect: str) -> Condition:
    """Whether `column` ends with `text`."""
    raw = encode_raw(text)
    tail = func.right(column, len(raw)) if dialect == "postgresql" else func.substr(column, -len(raw))
    return cast(tail, Text) == literal(raw, Text)


def holds(column: ColumnElement[Any], text: str, dialect: str) -> Condition:
    """Whether `text` is a part of `column`."""
    return position(column, text, dialect) > 0


def position(column: ColumnElement[Any], text: str, dialect: str) -> ColumnElement[Any]:
    """Where `text` begins in `column`, 1 the first letter, 0 nowhere."""
    where = func.strpos if dialect == "postgresql" else func.instr
    return where(column, cast(literal(encode_raw(text), Text), Text))
