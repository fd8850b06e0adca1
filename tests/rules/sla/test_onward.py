"""Whoever knows how the clocks were left needs no timeline to see what other rules make of them."""

import json
from itertools import accumulate
from typing import Any

from hypothesis import assume, given, strategies as st

from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.sla import ClockReport, fold
from deskterm.rules.sla.onward import Standing, onward
from deskterm.rules.sla.resting import Rest
from tests.rules.sla.drawn import EDITIONS, WAITS, Editions, timelines


def with_later_ones(editions: Editions) -> dict[int, RuleBook]:
    """Both editions and three later ones, of which only the policies and their targets are others."""
    first, second = editions[1], editions[2]._replace(olas=editions[1].olas, ucs=editions[1].ucs)
    inner = {"one": first.calendars["one"], "two": first.calendars["two"]}
    policies = [second.policies, first.policies, second.policies]
    later = {rev: first._replace(rev=rev, policies=each) for rev, each in enumerate(policies, 3)}
    return {1: first, 2: second._replace(calendars=inner), **later}


def last(history: list[Event], **kinds: Any) -> str:
    """The last word of the history on something."""
    told = [each.data[key] for each in history for kind, key in kinds.items() if each.kind == kind]
    return str(told[-1]) if told else ""


def standing(history: list[Event], report: ClockReport) -> Standing:
    """What is known of the ticket without its timeline, as it is written down."""
    assert report.rest is not None
    opened = history[0].data
    policy = last(history, policy_applied="policy") if _told(history, "policy_applied") else None
    priorities = [event for event in history if event.kind == "field"]
    status = "merged" if _told(history, "merged_into") else last(history, status="new") or "new"
    return Standing(
        opened.get("policy", "default") if policy is None else policy,
        last(priorities, field="new") or opened["priority"],
        status,
        Rest(*json.loads(json.dumps(report.rest))),
        report.later_at,
    )


def not_before(now: int, change_at: int | None) -> int | None:
    """Whoever has to look has to look now, whenever that was first worth while."""
    return None if change_at is None else max(now, change_at)


def _told(history: list[Event], kind: str) -> bool:
    return any(event.kind == kind for event in history)


@given(timelines(), EDITIONS, st.lists(WAITS, min_size=2, max_size=4))
def test_going_on_from_what_rests_is_folding_the_whole_timeline(
    history: list[Event], editions: Editions, waits: list[int]
) -> None:
    books = with_later_ones(editions)
    looked, *later = accumulate(waits, initial=history[-1].at)
    report = fold(history, books, looked)
    assume(report.rest and report.rest.rev)  # the built-in rules have no vendors
    activations = [
        Event(100 + rev, at, "rules_activated", SYSTEM, {"rev": rev}) for rev, at in enumerate(later[:-1], 3)
    ]
    look = onward(standing(history, report), books, activations, later[-1])
    whole = fold([*history, *activations], books, later[-1])
    told = look.dues, look.state, not_before(later[-1], look.change_at)
    assert told == (whole.dues, whole.state, not_before(later[-1], whole.next_change_at))
