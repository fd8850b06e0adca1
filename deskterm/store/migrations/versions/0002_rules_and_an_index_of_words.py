"""Rules and an index of words.

What routing asks of agents, whose turn it was, which policy a ticket is under; revisions of the rules and the
ledger of what they did; the full-text index, made of the words that are there.
"""

from typing import Any, Final, Literal

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


_ANEW: Final[dict[str, Literal["auto", "always"]]] = {"sqlite": "always", "postgresql": "auto"}
_NAMES: Final = {
    "fk": "%(table_name)s_%(column_0_name)s_fkey"
}  # SQLite rebuilds no table whose keys have none
_NUMBER: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _add_tables()
    _grow(
        "agents",
        _filled("presence", sa.Text(), "online"),
        _filled("capacity", _NUMBER, "0"),
        _filled("skills", sa.Text(), "{}"),
        _filled("shift", sa.Text(), ""),
        sa.Column("out_from", sa.BigInteger(), nullable=True),
        sa.Column("out_until", sa.BigInteger(), nullable=True),
        _filled("substitute", sa.Text(), ""),
        _filled("load", _NUMBER, "0"),
    )
    _grow("group_members", _filled("turn", _NUMBER, "0"))
    _grow("groups", _filled("turn", _NUMBER, "0"))
    _grow(
        "tickets",
        _reference("parent_id"),
        _reference("follows"),
        _filled("policy", sa.Text(), ""),
        _filled("policy_rev", _NUMBER, "0"),
        _filled("route", sa.Text(), ""),
        _filled("wants_agent", sa.Boolean(), sa.false()),
        _filled("stage", sa.Text(), ""),
    )
    _grow("ticket_texts", _filled("subject_n", sa.Text(), ""))
    _add_indexes()
    op.execute(
        "UPDATE agents SET load = (SELECT count(*) FROM tickets"
        " WHERE assignee_id = agents.id AND is_open AND status <> 'pending')"
    )
    op.execute(
        "UPDATE ticket_texts SET subject_n ="
        " (SELECT subject_n FROM tickets WHERE tickets.id = ticket_texts.ticket_id)"
    )
    _index_words()


def _reference(name: str) -> sa.Column[Any]:
    """A ticket's number; SQLite rebuilds no table whose keys have no name."""
    return sa.Column(name, _NUMBER, sa.ForeignKey("tickets.id", name=f"tickets_{name}_fkey"), nullable=True)


def _filled(name: str, kind: Any, value: Any) -> sa.Column[Any]:
    """A column in which old rows have `value`."""
    return sa.Column(name, kind, nullable=False, server_default=value)


def _grow(table: str, *columns: sa.Column[Any]) -> None:
    """Add columns; what old rows needed to be filled is no default of new ones."""
    with op.batch_alter_table(table, recreate=_ANEW[_dialect()]) as batch:
        for column in columns:
            batch.add_column(column)
    with op.batch_alter_table(table) as batch:
        for column in columns:
            if column.server_default is not None:
                batch.alter_column(column.name, server_default=None)


def _dialect() -> str:
    return str(op.get_bind().dialect.name)


def _add_tables() -> None:
    op.create_table(
        "firings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("nominal_at", sa.BigInteger(), nullable=False),
        sa.Column("fired_at", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("rev", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("firing_by_ticket", "firings", ["ticket_id"], unique=False)

    op.create_table(
        "rule_revisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("holidays", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agents.id"],
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )


def _add_indexes() -> None:
    on_open: dict[str, Any] = {"sqlite_where": sa.text("is_open = 1"), "postgresql_where": sa.text("is_open")}
    op.create_index("open_by_created", "tickets", ["created_at", "id"], unique=False, **on_open)
    op.create_index("open_by_updated", "tickets", ["updated_at", "id"], unique=False, **on_open)
    follows = sa.text("follows IS NOT NULL")
    op.create_index(
        "ticket_by_follows", "tickets", ["follows"], sqlite_where=follows, postgresql_where=follows
    )
    op.create_index(
        "waiting_for_agent",
        "tickets",
        ["group_id", "priority_rank", "due_sort", "id"],
        unique=False,
        sqlite_where=sa.text("wants_agent = 1"),
        postgresql_where=sa.text("wants_agent"),
    )


def _index_words() -> None:
    if _dialect() == "sqlite":
        op.execute("""
CREATE VIRTUAL TABLE ticket_fts USING fts5 (subject, public, internal, content='', tokenize='ascii')
""")
        op.execute("""
CREATE TRIGGER ticket_texts_added AFTER INSERT ON ticket_texts BEGIN
INSERT INTO ticket_fts (rowid, subject, public, internal)
VALUES (new.ticket_id, new.subject_n,
replace(new.public_n, '  ', ' ¶ '),
replace(new.internal_n, '  ', ' ¶ '));
END
""")
        op.execute("""
CREATE TRIGGER ticket_texts_changed AFTER UPDATE ON ticket_texts BEGIN
INSERT INTO ticket_fts (ticket_fts, rowid, subject, public, internal)
VALUES ('delete', old.ticket_id, old.subject_n,
replace(old.public_n, '  ', ' ¶ '),
replace(old.internal_n, '  ', ' ¶ '));
INSERT INTO ticket_fts (rowid, subject, public, internal)
VALUES (new.ticket_id, new.subject_n,
replace(new.public_n, '  ', ' ¶ '),
replace(new.internal_n, '  ', ' ¶ '));
END
""")
        op.execute("""
CREATE TRIGGER ticket_texts_removed AFTER DELETE ON ticket_texts BEGIN
INSERT INTO ticket_fts (ticket_fts, rowid, subject, public, internal)
VALUES ('delete', old.ticket_id, old.subject_n,
replace(old.public_n, '  ', ' ¶ '),
replace(old.internal_n, '  ', ' ¶ '));
END
""")
        op.execute("""
INSERT INTO ticket_fts (rowid, subject, public, internal)
SELECT ticket_id, subject_n, replace(public_n, '  ', ' ¶ '), replace(internal_n, '  ', ' ¶ ')
FROM ticket_texts
""")
    if _dialect() == "postgresql":
        op.execute("""
CREATE OR REPLACE FUNCTION deskterm_lexemes(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
SELECT CASE WHEN octet_length(words) > 300000 THEN array_to_tsvector(ARRAY['*'])
ELSE array_to_tsvector(ARRAY(
SELECT left(word, 60) FROM unnest(string_to_array(words, ' ')) AS word WHERE word <> ''
UNION ALL
SELECT word || ' ' || next FROM (
SELECT word, lead(word) OVER (ORDER BY place) AS next
FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS listed (word, place)
) AS pairs
WHERE length(word) BETWEEN 1 AND 4 AND length(next) BETWEEN 1 AND 4
)) END
$$
""")
        op.execute("""
CREATE INDEX ticket_fts_subject ON ticket_texts USING gin (deskterm_lexemes(subject_n))
""")
        op.execute("""
CREATE INDEX ticket_fts_public ON ticket_texts USING gin (deskterm_lexemes(public_n))
""")
        op.execute("""
CREATE INDEX ticket_fts_internal ON ticket_texts USING gin (deskterm_lexemes(internal_n))
""")
