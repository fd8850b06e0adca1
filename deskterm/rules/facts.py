"""Facts: what is known when a decision is taken. Frozen values, no ids of rows that do not exist yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

__all__ = [
    "EMPTY",
    "SYSTEM",
    "Actor",
    "Agent",
    "Book",
    "Contact",
    "Event",
    "Facts",
    "Group",
    "Organization",
    "Queue",
    "Ticket",
    "nothing",
]

EMPTY: Mapping[Any, Any] = MappingProxyType({})


def nothing() -> Mapping[Any, Any]:
    """The empty mapping, as a default of fields (Python 3.11 refuses it as a value)."""
    return EMPTY


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an agent, a requester (a contact) or the system; `id` is the agent's or contact's."""

    kind: str
    id: int | None = None


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who works on tickets; `role` is one of terms.ROLES, `contact_id` who he is as a requester."""

    id: int
    login: str
    name: str
    role: str = "agent"
    email: str = ""
    active: bool = True
    tz: str = ""
    lang: str = ""
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Agents who share work; `members` and `leads` are agent ids."""

    id: int
    name: str
    title: str = ""
    members: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Queue:
    """Where a ticket waits; worked by one group."""

    id: int
    name: str
    title: str = ""
    group_id: int | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Organization:
    """A customer with a service tier; `domains` are lower case mail domains."""

    id: int
    name: str
    tier: str = ""
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Contact:
    """A person tickets are for; `addresses` are lower case, the first is the one to answer to."""

    id: int
    name: str
    addresses: tuple[str, ...] = ()
    organizations: tuple[int, ...] = ()
    vip: bool = False
    lang: str = ""
    tz: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands; instants in epoch seconds, `version` grows by one with every action on it."""

    id: int
    version: int
    subject: str
    status: str
    priority: str
    queue_id: int
    created_at: int
    updated_at: int
    channel: str
    submitter_kind: str
    submitter_id: int | None = None
    requester_id: int | None = None
    organization_id: int | None = None
    group_id: int | None = None
    assignee_id: int | None = None
    type: str = ""
    category: str = ""
    impact: str = ""
    urgency: str = ""
    vendor: str = ""
    lang: str = ""
    region: str = ""
    tags: frozenset[str] = frozenset()
    custom: Mapping[str, str] = field(default_factory=nothing)
    wait_reason: str = ""
    wake_at: int | None = None
    cause: str = ""
    solution: str = ""
    resolved_at: int | None = None
    first_resolved_at: int | None = None
    closed_at: int | None = None
    first_response_at: int | None = None
    last_agent_reply_at: int | None = None
    waiting_since: int | None = None
    reopen_count: int = 0
    reassign_count: int = 0
    public_count: int = 0
    dedupe_key: str = ""
    occurrences: int = 1
    merged_into: int | None = None
    source: str = ""
    external_id: str = ""
    # projections of the SLA fold, rewritten with every action
    due_first: int | None = None
    due_next: int | None = None
    due_update: int | None = None
    due_resolve: int | None = None
    next_due_at: int | None = None
    sla_state: str = "none"
    next_change_at: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline: what happened at `at`, by whom, because of what."""

    seq: int
    at: int
    kind: str
    actor: Actor
    data: Mapping[str, Any] = field(default_factory=nothing)
    because: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """What the desk is set up as: people who work, groups, queues. The rule revision joins it here."""

    revision: int = 0
    agents: Mapping[int, Agent] = field(default_factory=nothing)
    groups: Mapping[int, Group] = field(default_factory=nothing)
    queues: Mapping[int, Queue] = field(default_factory=nothing)
    logins: Mapping[str, int] = field(default_factory=nothing)
    group_names: Mapping[str, int] = field(default_factory=nothing)
    queue_names: Mapping[str, int] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an action is about: the ticket with its history, the people, what the store found for it."""

    ticket: Ticket | None = None
    history: tuple[Event, ...] = ()
    requester: Contact | None = None
    organizations: tuple[Organization, ...] = ()
    domain_organizations: tuple[Organization, ...] = ()
    duplicate: Ticket | None = None
    contact: Contact | None = None
    organization: Organization | None = None
    taken: Mapping[str, int] = field(default_factory=nothing)
