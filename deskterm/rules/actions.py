"""Actions: what somebody asks the desk to do. Built by every front, judged by `decide` alone."""

from collections.abc import Mapping
from dataclasses import field

from deskterm.rules.facts import nothing
from deskterm.rules.frozen import frozen

__all__ = [
    "Action",
    "AddAgent",
    "AddContact",
    "AddGroup",
    "AddOrganization",
    "AddQueue",
    "Assign",
    "Attach",
    "Attachment",
    "Cancel",
    "Close",
    "Confirm",
    "Hold",
    "Note",
    "OpenTicket",
    "Pend",
    "Reject",
    "Reopen",
    "Reply",
    "Resolve",
    "SetAgent",
    "SetContact",
    "SetFields",
    "SetGroup",
    "SetOrganization",
    "SetQueue",
    "Tag",
    "TicketAction",
]


@frozen
class Attachment:
    """A file that already lies in the content store under its `digest` (SHA-256, hex); `size` in bytes."""

    name: str
    digest: str
    size: int
    media_type: str = "application/octet-stream"


@frozen
class Action:
    """Anything that can be asked of the desk."""


@frozen
class OpenTicket(Action):
    """Open a ticket; `requester` is an address (unknown ones become contacts), "" means the actor himself."""

    subject: str
    body: str = ""
    requester: str = ""
    requester_name: str = ""
    queue: str | None = None
    group: str | None = None
    assignee: str | None = None
    priority: str | None = None
    type: str | None = None
    category: str | None = None
    impact: str | None = None
    urgency: str | None = None
    channel: str = "cli"
    tags: tuple[str, ...] = ()
    custom: Mapping[str, str] = field(default_factory=nothing)
    vendor: str = ""
    lang: str = ""
    region: str = ""
    dedupe_key: str = ""
    attachments: tuple[Attachment, ...] = ()
    parent: int | None = None
    follows: int | None = None


@frozen
class TicketAction(Action):
    """An action on one ticket, named by its number."""

    ticket: int


@frozen
class Reply(TicketAction):
    """A public message; from an agent to the requester, or from the requester to the desk."""

    body: str
    attachments: tuple[Attachment, ...] = ()
    channel: str = "cli"


@frozen
class Note(TicketAction):
    """An internal note, never shown to a requester."""

    body: str
    attachments: tuple[Attachment, ...] = ()
    channel: str = "cli"


@frozen
class Attach(TicketAction):
    """Add files; internal ones are never public."""

    attachments: tuple[Attachment, ...]
    internal: bool = True
    channel: str = "cli"


@frozen
class Assign(TicketAction):
    """Hand to an agent and/or a group by name; None leaves it, "" takes it away."""

    agent: str | None = None
    group: str | None = None


@frozen
class SetFields(TicketAction):
    """Set fields by name (names.SETTABLE and cf.NAME); "" clears one."""

    fields: Mapping[str, str]


@frozen
class Tag(TicketAction):
    """Add and remove tags."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@frozen
class Pend(TicketAction):
    """Wait for the requester, until `until` (an instant) at the latest."""

    reason: str = ""
    until: int | None = None


@frozen
class Hold(TicketAction):
    """Wait for a third party: needs a reason or a vendor; `until` (an instant) wakes the ticket."""

    reason: str = ""
    vendor: str = ""
    until: int | None = None


@frozen
class Resolve(TicketAction):
    """Say it is solved: needs cause and solution; `reply` goes to the requester when given."""

    cause: str = ""
    solution: str = ""
    reply: str = ""


@frozen
class Confirm(TicketAction):
    """The requester agrees that it is solved; the ticket closes."""

    comment: str = ""


@frozen
class Reject(TicketAction):
    """The requester says it is not solved, and why; the ticket opens again."""

    reason: str = ""


@frozen
class Close(TicketAction):
    """Close a resolved ticket without the requester's word."""

    reason: str = ""


@frozen
class Reopen(TicketAction):
    """Open a resolved or (within the window) closed ticket again."""

    reason: str = ""


@frozen
class Cancel(TicketAction):
    """Withdraw a ticket (spam, duplicate, not needed any more); needs a reason."""

    reason: str = ""


@frozen
class AddContact(Action):
    """A new contact; the first address is the one answered to."""

    name: str
    addresses: tuple[str, ...] = ()
    organization: str = ""
    vip: bool = False
    lang: str = ""
    tz: str = ""
    phone: str = ""


@frozen
class SetContact(Action):
    """Change a contact, named by id or any address; None leaves a value."""

    contact: str
    name: str | None = None
    add_addresses: tuple[str, ...] = ()
    remove_addresses: tuple[str, ...] = ()
    add_organizations: tuple[str, ...] = ()
    remove_organizations: tuple[str, ...] = ()
    vip: bool | None = None
    lang: str | None = None
    tz: str | None = None
    phone: str | None = None


@frozen
class AddOrganization(Action):
    """A new organization with its mail domains and tier."""

    name: str
    tier: str = ""
    domains: tuple[str, ...] = ()


@frozen
class SetOrganization(Action):
    """Change an organization, named by name; None leaves a value."""

    organization: str
    name: str | None = None
    tier: str | None = None
    add_domains: tuple[str, ...] = ()
    remove_domains: tuple[str, ...] = ()


@frozen
class AddAgent(Action):
    """A new agent; `login` is the name of the OS user."""

    login: str
    name: str = ""
    role: str = "agent"
    email: str = ""
    groups: tuple[str, ...] = ()


@frozen
class SetAgent(Action):
    """Change an agent, named by login; None leaves a value.

    `capacity` is the weight of work he may have (0: what the rules say), `skills` levels by name of those
    that change (0: he has it no more), `shift` a calendar of the rules ("": always).
    """

    login: str
    name: str | None = None
    role: str | None = None
    email: str | None = None
    active: bool | None = None
    tz: str | None = None
    lang: str | None = None
    capacity: int | None = None
    skills: Mapping[str, int] | None = None
    shift: str | None = None


@frozen
class AddGroup(Action):
    """A new group; `members` and `leads` are logins (a lead is a member too)."""

    name: str
    title: str = ""
    members: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()


@frozen
class SetGroup(Action):
    """Change a group, named by name; None leaves a value."""

    group: str
    title: str | None = None
    add_members: tuple[str, ...] = ()
    remove_members: tuple[str, ...] = ()
    add_leads: tuple[str, ...] = ()
    remove_leads: tuple[str, ...] = ()
    active: bool | None = None


@frozen
class AddQueue(Action):
    """A new queue, worked by `group`."""

    name: str
    title: str = ""
    group: str = ""


@frozen
class SetQueue(Action):
    """Change a queue, named by name; None leaves a value."""

    queue: str
    title: str | None = None
    group: str | None = None
    active: bool | None = None
