"""Comparison: which rules of two rule books are new, gone, different or in another place."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from deskterm.rules.rulebook import RuleBook

__all__ = ["Difference", "compare", "without_lines"]

_LISTS: Final = (
    *(("classify", "classify"), ("route", "routes"), ("sla", "policies"), ("ola", "olas"), ("uc", "ucs")),
    *(("trigger", "triggers"), ("automation", "automations"), ("macro", "macros")),
    *(("recurring", "recurring"), ("blueprint", "blueprints"), ("test", "tests")),
)
_ORDERED: Final = ("classify", "route", "sla")
"""Kinds of which the first that fits decides."""

_MAPS: Final = (("calendar", "calendars"), ("group", "groups"), ("template", "templates"))
_WHOLE: Final = (
    *(("priority", "terms"), ("capacity", "capacity"), ("lifecycle", "lifecycle")),
    *(("timezone", "timezone"), ("desk", "desk")),
)

_KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "levels": "level",
        "targets": "target",
        "goes_on": "continue",
        "schedule": "on",
        "texts": "text",
        "valid_from": "from",
        "valid_until": "until",
        "goes_to": "to",
        "comes_from": "from",
        "priorities": "order",
        "default_priority": "default",
        "stages": "stage",
        "statuses": "status",
    }
)
"""How the file writes what the rule book calls otherwise."""


class Difference(NamedTuple):
    """A rule of `kind` (a table of the file) that is "new", "gone", "different" or "moved".

    `old_line` and `new_line` are where it stands, 0 where it does not or nobody knows; `parts` are the names
    of what is different in it.
    """

    kind: str
    id: str
    change: str
    old_line: int = 0
    new_line: int = 0
    parts: tuple[str, ...] = ()


def compare(old: RuleBook, new: RuleBook) -> tuple[Difference, ...]:
    """Every difference in what two files mean; comments and lines are none."""
    return tuple(_differences(old, new))


def _differences(old: RuleBook, new: RuleBook) -> Iterator[Difference]:
    for kind, name in _WHOLE:
        before, after = getattr(old, name), getattr(new, name)
        if without_lines(before) != without_lines(after):
            yield Difference(kind, "", "different", parts=_parts(before, after))
    for kind, name in _MAPS:
        lines_of = [_lined(book, getattr(book, name)) for book in (old, new)]
        yield from _of_kind(kind, getattr(old, name), getattr(new, name), *lines_of)
    for kind, name in _LISTS:
        before, after = _by_id(getattr(old, name)), _by_id(getattr(new, name))
        lines_of = [{key: each.line for key, each in found.items()} for found in (before, after)]
        yield from _of_kind(kind, before, after, *lines_of)


def _of_kind(
    kind: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    old_lines: Mapping[str, int],
    new_lines: Mapping[str, int],
) -> Iterator[Difference]:
    stays = _in_order(list(old), list(new)) if kind in _ORDERED else set(old)
    for name, rule in new.items():
        lines = old_lines.get(name, 0), new_lines.get(name, 0)
        if name not in old:
            yield Difference(kind, name, "new", *lines)
        elif without_lines(old[name]) != without_lines(rule):
            yield Difference(kind, name, "different", *lines, _parts(old[name], rule))
        elif name not in stays:
            yield Difference(kind, name, "moved", *lines)
    for name in old.keys() - new.keys():
        yield Difference(kind, name, "gone", old_lines.get(name, 0))


def _in_order(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The names that stand in both in the same order."""
    common = [name for name in old if name in new], [name for name in new if name in old]
    matcher = SequenceMatcher(None, *common, autojunk=False)
    return {
        name for block in matcher.get_matching_blocks() for name in common[0][block.a : block.a + block.size]
    }


def _by_id(rules: Sequence[Any]) -> dict[str, Any]:
    """Rules by their ids; tests, which may share a name, by name and number."""
    found: dict[str, Any] = {}
    for each in rules:
        name = each[0]
        number = 1
        while (key := name if number == 1 else f"{name} ({number})") in found:
            number += 1
        found[key] = each
    return found


def _lined(book: RuleBook, rules: Mapping[str, Any]) -> dict[str, int]:
    return {name: getattr(rule, "line", 0) or book.lines.get(name, 0) for name, rule in rules.items()}


def _parts(old: Any, new: Any) -> tuple[str, ...]:
    names = getattr(old, "_fields", ())
    return tuple(
        _KEYS.get(name, name)
        for name in names
        if name != "line" and without_lines(getattr(old, name)) != without_lines(getattr(new, name))
    )


def without_lines(value: Any) -> Any:
    """A value of a rule book without the lines in it: what it means."""
    if isinstance(value, Mapping):
        return {key: without_lines(each) for key, each in value.items()}
    if hasattr(value, "_fields"):
        return tuple(without_lines(getattr(value, name)) for name in value._fields if name != "line")
    return tuple(map(without_lines, value)) if isinstance(value, list | tuple) else value
