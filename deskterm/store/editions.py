"""Editions: the rule books of the revisions that a ticket was ever under, read and parsed once a process."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from deskterm.store import revisions

if TYPE_CHECKING:
    from deskterm.rules.rulebook import RuleBook

__all__ = ["Editions", "parsed"]

_KEPT: Final = 64  # revisions that a process remembers


class Editions:
    """Remembers the rule books that were asked for; a revision never changes."""

    def __init__(self) -> None:
        self._known: dict[int, RuleBook] = {}

    def get(self, connection: Connection, numbers: Iterable[int]) -> "Mapping[int, RuleBook]":
        """The rule books of these revisions, by number; 0 is the built-in one."""
        wanted = frozenset(numbers)
        missing = [number for number in wanted if number not in self._known and number]
        for revision in revisions.read(connection, missing):
            if len(self._known) >= _KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[revision.rev] = parsed(revision)
        if 0 in wanted and 0 not in self._known:
            from deskterm.rules.builtin import BUILT_IN

            self._known[0] = BUILT_IN
        return MappingProxyType({number: self._known[number] for number in sorted(wanted)})


def parsed(revision: revisions.Revision) -> "RuleBook":
    """The rule book of a revision. Raises RuleFaults for one that an older deskterm understood otherwise."""
    from deskterm.rules.calendar.public import restored
    from deskterm.rules.rulefile import load

    public = restored(revision.holidays) if revision.holidays else None
    return load(revision.body, revision.name, public=public, kept=True)._replace(rev=revision.rev)
