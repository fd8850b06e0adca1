"""The ledger: every stretch of a clock, so that whoever doubts a due can add it up."""

from deskterm.rules.sla import Segment
from tests.rules.sla.timelines import (
    HOUR,
    STD,
    Step,
    agent,
    opened,
    priority,
    shown,
    status,
    the,
    told,
)


def lines(*steps: Step, now: str, of: str = "resolution.1", reopen: str = "new_cycle") -> list[Segment]:
    """The segments of one cycle."""
    report = told(*steps, now=now, under=STD._replace(reopen=reopen), ledger=True)
    return list(the(report, of).segments)


def read(segment: Segment) -> tuple[str, str | None, str | None, int]:
    """What a line says in short."""
    return segment.kind, shown(segment.begin), shown(segment.end), segment.counted


def test_a_night_and_a_pause_are_lines_of_their_own() -> None:
    steps = [opened(), status("03-02 16:00", "pending"), status("03-03 10:00", "open")]
    assert [read(each) for each in lines(*steps, now="03-03 18:00")] == [
        ("running", "03-02 10:00", "03-02 16:00", 6 * HOUR),
        ("paused", "03-02 16:00", "03-03 10:00", 0),
        ("running", "03-03 10:00", "03-03 17:00", 7 * HOUR),
        ("closed", "03-03 17:00", "03-03 18:00", 0),
    ]


def test_a_pause_tells_how_much_open_time_it_saved() -> None:
    steps = [opened(), status("03-02 16:00", "pending"), status("03-03 10:00", "open")]
    assert [each.open for each in lines(*steps, now="03-03 18:00") if each.kind == "paused"] == [2 * HOUR]


def test_every_line_names_what_was_in_force_and_the_event_that_began_it() -> None:
    found = lines(opened(), priority("03-02 12:00", "P1"), now="03-02 13:00")
    assert [(each.priority, each.policy, each.rev, each.seq) for each in found] == [
        ("P2", "std", 1, 1),
        ("P1", "std", 1, 2),
    ]


def test_spent_and_saved_time_is_all_the_open_time_since_it_was_opened() -> None:
    steps = [opened(), status("03-02 16:00", "pending"), status("03-03 10:00", "open")]
    cycle = the(told(*steps, now="03-05 12:00", ledger=True), "resolution.1")
    saved = sum(each.open for each in cycle.segments if each.kind == "paused")
    left = the(told(*steps, now="03-03 12:00", ledger=True), "resolution.1")
    assert cycle.elapsed + saved == cycle.calendar.elapsed(cycle.started, cycle.segments[-1].end)
    assert left.elapsed + left.remaining == left.target


def test_resolved_straight_from_pending_the_pause_is_not_counted() -> None:
    steps = [opened(), status("03-02 12:00", "pending"), status("03-04 12:00", "resolved")]
    cycle = the(told(*steps, now="03-05 12:00", ledger=True), "resolution.1")
    assert (cycle.elapsed, [each.kind for each in cycle.segments]) == (2 * HOUR, ["running", "paused"])


def test_a_resumed_cycle_shows_the_time_that_it_was_resolved() -> None:
    steps = [opened(), status("03-02 15:00", "resolved"), status("03-03 11:00", "open")]
    found = lines(*steps, now="03-03 12:00", reopen="resume")
    assert [read(each) for each in found] == [
        ("running", "03-02 10:00", "03-02 15:00", 5 * HOUR),
        ("closed", "03-02 15:00", "03-03 11:00", 0),
        ("running", "03-03 11:00", "03-03 12:00", HOUR),
    ]


def test_what_a_merge_brought_is_a_line() -> None:
    carried: Step = ("03-02 11:00", "carried", {"elapsed": HOUR})
    found = lines(opened(), agent("03-02 10:30"), carried, now="03-02 11:30", of="next_response.1")
    assert [(each.kind, each.counted) for each in found] == [("carried", HOUR), ("running", HOUR // 2)]


def test_months_without_an_event_are_one_line() -> None:
    (only,) = lines(opened(), now="09-01 12:00")
    assert only.kind == "running"
    assert only.stretches > 60
    assert only.counted == the(told(opened(), now="09-01 12:00"), "resolution.1").elapsed


def test_without_being_asked_for_there_is_no_ledger() -> None:
    assert the(told(opened(), now="03-02 12:00"), "resolution.1").segments == ()
