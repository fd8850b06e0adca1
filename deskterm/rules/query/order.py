"""The order of a list: by the keys asked for, missing values last, ties by number."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from deskterm.rules.query.ast import SortKey
from deskterm.rules.query.context import Vocabulary
from deskterm.rules.query.matches import value_of

if TYPE_CHECKING:
    from deskterm.rules.query.facts import TicketView

__all__ = ["DEFAULT", "arranged", "complete_order"]

DEFAULT: Final = (SortKey("due"),)
_SINCE: Final = {"age": "created", "waiting": "waiting_since"}

View = TypeVar("View", bound="TicketView")


def complete_order(sort: Sequence[SortKey]) -> tuple[SortKey, ...]:
    """The keys on fields of a bound tree, ending in id. A longer age is an earlier instant, so it turns."""
    keys: list[SortKey] = []
    for key in sort or DEFAULT:
        turned = key.field in _SINCE
        field = _SINCE.get(key.field, key.field)
        if all(each.field != field for each in keys):
            keys.append(SortKey(field, key.descending != turned))
        if field == "id":
            return tuple(keys)
    return (*keys, SortKey("id"))


def arranged(tickets: "Iterable[View]", order: Sequence[SortKey], vocabulary: Vocabulary) -> "list[View]":
    """The tickets in that order: texts by code point, priorities by rank, missing values last either way."""
    result = list(tickets)
    for key in reversed(order):
        known = [each for each in result if _rank(key.field, each, vocabulary) is not None]
        missing = [each for each in result if _rank(key.field, each, vocabulary) is None]
        known.sort(key=lambda each, field=key.field: _rank(field, each, vocabulary), reverse=key.descending)  # type: ignore[misc]
        result = known + missing
    return result


def _rank(field: str, ticket: "TicketView", vocabulary: Vocabulary) -> Any:
    value = value_of(field, ticket)
    if field == "priority":
        return vocabulary.priorities.index(value) if value in vocabulary.priorities else None
    return None if value == "" else value
