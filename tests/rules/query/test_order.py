"""The order of a list is total, the same everywhere, and puts what is missing last."""

from itertools import permutations

from hypothesis import given, strategies as st

from deskterm.rules.query import SortKey, parse
from deskterm.rules.query.fields import BOUND, SORTABLE
from deskterm.rules.query.order import arranged
from tests.rules.query.builders import NOW, WORDS, Seen, a_ticket, tickets

keys = st.lists(st.sampled_from([*SORTABLE, *(f"-{name}" for name in SORTABLE)]), max_size=3)


def sorted_by(text: str, *given: Seen) -> list[int]:
    return [each.id for each in arranged(given, parse(text).order, WORDS)]


def test_without_a_wish_the_next_due_comes_first() -> None:
    assert parse("vpn").order == (SortKey("due"), SortKey("id"))
    assert parse("vpn").sort == ()


def test_ties_go_by_number() -> None:
    assert parse("sort:-priority,due").order == (SortKey("priority", True), SortKey("due"), SortKey("id"))
    assert parse("sort:-id,due").order == (SortKey("id", True),)


def test_a_field_counts_once() -> None:
    assert parse("sort:due sort:-due,priority").sort == (SortKey("due"), SortKey("priority"))


def test_a_longer_age_is_an_earlier_beginning() -> None:
    assert parse("sort:age").order == parse("sort:-created").order
    assert parse("sort:-waiting").order == (SortKey("waiting_since"), SortKey("id"))


def test_age_and_created_are_one_key() -> None:
    assert parse("sort:age,created").order == (SortKey("created", True), SortKey("id"))


def test_missing_values_are_last_in_both_directions() -> None:
    desk = [a_ticket(id=place, tier=tier) for place, tier in enumerate((None, "gold", "", "a"), 1)]
    assert sorted_by("sort:tier", *desk) == [4, 2, 1, 3]
    assert sorted_by("sort:-tier", *desk) == [2, 4, 1, 3]


def test_texts_go_by_code_point() -> None:
    desk = [a_ticket(id=place, org=name) for place, name in enumerate(("b", "Z", "北辰", "é"), 1)]
    assert sorted_by("sort:org", *desk) == [2, 1, 4, 3]


def test_priorities_go_by_rank_and_unknown_ones_stand_last() -> None:
    names = ("urgent", "low", "odd", "high")
    desk = [a_ticket(id=place, priority=name) for place, name in enumerate(names, 1)]
    assert sorted_by("sort:-priority", *desk) == [1, 4, 2, 3]
    assert sorted_by("sort:priority", *desk) == [2, 4, 1, 3]


@given(keys, st.lists(tickets(), max_size=4, unique_by=lambda each: each.id))
def test_the_order_does_not_depend_on_where_the_tickets_stood(wish: list[str], desk: list[Seen]) -> None:
    order = parse(f"sort:{','.join(wish)}" if wish else "").order
    assert (
        len({tuple(each.id for each in arranged(mixed, order, WORDS)) for mixed in permutations(desk)}) == 1
    )


@given(keys)
def test_an_order_is_made_of_bound_fields_and_ends_in_the_number(wish: list[str]) -> None:
    order = parse(f"sort:{','.join(wish)}" if wish else "").order
    assert order[-1].field == "id"
    assert {key.field for key in order} <= set(BOUND)


def test_the_same_desk_sorts_by_due_with_what_has_none_last() -> None:
    desk = (a_ticket(id=1), a_ticket(id=2, next_due_at=NOW + 1), a_ticket(id=3, next_due_at=NOW))
    assert sorted_by("", *desk) == [3, 2, 1]
    assert sorted_by("sort:-due", *desk) == [2, 3, 1]
