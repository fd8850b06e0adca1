"""Dumping: a rule book as the text of a rule file, for exports and for telling two revisions apart."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from deskterm.rules.calendar import ALWAYS
from deskterm.rules.duration import format_duration
from deskterm.rules.facts import EMPTY
from deskterm.rules.query.render import render
from deskterm.rules.rulebook import (
    Act,
    Assign,
    Automation,
    Blueprint,
    Classify,
    Level,
    Lifecycle,
    Ola,
    Policy,
    Route,
    RuleBook,
    Uc,
)
from deskterm.rules.rulefile.toml import write

__all__ = ["dumped", "without_places"]

Table = dict[str, Any]
_ALWAYS: Final = ("when", "target", "matrix", "name", "order", "who", "resolve_needs", "verify")
_UNPLACED: Final = {"line": 0}


def dumped(book: RuleBook) -> str:
    """The text of a rule file that says what `book` says."""
    capacity = book.capacity
    calendars = {
        name: each.table() for name, each in book.calendars.items() if name != "always" or each != ALWAYS
    }
    weight = _table(priority=dict(capacity.priority), channel=dict(capacity.channel))
    tables = _table(
        format=1,
        desk=book.desk,
        timezone=book.timezone,
        priority={
            "order": book.terms.priorities,
            "default": book.terms.default_priority,
            "matrix": book.terms.matrix,
        },
        calendar=calendars,
        group={name: _table(lead=each.lead, skills=each.skills) for name, each in book.groups.items()},
        capacity=_table(cap=capacity.cap, weight=weight),
        lifecycle=_lifecycle(book.lifecycle),
        **_rules(book),
        blueprint=[_blueprint(each) for each in book.blueprints],
        test=[each.table for each in book.tests],
    )
    return write(tables)


def without_places(book: RuleBook) -> RuleBook:
    """`book` with every line 0, without name and revision."""
    found: RuleBook = _unplaced(book)
    return found._replace(name="", rev=0, lines=EMPTY)


def _unplaced(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _unplaced(each) for key, each in value.items()}
    if not isinstance(value, tuple):
        return value
    names = getattr(value, "_fields", None)
    if names is None:
        return tuple(_unplaced(each) for each in value)
    kept = {name: _unplaced(getattr(value, name)) for name in names}
    return type(value)(**(kept | _UNPLACED if "line" in kept else kept))


def _table(**values: Any) -> Table:
    """What is not empty; a key that Python keeps for itself ends in _."""
    named = {key.rstrip("_"): value for key, value in values.items()}
    return {key: value for key, value in named.items() if value or key in _ALWAYS}


def _rules(book: RuleBook) -> Table:
    triggers = [
        _table(id=each.id, on=each.on, when=render(each.when), do=_acts(each.do)) for each in book.triggers
    ]
    macros = [
        _table(id=each.id, name=each.name, ask=each.ask, when=render(each.when), do=_acts(each.do))
        for each in book.macros
    ]
    templates = [
        _table(id=each.id, name=each.name, text=each.texts, queue=each.queue)
        for each in book.templates.values()
    ]
    recurring = [
        _table(id=each.id, on=each.schedule, tz=each.tz, ticket=each.ticket, skip_if_open=each.skip_if_open)
        for each in book.recurring
    ]
    return {
        "classify": [_classify(each) for each in book.classify],
        "route": [_route(each) for each in book.routes],
        "sla": [_policy(each) for each in book.policies],
        "ola": [_ola(each) for each in book.olas],
        "uc": [_uc(each) for each in book.ucs],
        "trigger": triggers,
        "automation": [_automation(each) for each in book.automations],
        "macro": macros,
        "template": templates,
        "recurring": recurring,
    }


def _classify(rule: Classify) -> Table:
    chosen = {**rule.set, **({"add_tags": rule.add_tags} if rule.add_tags else {})}
    found = _table(
        id=rule.id, when=render(rule.when), set=chosen, fill=dict(rule.fill), override=rule.override
    )
    return found if chosen or rule.fill else {**found, "set": {}}


def _route(rule: Route) -> Table:
    chosen = {**rule.set, **({"add_tags": rule.add_tags} if rule.add_tags else {})}
    return _table(
        id=rule.id,
        when=render(rule.when),
        queue=rule.queue,
        group=rule.group,
        assign=_assign(rule.assign) if rule.assign != Assign() else {},
        set=chosen,
        continue_=rule.goes_on,
    )


def _assign(assign: Assign) -> Table:
    return _table(
        by=assign.by,
        person=assign.person,
        need=dict(assign.need),
        prefer=dict(assign.prefer),
        relax=assign.relax,
        sticky=format_duration(assign.sticky) if assign.sticky else "",
    )


def _policy(policy: Policy) -> Table:
    return _table(
        id=policy.id,
        when=render(policy.when),
        calendar=policy.calendar,
        from_=_instant(policy.valid_from),
        until=_instant(policy.valid_until),
        pause={metric: sorted(statuses) for metric, statuses in policy.pause.items()},
        reopen=policy.reopen,
        on_resolve=policy.on_resolve,
        target={priority: _lengths(row) for priority, row in policy.targets.items()},
        level=[_level(each) for each in policy.levels],
    )


def _ola(ola: Ola) -> Table:
    return _table(
        id=ola.id,
        group=ola.group,
        calendar=ola.calendar,
        target=_lengths(ola.targets),
        level=[_level(each) for each in ola.levels],
    )


def _uc(uc: Uc) -> Table:
    return _table(
        id=uc.id,
        when=render(uc.when),
        calendar=uc.calendar,
        target=_lengths(uc.targets),
        level=[_level(each) for each in uc.levels],
    )


def _level(level: Level) -> Table:
    return {
        "id": level.id,
        "metric": level.metric,
        "at": _position(level),
        "late": level.late,
        "do": _acts(level.do),
    }


def _position(level: Level) -> str:
    if level.basis == "percent":
        return f"{level.amount}%"
    if level.basis == "wall":
        return f"+{format_duration(level.amount)} wall"
    if level.amount == 0:
        return "breach"
    return f"{'+' if level.amount > 0 else ''}{format_duration(level.amount)}"


def _automation(rule: Automation) -> Table:
    wait = rule.after
    length = format_duration(wait.seconds) + (" wall" if wait.wall else "")
    return _table(
        id=rule.id,
        anchor=render(rule.anchor),
        after=f"{wait.business_days}bd" if wait.business_days else length,
        every=format_duration(rule.every) if rule.every else "",
        calendar=rule.calendar,
        when=render(rule.when),
        do=_acts(rule.do),
    )


def _lifecycle(lifecycle: Lifecycle) -> Table:
    ignored = lifecycle.reopen_ignore
    statuses = [
        _table(id=each.id, category=each.category, from_=each.comes_from, to=each.goes_to, who=each.who)
        for each in lifecycle.statuses
    ]
    return _table(
        resolve_needs=lifecycle.resolve_needs,
        verify=lifecycle.verify,
        reopen_window=format_duration(lifecycle.reopen_window),
        reopen_ignore=render(ignored) if ignored is not None else "",
        status=statuses,
    )


def _blueprint(blueprint: Blueprint) -> Table:
    stages = [
        _table(
            id=each.id,
            status=each.status,
            to=each.goes_to,
            who=each.who,
            needs=each.needs,
            limit=format_duration(each.limit) if each.limit else "",
            calendar=each.calendar,
            do=_acts(each.do),
        )
        for each in blueprint.stages
    ]
    return _table(id=blueprint.id, type=blueprint.type, stage=stages)


def _acts(acts: tuple[Act, ...]) -> list[Table]:
    return [{act.verb: act.value, **_table(auto=act.auto, force=act.force)} for act in acts]


def _lengths(targets: Mapping[str, int]) -> dict[str, str]:
    return {metric: format_duration(seconds) for metric, seconds in targets.items()}


def _instant(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
