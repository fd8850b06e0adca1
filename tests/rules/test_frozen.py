"""Frozen: values that are what they hold."""

import copy
import pickle
from collections.abc import Mapping
from dataclasses import field, replace

import pytest
from hypothesis import given, strategies as st

from deskterm.rules.facts import nothing
from deskterm.rules.frozen import frozen


@frozen
class Place:
    """Somewhere."""

    name: str
    floor: int = 0


@frozen
class Room(Place):
    """A place with a door."""

    number: int = 0
    secret: str = field(default="", repr=False)


@frozen
class Shelf:
    """What cannot be hashed."""

    books: Mapping[str, int] = field(default_factory=nothing)


@frozen
class Void:
    """Nothing at all."""


places = st.builds(Place, st.sampled_from("ab"), st.integers(0, 1))


@given(places, places)
def test_two_values_are_equal_when_all_they_hold_is(one: Place, other: Place) -> None:
    assert (one == other) == ((one.name, one.floor) == (other.name, other.floor))


@given(places, places)
def test_equal_values_are_one_in_a_set(one: Place, other: Place) -> None:
    assert len({one, other}) == (1 if one == other else 2)


@given(places)
def test_a_value_is_no_value_of_another_class(place: Place) -> None:
    others: list[object] = [Room(place.name, place.floor), (place.name, place.floor), None]
    assert place not in others


@given(places)
def test_a_copy_is_equal(place: Place) -> None:
    assert {copy.copy(place), copy.deepcopy(place), pickle.loads(pickle.dumps(place))} == {place}


@given(places)
def test_a_value_with_something_replaced_is_another(place: Place) -> None:
    assert replace(place, floor=7) == Place(place.name, 7) != place


def test_values_that_hold_nothing_are_equal() -> None:
    assert Void() == Void()


def test_a_value_is_shown_as_it_is_built_but_for_what_must_not_be_shown() -> None:
    assert repr(Room("lab", 2, 17, "hunter2")) == "Room(name='lab', floor=2, number=17)"


def test_a_value_with_a_mapping_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Shelf())


def test_a_value_takes_no_other_attribute() -> None:
    with pytest.raises(AttributeError):
        Place("lab").flor = 1  # type: ignore[attr-defined]


def test_a_change_is_an_error_of_types() -> None:
    """The type checker refuses it: were it allowed, this very comment would be an error."""
    place = Place("lab")
    place.name = "office"  # type: ignore[misc]
    assert place == Place("office")
