"""The dashboard as text: how the desk stands, for a login banner, a pipe or tmux."""

from typing import TYPE_CHECKING, Final

from deskterm.i18n import _
from deskterm.rules.problems import N_
from deskterm.rules.terms import PRIORITIES

if TYPE_CHECKING:
    from deskterm.cli.session import Session

__all__ = ["dashboard"]

_NUMBERS: Final = (
    (N_("open"), "is:open"),
    (N_("overdue"), "is:open is:overdue"),
    (N_("at risk"), "is:open is:atrisk"),
    (N_("unassigned"), "is:open is:unassigned"),
    (N_("waiting"), "is:waiting"),
    (N_("opened today"), "created:today"),
)


def dashboard(session: "Session") -> None:
    """Write numbers, backlog by priority and load; each number is the count of a query."""
    output, desk, viewer = session.output, session.desk, session.actor

    def count(query: str) -> int:
        return desk.count(query, viewer=viewer, cap=0)

    output.heading(_("Dashboard"))
    output.line("  ".join(f"{count(query)} {_(name)}" for name, query in _NUMBERS))
    by_priority = ((name, count(f"is:open priority:{name}")) for name in reversed(PRIORITIES))
    output.line(_("by priority") + ": " + "  ".join(f"{name} {found}" for name, found in by_priority))
    groups = sorted((row.name, row.open_tickets) for row in desk.groups() if row.open_tickets)
    output.line(_("by group") + ": " + "  ".join(f"{name} {found}" for name, found in groups))
    busiest = sorted(desk.agents(), key=lambda row: (-row.open_tickets, row.login))[:8]
    output.line(_("load") + ": " + "  ".join(f"{row.login} {row.open_tickets}" for row in busiest))
