"""Judging: what a test expects beside what came of its ticket."""

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from deskterm.rules.changes import Change, Decision, Said
from deskterm.rules.rulebook import Act, RuleBook
from deskterm.rules.ruletests.case import METRICS, Expected
from deskterm.rules.ruletests.instants import shown
from deskterm.rules.ruletests.playing import Play
from deskterm.rules.ruletests.result import Failure
from deskterm.rules.sla import ClockReport

__all__ = ["judge"]

_ORDERED: Final = ("fired", "failed", "replies")


def judge(expected: Expected, play: Play, rules: RuleBook) -> Iterator[Failure]:
    """Everything that is not as expected, in the order of the keys of a test."""
    report = play.report()
    found = _texts(play, report)
    for key, wanted in expected.texts.items():
        got = play.ticket.custom.get(key[3:], "") if key.startswith("cf.") else found[key]
        if got != wanted:
            yield Failure(key, wanted or '""', got or '""')
    for key, names in expected.lists.items():
        had = _LISTS[key](play, report, rules)
        if not _agree(key, names, had):
            yield Failure(key, _listed(names), _listed(had))
    for metric, due in expected.dues.items():
        at, zone = due or (None, "")
        running = report.dues.get(metric)
        if running != at:
            home = rules.timezone
            yield Failure(f"due.{metric}", _shown(at, zone, home), _shown(running, zone, home))


def _agree(key: str, wanted: tuple[str, ...], had: tuple[str, ...]) -> bool:
    if key == "why":
        return set(wanted) <= set(had)
    return wanted == had if key in _ORDERED else set(wanted) == set(had)


def _listed(names: tuple[str, ...]) -> str:
    return json.dumps(names, ensure_ascii=False)


def _shown(at: int | None, zone: str, home: str) -> str:
    return '""' if at is None else shown(at, zone, home)


def _texts(play: Play, report: ClockReport) -> Mapping[str, str]:
    """Every field that may be expected, in words."""
    ticket, book = play.ticket, play.book
    agent, group = book.agents.get(ticket.assignee_id or 0), book.groups.get(ticket.group_id or 0)
    plain = ("status", "priority", "type", "category", "region", "lang", "impact", "urgency", "vendor")
    return {
        **{name: getattr(ticket, name) for name in (*plain, "channel", "route", "stage")},
        "queue": book.queues[ticket.queue_id].name,
        "group": group.name if group else "",
        "assignee": agent.login if agent else "",
        "sla": ticket.policy,
        "state": report.state,
    }


def _breached(_play: Play, report: ClockReport, _rules: RuleBook) -> tuple[str, ...]:
    late = {cycle.metric for cycle in report.cycles if cycle.breached_at is not None}
    return tuple(metric for metric in METRICS if metric in late)


def _met(_play: Play, report: ClockReport, _rules: RuleBook) -> tuple[str, ...]:
    last = {cycle.metric: cycle.outcome for cycle in report.cycles}
    return tuple(metric for metric in METRICS if last.get(metric) == "met")


def _fired(play: Play, _report: ClockReport, _rules: RuleBook) -> tuple[str, ...]:
    """Triggers that changed or told something, levels and automations that did."""
    found: list[str] = []
    for _at, decision in play.decided:
        did = [each.because for each in decision.changes if not _failed_at(each)]
        did += [each.because for each in decision.notices]
        found += dict.fromkeys(_id(because) for because in did if because.startswith("trigger "))
        done = (claim.rule for claim in decision.claims if claim.outcome == "done")
        found += [_id(rule) for rule in done if rule != "wake"]
    return tuple(found)


def _failed(play: Play, _report: ClockReport, _rules: RuleBook) -> tuple[str, ...]:
    changes = (change for _at, decision in play.decided for change in decision.changes)
    return tuple(_id(change.because) for change in changes if _failed_at(change))


def _failed_at(change: Change) -> bool:
    return change.kind in ("rule_failed", "loop_stopped")


def _id(because: str) -> str:
    """The name of the rule in "trigger ack@1" or "level gold/L1@1"."""
    return because.partition(" ")[2].rpartition("@")[0].rpartition("/")[2]


def _replies(play: Play, _report: ClockReport, rules: RuleBook) -> tuple[str, ...]:
    """The templates behind the public messages of rules, one message to one `reply` of its rule."""
    found: list[str] = []
    for _at, decision in play.decided:
        said = [each.because for each in decision.changes if isinstance(each, Said) and each.public]
        for because in dict.fromkeys(said):
            sent = [act.value for act in _acts_of(because, rules) if act.verb == "reply"]
            found += sent[: said.count(because)]
    return tuple(found)


def _acts_of(because: str, rules: RuleBook) -> tuple[Act, ...]:
    kind, _, rest = because.partition(" ")
    name = rest.rpartition("@")[0]
    if kind == "level":
        owner, _, level = name.partition("/")
        promises: tuple[Any, ...] = (*rules.policies, *rules.olas, *rules.ucs)
        levels = (each for promise in promises if promise.id == owner for each in promise.levels)
        return next((each.do for each in levels if each.id == level), ())
    known: Mapping[str, tuple[Any, ...]] = {
        "trigger": rules.triggers,
        "automation": rules.automations,
        "macro": rules.macros,
    }
    return next((each.do for each in known.get(kind, ()) if each.id == name), ())


def _told(kind: str) -> Callable[[Play, ClockReport, RuleBook], tuple[str, ...]]:
    def told(play: Play, _report: ClockReport, _rules: RuleBook) -> tuple[str, ...]:
        notices = (each for _at, decision in play.decided for each in decision.notices)
        return tuple(dict.fromkeys(each.to for each in notices if each.kind == kind))

    return told


def _children(play: Play, _report: ClockReport, _rules: RuleBook) -> tuple[str, ...]:
    roots = (root.action for _at, decision in play.decided for root in decision.roots)
    return tuple(str(getattr(action, "subject", "")) for action in roots if hasattr(action, "subject"))


def _why(play: Play, _report: ClockReport, _rules: RuleBook) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _at, decision in play.decided for name in _matched(decision)))


def _matched(decision: Decision) -> Iterator[str]:
    for change in decision.changes:
        if change.kind == "routed":
            tried = change.facts()["trace"]["tried"]
            yield from (each[1] for each in tried if each[3])
        elif change.kind == "policy_applied":
            yield str(change.facts()["policy"])


_LISTS: Final[Mapping[str, Callable[[Play, ClockReport, RuleBook], tuple[str, ...]]]] = MappingProxyType(
    {
        "tags": lambda play, _report, _rules: tuple(sorted(play.ticket.tags)),
        "breached": _breached,
        "met": _met,
        "fired": _fired,
        "failed": _failed,
        "replies": _replies,
        "notified": _told("notify"),
        "webhooks": _told("webhook"),
        "children": _children,
        "why": _why,
    }
)
