"""Sets of values: the algebra that tells whether one condition on a field is part of another.

A condition on one field says that a value lies in a set, or that none does. `within` and `apart` answer True
only where it is certain: they never claim too much, and may know too little.
"""

from typing import Any, NamedTuple

__all__ = ["ALL", "Affix", "All", "Opaque", "Range", "Set", "Values", "Words", "apart", "within"]


class All(NamedTuple):
    """Every value."""

    all: bool = True


class Values(NamedTuple):
    """These values."""

    values: frozenset[Any]


class Affix(NamedTuple):
    """Texts that start, or end, with `text`."""

    text: str
    start: bool


class Range(NamedTuple):
    """Whole numbers from `low` to `high`; None: without end."""

    low: int | None
    high: int | None


class Words(NamedTuple):
    """Normalised texts in which `needle` stands."""

    needle: str


class Opaque(NamedTuple):
    """Whatever a question means that nothing is known about; equal questions mean the same."""

    question: Any


Set = All | Values | Affix | Range | Words | Opaque
ALL = All()


def holds(a: Set, value: Any) -> bool | None:
    """Whether a value lies in the set; None when that cannot be told."""
    match a:
        case All():
            return True
        case Values():
            return value in a.values
        case Affix():
            if not isinstance(value, str):
                return None
            return value.startswith(a.text) if a.start else value.endswith(a.text)
        case Range():
            if not isinstance(value, int):
                return None
            return (a.low is None or a.low <= value) and (a.high is None or value <= a.high)
        case Words() | Opaque():
            return None


def within(a: Set, b: Set) -> bool:
    """True when every value of `a` is certainly one of `b`."""
    if a == b or isinstance(b, All):
        return True
    match a, b:
        case Values(), _:
            return all(holds(b, value) for value in a.values)
        case Affix(), Affix():
            affixed = a.text.startswith(b.text) if b.start else a.text.endswith(b.text)
            return a.start == b.start and affixed
        case Range(), Range():
            low = b.low is None or (a.low is not None and a.low >= b.low)
            return low and (b.high is None or (a.high is not None and a.high <= b.high))
        case Words(), Words():
            return b.needle in a.needle
    return False


def apart(a: Set, b: Set) -> bool:
    """True when certainly no value lies in both."""
    match a, b:
        case Values(), _:
            return all(holds(b, value) is False for value in a.values)
        case _, Values():
            return apart(b, a)
        case Affix(), Affix() if a.start == b.start:
            return not (within(a, b) or within(b, a))
        case Range(), Range():
            return _below(a.high, b.low) or _below(b.high, a.low)
    return False


def _below(high: int | None, low: int | None) -> bool:
    return high is not None and low is not None and high < low
