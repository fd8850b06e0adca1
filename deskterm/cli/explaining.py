"""An explanation in words and as a JSON value."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from deskterm.cli import records
from deskterm.cli.clockledger import clock_lines, clock_record, moment_of
from deskterm.cli.present import change, field_name, sla
from deskterm.cli.present_rules import metric, of_rule, outcome
from deskterm.cli.said import Said
from deskterm.i18n import _
from deskterm.rules.clean import clean_line
from deskterm.rules.duration import format_duration
from deskterm.rules.explanation import Line, compared, policy_lines, way_lines
from deskterm.rules.stays import stay_lines
from deskterm.rules.trace import Trace

if TYPE_CHECKING:
    from deskterm.cli.session import Session
    from deskterm.desk.explaining import Explanation
    from deskterm.rules.clauses import Clause
    from deskterm.rules.stays import Stay

__all__ = ["SIGNS", "Said", "record", "said"]

SIGNS: Final = {"+": ("✓", "+"), "-": ("✗", "-"), ">": ("→", ">"), "": ("", "")}

_REASONS: Final = ("source", "value")  # where a rule stands for its id@revision


def said(session: "Session", found: "Explanation") -> Iterator[Said]:
    """The whole explanation, line by line."""
    row = found.row
    yield Said("ticket", "#", f"#{row.id} {clean_line(row.subject)}")
    yield Said("ticket", "", _now(session, found))
    if found.candidate:
        yield from _would(session, found)
    yield Said("way", "")
    yield from _way(session, found)
    if found.stay is not None:
        yield Said("stage", "")
        yield from _stay(session, found.stay, found.at)
    yield Said("policy", "")
    yield from _policies(session, found)
    for cycle in found.clocks:
        yield Said("clock", "")
        yield from clock_lines(session, found, cycle)
    yield from _beside(found)
    if found.firings:
        yield Said("timer", "")
        yield from _timer(session, found)


def _now(session: "Session", found: "Explanation") -> str:
    """Where it is and under which rules, in one line."""
    row = found.row
    where = _("%(status)s, %(priority)s, in queue %(queue)s, with %(assignee)s") % {
        "status": _(row.status),
        "priority": clean_line(row.priority),
        "queue": clean_line(row.queue),
        "assignee": clean_line(row.assignee) or _("nobody"),
    }
    due = sla(row.sla_state, row.next_due_at, found.at, ascii=session.output.ascii)
    return _("%(where)s; SLA %(due)s") % {"where": where, "due": due}


def _would(session: "Session", found: "Explanation") -> Iterator[Said]:
    """What a candidate would change."""
    yield Said("would", "")
    yield Said(
        "would", "#", _("With %s, if it were sent through the rules now:") % clean_line(found.rules.name)
    )
    shown = [each for each in found.changes if each.kind not in ("routed", "record")]
    for each in shown:
        text = change(each.kind, each.facts(), ascii=session.output.ascii, zone=session.zone)
        yield Said(
            "would",
            ">",
            _("%(text)s (%(rule)s)") % {"text": text, "rule": of_rule(each.because, found.rules.rev)},
            1,
        )
    if not shown:
        yield Said("would", "", _("it stays as it is"), 1)


def _way(session: "Session", found: "Explanation") -> Iterator[Said]:
    trace, rules = found.trace, found.rules
    if trace is None:
        yield Said("way", "#", _("Where it is"))
        yield Said("way", "", _("No rules have sent it anywhere: people did, or it was brought in."), 1)
        return
    when = moment_of(session, found.routed_at)
    values = {"file": clean_line(trace.file), "rev": trace.rev, "time": when}
    template = _("Where it is: sent by %(file)s, revision %(rev)d, at %(time)s")
    if found.candidate:
        template = _("Where it would go: by %(file)s")
    yield Said("way", "#", template % values)
    for line in way_lines(trace):
        yield _line(session, "way", line, rules.rev)


def _stay(session: "Session", stay: "Stay", now: int) -> Iterator[Said]:
    yield Said("stage", "#", _("Where it stands in its process"))
    for line in stay_lines(stay, now):
        yield _line(session, "stage", line)


def _policies(session: "Session", found: "Explanation") -> Iterator[Said]:
    rules = found.rules
    values = {
        "policy": clean_line(found.policy) or _("none"),
        "file": clean_line(rules.name) or _("built in"),
    }
    yield Said("policy", "#", _("SLA policy: %(policy)s (%(file)s)") % values)
    for line in policy_lines(Trace(rules.name, rules.rev, found.policies)):
        yield _line(session, "policy", line, rules.rev)
    taken = next((each.id for each in found.policies if each.holds), "")
    if found.policy and taken != found.policy:
        template = _("it stays under %(old)s until something happens to it: now %(new)s would take it")
        yield Said("policy", ">", template % {"old": found.policy, "new": taken or _("none")}, 1)
    if not rules.policies:
        yield Said("policy", "", _("the rules promise nothing"), 1)


def _line(session: "Session", part: str, line: Line, rev: int = 0) -> Said:
    """A line of the trace with its values clean, and an instant in the viewer's zone."""
    values: dict[str, Any] = {
        name: value
        if isinstance(value, int)
        else of_rule(value, rev)
        if name in _REASONS
        else field_name(value)
        if name == "name" and part == "way"
        else clean_line(value)
        for name, value in line.values.items()
    }
    if line.instant and isinstance(line.values.get("actual"), int):
        values["actual"] = session.moment(int(line.values["actual"]))
    if line.keys:
        values["keys"] = clean_line(compared(line.keys, _))
    return Said(part, line.mark, _(line.template) % values, line.indent + 1)


def _beside(found: "Explanation") -> Iterator[Said]:
    """Who ran over, what does not count, and whether clocks run at all."""
    report = found.report
    if report.exempt is not None:
        yield Said("clock", "")
        yield Said("clock", "", _("no clock runs any more (%s)") % clean_line(report.exempt))
    if report.attribution:
        yield Said("overrun", "")
        yield Said("overrun", "#", _("Who had it while it ran over"))
    for share in report.attribution:
        values = {
            "name": clean_line(share.name),
            "metric": metric(share.metric),
            "length": format_duration(share.seconds),
        }
        template = _("vendor %(name)s: %(length)s of the %(metric)s")
        if share.kind == "group":
            template = _("group %(name)s: %(length)s of the %(metric)s")
        yield Said("overrun", "", template % values, 1)


def _timer(session: "Session", found: "Explanation") -> Iterator[Said]:
    yield Said("timer", "#", _("What the timer did"))
    for each in found.firings:
        values = {
            "time": moment_of(session, each.fired_at),
            "due": moment_of(session, each.nominal_at),
            "rule": of_rule(each.rule, found.rules.rev),
            "outcome": outcome(each.outcome),
        }
        template = _("%(time)s  %(rule)s: %(outcome)s")
        if values["time"] != values["due"]:
            template = _("%(time)s  %(rule)s: %(outcome)s (was due %(due)s)")
        yield Said("timer", "", template % values, 1)


def record(found: "Explanation") -> dict[str, Any]:
    """The explanation as a JSON value."""
    report, trace = found.report, found.trace
    return {
        "ticket": found.row.id,
        "subject": clean_line(found.row.subject),
        **records.instant("time", found.at),
        "file": clean_line(found.rules.name),
        "rev": found.rules.rev,
        **records.instant("routed", found.routed_at),
        "trace": None if trace is None else _trace(trace),
        "stage": None if found.stay is None else _stage(found.stay),
        "policy": found.policy,
        "policies": [_tried(each) for each in found.policies],
        "clocks": [clock_record(each) for each in (*report.cycles, *report.internal)],
        "stays": [
            {"group": each.group, **records.instant("begin", each.begin), **records.instant("end", each.end)}
            for each in report.stays
        ],
        "overrun": [share._asdict() for share in report.attribution],
        "exempt": report.exempt,
        "firings": [
            {
                "key": each.key,
                "rule": each.rule,
                **records.instant("due", each.nominal_at),
                **records.instant("fired", each.fired_at),
                "outcome": each.outcome,
            }
            for each in found.firings
        ],
        "would": [{"kind": each.kind, **each.facts(), "because": each.because} for each in found.changes],
    }


def _stage(stay: "Stay") -> dict[str, Any]:
    return {
        "blueprint": stay.blueprint,
        "stage": stay.stage.id,
        **records.instant("since", stay.since),
        **records.instant("leave_by", stay.leave_by),
        "onward": [
            {"stage": each.id, "status": each.status, "needs": list(each.needs), "who": list(each.who)}
            for each in stay.onward
        ],
    }


def _trace(trace: Trace) -> dict[str, Any]:
    chosen = trace.chosen
    return {
        "file": trace.file,
        "rev": trace.rev,
        "tried": [_tried(each) for each in trace.tried],
        "left": dict(trace.left),
        "priority": trace.settled._asdict(),
        "chosen": None
        if chosen is None
        else {
            "login": chosen.login,
            "relaxed": list(chosen.relaxed),
            "waits": chosen.waits,
            "more": chosen.more,
            "candidates": [
                {
                    "login": each.login,
                    "reason": each.reason,
                    "detail": each.detail,
                    "keys": {name: str(value) for name, value in each.keys},
                }
                for each in chosen.table
            ],
        },
    }


def _tried(tried: Any) -> dict[str, Any]:
    return {
        "kind": tried.kind,
        "id": tried.id,
        "line": tried.line,
        "holds": tried.holds,
        "clause": None if tried.clause is None else _clause(tried.clause),
        "did": [deed._asdict() for deed in tried.did],
    }


def _clause(clause: "Clause") -> dict[str, Any]:
    return {**clause._asdict(), "parts": [_clause(each) for each in clause.parts]}
