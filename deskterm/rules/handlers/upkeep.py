"""Upkeep: handlers of what the rules, the timer and those who look after them ask for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from deskterm.rules import macros, upkeep as u
from deskterm.rules.draft import Draft
from deskterm.rules.handlers import clocks, moves, placing, ruling, ticking, undoing

__all__ = ["HANDLERS"]

HANDLERS: Final[Mapping[type, Callable[[Any, Draft], None]]] = MappingProxyType(
    {
        u.ActivateRules: ruling.activate,
        u.Move: moves.move,
        u.Refresh: ruling.refresh,
        u.Reroute: placing.reroute,
        u.Place: placing.place,
        u.SetPresence: placing.set_presence,
        u.Tick: ticking.tick,
        u.OpenRecurring: ticking.open_recurring,
        u.RunMacro: macros.run_macro,
        u.Undo: undoing.undo,
        u.VoidEvent: clocks.void_event,
        u.Exempt: clocks.exempt,
        u.SetDue: clocks.set_due,
    }
)
