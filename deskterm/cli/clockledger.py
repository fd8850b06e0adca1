"""The ledger of a clock: every stretch it ran, stood still or was closed, with a sum to check."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from deskterm.cli import records
from deskterm.cli.present import change
from deskterm.cli.present_rules import metric
from deskterm.cli.said import Said
from deskterm.i18n import _, ngettext
from deskterm.rules.clean import cell_width, clean_line
from deskterm.rules.duration import format_duration
from deskterm.rules.problems import N_

if TYPE_CHECKING:
    from deskterm.cli.session import Session
    from deskterm.desk.explaining import Explanation
    from deskterm.rules.facts import Event
    from deskterm.rules.sla import Cycle, Segment

__all__ = ["clock_lines", "clock_record", "moment_of"]

_SHOWN: Final = 20  # stretches of one event that people are shown
_KINDS: Final = {
    "running": N_("runs"),
    "closed": N_("closed"),
    "paused": N_("paused"),
    "carried": N_("carried"),
}
_STATES: Final = {
    "met": N_("met"),
    "breached": N_("missed"),
    "cancelled": N_("cancelled"),
}
_HEADS: Final = {
    "sla": N_("%(metric)s: %(used)s of %(target)s used, %(state)s"),
    "ola": N_("OLA %(policy)s, %(metric)s: %(used)s of %(target)s used, %(state)s"),
    "uc": N_("contract %(policy)s, %(metric)s: %(used)s of %(target)s used, %(state)s"),
}


def moment_of(session: "Session", at: int | None) -> str:
    """An instant in the viewer's zone, "" for none."""
    return "" if at is None else session.moment(at)


def clock_lines(session: "Session", found: "Explanation", cycle: "Cycle") -> Iterator[Said]:
    """One clock: how it stands, by which promise, then stretch by stretch."""
    part = f"clock {cycle.kind} {cycle.metric} {cycle.n}"
    values = {
        "metric": metric(cycle.metric),
        "policy": clean_line(cycle.policy),
        "used": format_duration(cycle.elapsed),
        "target": format_duration(cycle.target),
        "state": _state(session, cycle),
    }
    if not cycle.target and cycle.stopped is not None:  # other rules, or another priority, promise none
        values["time"] = session.moment(cycle.stopped)
        yield Said(part, "#", _("%(metric)s: no longer promised since %(time)s") % values)
    else:
        yield Said(part, "#", _(_HEADS.get(cycle.kind, _HEADS["sla"])) % values)
        yield Said(part, "", _promise(session, found, cycle), 1)
    for name, at in cycle.crossed.items():
        passed = {"level": clean_line(name), "time": session.moment(at)}
        yield Said(part, "", _("passed the level %(level)s at %(time)s") % passed, 1)
    events = {event.seq: event for event in found.events}
    total = 0
    for seq, group in groupby(cycle.segments, lambda each: each.seq):
        stretches = list(group)
        first = stretches[0] is cycle.segments[0]
        cause = _cause(session, events.get(cycle.start_seq if first else seq))
        yield Said(part, ">", _entry(found, cycle) or cause if first else cause, 1)
        rows = [
            _row(session, each, total + sum(one.counted for one in stretches[: place + 1]))
            for place, each in enumerate(stretches)
        ]
        yield from (Said(part, "", row, 2, fixed=True) for row in _few(rows))
        total += sum(each.counted for each in stretches)
    if cycle.segments:
        yield Said(part, "", _sum(cycle, total), 1)


def _few(rows: list[str]) -> list[str]:
    if len(rows) <= _SHOWN:
        return rows
    left = len(rows) - _SHOWN
    return [*rows[: _SHOWN - 1], _("(%d stretches are not shown: --json has them all)") % left, rows[-1]]


def _state(session: "Session", cycle: "Cycle") -> str:
    if cycle.stopped is not None:
        state = _(_STATES.get(cycle.outcome, cycle.outcome))
        values = {"state": state, "time": session.moment(cycle.stopped)}
        return _("%(state)s, over at %(time)s") % values
    if cycle.paused:
        return _("paused with %s left") % format_duration(cycle.remaining)
    if cycle.due_at is None:
        return _("it has no target")
    sign = "~" if cycle.uncertain else ""
    if cycle.breached_at is not None:
        return _("overdue since %s") % session.moment(cycle.due_at)
    return _("due %s") % (sign + session.moment(cycle.due_at))


def _promise(session: "Session", found: "Explanation", cycle: "Cycle") -> str:
    """Who promised it, and in which hours it counts."""
    values = {
        "policy": clean_line(cycle.policy) or _("nobody"),
        "file": clean_line(found.rules.name),
        "rev": cycle.rev,
        "calendar": clean_line(cycle.calendar.id) or cycle.calendar.tz,
        "start": session.moment(cycle.started),
    }
    template = _("promised by %(policy)s, revision %(rev)d; hours of %(calendar)s; since %(start)s")
    if not cycle.rev:
        template = _("promised by %(policy)s, built in; hours of %(calendar)s; since %(start)s")
    elif found.candidate and cycle.rev == found.rules.rev:  # a revision that there is not yet
        template = _("promised by %(policy)s of %(file)s; hours of %(calendar)s; since %(start)s")
    text = template % values
    if cycle.manual is not None:
        by_hand = {"text": text, "due": session.moment(cycle.manual)}
        text = _("%(text)s; due %(due)s promised by hand") % by_hand
    return text


def _entry(found: "Explanation", cycle: "Cycle") -> str:
    """That a group got the ticket, where its clock began with the ticket and not with an event of its own."""
    opened = next((event.at for event in found.events if event.kind == "created"), None)
    if cycle.kind != "ola" or cycle.started != opened:
        return ""
    group = next((stay.group for stay in found.report.stays if stay.begin == cycle.started), "")
    return _("opened in group %(group)s") % {"group": clean_line(group)} if group else ""


def _cause(session: "Session", event: "Event | None") -> str:
    """What happened when these stretches began."""
    if event is None:
        return _("the clock begins")
    return change(event.kind, event.data, ascii=session.output.ascii, zone=session.zone)


def _row(session: "Session", each: "Segment", total: int) -> str:
    """From, to, what, counted, sum so far: columns that stand below each other."""
    begin, end = (datetime.fromtimestamp(at, UTC).astimezone(session.zone) for at in (each.begin, each.end))
    until = f"{end:%H:%M}" if begin.date() == end.date() else f"{end:%m-%d %H:%M}"
    counted = format_duration(each.counted) if each.counted or each.kind == "running" else "-"
    kind = _(_KINDS[each.kind])
    padded = kind + " " * max(0, 10 - cell_width(kind))
    row = f"{begin:%Y-%m-%d %H:%M}  {until:<11}  {padded}  {counted:>8}  {format_duration(total):>8}"
    if each.kind == "paused" and each.open:
        row += "  " + _("saves %s") % format_duration(each.open)
    if each.stretches > 1:
        text = ngettext("(%(count)d stretch)", "(%(count)d stretches)", each.stretches)
        row += "  " + text % {"count": each.stretches}
    return row


def _sum(cycle: "Cycle", total: int) -> str:
    values = {"sum": format_duration(total), "elapsed": format_duration(cycle.elapsed)}
    if total == cycle.elapsed:
        return _("together %(sum)s, as the clock says") % values
    return _("together %(sum)s, but the clock says %(elapsed)s: run deskterm rules rebuild --check") % values


def clock_record(cycle: "Cycle") -> dict[str, Any]:
    """A clock as a JSON value; lengths in open seconds."""
    return {
        "kind": cycle.kind,
        "metric": cycle.metric,
        "n": cycle.n,
        "policy": cycle.policy,
        "rev": cycle.rev,
        "calendar": cycle.calendar.id or cycle.calendar.tz,
        "target": cycle.target,
        "elapsed": cycle.elapsed,
        "remaining": cycle.remaining,
        "paused": cycle.paused,
        "outcome": cycle.outcome,
        "uncertain": cycle.uncertain,
        **records.instant("started", cycle.started),
        **records.instant("due", cycle.due_at),
        **records.instant("reached", cycle.reached_at),
        **records.instant("breached", cycle.breached_at),
        **records.instant("stopped", cycle.stopped),
        **records.instant("promised", cycle.manual),
        "levels": [{"id": name, **records.instant("crossed", at)} for name, at in cycle.crossed.items()],
        "stretches": [
            {
                **records.instant("begin", each.begin),
                **records.instant("end", each.end),
                "kind": each.kind,
                "counted": each.counted,
                "open": each.open,
                "event": each.seq,
                "priority": each.priority,
                "policy": each.policy,
                "rev": each.rev,
                "stretches": each.stretches,
            }
            for each in cycle.segments
        ],
    }
