"""The full-text index: kept by the database itself out of `ticket_texts`, whoever writes there.

SQLite: FTS5 without content; `¶`, which stands in no word, parts two messages, so that no phrase spans them.
Postgres: GIN over words, and over pairs of short ones (密码, will not): each alone stands in half a desk.
A text too long for a tsvector has the one lexeme `*`, which every search asks for: its letters decide then.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, Table, event

__all__ = [
    "LEXEMES",
    "LONGEST_TEXT",
    "LONGEST_WORD",
    "STATEMENTS",
    "attach",
    "create",
    "drop",
]

LONGEST_WORD: Final = 60
"""Characters of a word that the index on Postgres keeps; a server takes no lexeme above 2,046 bytes."""

SHORT: Final = 4
"""Characters of a word that stands in pairs too: such words are common, longer ones are rare enough alone."""

LONGEST_TEXT: Final = 300_000
"""Bytes of a text that the index on Postgres keeps; a server takes no tsvector of a megabyte."""

_NAMES: Final = ("subject", "public", "internal")
_COLUMNS: Final = f"(rowid, {', '.join(_NAMES)})"


def _values(row: str) -> str:
    parted = (f"replace({row}.{name}_n, '  ', ' ¶ ')" for name in ("public", "internal"))
    return ",\n".join((f"{row}.ticket_id, {row}.subject_n", *parted))


_REMOVE: Final = f"""
INSERT INTO ticket_fts (ticket_fts, {_COLUMNS[1:]}
VALUES ('delete', {_values("old")});"""
_ADD: Final = f"""
INSERT INTO ticket_fts {_COLUMNS}
VALUES ({_values("new")});"""

_SQLITE: Final = (
    "CREATE VIRTUAL TABLE ticket_fts USING fts5 (subject, public, internal, content='', tokenize='ascii')",
    f"CREATE TRIGGER ticket_texts_added AFTER INSERT ON ticket_texts BEGIN{_ADD}\nEND",
    f"CREATE TRIGGER ticket_texts_changed AFTER UPDATE ON ticket_texts BEGIN{_REMOVE}{_ADD}\nEND",
    f"CREATE TRIGGER ticket_texts_removed AFTER DELETE ON ticket_texts BEGIN{_REMOVE}\nEND",
)

LEXEMES: Final = f"""CREATE OR REPLACE FUNCTION deskterm_lexemes(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
SELECT CASE WHEN octet_length(words) > {LONGEST_TEXT} THEN array_to_tsvector(ARRAY['*'])
ELSE array_to_tsvector(ARRAY(
SELECT left(word, {LONGEST_WORD}) FROM unnest(string_to_array(words, ' ')) AS word WHERE word <> ''
UNION ALL
SELECT word || ' ' || next FROM (
SELECT word, lead(word) OVER (ORDER BY place) AS next
FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS listed (word, place)
) AS pairs
WHERE length(word) BETWEEN 1 AND {SHORT} AND length(next) BETWEEN 1 AND {SHORT}
)) END
$$"""
"""What makes the function of the index on Postgres, out of built-in ones alone; its result never changes."""

_POSTGRES: Final = (
    LEXEMES,
    *(
        f"CREATE INDEX ticket_fts_{name} ON ticket_texts USING gin (deskterm_lexemes({name}_n))"
        for name in _NAMES
    ),
)

STATEMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"sqlite": _SQLITE, "postgresql": _POSTGRES}
)
"""What makes the index beside the table `ticket_texts`, by dialect."""


_DROPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "sqlite": (
            *(f"DROP TRIGGER IF EXISTS ticket_texts_{deed}" for deed in ("added", "changed", "removed")),
            "DROP TABLE IF EXISTS ticket_fts",
        ),
        "postgresql": tuple(f"DROP INDEX IF EXISTS ticket_fts_{name}" for name in _NAMES),
    }
)


def attach(table: Table) -> None:
    """Let `table`, the one of the texts, be made and dropped with its index."""
    event.listen(table, "after_create", lambda _table, connection, **_: create(connection))
    event.listen(table, "before_drop", lambda _table, connection, **_: drop(connection))


def create(connection: Connection) -> None:
    """Make the index; on SQLite it knows only the rows that are written from then on."""
    _execute(connection, STATEMENTS)


def drop(connection: Connection) -> None:
    """Take the index away, whole or damaged."""
    _execute(connection, _DROPS)


def _execute(connection: Connection, statements: Mapping[str, tuple[str, ...]]) -> None:
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement)
