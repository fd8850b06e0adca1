"""The dashboard as text: how the desk stands, for a login banner, a pipe or tmux."""

from typing import TYPE_CHECKING, Any, Final

from deskterm.i18n import _
from deskterm.rules.problems import N_

if TYPE_CHECKING:
    from deskterm.cli.session import Session

__all__ = ["dashboard", "numbers"]

_NUMBERS: Final = (
    ("open", N_("open"), "is:open"),
    ("overdue", N_("overdue"), "is:open is:overdue"),
    ("at_risk", N_("at risk"), "is:open is:atrisk"),
    ("unassigned", N_("unassigned"), "is:open is:unassigned"),
    ("waiting", N_("waiting"), "is:waiting"),
    ("opened_today", N_("opened today"), "created:today"),
)


def numbers(session: "Session") -> dict[str, Any]:
    """The numbers, the backlog by priority and by group, and the load; each number counts a query."""
    desk, viewer = session.desk, session.actor

    def count(query: str) -> int:
        return desk.count(query, viewer=viewer, cap=0)

    priorities = desk.book().terms.priorities
    groups = sorted((row.name, row.open_tickets) for row in desk.groups() if row.open_tickets)
    busiest = sorted(desk.agents(), key=lambda row: (-row.open_tickets, row.login))[:8]
    return {
        **{key: count(query) for key, _name, query in _NUMBERS},
        "by_priority": {name: count(f"is:open priority:{name}") for name in reversed(priorities)},
        "by_group": [{"group": name, "open_tickets": found} for name, found in groups],
        "load": [{"agent": row.login, "open_tickets": row.open_tickets} for row in busiest],
    }


def dashboard(session: "Session") -> None:
    """Write the numbers for people."""
    output, found = session.output, numbers(session)
    output.heading(_("Dashboard"))
    output.line("  ".join(f"{found[key]} {_(name)}" for key, name, _query in _NUMBERS))
    by_priority = (f"{name} {count}" for name, count in found["by_priority"].items())
    output.line(_("by priority") + ": " + "  ".join(by_priority))
    for title, rows, name in ((_("by group"), "by_group", "group"), (_("load"), "load", "agent")):
        output.line(f"{title}: " + "  ".join(f"{row[name]} {row['open_tickets']}" for row in found[rows]))
