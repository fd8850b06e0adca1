"""Facts: what is known when a decision is taken. Frozen values, no ids of rows that do not exist yet."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.rules.frozen import frozen
from deskterm.rules.terms import DEFAULT_TERMS, Terms

if TYPE_CHECKING:
    from deskterm.rules.rulebook import RuleBook

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
    "Standing",
    "Ticket",
    "nothing",
]

EMPTY: Mapping[Any, Any] = MappingProxyType({})


def nothing() -> Mapping[Any, Any]:
    """The empty mapping, as a default of fields (Python 3.11 refuses it as a value)."""
    return EMPTY


@frozen
class Actor:
    """Who acts: an agent, a requester (a contact) or the system; `id` is the agent's or contact's."""

    kind: str
    id: int | None = None


SYSTEM = Actor("system")


@frozen
class Agent:
    """Somebody who works on tickets; `role` is one of terms.ROLES, `contact_id` who he is as a requester.

    What routing asks: `presence` is online, away or offline · `capacity` the weight of work he may have (0:
    what the rules say) · `skills` name -> level · `shift` a calendar of the rules ("": always) · out of
    office from `out_from` until before `out_until` (instants), when `substitute` (a login) stands in.
    """

    id: int
    login: str
    name: str
    role: str = "agent"
    email: str = ""
    active: bool = True
    tz: str = ""
    lang: str = ""
    contact_id: int | None = None
    presence: str = "online"
    capacity: int = 0
    skills: Mapping[str, int] = field(default_factory=nothing)
    shift: str = ""
    out_from: int | None = None
    out_until: int | None = None
    substitute: str = ""


@frozen
class Group:
    """Agents who share work; `members` and `leads` are agent ids."""

    id: int
    name: str
    title: str = ""
    members: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    active: bool = True


@frozen
class Queue:
    """Where a ticket waits; worked by one group."""

    id: int
    name: str
    title: str = ""
    group_id: int | None = None
    active: bool = True


@frozen
class Organization:
    """A customer with a service tier; `domains` are lower case mail domains."""

    id: int
    name: str
    tier: str = ""
    domains: frozenset[str] = frozenset()


@frozen
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


@frozen
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
    parent_id: int | None = None
    follows: int | None = None
    source: str = ""
    external_id: str = ""
    policy: str = ""  # the SLA policy that applies, and the revision of the rules that chose it
    policy_rev: int = 0
    route: str = ""  # the route that took it
    wants_agent: bool = False  # routed to be assigned, and nobody could take it yet
    stage: str = ""  # where it stands in the blueprint of its type
    # projections of the SLA fold, rewritten with every action
    due_first: int | None = None
    due_next: int | None = None
    due_update: int | None = None
    due_resolve: int | None = None
    next_due_at: int | None = None
    sla_state: str = "none"
    next_change_at: int | None = None


@frozen
class Event:
    """One line of a timeline: what happened at `at`, by whom, because of what."""

    seq: int
    at: int
    kind: str
    actor: Actor
    data: Mapping[str, Any] = field(default_factory=nothing)
    because: str = ""
    version: int = 0


@frozen
class Book:
    """What the desk is set up as: people who work, groups, queues, its words, its rules.

    `rules` is the active rule book (None where nobody asked for it: to read takes none), `editions` every
    revision that the ticket at hand was ever under, by number, `activated` the activations of all.
    """

    revision: int = 0
    agents: Mapping[int, Agent] = field(default_factory=nothing)
    groups: Mapping[int, Group] = field(default_factory=nothing)
    queues: Mapping[int, Queue] = field(default_factory=nothing)
    logins: Mapping[str, int] = field(default_factory=nothing)
    group_names: Mapping[str, int] = field(default_factory=nothing)
    queue_names: Mapping[str, int] = field(default_factory=nothing)
    terms: Terms = DEFAULT_TERMS
    rules: "RuleBook | None" = None
    editions: "Mapping[int, RuleBook]" = field(default_factory=nothing)
    activated: tuple[Event, ...] = ()


class Standing(NamedTuple):
    """How much an agent has at this moment: the weight of his open work, and when he was last in turn.

    `turns` is group id -> the number of the group's assignment that he got last (0: never any).
    """

    load: int = 0
    turns: Mapping[int, int] = EMPTY


@frozen
class Facts:
    """What an action is about: the ticket with its history, the people, what the store found for it.

    For the rules: `organization` the ticket's own, `words` all its texts normalised, `standing` by agent id,
    `waiting` the groups (ids) in which routed tickets wait for somebody, `fired` the keys of what the timer
    has done for this ticket, `solved_by` who last resolved a ticket for this requester, and when.
    """

    ticket: Ticket | None = None
    history: tuple[Event, ...] = ()
    requester: Contact | None = None
    organizations: tuple[Organization, ...] = ()
    domain_organizations: tuple[Organization, ...] = ()
    duplicate: Ticket | None = None
    contact: Contact | None = None
    organization: Organization | None = None
    taken: Mapping[str, int] = field(default_factory=nothing)
    words: str = ""
    standing: Mapping[int, Standing] = field(default_factory=nothing)
    waiting: frozenset[int] = frozenset()
    fired: frozenset[str] = frozenset()
    solved_by: tuple[int, int] | None = None
