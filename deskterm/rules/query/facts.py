"""What a query looks at. Whatever has these attributes can be asked; a missing value is None or ""."""

from collections.abc import Mapping
from typing import Protocol

__all__ = ["EventView", "TicketView"]


class TicketView(Protocol):
    """A ticket as a search sees it."""

    @property
    def id(self) -> int:
        """The number of the ticket."""

    @property
    def status(self) -> str:
        """Where the work stands."""

    @property
    def priority(self) -> str | None:
        """How urgent it is."""

    @property
    def queue(self) -> str | None:
        """The name of the queue."""

    @property
    def group(self) -> str | None:
        """The name of the group."""

    @property
    def assignee(self) -> str | None:
        """The login of the agent who has it."""

    @property
    def requester(self) -> str | None:
        """The address that is answered to, lower case."""

    @property
    def requester_name(self) -> str | None:
        """The name of the requester."""

    @property
    def org(self) -> str | None:
        """The name of the organization."""

    @property
    def tier(self) -> str | None:
        """The service tier of the organization."""

    @property
    def channel(self) -> str | None:
        """How it came in."""

    @property
    def type(self) -> str | None:
        """What kind of ticket."""

    @property
    def category(self) -> str | None:
        """What it is about, as in network.vpn."""

    @property
    def lang(self) -> str | None:
        """Its language."""

    @property
    def region(self) -> str | None:
        """The region of the requester."""

    @property
    def domain(self) -> str | None:
        """The mail domain of the requester, lower case."""

    @property
    def impact(self) -> str | None:
        """How many are hit."""

    @property
    def urgency(self) -> str | None:
        """How soon it is needed."""

    @property
    def vendor(self) -> str | None:
        """The third party it waits for."""

    @property
    def parent(self) -> int | None:
        """The number of the ticket it is part of."""

    @property
    def tags(self) -> frozenset[str]:
        """Its tags."""

    @property
    def custom(self) -> Mapping[str, str]:
        """The fields of the desk's own, name to value."""

    @property
    def subject_n(self) -> str:
        """The subject as `words.norm` gives it."""

    @property
    def text_n(self) -> str:
        """Subject, messages and notes as `words.norm` gives them."""

    @property
    def created_at(self) -> int:
        """When it was opened, epoch seconds."""

    @property
    def updated_at(self) -> int:
        """Its last change, epoch seconds."""

    @property
    def next_due_at(self) -> int | None:
        """Its next due, epoch seconds."""

    @property
    def waiting_since(self) -> int | None:
        """Since when the requester waits for an answer, epoch seconds."""

    @property
    def reopen_count(self) -> int:
        """How often it was opened again."""

    @property
    def sla_state(self) -> str | None:
        """How its clocks stand: ok, warn, overdue, breached, paused, met or none."""


class EventView(TicketView, Protocol):
    """A ticket as a rule sees it, with the event that woke the rule."""

    @property
    def changed(self) -> frozenset[str]:
        """The fields that differ from before the root event."""

    @property
    def was(self) -> Mapping[str, str | None]:
        """The values of the fields before the root event."""

    @property
    def event(self) -> str | None:
        """The kind of the root event."""

    @property
    def by(self) -> str | None:
        """Who caused it: requester, agent or system."""

    @property
    def message_n(self) -> str | None:
        """Its message as `words.norm` gives it."""

    @property
    def message_words(self) -> int | None:
        """The number of words in its message."""

    @property
    def hours(self) -> frozenset[str]:
        """The calendars that are open now."""

    @property
    def vip(self) -> bool:
        """The requester is a VIP."""
