"""Perform: one clock reading, one decision, one transaction. The only way anything is written."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from deskterm.clock import Clock
from deskterm.desk.receipt import Receipt, dump, load
from deskterm.rules.actions import Action
from deskterm.rules.changes import Change, Decision
from deskterm.rules.collision import refuse_stale
from deskterm.rules.decide import decide, moment
from deskterm.rules.facts import Actor
from deskterm.rules.problems import N_, Problem
from deskterm.store import locks, receipts, snapshot, write
from deskterm.store.engine import Store
from deskterm.store.library import Library
from deskterm.store.races import Race, racing

__all__ = ["Performer"]

_ROUNDS = 8  # a race is over when one of two has written, so a few rounds always do

Translate = Callable[[Problem], str]


class Performer:
    """Performs actions on one store with one clock; `say` puts a warning into the viewer's words."""

    def __init__(self, store: Store, clock: Clock, library: Library, say: Translate = str) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._say = say

    def perform(
        self,
        action: Action,
        actor: Actor,
        *,
        key: str | None = None,
        seen: int | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Do `action`, or raise the Problem that refuses it.

        `key` makes it idempotent: the same key gives the first receipt again. `seen` is the version the actor
        looked at: a ticket that moved since is refused as stale, with who did what. A dry run writes nothing.
        """
        now = self._clock.now()
        for _ in range(_ROUNDS):
            with suppress(Race):
                return self._once(action, actor, now, key, seen, dry_run)
        raise Problem(
            "store.busy", N_("Too many people write the same thing at once: try again."), kind="stale"
        )

    def _once(
        self, action: Action, actor: Actor, now: int, key: str | None, seen: int | None, dry_run: bool
    ) -> Receipt:
        if dry_run:
            with self._store.read() as connection:
                book = self._library.book(connection)
                facts = snapshot.load(connection, action, actor, book)
                now = moment(facts, now)
                refuse_stale(action, actor, facts, book, seen)
                decision = decide(action, actor, facts, book, now)
            return self._receipt(decision, now, dry_run=True)
        with racing(), self._store.transaction() as connection:
            known = receipts.find(connection, key) if key else None
            if known is not None:
                return load(known)
            locks.hold(connection, action, actor)
            book = self._library.book(connection)
            facts = snapshot.load(connection, action, actor, book)
            now = moment(facts, now)
            refuse_stale(action, actor, facts, book, seen)
            decision = decide(action, actor, facts, book, now)
            written = write.apply(connection, decision, actor, now)
            receipt = self._receipt(decision, now, written=written)
            if key:
                receipts.keep(connection, key, dump(receipt), now)
        return receipt

    def _receipt(
        self, decision: Decision, now: int, *, written: write.Written | None = None, dry_run: bool = False
    ) -> Receipt:
        before, after = decision.before, decision.after
        return Receipt(
            at=now,
            ticket=written.ticket if written else before.id if before else None,
            id=written.record if written else None,
            version=after.version if after else 0,
            events=written.events if written else (),
            changes=tuple(_told(change) for change in decision.changes),
            warnings=tuple(self._say(warning) for warning in decision.warnings),
            dry_run=dry_run,
        )


def _told(change: Change) -> Mapping[str, Any]:
    return {"kind": change.kind, **change.facts(), "because": change.because}
