"""Import of an audit log: the rows of a ticket are compared with each other, wherever they stand."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from deskterm.desk import Desk
from deskterm.desk.exporting import export_desk
from deskterm.rules.apply import apply
from deskterm.rules.changes import Assigned, Change, FieldSet, Regrouped, StatusSet
from deskterm.rules.facts import Event, Ticket
from deskterm.rules.sla import fold, project
from deskterm.store.known import tickets_by_key
from deskterm.store.snapshot import history_of, ticket_by_id
from tests.desk.importing import STATES, Case
from tests.desks import a_desk, sqlite_url

HEAD = "id,n,at,opened,title,state,why,prio,team,who\n"
T0 = 1_772_445_600  # 2026-03-02 10:00 UTC


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A founded desk in a file."""
    with closing(a_desk(sqlite_url(tmp_path), people=False).desk) as desk:
        yield Case(desk, tmp_path)


def row(n: int, minute: int, rest: str, key: str = "1", opened: str = "2026-03-02T10:00") -> str:
    return f"{key},{n},2026-03-02T10:{minute:02},{opened},t{n},{rest}\n"


def test_each_difference_between_two_rows_is_one_event(case: Case) -> None:
    case.brings(
        HEAD
        + row(0, 0, "N,,3,net,?")
        + row(1, 1, "O,,2,web,kim")
        + row(2, 2, "O,,2,web,kim")
        + row(3, 3, "W,vendor,2,?,lee")
        + row(4, 4, "W,problem,2,?,?")
        + row(5, 5, "R,,1,?,?")
        + row(6, 6, "C,,1,?,?"),
        STATES,
    )
    assert case.story() == [
        f"{T0} v1 system created ",
        f"{T0 + 60} v2 system group net web",
        f"{T0 + 60} v2 system assigned kim",
        f"{T0 + 60} v2 system field priority P3 P2",
        f"{T0 + 60} v2 system status new open",
        f"{T0 + 180} v3 system group web",
        f"{T0 + 180} v3 system assigned kim lee",
        f"{T0 + 180} v3 system status open on_hold vendor",
        f"{T0 + 240} v4 system assigned lee",
        f"{T0 + 240} v4 system status on_hold on_hold problem",
        f"{T0 + 300} v5 system field priority P2 P1",
        f"{T0 + 300} v5 system status on_hold resolved",
        f"{T0 + 360} v6 system status resolved closed",
    ]


def test_a_first_row_that_is_not_new_came_from_new(case: Case) -> None:
    case.brings(HEAD + row(0, 7, "O,,3,net,kim"), STATES)
    assert case.story() == [f"{T0} v1 system created ", f"{T0 + 420} v2 system status new open"]


def test_what_is_not_followed_is_as_the_last_row_tells_it(case: Case) -> None:
    case.brings(HEAD + row(0, 0, "N,,3,net,?") + row(9, 1, "N,,3,net,?"), STATES)
    ticket = case.ticket()
    assert (ticket.row.subject, ticket.timeline[0].data["subject"]) == ("t9", "t9")
    assert ticket.row.updated_at == T0 + 60


@pytest.mark.parametrize("state", ["?", ""])
def test_a_row_without_a_state_leaves_the_ticket_in_the_one_before(case: Case, state: str) -> None:
    case.brings(HEAD + row(0, 0, "N,,3,?,?") + row(1, 1, f"{state},,3,?,?") + row(2, 2, "O,,3,?,?"), STATES)
    assert case.story()[1:] == [f"{T0 + 120} v2 system status new open"]


def test_what_a_ticket_waits_for_stays_while_no_row_tells_its_state(case: Case) -> None:
    case.brings(HEAD + row(0, 0, "W,parts,3,?,?") + row(1, 1, "?,,3,?,?") + row(2, 2, "W,,3,?,?"), STATES)
    assert case.story()[1:] == [
        f"{T0} v2 system status new on_hold parts",
        f"{T0 + 120} v3 system status on_hold on_hold",
    ]


def test_a_solved_ticket_that_is_worked_on_again_was_reopened(case: Case) -> None:
    rows = (row(0, 0, "N,,3,?,?"), row(1, 1, "R,,3,?,?"), row(2, 2, "O,,3,?,?"), row(3, 3, "C,,3,?,?"))
    case.brings(HEAD + "".join(rows), STATES)
    ticket = case.ticket()
    assert (ticket.row.reopen_count, ticket.row.status, ticket.closed_at) == (1, "closed", T0 + 180)
    assert ticket.first_resolved_at == T0 + 60
    assert [row.id for row in case.rows("is:reopened")] == [1]


def test_the_counters_of_the_log_win_over_counting(case: Case) -> None:
    mapping = STATES.replace("[ticket]", '[ticket]\nreopen_count = "n"\nreassign_count = "n"')
    case.brings(HEAD + row(0, 0, "N,,3,?,a") + row(4, 1, "N,,3,?,b"), mapping)
    ticket = case.ticket()
    assert (ticket.row.reopen_count, ticket.reassign_count) == (4, 4)


def test_a_time_that_the_log_tells_wins_over_the_row_that_shows_it(case: Case) -> None:
    mapping = STATES.replace("[ticket]", '[ticket]\nresolved_at = "title"')
    text = HEAD + row(0, 0, "N,,3,?,?") + row(1, 5, "R,,3,?,?")
    case.brings(text.replace("t0", "?").replace("t1", "2026-03-02T10:04"), mapping)
    assert case.ticket().resolved_at == T0 + 240


def test_a_time_that_the_log_does_not_tell_is_that_of_the_row(case: Case) -> None:
    mapping = STATES.replace("[ticket]", '[ticket]\nresolved_at = "title"')
    text = HEAD + row(0, 0, "N,,3,?,?") + row(1, 5, "R,,3,?,?")
    case.brings(text.replace("t0", "?").replace("t1", "?"), mapping)
    assert case.ticket().resolved_at == T0 + 300


def test_nothing_happens_before_a_ticket_is_opened(case: Case) -> None:
    late = "2026-03-02T10:30"
    case.brings(HEAD + row(0, 0, "N,,3,?,?", opened=late) + row(1, 1, "O,,3,?,?", opened=late), STATES)
    assert case.story() == [f"{T0 + 1800} v1 system created ", f"{T0 + 1800} v2 system status new open"]


def test_rows_of_one_minute_stand_in_the_order_of_their_numbers(case: Case) -> None:
    case.brings(HEAD + row(10, 1, "C,,3,?,?") + row(9, 1, "O,,3,?,?") + row(2, 1, "N,,3,?,?"), STATES)
    assert [line.split(" ", 4)[-1] for line in case.story()[1:]] == ["new open", "open closed"]


def test_tickets_are_numbered_as_they_first_appear(case: Case) -> None:
    text = row(0, 5, "N,,3,?,?", "b") + row(0, 1, "N,,3,?,?", "a") + row(1, 0, "N,,3,?,?", "b")
    case.brings(HEAD + text, STATES)
    assert [case.ticket(number).external_id for number in (1, 2)] == ["b", "a"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("?,2026-03-02T10:00,t,N,,3,?,?", "this row does not tell its time."),
        ("2026-03-02T10:00,never,t,N,,3,?,?", '"never" is no time'),
        ("2026-03-02T10:00,?,t,N,,7,?,?", 'priority: "7" is unknown, known: 1, 2, 3.'),
    ],
)
def test_a_bad_row_is_left_out_of_its_ticket(case: Case, cells: str, reason: str) -> None:
    report = case.brings(HEAD + row(0, 0, "N,,3,?,?") + f"1,1,{cells}\n" + row(2, 2, "O,,3,?,?"), STATES)
    assert (report.tickets, report.events, report.rejected) == (1, 2, 1)
    assert reason in case.rejects().replace("\\", "")


LOG = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(0, 5),
        st.sampled_from("NOWPRC?"),
        st.sampled_from(["", "w1", "w2"]),
        st.sampled_from("123?"),
        st.sampled_from(["net", "web", "?"]),
        st.sampled_from(["kim", "lee", "?"]),
    ),
    min_size=1,
    max_size=25,
)


def log_of(rows: list[tuple[str, int, str, str, str, str, str]]) -> list[str]:
    return [row(n, minute, ",".join(rest), key) for n, (key, minute, *rest) in enumerate(rows)]


def change_of(event: Event) -> Change | None:
    """The change that an event tells of."""
    kinds: dict[str, type[Change]] = {
        "status": StatusSet,
        "group": Regrouped,
        "assigned": Assigned,
        "field": FieldSet,
    }
    return kinds[event.kind](**event.data) if event.kind in kinds else None


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A desk for many examples, each of them an export of a desk of its own."""
    folder = tmp_path_factory.mktemp("laws")
    with closing(a_desk(sqlite_url(folder), people=False).desk) as desk:
        yield Case(desk, folder)


EXAMPLES = count(1)
Rows = list[tuple[str, int, str, str, str, str, str]]


def brought(case: Case, lines: list[str]) -> dict[str, int]:
    """The numbers of the tickets, by what they were called in the log."""
    source = f"old{next(EXAMPLES)}"
    case.brings(HEAD + "".join(lines), STATES.replace('"old"', f'"{source}"'))
    with case.desk.store.read() as connection:
        return tickets_by_key(connection, source, "abc")


@settings(max_examples=60)
@given(rows=LOG)
def test_every_ticket_is_what_its_timeline_makes_of_it(rows: Rows, shared: Case) -> None:
    numbers = brought(shared, log_of(rows))
    assert numbers.keys() == {key for key, *_ in rows}
    for number in numbers.values():
        ticket, history = stored(shared.desk, number)
        assert retold(shared.desk, ticket, history) == ticket


def stored(desk: Desk, number: int) -> tuple[Ticket, tuple[Event, ...]]:
    with desk.store.read() as connection:
        ticket = ticket_by_id(connection, number)
        assert ticket is not None
        return ticket, history_of(connection, number)


def retold(desk: Desk, ticket: Ticket, history: tuple[Event, ...]) -> Ticket:
    """The ticket from its opening on, by the rules; its clocks by the fold."""
    book, told = desk.book(), history[0].data
    grown: Ticket | None = replace(
        ticket,
        version=1,
        status=told["status"],
        priority=told["priority"],
        group_id=book.group_names.get(told.get("group", "")),
        assignee_id=book.logins.get(told.get("assignee", "")),
        wait_reason="",
        reopen_count=0,
        reassign_count=0,
        resolved_at=None,
        first_resolved_at=None,
        closed_at=None,
    )
    for event in history[1:]:
        change = change_of(event)
        assert change is not None
        grown = apply(grown, change, event.at, book)
    assert grown is not None
    closed = grown.closed_at if grown.status == "closed" else None
    resolved = grown.resolved_at if grown.status in ("resolved", "closed") else None
    ended = replace(grown, version=history[-1].version, closed_at=closed, resolved_at=resolved)
    return project(ended, fold(history, {}, desk.clock.now()))


@settings(max_examples=25)
@given(rows=LOG, seed=st.integers(0, 9))
def test_the_order_of_the_rows_in_the_file_changes_nothing_but_the_numbers(
    rows: Rows, seed: int, shared: Case
) -> None:
    lines = log_of(rows)
    shuffled = random.Random(seed).sample(lines, len(lines))
    one, other = brought(shared, lines), brought(shared, shuffled)
    assert {key: shared.story(number) for key, number in one.items()} == {
        key: shared.story(number) for key, number in other.items()
    }


def test_little_memory_gives_the_same_desk(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(n, n % 60, f"{'NOWR'[n % 4]},,3,net,?", f"k{n % 41}") for n in range(800)]
    case.brings(HEAD + "".join(rows), STATES)
    monkeypatch.setattr("deskterm.desk.importing.spool.RUN", 2000)
    folder = tmp_path / "other"
    folder.mkdir()
    with closing(a_desk(sqlite_url(folder), people=False).desk) as desk:
        Case(desk, folder).brings(HEAD + "".join(rows), STATES)
        assert exported(desk) == exported(case.desk)


def exported(desk: Desk) -> bytes:
    out = BytesIO()
    export_desk(desk, out)
    return out.getvalue()
