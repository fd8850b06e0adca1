"""What a query is read with: the words of the desk, and who looks when."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from deskterm.rules.frozen import frozen
from deskterm.rules.terms import CATEGORY, PRIORITIES

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = ["DESK", "SPECIFIED", "QueryContext", "Vocabulary"]

_NO_VALUES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})


@frozen
class Vocabulary:
    """The words of one desk: `priorities` low to high, `statuses` with their category.

    An empty set is an unknown one: its values are then not checked. `values` are what else may be offered
    for a field (its name -> the values), already cut to what the viewer may see.
    """

    priorities: tuple[str, ...] = PRIORITIES
    statuses: Mapping[str, str] = field(default_factory=lambda: CATEGORY)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_VALUES)


DESK: Final = Vocabulary()
SPECIFIED: Final = Vocabulary(priorities=())
"""Statuses as specified; any priority, for each desk names its own."""


@frozen
class QueryContext:
    """Who looks when: `now` in epoch seconds, `me` a login, `zone` (IANA name or tzinfo) for days.

    `groups` are the names of the groups of `me`, `addresses` his addresses (lower case) as a requester.
    """

    now: int
    me: str | None = None
    zone: "str | tzinfo" = "UTC"
    vocabulary: Vocabulary = DESK
    groups: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
