"""Retrace: what a ticket was after each event of its timeline, as far as the timeline tells.

A vendor's clock and the anchor of an automation ask of the past what a search asks of the present.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from deskterm.rules.facts import EMPTY, Event

if TYPE_CHECKING:
    from deskterm.rules.query.ast import Node

__all__ = ["RETRACED", "Retraced", "Trail", "after", "retrace", "untraceable"]

_PLAIN: Final = (
    *("status", "priority", "queue", "group", "assignee", "requester", "channel", "type", "category"),
    *("lang", "region", "impact", "urgency", "vendor", "subject"),
)
RETRACED: Final = frozenset({*_PLAIN, "domain", "tag", "reopens"})
"""The fields of a bound query that the timeline answers; besides them cf.NAME."""


class Retraced(NamedTuple):
    """A ticket at a moment of its past; "" where nobody had said. A `query.TicketView`.

    What the timeline does not tell (see RETRACED) has no value here: ask nothing by it.
    """

    status: str = "new"
    priority: str = ""
    queue: str = ""
    group: str = ""
    assignee: str = ""
    requester: str = ""
    channel: str = ""
    type: str = ""
    category: str = ""
    lang: str = ""
    region: str = ""
    impact: str = ""
    urgency: str = ""
    vendor: str = ""
    subject: str = ""
    tags: frozenset[str] = frozenset()
    custom: Mapping[str, str] = EMPTY
    reopen_count: int = 0
    created_at: int = 0

    id: int = 0  # fields of the view that stay empty
    requester_name: str | None = None
    org: str | None = None
    tier: str | None = None
    parent: int | None = None
    text_n: str = ""
    updated_at: int = 0
    next_due_at: int | None = None
    waiting_since: int | None = None
    sla_state: str | None = None

    @property
    def domain(self) -> str | None:
        """The mail domain of the requester, lower case."""
        name, at, domain = self.requester.rpartition("@")
        return domain.lower() if name and at else None

    @property
    def subject_n(self) -> str:
        """The subject as `words.norm` gives it."""
        from deskterm.rules.words import norm

        return norm(self.subject)


Trail = tuple[tuple[Event, Retraced], ...]
"""Events, oldest first, each with the ticket as it was right after it."""


def retrace(history: Iterable[Event], ticket: Retraced | None = None) -> Iterator[tuple[Event, Retraced]]:
    """The trail of `history` (oldest first), which goes on from `ticket` if that is given."""
    ticket = ticket or _UNKNOWN
    for event in history:
        ticket = after(ticket, event)
        yield event, ticket


_UNKNOWN: Final = Retraced()


def after(ticket: Retraced, event: Event) -> Retraced:
    """`ticket` after one more event; the same one when it changed nothing that is retraced."""
    data = event.data
    match event.kind:
        case "created":
            return _opened(event)
        case "status":
            return _moved(ticket, data)
        case "field":
            return _filled(ticket, str(data["name"]), str(data["new"]))
        case "assigned":
            return ticket._replace(assignee=str(data["new"]))
        case "group":
            return ticket._replace(group=str(data["new"]))
        case "tags":
            gone, come = data.get("removed", ()), data.get("added", ())
            return ticket._replace(tags=(ticket.tags - set(gone)) | set(come))
    return ticket


def _opened(event: Event) -> Retraced:
    data = event.data
    told: dict[str, Any] = {name: str(data[name]) for name in _PLAIN if data.get(name)}
    tags = frozenset(data.get("tags", ()))
    return Retraced(**told, tags=tags, custom=data.get("custom") or EMPTY, created_at=event.at)


def _moved(ticket: Retraced, data: Mapping[str, Any]) -> Retraced:
    values: dict[str, Any] = {"status": str(data["new"])}
    if data.get("vendor"):
        values["vendor"] = str(data["vendor"])
    if data.get("reopened"):
        values["reopen_count"] = ticket.reopen_count + 1
    return ticket._replace(**values)


def _filled(ticket: Retraced, name: str, new: str) -> Retraced:
    if name.startswith("cf."):
        rest = {key: value for key, value in ticket.custom.items() if key != name[3:]}
        return ticket._replace(custom={**rest, name[3:]: new} if new else rest)
    values: dict[str, Any] = {name: new}
    return ticket._replace(**values) if name in _PLAIN else ticket


def untraceable(node: "Node") -> frozenset[str]:
    """The fields of a bound tree that the timeline does not answer."""
    from deskterm.rules.query.ast import And, Not, Or

    match node:
        case And() | Or():
            return frozenset().union(*(untraceable(each) for each in node.nodes))
        case Not():
            return untraceable(node.node)
    name: str = getattr(node, "field", "")
    return frozenset() if name in RETRACED or name.startswith("cf.") else frozenset({name})
