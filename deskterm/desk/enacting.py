"""Enacting: deeds of the last minutes, done on a desk one after another as if it were then."""

from collections.abc import Sequence

from deskterm.clock import ManualClock
from deskterm.demo.arrivals import Deed
from deskterm.desk import Desk
from deskterm.rules.upkeep import ActivateRules
from deskterm.store.engine import Store

__all__ = ["enact"]


def enact(store: Store, deeds: Sequence[Deed], now: int) -> None:
    """Do all `deeds` on the desk of `store`, each at its instant, and whatever is due by `now` on time.

    After an activation every open ticket is brought under the rules, as whoever activates them does it.
    """
    clock = ManualClock(now)
    desk = Desk(store, clock)
    tickets: dict[int, int] = {}
    for deed in deeds:
        _wait(desk, clock, deed.at)
        action = deed.action(tickets.get(deed.arrival, 0))
        receipt = desk.perform(action, deed.actor)
        if isinstance(action, ActivateRules):
            desk.ruling.refresh()
            desk.tick()
        elif receipt.ticket is not None:
            tickets.setdefault(deed.arrival, receipt.ticket)
    _wait(desk, clock, now)
    desk.tick()


def _wait(desk: Desk, clock: ManualClock, until: int) -> None:
    """Let the time pass until then; the timer does what is due on the way."""
    while clock.at < until:
        moment = desk.timer.upcoming()
        if moment is None or moment > until:
            break
        clock.at = moment
        desk.tick()
    clock.at = until
