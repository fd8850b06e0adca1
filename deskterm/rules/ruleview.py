"""RuleView: a ticket as a rule sees it, with the event that woke the rule; it looks up only what is asked."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from deskterm.rules.changes import NEW
from deskterm.rules.facts import EMPTY, Actor, Book, Contact, Facts, Organization, Ticket
from deskterm.rules.permissions import side_of
from deskterm.rules.words import norm

__all__ = ["Root", "RuleView", "side_by"]


class Root(NamedTuple):
    """The event that woke the rules: what `message`, `by` and `channel` mean however much rules add to it.

    `event` is created, updated, message or children_done, `by` requester, agent or system, `message` the
    words of its message, `channel` how that came in ("": as the ticket did), `before` the ticket in front
    of it (None: it opened the ticket).
    """

    event: str = ""
    by: str = ""
    message: str | None = None
    before: Ticket | None = None
    channel: str = ""


def side_by(actor: Actor, ticket: Ticket, book: Book) -> str:
    """What `by:` says of somebody who acts on `ticket`: requester, agent or system."""
    return "system" if actor.kind == "system" else side_of(actor, ticket, book)


class RuleView:
    """The `EventView` of `ticket` at `now`; every attribute is worked out when it is first asked for.

    `facts.requester` and `facts.organization` are those of the ticket, also ones that are just being made.
    `said` are the messages of the decision that grows, which `facts.words` does not hold yet. Attributes of
    the ticket itself are empty strings where it has no value, and stay live ones of this very `ticket`.
    """

    __slots__ = (
        *("book", "facts", "now", "root", "said", "ticket"),
        *("id", "status", "priority", "queue", "group", "assignee", "requester", "requester_name", "org"),
        *("tier", "channel", "type", "category", "lang", "region", "domain", "impact", "urgency", "vendor"),
        *("parent", "tags", "custom", "subject_n", "text_n", "created_at", "updated_at", "next_due_at"),
        *("waiting_since", "reopen_count", "sla_state", "changed", "was", "event", "by", "message_n"),
        *("message_words", "hours", "vip", "_contact", "_organization"),
    )

    id: int
    status: str
    priority: str | None
    queue: str | None
    group: str | None
    assignee: str | None
    requester: str | None
    requester_name: str | None
    org: str | None
    tier: str | None
    channel: str | None
    type: str | None
    category: str | None
    lang: str | None
    region: str | None
    domain: str | None
    impact: str | None
    urgency: str | None
    vendor: str | None
    parent: int | None
    tags: frozenset[str]
    custom: Mapping[str, str]
    subject_n: str
    text_n: str
    created_at: int
    updated_at: int
    next_due_at: int | None
    waiting_since: int | None
    reopen_count: int
    sla_state: str | None
    changed: frozenset[str]
    was: Mapping[str, str | None]
    event: str | None
    by: str | None
    message_n: str | None
    message_words: int | None
    hours: frozenset[str]
    vip: bool
    _contact: Contact | None
    _organization: Organization | None

    def __init__(
        self, ticket: Ticket, book: Book, facts: Facts, root: Root, now: int, said: tuple[str, ...] = ()
    ) -> None:
        self.ticket = ticket
        self.book = book
        self.facts = facts
        self.root = root
        self.now = now
        self.said = said

    if not TYPE_CHECKING:  # a slot that is still empty asks here, so that a second look costs nothing

        def __getattr__(self, name: str) -> Any:
            work_out = _WORKED_OUT.get(name)
            if work_out is not None:
                value = work_out(self)
            elif name in _OF_TICKET:
                value = getattr(self.ticket, _OF_TICKET[name])
            else:
                raise AttributeError(name)
            setattr(self, name, value)
            return value

    def of(self, ticket: Ticket) -> Self:
        """The view of the same event on `ticket`; what cannot be different there is not worked out again."""
        view = type(self)(ticket, self.book, self.facts, self.root, self.now, self.said)
        kept: tuple[str, ...] = _LASTING if ticket.subject == self.ticket.subject else _LASTING[2:]
        if (ticket.requester_id, ticket.organization_id) != (
            self.ticket.requester_id,
            self.ticket.organization_id,
        ):
            kept = tuple(name for name in kept if name not in _OF_PEOPLE)
        for name in kept:
            try:
                value = object.__getattribute__(self, name)
            except AttributeError:
                continue
            setattr(view, name, value)
        return view


_OF_TICKET: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{each: each for each in ("id", "status", "priority", "type", "category", "lang", "region")},
        **{each: each for each in ("impact", "urgency", "vendor", "tags", "custom", "sla_state")},
        **{each: each for each in ("created_at", "updated_at", "next_due_at", "waiting_since")},
        "reopen_count": "reopen_count",
        "parent": "parent_id",
    }
)
_OF_PEOPLE: Final = ("requester", "requester_name", "org", "tier", "domain", "vip")
_LASTING: Final = ("subject_n", "text_n", *_OF_PEOPLE, "message_n", "message_words", "hours", "event", "by")
_COMPARED: Final = (  # the field of a query, the attribute of a ticket
    *((each, each) for each in ("status", "priority", "channel", "type", "category", "lang", "region")),
    *((each, each) for each in ("impact", "urgency", "vendor", "subject")),
    ("queue", "queue_id"),
    ("group", "group_id"),
    ("assignee", "assignee_id"),
    ("requester", "requester_id"),
    ("org", "organization_id"),
    ("parent", "parent_id"),
    ("tag", "tags"),
    ("due", "next_due_at"),
    ("created", "created_at"),
    ("updated", "updated_at"),
)
_REMEMBERED: Final = (
    *("status", "priority", "queue", "group", "assignee", "requester", "org", "tier", "channel", "type"),
    *("category", "lang", "region", "domain", "impact", "urgency", "vendor"),
)


def _queue(view: RuleView) -> str:
    queue = view.book.queues.get(view.ticket.queue_id)
    return queue.name if queue else ""


def _group(view: RuleView) -> str:
    group = view.book.groups.get(view.ticket.group_id or 0)
    return group.name if group else ""


def _assignee(view: RuleView) -> str:
    agent = view.book.agents.get(view.ticket.assignee_id or 0)
    return agent.login if agent else ""


def _contact(view: RuleView) -> Contact | None:
    known, wanted = view.facts.requester, view.ticket.requester_id
    return known if known is not None and wanted is not None and known.id == wanted else None


def _organization(view: RuleView) -> Organization | None:
    wanted, facts = view.ticket.organization_id, view.facts
    own = (facts.organization,) if facts.organization is not None else ()
    known = (*own, *facts.organizations, *facts.domain_organizations)
    return next((each for each in known if each.id == wanted), None)


def _requester(view: RuleView) -> str:
    contact = view._contact
    return contact.addresses[0] if contact and contact.addresses else ""


def _text(view: RuleView) -> str:
    """Two blanks part the texts, so that no phrase is found across them."""
    return "".join((view.subject_n, view.facts.words, *map(norm, view.said)))


def _message(view: RuleView) -> str | None:
    return None if view.root.message is None else norm(view.root.message)


def _message_words(view: RuleView) -> int | None:
    return None if view.message_n is None else len(view.message_n.split())


def _hours(view: RuleView) -> frozenset[str]:
    rules = view.book.rules
    calendars = rules.calendars if rules else EMPTY
    return frozenset(name for name, calendar in calendars.items() if calendar.is_open(view.now))


def _before(view: RuleView) -> RuleView | None:
    before = view.root.before
    return None if before is None else RuleView(before, view.book, view.facts, Root(), view.now)


def _was(view: RuleView) -> Mapping[str, str | None]:
    before = _before(view)
    return EMPTY if before is None else {name: getattr(before, name) for name in _REMEMBERED}


def _differs(ticket: Ticket, old: Ticket | None, attribute: str) -> bool:
    value = getattr(ticket, attribute)
    return bool(value) if old is None else bool(value != getattr(old, attribute))


def _changed(view: RuleView) -> frozenset[str]:
    """All that differs from before; all that has a value where there was no before."""
    ticket, before = view.ticket, _before(view)
    old = before.ticket if before else None
    found = {name for name, attribute in _COMPARED if _differs(ticket, old, attribute)}
    for name in ("tier", "domain"):
        if (getattr(view, name) or "") != ((getattr(before, name) or "") if before else ""):
            found.add(name)
    custom = old.custom if old else EMPTY
    names = ticket.custom.keys() | custom.keys()
    found.update(f"cf.{name}" for name in names if ticket.custom.get(name, "") != custom.get(name, ""))
    if view.said or "subject" in found:
        found.add("text")
    if old is None and ticket.id != NEW:
        found.add("id")
    return frozenset(found)


_WORKED_OUT: Final[Mapping[str, Callable[[RuleView], Any]]] = MappingProxyType(
    {
        "queue": _queue,
        "group": _group,
        "assignee": _assignee,
        "requester": _requester,
        "requester_name": lambda view: view._contact.name if view._contact else "",
        "org": lambda view: view._organization.name if view._organization else "",
        "tier": lambda view: view._organization.tier if view._organization else "",
        "channel": lambda view: view.root.channel or view.ticket.channel,
        "domain": lambda view: (view.requester or "").rpartition("@")[2],
        "subject_n": lambda view: norm(view.ticket.subject),
        "text_n": _text,
        "changed": _changed,
        "was": _was,
        "event": lambda view: view.root.event,
        "by": lambda view: view.root.by,
        "message_n": _message,
        "message_words": _message_words,
        "hours": _hours,
        "vip": lambda view: view._contact is not None and view._contact.vip,
        "_contact": _contact,
        "_organization": _organization,
    }
)
