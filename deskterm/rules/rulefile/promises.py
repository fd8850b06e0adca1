"""Promises: SLA policies with their levels, internal targets per group, contracts of vendors."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from deskterm.rules.problems import N_, Problem
from deskterm.rules.query.ast import In
from deskterm.rules.rulebook import Level, Ola, Policy, Uc
from deskterm.rules.rulefile.acts import acts
from deskterm.rules.rulefile.conditions import condition
from deskterm.rules.rulefile.reading import Section

if TYPE_CHECKING:
    from deskterm.rules.rulefile.reading import Reading

__all__ = ["METRICS", "read_olas", "read_policies", "read_ucs"]

METRICS: Final = ("first_response", "next_response", "update", "resolution")
_OLA_METRICS: Final = ("own", "work")
_UC_METRICS: Final = ("response", "restore", "resolution")
_MOST_LEVELS: Final = 50


def read_policies(top: Section) -> tuple[Policy, ...]:
    """Every [[sla]] in its order; a priority without a target is refused where nobody above takes it."""
    found: list[Policy] = []
    taken: dict[str, int] = {}
    for section in top.entries("sla"):
        policy = _policy(section, taken)
        _require_targets(section, policy, found)
        found.append(policy)
    return tuple(found)


def read_olas(top: Section) -> tuple[Ola, ...]:
    """Every [[ola]]."""
    found: list[Ola] = []
    taken: dict[str, int] = {}
    for section in top.entries("ola"):
        name = section.identity(taken)
        group = section.name("group", "group", required=True)
        calendar = section.name("calendar", "calendar", "always")
        targets = _single_target(section, calendar, _OLA_METRICS)
        levels = _levels(section, calendar, _OLA_METRICS)
        section.done()
        found.append(Ola(name, group, calendar, targets, levels, section.line))
    return tuple(found)


def read_ucs(top: Section) -> tuple[Uc, ...]:
    """Every [[uc]]."""
    found: list[Uc] = []
    taken: dict[str, int] = {}
    for section in top.entries("uc"):
        name = section.identity(taken)
        when = condition(section, required=True)
        calendar = section.name("calendar", "calendar", "always")
        targets = _single_target(section, calendar, _UC_METRICS)
        levels = _levels(section, calendar, _UC_METRICS)
        section.done()
        found.append(Uc(name, when, calendar, targets, levels, section.line))
    return tuple(found)


def _policy(section: Section, taken: dict[str, int]) -> Policy:
    name = section.identity(taken)
    when = condition(section, required=True)
    calendar = section.name("calendar", "calendar", "always")
    policy = Policy(
        id=name,
        when=when,
        calendar=calendar,
        targets=_targets(section, calendar),
        pause=_pause(section),
        reopen=section.chosen("reopen", ("new_cycle", "resume", "ignore"), "new_cycle"),
        on_resolve=section.chosen("on_resolve", ("stop", "cancel"), "stop"),
        levels=_levels(section, calendar, METRICS),
        valid_from=_instant(section, "from", whole=False),
        valid_until=_instant(section, "until", whole=True),
        line=section.line,
    )
    since, until = policy.valid_from, policy.valid_until
    if since is not None and until is not None and until <= since:
        section.fault("E405", "until", N_("the policy ends before it begins"))
    section.done()
    return policy


def _targets(section: Section, calendar: str) -> dict[str, Mapping[str, int]]:
    inner = section.inner("target", '{ P1 = { resolution = "4h" } }', required=True)
    found: dict[str, Mapping[str, int]] = {}
    for priority in inner.table if inner else ():
        if inner is None or not inner.known("priority", priority, priority):
            continue
        row = inner.inner(priority, '{ resolution = "4h" }')
        if row is not None:
            found[priority] = _durations(row, calendar, METRICS)
    return found


def _single_target(section: Section, calendar: str, metrics: tuple[str, ...]) -> Mapping[str, int]:
    inner = section.inner("target", required=True)
    return _durations(inner, calendar, metrics) if inner else {}


def _durations(row: Section, calendar: str, metrics: tuple[str, ...]) -> dict[str, int]:
    """Metric -> open seconds."""
    found = {}
    for metric in row.table:
        if metric not in metrics:
            row.unknown("E404", "metric", metric, metrics, metric)
            continue
        seconds = row.read(metric, _reader(row.reading, calendar), 0, "E401")
        if seconds:
            found[metric] = seconds
    return found


def _reader(reading: "Reading", calendar: str) -> Callable[[str], int]:
    from deskterm.rules.duration import read_duration

    return partial(read_duration, day=reading.days.get(calendar))


def _pause(section: Section) -> dict[str, frozenset[str]]:
    inner = section.inner("pause", '{ resolution = ["pending"] }')
    found: dict[str, frozenset[str]] = {}
    for metric in inner.table if inner else ():
        if inner is None:
            break
        if metric in METRICS:
            found[metric] = frozenset(inner.names(metric, "status"))
        else:
            inner.unknown("E404", "metric", metric, METRICS, metric)
    return found


def _levels(section: Section, calendar: str, metrics: tuple[str, ...]) -> tuple[Level, ...]:
    from deskterm.rules.duration import Position, read_position

    day = section.reading.days.get(calendar)
    read_at = partial(read_position, day=day)
    found: list[Level] = []
    taken: dict[str, int] = {}
    for each in section.entries("level"):
        name = each.identity(taken)
        metric = each.text("metric", required=True)
        if metric and metric not in metrics:
            each.unknown("E404", "metric", metric, metrics, "metric")
        position = each.read("at", read_at, Position("offset", 0), "E402", required=True)
        late = each.chosen("late", ("collapse", "fire", "skip"), "collapse")
        do = acts(each)
        each.done()
        found.append(Level(name, metric, position.basis, position.amount, do, late, each.line))
    if len(found) > _MOST_LEVELS:
        section.fault("E101", "level", N_("there are more than %(most)d levels"), most=_MOST_LEVELS)
    return tuple(found)


def _instant(section: Section, key: str, *, whole: bool) -> int | None:
    """The instant that a date means in the zone of the file; the end of that day if `whole`."""
    if not section.has(key):
        return None
    given = section.table[key]
    if isinstance(given, datetime) and given.tzinfo is not None:
        return int(given.timestamp())
    text = given.isoformat() if type(given) is date else given
    if isinstance(text, str):
        from deskterm.rules.query.moments import day_bounds, read_period

        period = read_period(text)
        if period is not None and text[:1].isdigit():
            try:
                return day_bounds(period, 0, section.reading.timezone)[whole]
            except Problem:
                return None  # the zone is told at its own line
    section.fault("E109", key, N_("%(key)s must be a date such as 2026-03-01"), key=key)
    return None


def _require_targets(section: Section, policy: Policy, above: list[Policy]) -> None:
    terms, given = section.reading.terms, section.table.get("target")
    if not isinstance(given, dict):
        return  # that is told already, as is a row that cannot be read
    missing = [
        each
        for each in reversed(terms.priorities)
        if each not in given and not _plainly_taken(each, policy, above)
    ]
    if not missing:
        return
    from deskterm.rules.lint.targets import always_taken

    for priority in missing:
        if not always_taken(priority, policy, above, terms):
            template = N_(
                "no target for %(priority)s and an earlier policy does not always take %(priority)s"
            )
            section.fault("E403", "target", template, priority=priority)


def _plainly_taken(priority: str, policy: Policy, above: list[Policy]) -> bool:
    """True for the usual case, a `when` that names priorities only; lint sees the others."""
    own = _priorities(policy)
    timeless = (each for each in above if each.valid_from is None and each.valid_until is None)
    return (own is not None and priority not in own) or any(
        priority in (_priorities(each) or ()) for each in timeless
    )


def _priorities(policy: Policy) -> tuple[object, ...] | None:
    when = policy.when
    return when.values if isinstance(when, In) and when.field == "priority" else None
