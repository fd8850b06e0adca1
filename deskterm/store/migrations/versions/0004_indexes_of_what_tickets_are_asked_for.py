"""Indexes of what tickets are asked for.

A value that few tickets have is found at once; those that most tickets leave empty cost next to nothing.
What was longer than an index takes is cut on the ticket; the timeline keeps it as it was said.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("category", "lang", "region", "vendor"):
        op.execute(f"UPDATE tickets SET {name} = substr({name}, 1, 300) WHERE length({name}) > 300")
    for name in ("category", "channel", "impact", "lang", "region", "type", "urgency", "vendor"):
        op.create_index(f"ticket_by_{name}", "tickets", [name])
    op.create_index(
        "closed_by_status",
        "tickets",
        ["status"],
        sqlite_where=sa.text("is_open = 0"),
        postgresql_where=sa.text("NOT is_open"),
    )
    _of_some("parent", "parent_id", "parent_id IS NOT NULL")
    _of_some("reopens", "reopen_count", "reopen_count > 0")
    _of_some("sla", "sla_state", "sla_state != 'none'")
    _of_some("waiting", "waiting_since", "waiting_since IS NOT NULL")
    if op.get_bind().dialect.name == "postgresql":  # or it expects a twentieth of the open tickets
        op.execute("CREATE STATISTICS IF NOT EXISTS ticket_is_open (mcv) ON is_open, status FROM tickets")


def _of_some(name: str, column: str, which: str) -> None:
    """An index of the tickets of which the column says something."""
    where = sa.text(which)
    op.create_index(f"ticket_by_{name}", "tickets", [column], sqlite_where=where, postgresql_where=where)
