"""Ruling: which rules are in force, what others would move, and every ticket brought under them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deskterm.clock import Clock
from deskterm.desk.bringing import Bringing
from deskterm.desk.perform import Performer
from deskterm.desk.rebuilding import recount
from deskterm.desk.receipt import Receipt
from deskterm.rules.facts import Actor
from deskterm.rules.upkeep import ActivateRules
from deskterm.store import revisions
from deskterm.store.engine import Store
from deskterm.store.library import Library

if TYPE_CHECKING:
    from deskterm.desk.previewing import Preview
    from deskterm.desk.rebuilding import Rebuilt
    from deskterm.rules.rulebook import RuleBook

__all__ = ["Ruling"]


class Ruling:
    """The rules of one desk."""

    def __init__(self, store: Store, clock: Clock, library: Library, performer: Performer) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._performer = performer
        self._bringing = Bringing(store, clock, library, performer)

    def active(self) -> "RuleBook":
        """The rule book in force; the built-in one on a desk that has none of its own."""
        with self._store.read() as connection:
            rules = self._library.ruled(connection).rules
        if rules is not None:
            return rules
        from deskterm.rules.builtin import BUILT_IN

        return BUILT_IN

    def revisions(self) -> tuple[revisions.Revision, ...]:
        """Every rule file that was ever in force, the last one first."""
        with self._store.read() as connection:
            return revisions.revisions(connection)

    def activate(
        self, name: str, body: str, holidays: Mapping[str, Any], actor: Actor, note: str = ""
    ) -> Receipt:
        """Put a rule file in force and bring every open ticket under it. Raises RuleFaults and Problems."""
        receipt = self._performer.perform(ActivateRules(name, body, holidays, note), actor)
        self.follow()
        return receipt

    def preview(self, rules: "RuleBook") -> "Preview":
        """What `rules` would move if they came into force now; nothing is written."""
        from deskterm.desk.previewing import Previewing

        return Previewing(self._store, self._clock, self._library).preview(rules)

    def follow(self) -> int:
        """Bring what they touch under the rules in force; returns how many tickets are different now."""
        return self._bringing.bring()

    def refresh(self) -> int:
        """Bring every ticket that is not closed under the rules in force, whatever was done of it before.

        Returns how many are different now.
        """
        return self._bringing.bring(anew=True)

    def rebuild(self, *, repair: bool = True) -> "Rebuilt":
        """Compare the projections of all tickets with what timeline and rules say; put them right if asked.

        That also ends what an activation began that was broken off.
        """
        from deskterm.desk.rebuilding import Rebuilding

        rebuilding = Rebuilding(self._store, self._clock, self._library)
        rebuilt = rebuilding.compare(repair=repair)
        if repair:
            self.refresh()
        return rebuilt

    def recount(self) -> None:
        """Count everybody's open work anew; for tickets that came in without a decision."""
        recount(self._store, self._library)
