"""What the handlers of people, groups and queues share: a record changes by what is given, or not at all."""

from collections.abc import Iterable, Mapping
from typing import Any

from deskterm.rules.actions import Action
from deskterm.rules.changes import Record
from deskterm.rules.draft import Draft
from deskterm.rules.problems import N_, Problem

__all__ = ["given", "record"]


def given(action: Action, names: Iterable[str]) -> dict[str, Any]:
    """The fields of `action` that are not None."""
    return {name: value for name in names if (value := getattr(action, name)) is not None}


def record(
    draft: Draft,
    noun: str,
    number: int,
    name: str,
    values: Mapping[str, Any],
    links: Mapping[str, tuple[Any, ...]],
    told: Mapping[str, Any],
) -> None:
    """Change the record, or say that nothing was given to change."""
    if not values and not links:
        raise Problem("set.nothing", N_("Say which field to set: name=value."), kind="usage", field="fields")
    draft.add(Record(noun=noun, id=number, name=name, values=values, links=links, told=told))
