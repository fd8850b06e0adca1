"""The laws of the clocks, over random timelines, policies, calendars and revisions."""

from itertools import pairwise
from typing import Any

from hypothesis import given, strategies as st

from deskterm.rules.facts import SYSTEM, Event
from deskterm.rules.sla import ClockReport, Cycle, fold
from tests.rules.sla.drawn import EDITIONS, GAPS, RARE, STEPS, WAITS, Editions, later, timelines


def all_cycles(report: ClockReport) -> tuple[Cycle, ...]:
    """The customer's and the desk's own."""
    return (*report.cycles, *report.internal)


@given(timelines(), EDITIONS, WAITS, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_told_does_not_matter(
    history: list[Event], editions: Editions, wait: int, random: Any
) -> None:
    now = history[-1].at + wait
    shuffled = list(history)
    random.shuffle(shuffled)
    assert fold(shuffled, editions, now) == fold(history, editions, now)


@given(timelines(), EDITIONS, WAITS, st.lists(WAITS, max_size=6))
def test_looking_at_the_clocks_between_two_events_changes_nothing(
    history: list[Event], editions: Editions, wait: int, looks: list[int]
) -> None:
    now = history[-1].at + wait
    looked = [Event(900 + n, history[0].at + each, "seen", SYSTEM, {}) for n, each in enumerate(looks)]
    assert fold([*history, *looked], editions, now) == fold(history, editions, now)


@given(timelines(), EDITIONS, WAITS, WAITS)
def test_what_was_passed_stays_passed_however_late_one_looks(
    history: list[Event], editions: Editions, wait: int, more: int
) -> None:
    soon = fold(history, editions, history[-1].at + wait)
    late = fold(history, editions, history[-1].at + wait + more)
    kept = {each.key: each.nominal_at for each in late.crossings}
    assert all(kept[each.key] == each.nominal_at for each in soon.crossings)
    breached = [each.breached_at for each in all_cycles(soon)]
    assert [each.breached_at for each, before in zip(all_cycles(late), breached, strict=True) if before] == [
        each for each in breached if each
    ]


@given(timelines(), EDITIONS, WAITS, WAITS)
def test_what_comes_to_light_later_has_its_instant_after_the_first_look(
    history: list[Event], editions: Editions, wait: int, more: int
) -> None:
    first = history[-1].at + wait
    soon, late = fold(history, editions, first), fold(history, editions, first + more)
    known = {each.key for each in soon.crossings}
    assert all(each.nominal_at >= first for each in late.crossings if each.key not in known)


@given(timelines(), EDITIONS, st.lists(st.tuples(GAPS, STEPS), max_size=4), WAITS)
def test_a_cycle_that_is_over_never_changes_again(
    history: list[Event], editions: Editions, steps: list[Any], wait: int
) -> None:
    plain = {
        rev: book._replace(
            policies=tuple(
                each._replace(reopen="new_cycle" if each.reopen == "resume" else each.reopen)
                for each in book.policies
            )
        )
        for rev, book in editions.items()
    }
    before = fold(history, plain, history[-1].at)
    over = [each for each in before.cycles if each.stopped is not None and each.target]
    grown = later(history, steps)
    after = fold(grown, plain, grown[-1].at + wait).cycles
    revived = {(each.metric, each.start_seq, each.n) for each in after if each.stopped is None}
    lost = [each for each in over if each not in after]
    assert [each for each in lost if (each.metric, each.start_seq, each.n) not in revived] == []


@given(timelines(), EDITIONS, WAITS)
def test_a_breach_is_never_earlier_than_the_event_that_opened_or_changed_its_clock(
    history: list[Event], editions: Editions, wait: int
) -> None:
    instants = {event.seq: event.at for event in history}
    for each in all_cycles(fold(history, editions, history[-1].at + wait)):
        assert each.breached_at is None or each.breached_at >= instants[each.start_seq]
        assert each.breached_at is None or each.stopped is None or each.breached_at < each.stopped
        assert all(nominal >= instants[each.start_seq] for nominal in each.crossed.values())


@given(timelines(), EDITIONS, WAITS)
def test_a_running_clock_that_is_not_breached_is_due_now_or_later(
    history: list[Event], editions: Editions, wait: int
) -> None:
    now = history[-1].at + wait
    for each in all_cycles(fold(history, editions, now)):
        if each.due_at is not None and each.breached_at is None:
            assert each.due_at >= now
            if each.manual is None:
                spent = each.calendar.elapsed(now, each.due_at)
                assert each.remaining == spent


@given(timelines(), EDITIONS, WAITS)
def test_the_lines_of_the_ledger_add_up_and_leave_no_hole(
    history: list[Event], editions: Editions, wait: int
) -> None:
    for each in all_cycles(fold(history, editions, history[-1].at + wait, ledger=True)):
        lines = each.segments
        assert sum(line.counted for line in lines) == each.elapsed
        assert all(line.counted == line.open for line in lines if line.kind in ("running", "closed"))
        assert all(line.counted == 0 for line in lines if line.kind in ("paused", "closed"))
        assert all(a.end <= b.begin for a, b in pairwise(lines))
        assert all(a.begin <= a.end for a in lines)


@given(timelines(), EDITIONS, WAITS)
def test_spent_and_saved_and_resolved_time_is_all_the_open_time_there_was(
    history: list[Event], editions: Editions, wait: int
) -> None:
    now = history[-1].at + wait
    for each in all_cycles(fold(history, editions, now, ledger=True)):
        lines = [line for line in each.segments if line.kind != "carried"]
        whole = {(line.policy, line.rev) for line in lines} == {(each.policy, each.rev)}
        if whole and all(a.end == b.begin for a, b in pairwise(lines)):
            saved = sum(line.open for line in lines if line.kind == "paused")
            rest = sum(each.calendar.elapsed(a.begin, a.end) for a in lines if a.kind == "closed")
            counted = sum(line.counted for line in lines)
            assert counted + saved + rest == each.calendar.elapsed(lines[0].begin, lines[-1].end)
        assert each.outcome == "cancelled" or each.remaining == max(0, each.target - each.elapsed)


@given(timelines(), EDITIONS, WAITS)
def test_the_report_does_not_depend_on_the_ledger(
    history: list[Event], editions: Editions, wait: int
) -> None:
    now = history[-1].at + wait
    told = fold(history, editions, now, ledger=True)
    without = told._replace(
        cycles=tuple(each._replace(segments=()) for each in told.cycles),
        internal=tuple(each._replace(segments=()) for each in told.internal),
    )
    assert without == fold(history, editions, now)


@given(timelines(), EDITIONS, WAITS)
def test_when_all_that_was_passed_is_acted_on_the_next_change_lies_ahead(
    history: list[Event], editions: Editions, wait: int
) -> None:
    now = history[-1].at + wait
    passed = frozenset(each.key for each in fold(history, editions, now).crossings)
    following = fold(history, editions, now, fired=passed).next_change_at
    assert following is None or following > now


@given(timelines(), EDITIONS, WAITS)
def test_nothing_happens_before_the_next_change(history: list[Event], editions: Editions, wait: int) -> None:
    now = history[-1].at + wait
    first = fold(history, editions, now)
    passed = frozenset(each.key for each in first.crossings)
    following = fold(history, editions, now, fired=passed).next_change_at
    until = now + 10_000_000 if following is None else following - 1
    quiet = fold(history, editions, until)
    assert quiet.state == first.state
    assert {each.key for each in quiet.crossings if each.level.do} == {
        each.key for each in first.crossings if each.level.do
    }


@given(timelines(), EDITIONS, WAITS)
def test_at_the_next_change_something_has_happened(
    history: list[Event], editions: Editions, wait: int
) -> None:
    now = history[-1].at + wait
    first = fold(history, editions, now)
    passed = frozenset(each.key for each in first.crossings)
    following = fold(history, editions, now, fired=passed).next_change_at
    if following is not None:
        then = fold(history, editions, following)
        acts = {each.key for each in then.crossings} - passed
        breaches = [each.breached_at is None for each in (*then.cycles, *then.internal)] != [
            each.breached_at is None for each in (*first.cycles, *first.internal)
        ]
        assert acts or breaches or then.state != first.state or first.state in ("warn", "overdue")


@given(timelines(), EDITIONS, WAITS)
def test_a_void_event_is_as_if_it_had_never_been(history: list[Event], editions: Editions, wait: int) -> None:
    last = history[-1]
    now = last.at + wait
    if last.kind == "created":
        return
    void = Event(len(history) + 1, now, "sla_void", SYSTEM, {"event": last.seq, "reason": "wrong"})
    told = fold([*history, void], editions, now)
    assert told.voids
    assert told._replace(voids=()) == fold(history[:-1], editions, now)


@given(timelines(), EDITIONS, st.lists(st.tuples(GAPS, RARE), max_size=3), WAITS)
def test_a_void_that_is_void_changes_nothing(
    history: list[Event], editions: Editions, steps: list[Any], wait: int
) -> None:
    grown = later(history, steps)
    now, seq = grown[-1].at + wait, len(grown)
    voids = [
        Event(seq + 1, now, "sla_void", SYSTEM, {"event": grown[-1].seq}),
        Event(seq + 2, now, "sla_void", SYSTEM, {"event": seq + 1}),
    ]
    told = fold([*grown, *voids], editions, now)
    assert told._replace(voids=()) == fold(grown, editions, now)
