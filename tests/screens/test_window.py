"""The window: pages of a view in their order, however they come and go."""

from hypothesis import given, strategies as st

from deskterm.screens.window import MOST_ROWS, Window
from deskterm.store.rows import Page
from tests.screens.rows import a_row

SIZE = 100


def a_page(number: int, pages: int) -> Page:
    """Page `number` of a view of `pages`; its tickets are numbered through."""
    rows = tuple(a_row(number * SIZE + place + 1) for place in range(SIZE))
    return Page(
        rows,
        after=str(number) if number + 1 < pages else None,
        before=str(number) if number else None,
    )


@given(st.lists(st.booleans(), max_size=80))
def test_reading_on_in_both_directions_keeps_order_and_places(steps: list[bool]) -> None:
    pages, window = 60, Window()
    window.begin(a_page(30, pages), start=30 * SIZE)
    first = last = 30
    for behind in steps:
        if behind and window.after is not None:
            last += 1
            first += window.append(a_page(last, pages)) // SIZE
        elif not behind and window.before is not None:
            first -= 1
            window.prepend(a_page(first, pages))
            last = first + len(window) // SIZE - 1
    assert list(window.ids()) == list(range(first * SIZE + 1, (last + 1) * SIZE + 1))
    assert window.start == first * SIZE
    assert [window.place(row.id) for row in window.rows] == list(range(len(window)))


@given(st.integers(1, 50))
def test_it_never_holds_much_more_than_its_measure(pages: int) -> None:
    window = Window()
    window.begin(a_page(0, pages))
    for number in range(1, pages):
        window.append(a_page(number, pages))
    assert len(window) <= MOST_ROWS


@given(st.sets(st.integers(1, SIZE)))
def test_newer_rows_take_their_old_places(changed: set[int]) -> None:
    window = Window()
    window.begin(a_page(0, 1))
    newer = {number: a_row(number, version=2) for number in changed}
    assert {window.rows[place].id for place in window.update(newer)} == changed
    assert list(window.ids()) == list(range(1, SIZE + 1))
    assert window.update(newer) == []


def test_a_ticket_that_moved_while_we_read_on_stands_in_one_place_only() -> None:
    window = Window()
    window.begin(a_page(0, 2))
    moved = Page((a_row(5), a_row(900)), after=None, before="x")
    window.append(moved)
    assert list(window.ids()) == [*range(1, SIZE + 1), 900]
