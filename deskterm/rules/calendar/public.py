"""Public holidays of regions as plain values: looked up once, then kept with the rules that named them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["PublicHolidays", "restored"]


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


def restored(values: Mapping[str, Any]) -> PublicHolidays:
    """What JSON made of public holidays, as they were (`PublicHolidays._asdict` gives what JSON takes)."""
    uncovered = {code: tuple(years) for code, years in values["uncovered"].items()}
    unknown = {code: tuple(near) for code, near in values["unknown"].items()}
    first, last = values["years"]
    return PublicHolidays(values["holidays"], values["workdays"], uncovered, (first, last), unknown)
