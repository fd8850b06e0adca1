"""Columns: what `list` can show of a ticket, by name."""

from typing import Final

from deskterm.cli.output import Column
from deskterm.rules.problems import N_

__all__ = ["COLUMNS"]

COLUMNS: Final = {
    column.key: column
    for column in (
        Column("id", "#", right=True),
        Column("priority", N_("P")),
        Column("sla", N_("SLA")),
        Column("subject", N_("subject"), most=60),
        Column("requester", N_("requester"), most=28),
        Column("assignee", N_("assignee"), most=16),
        Column("status", N_("status"), most=12),
        Column("age", N_("age"), right=True),
        Column("queue", N_("queue"), most=20),
        Column("group", N_("group"), most=20),
        Column("type", N_("type"), most=12),
        Column("category", N_("category"), most=30),
        Column("organization", N_("organization"), most=24),
        Column("tier", N_("tier"), most=10),
        Column("channel", N_("channel"), most=10),
        Column("tags", N_("tags"), most=30),
        Column("created", N_("created")),
        Column("updated", N_("updated")),
        Column("next_due", N_("next due")),
        Column("assignee_name", N_("assignee"), most=24),
        Column("requester_name", N_("requester"), most=24),
        Column("version", N_("version"), right=True),
        Column("reopen_count", N_("reopened"), right=True),
        Column("occurrences", N_("occurrences"), right=True),
    )
}
