"""Public holidays of regions as plain values: looked up once, then kept with the rules that named them."""

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["PublicHolidays"]


class PublicHolidays(NamedTuple):
    """What is known of the regions that a calendar names; dates are ISO 8601, keys of the outer maps codes.

    `workdays` are make-up days with the weekday they follow, `uncovered` the years of `years` (first, last)
    for which nothing final is published, `unknown` codes that mean no region, with the nearest that do.
    """

    holidays: Mapping[str, Mapping[str, str]]
    workdays: Mapping[str, Mapping[str, str]]
    uncovered: Mapping[str, tuple[int, ...]]
    years: tuple[int, int]
    unknown: Mapping[str, tuple[str, ...]]
