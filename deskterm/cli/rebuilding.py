"""What is stored of every ticket, compared with its timeline and the rules."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from deskterm.cli.output import Column
from deskterm.i18n import _, ngettext
from deskterm.rules.clean import clean_line

if TYPE_CHECKING:
    from deskterm.cli.session import Session
    from deskterm.desk.rebuilding import Rebuilt

__all__ = ["compare_all"]

_WRONG: Final = tuple(Column(name, name) for name in ("ticket", "field", "old", "new"))


def compare_all(session: "Session", *, repair: bool) -> None:
    """Compare what is stored of every ticket with timeline and rules, and put it right if asked."""
    found = session.desk.ruling.rebuild(repair=repair)
    wrong = [_difference(*each) for each in found.wrong] + list(_loads(session, found))
    if session.output.speaks_json:
        session.output.stream("wrong", wrong, {"tickets": found.tickets, "repaired": repair})
    elif session.output.format == "text":
        for each in wrong:
            session.output.line(_("#%(ticket)s %(field)s: %(old)s is stored, %(new)s is right") % _said(each))
        _sum_up(session, found.tickets, len(wrong), repair=repair)
    else:
        session.output.table(_WRONG, (_said(each) for each in wrong))
    session.code = max(session.code, 1 if wrong and not repair else 0)


def _difference(ticket: int | None, field: str, old: Any, new: Any) -> dict[str, Any]:
    return {"ticket": ticket, "field": field, "old": old, "new": new}


def _loads(session: "Session", found: "Rebuilt") -> list[dict[str, Any]]:
    """Agents whose open work is not what was counted, under their logins instead of a ticket."""
    agents = session.desk.book().agents if found.loads else {}
    return [
        {
            "ticket": None,
            "field": f"load {agents[agent].login if agent in agents else agent}",
            "old": a,
            "new": b,
        }
        for agent, (a, b) in found.loads.items()
    ]


def _said(each: Mapping[str, Any]) -> dict[str, str]:
    return {key: "" if value is None else clean_line(str(value)) for key, value in each.items()}


def _sum_up(session: "Session", tickets: int, wrong: int, *, repair: bool) -> None:
    of = ngettext("%(count)d ticket", "%(count)d tickets", tickets) % {"count": tickets}
    template = _("%(tickets)s: %(wrong)d values differ")
    if not wrong:
        template = _("%(tickets)s: no difference")
    elif repair:
        template = _("%(tickets)s: %(wrong)d values put right")
    session.output.line(template % {"tickets": of, "wrong": wrong})
