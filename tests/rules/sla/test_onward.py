"""Whoever knows how the clocks were left needs no timeline to see what other rules make of them."""

from itertools import accumulate

from hypothesis import assume, given, strategies as st

from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.sla import fold
from deskterm.rules.sla.onward import onward
from tests.rules.sla.drawn import EDITIONS, WAITS, Editions, timelines
from tests.rules.sla.left import not_before, standing


def with_later_ones(editions: Editions) -> dict[int, RuleBook]:
    """Both editions and three later ones, of which only the policies and their targets are others."""
    first, second = editions[1], editions[2]._replace(olas=editions[1].olas, ucs=editions[1].ucs)
    inner = {"one": first.calendars["one"], "two": first.calendars["two"]}
    policies = [second.policies, first.policies, second.policies]
    later = {rev: first._replace(rev=rev, policies=each) for rev, each in enumerate(policies, 3)}
    return {1: first, 2: second._replace(calendars=inner), **later}


@given(
    timelines(),
    EDITIONS,
    st.lists(WAITS, min_size=2, max_size=4),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_going_on_from_what_rests_is_folding_the_whole_timeline(
    history: list[Event], editions: Editions, waits: list[int], acted: list[bool]
) -> None:
    books = with_later_ones(editions)
    looked, *later = accumulate(waits, initial=history[-1].at)
    passed = fold(history, books, looked).crossings
    fired = frozenset(each.key for each, done in zip(passed, acted, strict=False) if done)
    report = fold(history, books, looked, fired=fired)
    assume(report.rest and report.rest.rev)  # the built-in rules have no vendors
    activations = [
        Event(100 + rev, at, "rules_activated", SYSTEM, {"rev": rev}) for rev, at in enumerate(later[:-1], 3)
    ]
    look = onward(standing(history, report), books, activations, later[-1])
    whole = fold([*history, *activations], books, later[-1], fired=fired)
    told = look.dues, look.state, not_before(later[-1], look.change_at)
    assert told == (whole.dues, whole.state, not_before(later[-1], whole.next_change_at))
