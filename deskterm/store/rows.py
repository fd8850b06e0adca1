"""What reads return: frozen values, names instead of ids; instants are epoch seconds."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from deskterm.rules.facts import nothing
from deskterm.rules.frozen import frozen

__all__ = [
    "AgentRow",
    "AttachmentRow",
    "ContactRow",
    "GroupRow",
    "MessageRow",
    "OrganizationRow",
    "Page",
    "QueueRow",
    "TicketDetail",
    "TicketRow",
    "TimelineRow",
]


@frozen
class TicketRow:
    """One line of the queue. All texts are raw: clean them before they are shown."""

    id: int
    version: int
    subject: str
    status: str
    priority: str
    type: str
    category: str
    queue: str
    group: str
    assignee: str  # login, "" when nobody
    assignee_name: str
    requester: str  # first address, "" when none
    requester_name: str
    organization: str
    tier: str
    channel: str
    tags: tuple[str, ...]
    created_at: int
    updated_at: int
    next_due_at: int | None
    sla_state: str  # none, ok, warn, overdue, breached, paused, met
    reopen_count: int
    occurrences: int


@frozen
class Page:
    """Rows of a view in its order; `after` continues behind the last one (None: nothing follows)."""

    rows: tuple[TicketRow, ...]
    after: str | None
    before: str | None = None


@frozen
class AttachmentRow:
    """A file of a ticket; `digest` names its content, `internal` keeps it from requesters."""

    id: int
    name: str
    size: int
    media_type: str
    digest: str
    internal: bool
    message_id: int | None


@frozen
class MessageRow:
    """A public reply or an internal note (`public` tells)."""

    id: int
    event: int
    at: int
    public: bool
    auto: bool
    author_kind: str  # agent, requester, system
    author: str  # login or address
    author_name: str
    channel: str
    body: str
    attachments: tuple[AttachmentRow, ...] = ()


@frozen
class TimelineRow:
    """One line of the timeline; `message` is set when the event is a message."""

    seq: int
    at: int
    kind: str
    actor_kind: str
    actor: str
    actor_name: str
    data: Mapping[str, Any] = field(default_factory=nothing)
    because: str = ""
    version: int = 0
    message: MessageRow | None = None


@frozen
class TicketDetail:
    """Everything the ticket screen and `show` need, oldest event first.

    `follows` is the closed ticket that it continues, `followed_by` the tickets that continue it.
    """

    row: TicketRow
    submitter: str
    impact: str = ""
    urgency: str = ""
    lang: str = ""
    region: str = ""
    vendor: str = ""
    wait_reason: str = ""
    wake_at: int | None = None
    cause: str = ""
    solution: str = ""
    resolved_at: int | None = None
    first_resolved_at: int | None = None
    closed_at: int | None = None
    first_response_at: int | None = None
    due_first: int | None = None
    due_next: int | None = None
    due_resolve: int | None = None
    reassign_count: int = 0
    external_id: str = ""
    stage: str = ""
    follows: int | None = None
    followed_by: tuple[int, ...] = ()
    custom: Mapping[str, str] = field(default_factory=nothing)
    requester_open: int = 0
    requester_past: int = 0
    timeline: tuple[TimelineRow, ...] = ()
    attachments: tuple[AttachmentRow, ...] = ()


@frozen
class AgentRow:
    """An agent with the groups he belongs to, his open tickets, and what decides whether he gets more."""

    id: int
    login: str
    name: str
    role: str
    email: str
    active: bool
    tz: str = ""
    lang: str = ""
    groups: tuple[str, ...] = ()
    open_tickets: int = 0
    presence: str = "online"
    capacity: int = 0
    skills: Mapping[str, int] = field(default_factory=nothing)
    shift: str = ""
    out_from: int | None = None
    out_until: int | None = None
    substitute: str = ""


@frozen
class GroupRow:
    """A group with its members' and leads' logins."""

    id: int
    name: str
    title: str
    active: bool
    members: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    open_tickets: int = 0


@frozen
class QueueRow:
    """A queue and the group that works it."""

    id: int
    name: str
    title: str
    group: str
    active: bool
    open_tickets: int = 0


@frozen
class ContactRow:
    """A contact with addresses, organizations and the number of his tickets."""

    id: int
    name: str
    addresses: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    vip: bool = False
    lang: str = ""
    tz: str = ""
    phone: str = ""
    open_tickets: int = 0


@frozen
class OrganizationRow:
    """An organization with its domains, tier and number of contacts."""

    id: int
    name: str
    tier: str
    domains: tuple[str, ...] = ()
    contacts: int = 0
    custom: Mapping[str, str] = field(default_factory=nothing)
