"""Full text: the tickets that hold the words of a query, asked from the index that the database keeps.

What the index says is exact but for words and texts beyond its measure; those are compared letter by letter.
"""

from collections.abc import Iterable, Iterator
from itertools import compress, pairwise
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    and_,
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import UserDefinedType

from deskterm.rules.query.ast import And, Node, Not, Or, Text
from deskterm.rules.words import norm
from deskterm.store.tables import ticket_texts, tickets
from deskterm.store.tables.fulltext import LONGEST_TEXT, LONGEST_WORD, SHORT

__all__ = ["Hits", "Lead", "hits", "is_denied", "is_indexed", "lead", "look_up", "unindexed"]

_LONGEST_TOKEN: Final = 8000  # characters, which FTS5 keeps to the last: it cuts after 32,768 bytes
_DEEPEST: Final = 10  # parentheses in each other; FTS5 gives up somewhere above 30
_FTS: Final = table("ticket_fts", column("rowid"), column("ticket_fts"))
_LEXEMES: Final = func.deskterm_lexemes
_COLUMNS: Final = (ticket_texts.c.subject_n, ticket_texts.c.public_n, ticket_texts.c.internal_n)


class _Tsquery(UserDefinedType[str]):
    """Postgres's own costs 26 ms to import."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Its name on the server."""
        return "tsquery"


class Lead(NamedTuple):
    """What an index lists: `hits` gives each `ticket`, and whether it is `long`, beyond its measure.

    `exact`: all that is listed are hits; `measured`: all but the long ones; `once`: none is listed twice;
    `vague`: many words are meant (a*), which the index must put together first.
    """

    hits: Select[Any] | CompoundSelect[Any]
    exact: bool
    measured: bool
    once: bool
    vague: bool


class Hits(NamedTuple):
    """The numbers of tickets found; `sure` when their letters need no comparing."""

    tickets: list[int]
    sure: bool


def is_indexed(node: Node, depth: int = _DEEPEST) -> bool:
    """Whether the index alone can find the tickets of `node`: words, and any or all of several such."""
    match node:
        case And() | Or():
            return bool(depth and node.nodes) and all(is_indexed(each, depth - 1) for each in node.nodes)
        case Text():
            return norm(node.phrase) == f" {node.phrase} "
    return False


def is_denied(node: Node) -> bool:
    """Whether the index can leave out the tickets that `node` excludes from among others that it finds."""
    return isinstance(node, Not) and is_indexed(node.node) and _is_measured("sqlite", node.node)


def lead(dialect: str, node: Node, *, internal: bool) -> Lead:
    """How the index leads to the tickets that hold the words of `node`; it keeps whole texts on SQLite."""
    measured = _is_measured(dialect, node)
    found = hits(dialect, node, internal=internal)
    return Lead(found, dialect == "sqlite" and measured, measured, once=True, vague=_is_vague(node))


def look_up(connection: Connection, lead: Lead, limit: int) -> Hits:
    """The first `limit` tickets that are listed."""
    found = list(connection.execute(lead.hits.limit(limit)))
    return Hits([row.ticket for row in found], lead.measured and not any(row.long for row in found))


def unindexed(connection: Connection) -> int:
    """How many tickets the index does not know, or knows without there being one; 0 is well."""
    known: list[Any] = [tickets, ticket_texts]
    if connection.dialect.name == "sqlite":
        known.append(table("ticket_fts_docsize"))
    counts = [connection.execute(select(func.count()).select_from(each)).scalar_one() for each in known]
    return max(counts) - min(counts)


def hits(dialect: str, node: Node, *, internal: bool) -> Select[tuple[int, bool]]:
    """The statement that finds `ticket` and whether its text is `long`, beyond the measure of the index."""
    if dialect == "sqlite":
        matching = _FTS.c.ticket_fts.op("MATCH")(_expression(node, internal=internal))
        return select(_FTS.c.rowid.label("ticket"), false().label("long")).where(matching)
    long = or_(*(func.octet_length(each) > LONGEST_TEXT for each in _COLUMNS))
    found = select(ticket_texts.c.ticket_id.label("ticket"), long.label("long"))
    return found.where(_condition(node, internal=internal))


def _is_vague(node: Node) -> bool:
    if isinstance(node, Text):
        return node.prefix and len(node.phrase.rpartition(" ")[2]) <= 2
    return any(map(_is_vague, _parts(node)))


def _is_measured(dialect: str, node: Node) -> bool:
    if not isinstance(node, Text):
        denied = isinstance(node, Not) and dialect == "postgresql"
        return not denied and all(_is_measured(dialect, each) for each in _parts(node))
    if dialect == "sqlite":
        return len(node.phrase) <= _LONGEST_TOKEN
    words = node.phrase.split(" ")
    pair = len(words) == 2 and not node.prefix and _are_short(words)
    return pair or (len(words) == 1 and len(node.phrase) < LONGEST_WORD)


def _parts(node: Node) -> tuple[Node, ...]:
    assert isinstance(node, And | Or | Not)
    return (node.node,) if isinstance(node, Not) else node.nodes


def _expression(node: Node, *, internal: bool) -> str:
    """The words of FTS5: a subject stands among the public words too, so whoever sees all needs no column."""
    if isinstance(node, Text):
        named = "subject : " if node.field == "subject" else "" if internal else "public : "
        return f'{named}"{node.phrase}"{" *" if node.prefix else ""}'
    wanted = [_expression(each, internal=internal) for each in _parts(node) if not isinstance(each, Not)]
    denied = [_expression(each.node, internal=internal) for each in _parts(node) if isinstance(each, Not)]
    found = (" OR " if isinstance(node, Or) else " AND ").join(wanted)
    return f"(({found}) NOT ({' OR '.join(denied)}))" if denied else f"({found})"


def _condition(node: Node, *, internal: bool) -> ColumnElement[bool]:
    """What Postgres asks its index: nothing is denied there, for a hit may prove to be none."""
    if not isinstance(node, Text):
        joined = or_ if isinstance(node, Or) else and_
        wanted = (each for each in _parts(node) if not isinstance(each, Not))
        return joined(*(_condition(each, internal=internal) for each in wanted))
    lexemes = " & ".join(_lexemes(node))
    asked = cast(literal(f"{lexemes} | '*'"), _Tsquery)
    subject, public, inside = _COLUMNS
    columns = (subject,) if node.field == "subject" else (public, inside) if internal else (public,)
    return or_(*(_LEXEMES(each).op("@@")(asked) for each in columns))


def _lexemes(node: Text) -> Iterator[str]:
    """What a text with this phrase has in the index on Postgres: pairs of short words, all other words."""
    words = node.phrase.split(" ")
    whole = words[:-1] if node.prefix else words
    pairs = [_are_short(pair) for pair in pairwise(whole)]
    for first, second in compress(pairwise(whole), pairs):
        yield f"'{first} {second}'"
    for word, before, behind in zip(whole, [False, *pairs], [*pairs, False], strict=False):
        if not (before or behind):
            yield f"'{word[:LONGEST_WORD]}'"
    if node.prefix:
        yield f"'{words[-1][:LONGEST_WORD]}':*"


def _are_short(words: Iterable[str]) -> bool:
    return all(len(word) <= SHORT for word in words)
