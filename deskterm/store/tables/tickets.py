"""Tickets and all that hangs on them: timeline, messages, attachments, tags, custom fields."""

from sqlalchemy import Text
from sqlmodel import Field

from deskterm.store.types import Row, instant, key, number, text

NEVER_DUE = 2**62
"""`due_sort` of a ticket without a due: it sorts behind all others on every database."""


class TicketTable(Row, table=True):
    """A ticket; the columns from `due_first` on are projections of the SLA fold."""

    __tablename__ = "tickets"

    id: int | None = key()
    version: int = number(1)
    subject: str = text()
    subject_n: str = text()
    status: str = text("new")
    is_open: bool = True
    priority: str = text()
    priority_rank: int = 0
    type: str = text()
    category: str = text()
    impact: str = text()
    urgency: str = text()
    vendor: str = text()
    lang: str = text()
    region: str = text()
    channel: str = text("cli")
    queue_id: int = number(foreign_key="queues.id")
    group_id: int | None = number(foreign_key="groups.id")
    assignee_id: int | None = number(foreign_key="agents.id")
    requester_id: int | None = number(foreign_key="contacts.id")
    organization_id: int | None = number(foreign_key="organizations.id")
    submitter_kind: str = text("system")
    submitter_id: int | None = number()
    created_at: int = instant(0, nullable=False)
    updated_at: int = instant(0, nullable=False)
    wait_reason: str = text()
    wake_at: int | None = instant()
    cause: str = text()
    solution: str = text()
    resolved_at: int | None = instant()
    first_resolved_at: int | None = instant()
    closed_at: int | None = instant()
    first_response_at: int | None = instant()
    last_agent_reply_at: int | None = instant()
    waiting_since: int | None = instant()
    reopen_count: int = 0
    reassign_count: int = 0
    public_count: int = 0
    dedupe_key: str = text()
    occurrences: int = 1
    merged_into: int | None = number(foreign_key="tickets.id")
    parent_id: int | None = number(foreign_key="tickets.id")
    follows: int | None = number(foreign_key="tickets.id")
    source: str = text()
    external_id: str = text()
    policy: str = text()
    policy_rev: int = number(0)
    route: str = text()
    wants_agent: bool = False
    stage: str = text()
    due_first: int | None = instant()
    due_next: int | None = instant()
    due_update: int | None = instant()
    due_resolve: int | None = instant()
    next_due_at: int | None = instant()
    due_sort: int = instant(NEVER_DUE, nullable=False)
    sla_state: str = text("none")
    next_change_at: int | None = instant()
    clocks: str | None = Field(default=None, sa_type=Text)  # what rests of the fold; None: ask the timeline


class EventTable(Row, table=True):
    """One change, once. Append-only; `about` names what it is on when it is not a ticket ("agent:3")."""

    __tablename__ = "events"

    id: int | None = key()
    ticket_id: int | None = number(foreign_key="tickets.id")
    about: str = text()
    version: int = number(0)
    at: int = instant(0, nullable=False)
    kind: str = text()
    actor_kind: str = text("system")
    actor_id: int | None = number()
    data: str = text("{}")  # JSON in ASCII
    because: str = text()


class MessageTable(Row, table=True):
    """The words of an event: a public reply or an internal note, to the letter."""

    __tablename__ = "messages"

    id: int | None = key()
    ticket_id: int = number(foreign_key="tickets.id")
    event_id: int = number(foreign_key="events.id", unique=True)
    public: bool = False
    auto: bool = False
    channel: str = text()
    body: str = text()


class TicketText(Row, table=True):
    """The words of a ticket as searches compare them (rules.words); the public ones begin with the subject's.

    The full-text index (tables.fulltext) is made of these rows.
    """

    __tablename__ = "ticket_texts"

    ticket_id: int = number(foreign_key="tickets.id", primary_key=True)
    subject_n: str = text()
    public_n: str = text()
    internal_n: str = text()


class AttachmentTable(Row, table=True):
    """A file of a ticket: its content lies in the content store under `digest`."""

    __tablename__ = "attachments"

    id: int | None = key()
    ticket_id: int = number(foreign_key="tickets.id")
    event_id: int = number(foreign_key="events.id")
    name: str = text()
    media_type: str = text()
    size: int = number(0)
    digest: str = text(index=True)
    internal: bool = Field(default=True)


class TicketTag(Row, table=True):
    """A tag on a ticket."""

    __tablename__ = "ticket_tags"

    ticket_id: int = number(foreign_key="tickets.id", primary_key=True)
    tag: str = text(primary_key=True)


class TicketField(Row, table=True):
    """A custom field of a ticket."""

    __tablename__ = "ticket_fields"

    ticket_id: int = number(foreign_key="tickets.id", primary_key=True)
    name: str = text(primary_key=True)
    value: str = text()
