"""Priorities that a rule file gives up while open tickets still have them, and what to do about that."""

from typing import TYPE_CHECKING, NamedTuple

from deskterm.i18n import _
from deskterm.rules.clean import clean_line
from deskterm.rules.query.render import written

if TYPE_CHECKING:
    from deskterm.cli.session import Session
    from deskterm.rules.rulebook import RuleBook

__all__ = ["Abandoned", "abandoned", "advice"]


class Abandoned(NamedTuple):
    """A priority in force that other rules do not have, and how many open tickets have it."""

    priority: str
    tickets: int


def abandoned(session: "Session", rules: "RuleBook") -> list[Abandoned]:
    """What open tickets have and `rules` do not, the most urgent first."""
    known = rules.terms.priorities
    given_up = [each for each in reversed(session.desk.book().terms.priorities) if each not in known]
    counted = (
        Abandoned(
            each, session.desk.count(f"is:unsolved priority:{written(each)}", viewer=session.actor, cap=0)
        )
        for each in given_up
    )
    return [each for each in counted if each.tickets]


def advice(found: list[Abandoned], rules: "RuleBook") -> list[str]:
    """Which priorities they are, and how their tickets keep clocks."""
    comma = _(", ")
    known = [clean_line(each) for each in reversed(rules.terms.priorities)]
    query = "-priority:" + ",".join(clean_line(written(each)) for each in reversed(rules.terms.priorities))
    values = {
        "gone": comma.join(f"{clean_line(each.priority)} ({each.tickets})" for each in found),
        "known": comma.join(known),
        "command": f"deskterm list --jsonl -n 0 -- '{query}' | deskterm set - priority={known[0]}",
    }
    return [
        _("Open tickets have priorities that the file does not: %(gone)s. It has %(known)s.") % values,
        _("Keep the old names in [priority] order, or give these tickets another one once it is in force:"),
        "  " + str(values["command"]),
    ]
