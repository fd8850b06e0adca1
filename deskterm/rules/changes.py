"""Changes: what was decided. Each becomes one timeline event; `because` tells why it was done."""

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from deskterm.rules.actions import Action, Attachment
from deskterm.rules.facts import SYSTEM, Actor, Ticket, nothing
from deskterm.rules.frozen import frozen
from deskterm.rules.problems import Problem
from deskterm.rules.terms import DEFAULT_TERMS, Terms

if TYPE_CHECKING:
    from deskterm.rules.sla.resting import Rest

__all__ = [
    "Assigned",
    "Attached",
    "Change",
    "Claim",
    "Decision",
    "FieldSet",
    "Follow",
    "Left",
    "Notice",
    "Occurred",
    "Opened",
    "Record",
    "Regrouped",
    "Said",
    "StatusSet",
    "Tagged",
    "author",
]

_BY_HAND = ("action ", "macro ")

NEW = -1
"""The id of a row that this very decision makes."""

NUMBER = "\ufdd0"
"""Stands in an automatic text for the number of the ticket that this very decision opens: the store fills it
in."""


@frozen
class Change:
    """One thing that becomes different; `because` is "action NAME" or the rule that asked for it."""

    kind: ClassVar[str] = ""
    because: str = field(default="", kw_only=True)

    def facts(self) -> dict[str, Any]:
        """What the timeline keeps of it: names, never ids; JSON values only."""
        raise NotImplementedError


@frozen
class Opened(Change):
    """A new ticket; `names` are its queue, group, assignee and requester in words.

    `chosen` are those of priority, queue, group and assignee that an agent chose himself: rules leave them.
    """

    kind: ClassVar[str] = "created"
    ticket: Ticket
    side: str
    names: Mapping[str, str] = field(default_factory=nothing)
    chosen: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The fields it was opened with."""
        told = (
            *("subject", "status", "priority", "type", "category", "impact", "urgency", "channel"),
            *("vendor", "lang", "region"),
        )
        kept = {name: getattr(self.ticket, name) for name in told if getattr(self.ticket, name)}
        if self.ticket.tags:
            kept["tags"] = sorted(self.ticket.tags)
        if self.ticket.custom:
            kept["custom"] = dict(self.ticket.custom)
        if self.chosen:
            kept["chosen"] = list(self.chosen)
        return {**kept, **{name: value for name, value in self.names.items() if value}, "side": self.side}


@frozen
class Said(Change):
    """A message; `side` is "agent" or "requester": on whose side of this ticket the author stands.

    A `settled` one asks for nothing (a requester's thanks): nobody waits for an answer to it.
    """

    kind: ClassVar[str] = "message"
    body: str
    public: bool
    side: str
    auto: bool = False
    settled: bool = False
    channel: str = "cli"
    attachments: tuple[Attachment, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Everything but the words, which lie in the messages table."""
        kept: dict[str, Any] = {"public": self.public, "side": self.side, "channel": self.channel}
        for name in ("auto", "settled"):
            if getattr(self, name):
                kept[name] = True
        if self.attachments:
            kept["attachments"] = [file.name for file in self.attachments]
        return kept


@frozen
class Attached(Change):
    """Files without words."""

    kind: ClassVar[str] = "attached"
    attachments: tuple[Attachment, ...]
    internal: bool = True

    def facts(self) -> dict[str, Any]:
        """The names of the files."""
        return {"attachments": [file.name for file in self.attachments], "internal": self.internal}


@frozen
class StatusSet(Change):
    """A move from one status to another with what the move asked for."""

    kind: ClassVar[str] = "status"
    old: str
    new: str
    reason: str = ""
    until: int | None = None
    vendor: str = ""
    cause: str = ""
    solution: str = ""
    reopened: bool = False

    def facts(self) -> dict[str, Any]:
        """Both statuses and whatever was given."""
        kept: dict[str, Any] = {"old": self.old, "new": self.new}
        for name in ("reason", "until", "vendor", "cause", "solution", "reopened"):
            value = getattr(self, name)
            if value:
                kept[name] = value
        return kept


@frozen
class FieldSet(Change):
    """A field got another value; custom fields are named cf.NAME, queues and people by name."""

    kind: ClassVar[str] = "field"
    name: str
    old: str
    new: str
    reason: str = ""

    def facts(self) -> dict[str, Any]:
        """Name, old and new value, and why if somebody said so."""
        kept = {"name": self.name, "old": self.old, "new": self.new}
        return {**kept, "reason": self.reason} if self.reason else kept


@frozen
class Assigned(Change):
    """Another agent (by login, "" is nobody) has it."""

    kind: ClassVar[str] = "assigned"
    old: str
    new: str

    def facts(self) -> dict[str, Any]:
        """Both logins."""
        return {"old": self.old, "new": self.new}


@frozen
class Regrouped(Change):
    """Another group (by name, "" is none) has it."""

    kind: ClassVar[str] = "group"
    old: str
    new: str

    def facts(self) -> dict[str, Any]:
        """Both names."""
        return {"old": self.old, "new": self.new}


@frozen
class Tagged(Change):
    """Tags came and went."""

    kind: ClassVar[str] = "tags"
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Both lists, sorted."""
        return {"added": list(self.added), "removed": list(self.removed)}


@frozen
class Occurred(Change):
    """The same alert or script came again for an open ticket; `count` occurrences by now."""

    kind: ClassVar[str] = "occurred"
    count: int

    def facts(self) -> dict[str, Any]:
        """The count."""
        return {"count": self.count}


@frozen
class Record(Change):
    """A person, group or queue was added or changed: `noun` and `id` (NEW for a new one) name it.

    `values` are the columns that get another value, `links` the sets that go with it (addresses, domains,
    organizations, members, leads), whole; `told` is what the timeline says.
    """

    kind: ClassVar[str] = "record"
    noun: str
    id: int
    name: str
    values: Mapping[str, Any] = field(default_factory=nothing)
    links: Mapping[str, tuple[Any, ...]] = field(default_factory=nothing)
    told: Mapping[str, Any] = field(default_factory=nothing)

    def facts(self) -> dict[str, Any]:
        """What became different, in words."""
        return {"noun": self.noun, "name": self.name, "new": self.id == NEW, **self.told}


def author(change: Change, actor: Actor) -> Actor:
    """Who did it: `actor` himself, or the system where a rule did it because of him."""
    return actor if change.because.startswith(_BY_HAND) else SYSTEM


@frozen
class Notice:
    """Something that must leave the desk; `to` is an address or a login, `change` what it tells of."""

    kind: str
    to: str
    because: str
    change: int | None = None
    payload: Mapping[str, Any] = field(default_factory=nothing)


class Claim(NamedTuple):
    """A key of the ledger that is taken in the transaction of the act, whatever the `outcome`.

    `outcome` is done, kept (a person's choice stands), nothing (there was nothing to change), failed,
    skipped_late, skipped_new or skipped_done.
    """

    key: str
    rule: str
    nominal_at: int
    outcome: str


class Left(NamedTuple):
    """How a decision left the clocks of its ticket, for rules that change behind it.

    `rest` is None where only the timeline can tell; `later_at` is when anything but the customer's clocks is
    worth a look.
    """

    rest: "Rest | None"
    later_at: int | None


class Follow(NamedTuple):
    """An action on another ticket, decided afterwards in the same transaction as a root of its own.

    `parent` is the ticket that a new one becomes a part of (NEW: the one that this decision opens), `actor`
    who asks for it (None: the system).
    """

    action: Action
    depth: int
    because: str
    parent: int | None = None
    actor: Actor | None = None


@frozen
class Decision:
    """The whole answer: the ticket before and after, the changes between, what to send and warn about.

    `loads` is by how much the work of agents (ids) grows, `turn` the group and agent of an assignment by
    rule, `claims` the keys of the ledger it takes, `roots` what has to be decided next on other tickets,
    `left` how it left the clocks (None: nobody looked at them).
    """

    before: Ticket | None
    after: Ticket | None
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...] = ()
    warnings: tuple[Problem, ...] = ()
    existing: int | None = field(default=None)
    terms: Terms = DEFAULT_TERMS
    loads: Mapping[int, int] = field(default_factory=nothing)
    turn: tuple[int | None, int] | None = None
    claims: tuple[Claim, ...] = ()
    roots: tuple[Follow, ...] = ()
    left: Left | None = None
