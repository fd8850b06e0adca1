"""The past: tickets with their whole history, as imports, exports and demos carry them. Nothing fires."""

from collections.abc import Iterable

from deskterm.rules.actions import Attachment
from deskterm.rules.facts import Agent, Contact, Event, Group, Organization, Queue, Ticket
from deskterm.rules.frozen import frozen

__all__ = ["Past", "PastEvent", "PastTicket"]


@frozen
class PastEvent:
    """One event; `body` and `attachments` are its words and files (body None: it is no message)."""

    event: Event
    body: str | None = None
    attachments: tuple[Attachment, ...] = ()


@frozen
class PastTicket:
    """A ticket as it stands in the end, and all that led there, oldest first."""

    ticket: Ticket
    events: tuple[PastEvent, ...]


@frozen
class Past:
    """A desk to be loaded as it is: people first, then tickets one at a time, every id given."""

    agents: tuple[Agent, ...]
    groups: tuple[Group, ...]
    queues: tuple[Queue, ...]
    organizations: tuple[Organization, ...]
    contacts: tuple[Contact, ...]
    tickets: Iterable[PastTicket]
