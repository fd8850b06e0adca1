"""Perform: one clock reading, one decision, one transaction. The only way anything is written."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.clock import Clock
from deskterm.desk.receipt import Receipt, dump, load
from deskterm.rules.actions import Action
from deskterm.rules.changes import NEW, NUMBER, Change, Decision, Record, Said
from deskterm.rules.collision import refuse_stale
from deskterm.rules.decide import decide, moment
from deskterm.rules.facts import SYSTEM, Actor
from deskterm.rules.problems import N_, Problem
from deskterm.store import locks, receipts, snapshot, write
from deskterm.store.engine import Store
from deskterm.store.library import Library
from deskterm.store.races import Race, racing

if TYPE_CHECKING:
    from deskterm.rules.changes import Follow

__all__ = ["Performer"]

_ROUNDS = 8  # a race is over when one of two has written, so a few rounds always do
_DEEPEST = 6  # roots that open one another; the rules themselves stop at five and say so

Translate = Callable[[Problem], str]


class _Root(NamedTuple):
    """Something to decide on: what a person asked for, or what a rule asks for because of it."""

    action: Action
    actor: Actor
    because: str = ""
    depth: int = 0
    seen: int | None = None


class Performer:
    """Performs actions on one store with one clock; `say` puts a warning into the viewer's words.

    `worker` names this process in the ledger of what the timer did; `freed` turns true when somebody may have
    become free, `newcomers` are new tickets (with their groups) that wait: whoever drains sets both back.
    """

    def __init__(
        self, store: Store, clock: Clock, library: Library, say: Translate = str, worker: str = ""
    ) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._say = say
        self._worker = worker
        self._ruled = False
        self.freed = False
        self.newcomers: list[tuple[int, int | None]] = []

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
        root = _Root(action, actor, seen=seen)
        for _ in range(_ROUNDS):
            with suppress(Race):
                return self._tried(root) if dry_run else self._done(root, key)
        raise Problem(
            "store.busy", N_("Too many people write the same thing at once: try again."), kind="stale"
        )

    def settle(self, decided: Sequence[tuple[int, Decision]], revision: int) -> frozenset[int]:
        """Write under one lock what the system decided to do, each at its instant, by the book of `revision`.

        Returns the tickets that are done: what was changed meanwhile has to be decided on anew. Raises Race.
        """
        with racing(), self._store.transaction() as connection:
            unmoved = locks.hold_unmoved(connection, [each.before for _, each in decided if each.before])
            book = self._library.ruled(connection)
            if book.revision != revision:
                return frozenset()
            self._ruled = book.rules is not None
            still = [(at, each) for at, each in decided if each.before and each.before.id in unmoved]
            self._write_all(connection, still)
        return unmoved

    def _write_all(self, connection: Any, decided: Sequence[tuple[int, Decision]]) -> None:
        from deskterm.store.resting import rewrite, row_of

        quiet = [each for _, each in decided if not (each.changes or each.claims)]
        rewrite(connection, [row for each in quiet if (row := row_of(each))])
        acting = [(at, each) for at, each in decided if each.changes or each.claims]
        written = write.apply_all(connection, acting, SYSTEM, self._worker)
        for (_, each), done in zip(acting, written, strict=True):
            self._remember(each, done)

    def _tried(self, root: _Root) -> Receipt:
        with self._store.read() as connection:
            now, decision = self._decided(connection, root, self._clock.now())
        return self._receipt(decision, now, dry_run=True)

    def _done(self, root: _Root, key: str | None) -> Receipt:
        with racing(), self._store.transaction() as connection:
            now = self._clock.now()  # not before the store was reached, whose clock it may be
            known = receipts.find(connection, key) if key else None
            if known is not None:
                return load(known)
            locks.hold(connection, root.action, root.actor)
            now, decision = self._decided(connection, root, now)
            if locks.hold_turn(connection, decision):  # somebody may have taken his turn meanwhile
                now, decision = self._decided(connection, root, now)
            written = write.apply(connection, decision, root.actor, now, self._worker)
            made = self._follow(connection, decision, written, now)
            self._remember(decision, written)
            receipt = self._receipt(decision, now, written=written, made=made)
            if key:
                receipts.keep(connection, key, dump(receipt), now)
        return receipt

    def _decided(self, connection: Any, root: _Root, now: int) -> tuple[int, Decision]:
        book = self._library.ruled(connection)
        self._ruled = book.rules is not None
        facts = snapshot.load(connection, root.action, root.actor, book)
        book = self._library.edited(connection, book, facts.history)
        now = moment(facts, now)
        refuse_stale(root.action, root.actor, facts, book, root.seen)
        return now, decide(root.action, root.actor, facts, book, now, because=root.because, depth=root.depth)

    def _follow(
        self, connection: Any, decision: Decision, written: write.Written, now: int
    ) -> tuple[int, ...]:
        """Decide on what rules ask for on other tickets, each a root of its own; returns new tickets."""
        made: list[int] = []
        waiting = [(follow, written.ticket) for follow in decision.roots]
        while waiting:
            follow, origin = waiting.pop(0)
            if follow.depth > _DEEPEST:
                raise RecursionError(f"{follow.because} opens tickets without end")
            root = _followed(follow, origin)
            locks.hold(connection, root.action, root.actor)
            at, then = self._decided(connection, root, now)
            done = write.apply(connection, then, root.actor, at, self._worker)
            self._remember(then, done)
            if then.before is None and done.ticket is not None:
                made.append(done.ticket)
            waiting += [(each, done.ticket) for each in then.roots]
        return tuple(made)

    def _remember(self, decision: Decision, written: write.Written) -> None:
        self.freed = self.freed or (self._ruled and _frees(decision))
        after = decision.after
        if decision.before is None and after is not None and after.wants_agent and written.ticket is not None:
            self.newcomers.append((written.ticket, after.group_id))

    def _receipt(
        self,
        decision: Decision,
        now: int,
        *,
        written: write.Written | None = None,
        made: tuple[int, ...] = (),
        dry_run: bool = False,
    ) -> Receipt:
        before, after = decision.before, decision.after
        warnings = decision.warnings
        if dry_run and decision.roots:
            told = N_("It would also open or change other tickets: %(count)s.")
            warnings += (Problem("perform.more", told, count=len(decision.roots)),)
        return Receipt(
            at=now,
            ticket=written.ticket if written else before.id if before else None,
            id=written.record if written else None,
            version=after.version if after else 0,
            events=written.events if written else (),
            changes=tuple(_told(change, words=dry_run) for change in decision.changes),
            warnings=tuple(self._say(warning) for warning in warnings),
            made=made,
            fired=len(decision.claims),
            dry_run=dry_run,
        )


def _followed(follow: "Follow", origin: int | None) -> _Root:
    """The root that a rule asked for; a child of a ticket that was just opened learns its number."""
    from dataclasses import replace

    action: Any = follow.action
    if follow.parent == NEW:
        told = {name: getattr(action, name).replace(NUMBER, str(origin)) for name in ("subject", "body")}
        action = replace(action, parent=origin, **told)
    elif follow.parent is not None:
        action = replace(action, parent=follow.parent)
    return _Root(action, follow.actor or SYSTEM, follow.because, follow.depth)


def _frees(decision: Decision) -> bool:
    """Whether others that wait may be given to somebody now."""
    if any(more < 0 for more in decision.loads.values()):
        return True
    return any(
        isinstance(change, Record) and change.noun in ("agent", "group") for change in decision.changes
    )


def _told(change: Change, *, words: bool) -> Mapping[str, Any]:
    """A change as a receipt tells it; with the `words` of a message that nobody can read anywhere else."""
    said = {"body": change.body} if words and isinstance(change, Said) else {}
    return {"kind": change.kind, **change.facts(), **said, "because": change.because}
