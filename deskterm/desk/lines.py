"""Lines: how the clocks of tickets stand under a book, from what rests of them or else from the timeline."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from deskterm.rules.conclude import conclude
from deskterm.rules.draft import Draft
from deskterm.rules.facts import SYSTEM, Book, Event, Facts
from deskterm.rules.sla.folding import Known
from deskterm.rules.sla.onward import onward
from deskterm.store.library import Library
from deskterm.store.resting import Projection, Resting

if TYPE_CHECKING:
    from deskterm.rules.changes import Decision
    from deskterm.rules.rulebook import RuleBook

__all__ = ["STEPS", "Lines", "folded", "last_editions"]

STEPS: Final = 20
"""Activations that are gone through one by one; whoever has not seen more is looked at anew."""


class Lines:
    """The lines of tickets that rest, as they are at `now` behind the activations of `book`.

    `editions` are at least its last ones.
    """

    def __init__(self, book: Book, editions: "Mapping[int, RuleBook]", now: int) -> None:
        self._book = book
        self._editions = editions
        self.now = now
        self._known: Known = {}
        self._since: dict[int, tuple[Event, ...]] = {}

    def of(self, ticket: Resting) -> Projection | None:
        """The line of a ticket; None for one of which only the timeline tells it."""
        standing = ticket.standing
        if standing is None or not {standing.rest.rev, standing.rest.governed} <= self._editions.keys():
            return None
        activations = self._behind(standing.rest.rev)
        if activations and activations[0].at < ticket.updated_at:
            return None  # a clock was set back: the activation belongs in front of what happened last
        look = onward(standing, self._editions, activations, max(self.now, ticket.updated_at), self._known)
        due = look.dues.get
        dues = due("first_response"), due("next_response"), due("update"), due("resolution")
        return Projection(*dues, min(look.dues.values(), default=None), look.state, look.change_at)

    def _behind(self, rev: int) -> tuple[Event, ...]:
        """The activations that a ticket has not seen whose last one was `rev`."""
        found = self._since.get(rev)
        if found is None:
            found = tuple(event for event in self._book.activated if event.data["rev"] > rev)
            self._since[rev] = found
        return found


def folded(facts: Facts, book: Book, now: int) -> "Decision":
    """What a look at the timeline makes of the clocks; nothing is asked of the rules but that."""
    draft = Draft(facts, SYSTEM, book, now, "rules")
    draft.refreshes = True
    return conclude(draft)


def last_editions(library: Library, connection: Any, latest: int) -> "Mapping[int, RuleBook]":
    """The revisions that a ticket may have seen last for its line to be known, up to `latest`."""
    return library.editions(connection, range(max(0, latest - STEPS), latest + 1))
