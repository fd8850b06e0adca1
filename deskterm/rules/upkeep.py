"""Upkeep: what is asked of the desk by its rules, its timer and those who look after both.

Apart from `actions`, for a command that opens a ticket or answers one needs none of it.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from deskterm.rules.actions import Action, TicketAction
from deskterm.rules.facts import nothing
from deskterm.rules.frozen import frozen

__all__ = [
    "ActivateRules",
    "Exempt",
    "Move",
    "OpenRecurring",
    "Place",
    "Refresh",
    "Reroute",
    "RunMacro",
    "SetDue",
    "SetPresence",
    "Tick",
    "Undo",
    "VoidEvent",
]


@frozen
class ActivateRules(Action):
    """Let the rule file `body` be in force from now on; `holidays` are what its region codes stand for."""

    name: str
    body: str
    holidays: Mapping[str, Any] = field(default_factory=nothing)
    note: str = ""


@frozen
class Tick(TicketAction):
    """Do what is due on a ticket by now: levels that were crossed, automations, its waking up."""


@frozen
class Place(TicketAction):
    """Look for somebody for a routed ticket that waits for one."""


@frozen
class Refresh(TicketAction):
    """Choose the SLA policy again by the rules in force and bring the clocks up to date."""


@frozen
class Reroute(TicketAction):
    """Send a ticket through the rules again as if it had just come in."""


@frozen
class OpenRecurring(Action):
    """Open the ticket of a recurring rule for the occurrence `nominal_at`; `missed` ones stay out."""

    rule: str
    nominal_at: int
    missed: tuple[int, ...] = ()


@frozen
class RunMacro(TicketAction):
    """Do what a macro says; `answers` are what it asks for, by name."""

    macro: str
    answers: Mapping[str, str] = field(default_factory=nothing)


@frozen
class Undo(TicketAction):
    """Take back what made the ticket its `version`; 0 is the last action of the actor's own."""

    version: int = 0


@frozen
class Move(TicketAction):
    """Bring a ticket to a status or a stage of its blueprint, with the fields that this needs, by name.

    `until` (an instant) wakes one that waits there.
    """

    to: str
    reason: str = ""
    fields: Mapping[str, str] = field(default_factory=nothing)
    until: int | None = None


@frozen
class VoidEvent(TicketAction):
    """Take an event (its number) out of the clocks, visibly: it was a mistake."""

    event: int
    reason: str = ""


@frozen
class Exempt(TicketAction):
    """Let no clock run on a ticket any more."""

    reason: str = ""


@frozen
class SetDue(TicketAction):
    """Promise an instant for a running clock; None lets the policy count again."""

    metric: str
    due: int | None = None


@frozen
class SetPresence(Action):
    """Say whether an agent can be given work: online, away or offline, and when he is out of office."""

    login: str
    presence: str | None = None
    out_from: int | None = None
    out_until: int | None = None
    substitute: str | None = None
    back: bool = False
