"""The past: tickets with their whole history, as imports, exports and demos carry them. Nothing fires."""

from collections.abc import Iterable
from dataclasses import dataclass

from deskterm.rules.actions import Attachment
from deskterm.rules.facts import Agent, Contact, Event, Group, Organization, Queue, Ticket

__all__ = ["Past", "PastEvent", "PastTicket"]


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One event; `body` and `attachments` are its words and files (body None: it is no message)."""

    event: Event
    body: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class PastTicket:
    """A ticket as it stands in the end, and all that led there, oldest first."""

    ticket: Ticket
    events: tuple[PastEvent, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """A desk to be loaded as it is: people first, then tickets one at a time, every id given."""

    agents: tuple[Agent, ...]
    groups: tuple[Group, ...]
    queues: tuple[Queue, ...]
    organizations: tuple[Organization, ...]
    contacts: tuple[Contact, ...]
    tickets: Iterable[PastTicket]
