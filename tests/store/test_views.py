"""Pages of the queue: every row once, in order, whatever the page size and the direction."""

import pytest
from hypothesis import given, strategies as st

from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from tests.builders import BOOK, HOUR
from tests.desks import Bench

ORDERS = [
    "",
    "sort:-due",
    "sort:priority,-created",
    "sort:-updated",
    "sort:assignee,subject",
    "sort:requester",
    "sort:-id",
]


@pytest.fixture
def busy(bench: Bench) -> Bench:
    """Thirty tickets of many kinds, some of them over."""
    for number in range(1, 31):
        bench.clock.advance(HOUR // 7)
        bench.opens(
            subject=f"{number % 4} 打印机 {number}",
            requester=f"u{number % 3}@{'acme' if number % 2 else 'globex'}.example",
            priority=("P1", "P2", "P3", "P4")[number % 4],
            queue="network" if number % 3 else "triage",
            assignee="kim" if number % 6 == 1 else None,
            tags=("vpn",) if number % 5 == 0 else (),
        )
        if number % 4 == 0:
            bench.does(a.Resolve(number, "x", "y"))
    return bench


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_walking_forward_meets_every_row_once_in_the_order_of_the_whole(
    busy: Bench, order: str, limit: int
) -> None:
    viewer, after, walked = busy.actor("ada"), None, []
    while True:
        page = busy.desk.page(order, viewer=viewer, limit=limit, after=after)
        walked += [row.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert walked == busy.ids(order)


@pytest.mark.parametrize("order", ORDERS)
def test_walking_back_meets_the_same_rows(busy: Bench, order: str) -> None:
    viewer = busy.actor("ada")
    first = busy.desk.page(order, viewer=viewer, limit=10)
    second = busy.desk.page(order, viewer=viewer, limit=10, after=first.after)
    assert busy.desk.page(order, viewer=viewer, limit=10, before=second.before).rows == first.rows


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_after(busy: Bench) -> None:
    viewer = busy.actor("ada")
    page = busy.desk.page("", viewer=viewer, limit=100)
    assert (page.before, page.after) == (None, None)


@pytest.mark.parametrize("order", ORDERS)
def test_the_rank_of_a_row_is_its_place(busy: Bench, order: str) -> None:
    viewer, whole = busy.actor("ada"), busy.ids(order)
    assert [busy.desk.rank(order, number, viewer=viewer) for number in whole] == list(range(len(whole)))


def test_a_row_that_is_not_in_the_list_has_no_rank(busy: Bench) -> None:
    assert busy.desk.rank("is:open", 4, viewer=busy.actor("ada")) is None


def test_counts_are_exact_below_the_cap_and_stop_above_it(busy: Bench) -> None:
    viewer = busy.actor("ada")
    counts = [busy.desk.count("", viewer=viewer, cap=cap) for cap in (1000, 30, 10, 0)]
    assert counts == [30, 30, 11, 30]


@pytest.mark.parametrize("cursor", ["", "x", "!!!", "bnVsbA", "W10", "WzEsMiwzLDRd", "W251bGwsMV0", "é"])
def test_a_cursor_from_elsewhere_is_refused(busy: Bench, cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        busy.desk.page("", viewer=busy.actor("ada"), after=cursor)
    assert refused.value.code == "page.cursor"


@given(st.text(max_size=40))
def test_no_text_is_a_cursor_by_accident(cursor: str) -> None:
    from deskterm.store.search import Selection
    from deskterm.store.tables import tickets
    from deskterm.store.views import page

    selection = Selection(tickets.c.is_open, ((tickets.c.due_sort, False), (tickets.c.id, False)))
    with pytest.raises(Problem):
        page(None, selection, BOOK, limit=1, after=cursor or "x")  # type: ignore[arg-type]


def test_rows_carry_names_and_tags(busy: Bench) -> None:
    row = busy.desk.page("id:25", viewer=busy.actor("ada")).rows[0]
    assert (row.queue, row.group, row.assignee, row.tags, row.organization, row.tier) == (
        "network",
        "network",
        "kim",
        ("vpn",),
        "ACME",
        "gold",
    )
