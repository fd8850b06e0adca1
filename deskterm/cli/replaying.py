"""What other rules would have done to the tickets of the past."""

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from deskterm.cli import records
from deskterm.cli.output import Column
from deskterm.cli.present import field_name
from deskterm.cli.present_rules import metric
from deskterm.i18n import _, ngettext, words
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.cli.session import Session
    from deskterm.desk.replaying import Difference, ReplayReport

__all__ = ["read_since", "replayed"]

_SHOWN: Final = 20  # tickets that people are shown
_PLAIN: Final = tuple(Column(name, name) for name in ("ticket", "field", "then", "now"))
_COUNTS: Final = (
    Column("what", N_("what"), most=40),
    Column("then", N_("then"), right=True),
    Column("now", N_("now"), right=True),
)


def replayed(session: "Session", file: str | None, since: str, until: str | None) -> None:
    """Replay the tickets of that time under the rules of a file, and say what is different."""
    from deskterm.cli.rulefiles import taken_or_refused

    desk = session.desk
    rules = desk.ruling.active()
    if file is not None:
        rules = taken_or_refused(session, file, desk.book()).rules
    start = read_since(session, since)
    end = None if until is None else read_since(session, until)
    report = desk.replaying.replay(rules, start, end)
    for ticket, problem in report.skipped:
        values = {"ticket": ticket, "problem": words(problem)}
        session.output.hint(_("#%(ticket)s is left out: %(problem)s") % values)
    if session.output.format == "text":
        _tell(session, report)
    else:
        _write(session, report)


def read_since(session: "Session", text: str) -> int:
    """The instant that `text` means: a length is before now, a day begins at midnight. Raises Problem."""
    from deskterm.cli.times import read_until
    from deskterm.clock import read_instant
    from deskterm.rules.query.moments import read_span

    now = session.clock.now()
    span = read_span(text.strip())
    if span:
        return now - span.seconds
    try:
        if len(text.strip()) == 10:
            return read_instant(f"{text.strip()}T00:00", session.zone)
    except Problem:
        pass  # told in the words for times that people type
    return read_until(text, now, session.zone) or 0


def _tell(session: "Session", report: "ReplayReport") -> None:
    output = session.output
    count = ngettext("%(count)d ticket", "%(count)d tickets", report.tickets) % {"count": report.tickets}
    if not report.differing:
        output.line(_("%(tickets)s: no difference") % {"tickets": count})
        return
    output.heading(
        _("%(tickets)s, %(differing)d of them different") % {"tickets": count, "differing": report.differing}
    )
    by_ticket = groupby(report.differences, lambda each: each.ticket)
    for place, (ticket, found) in enumerate(by_ticket):
        if place < _SHOWN:
            output.line(f"#{ticket} " + _("; ").join(_said(session, each) for each in found))
    if report.differing > _SHOWN:
        left = report.differing - _SHOWN
        output.line(_("(%d tickets more are not shown: --json has them all)") % left)
    output.line()
    output.table(_COUNTS, _counts(report))


def _counts(report: "ReplayReport") -> list[dict[str, str]]:
    """Promises that were broken, and tickets that went to each group, then and now."""
    rows = []
    for name in dict.fromkeys((*report.breaches_then, *report.breaches_now)):
        then, now = report.breaches_then.get(name, 0), report.breaches_now.get(name, 0)
        rows.append({"what": _("%s missed") % metric(name), "then": str(then), "now": str(now)})
    for name in dict.fromkeys((*report.load_then, *report.load_now)):
        then, now = report.load_then.get(name, 0), report.load_now.get(name, 0)
        shown = _("tickets of the group %s") % clean_line(name) if name else _("tickets of no group")
        rows.append({"what": shown, "then": str(then), "now": str(now)})
    return rows


def _said(session: "Session", each: "Difference") -> str:
    """category none → network.vpn; an instant in the viewer's zone."""
    kind, _dot, name = each.field.partition(".")
    title = field_name(each.field)
    if kind == "due":
        title = _("due of the %s") % metric(name)
    elif kind == "outcome":
        title = metric(name)
    arrow = "->" if session.output.ascii else "→"

    def shown(value: str | int | None) -> str:
        if isinstance(value, int):
            return session.moment(value)
        return clean_line(value or "", 80) or _("none")

    return f"{title} {shown(each.then)} {arrow} {shown(each.now)}"


def _write(session: "Session", report: "ReplayReport") -> None:
    rows = [_record(each) for each in report.differences]
    if not session.output.speaks_json:
        session.output.table(
            _PLAIN, ({key: "" if row[key] is None else str(row[key]) for key in row} for row in rows)
        )
        return
    more = {
        "tickets": report.tickets,
        "differing": report.differing,
        "breaches_then": dict(report.breaches_then),
        "breaches_now": dict(report.breaches_now),
        "load_then": dict(report.load_then),
        "load_now": dict(report.load_now),
        "skipped": [{"ticket": ticket, "reason": words(problem)} for ticket, problem in report.skipped],
    }
    session.output.stream("differences", rows, more)


def _record(each: "Difference") -> dict[str, Any]:
    """A difference as a JSON value; instants as ISO 8601."""

    def plain(value: str | int | None) -> str | None:
        return records.iso(value) if isinstance(value, int) else value

    return {"ticket": each.ticket, "field": each.field, "then": plain(each.then), "now": plain(each.now)}
