"""Upkeep: what is asked of the desk by its rules, its timer and those who look after both.

Apart from `actions`, for a command that opens a ticket or answers one needs none of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deskterm.rules.actions import Action, TicketAction
from deskterm.rules.facts import nothing

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
    "VoidEvent",
]


@dataclass(frozen=True, slots=True)
class ActivateRules(Action):
    """Let the rule file `body` be in force from now on; `holidays` are what its region codes stand for."""

    name: str
    body: str
    holidays: Mapping[str, Any] = field(default_factory=nothing)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tick(TicketAction):
    """Do what is due on a ticket by now: levels that were crossed, automations, its waking up."""


@dataclass(frozen=True, slots=True)
class Place(TicketAction):
    """Look for somebody for a routed ticket that waits for one."""


@dataclass(frozen=True, slots=True)
class Refresh(TicketAction):
    """Choose the SLA policy again by the rules in force and bring the clocks up to date."""


@dataclass(frozen=True, slots=True)
class Reroute(TicketAction):
    """Send a ticket through the rules again as if it had just come in."""


@dataclass(frozen=True, slots=True)
class OpenRecurring(Action):
    """Open the ticket of a recurring rule for the occurrence `nominal_at`; `missed` ones stay out."""

    rule: str
    nominal_at: int
    missed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RunMacro(TicketAction):
    """Do what a macro says; `answers` are what it asks for, by name."""

    macro: str
    answers: Mapping[str, str] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Move(TicketAction):
    """Bring a ticket to a status or a stage of its blueprint, with the fields that this needs, by name.

    `until` (an instant) wakes one that waits there.
    """

    to: str
    reason: str = ""
    fields: Mapping[str, str] = field(default_factory=nothing)
    until: int | None = None


@dataclass(frozen=True, slots=True)
class VoidEvent(TicketAction):
    """Take an event (its number) out of the clocks, visibly: it was a mistake."""

    event: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Exempt(TicketAction):
    """Let no clock run on a ticket any more."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetDue(TicketAction):
    """Promise an instant for a running clock; None lets the policy count again."""

    metric: str
    due: int | None = None


@dataclass(frozen=True, slots=True)
class SetPresence(Action):
    """Say whether an agent can be given work: online, away or offline, and when he is out of office."""

    login: str
    presence: str | None = None
    out_from: int | None = None
    out_until: int | None = None
    substitute: str | None = None
    back: bool = False
