"""Revisions: the rule files that were activated, kept for good, and the words that the last one brought."""

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import Connection, func, insert, select

from deskterm.rules.facts import Actor, Event
from deskterm.rules.terms import DEFAULT_TERMS, Terms
from deskterm.store.columns import encode
from deskterm.store.tables import events, rule_revisions, settings

if TYPE_CHECKING:
    from deskterm.rules.verdicts import Activated

__all__ = ["Revision", "activations", "add", "latest", "read", "read_terms", "revisions"]

_TERMS: Final = "terms"
_WORDS: Final = select(settings.c.value).where(settings.c.name == _TERMS)
_LATEST: Final = select(func.max(rule_revisions.c.id))


class Revision(NamedTuple):
    """A rule file in force from `at` on; `holidays` are the public holidays it was expanded with.

    `note` is what whoever activated it said about it; only `revisions` tells it.
    """

    rev: int
    at: int
    agent_id: int | None
    event_id: int
    name: str
    body: str
    holidays: Mapping[str, Any]
    note: str = ""


def latest(connection: Connection) -> int:
    """The number of the revision in force; 0 on a desk that has none."""
    return connection.execute(_LATEST).scalar_one() or 0


def read(connection: Connection, numbers: Iterable[int]) -> tuple[Revision, ...]:
    """The revisions of these numbers, oldest first."""
    wanted = sorted(set(numbers))
    if not wanted:
        return ()
    query = select(rule_revisions).where(rule_revisions.c.id.in_(wanted)).order_by(rule_revisions.c.id)
    return tuple(_revision(row) for row in connection.execute(query))


def revisions(connection: Connection) -> tuple[Revision, ...]:
    """All revisions, the last one first."""
    query = select(rule_revisions, events.c.data).join(events, events.c.id == rule_revisions.c.event_id)
    return tuple(
        _revision(row)._replace(note=json.loads(row.data).get("note", ""))
        for row in connection.execute(query.order_by(rule_revisions.c.id.desc()))
    )


def _revision(row: Any) -> Revision:
    holidays = json.loads(row.holidays)
    return Revision(row.id, row.at, row.agent_id, row.event_id, row.name, row.body, holidays)


def activations(connection: Connection) -> tuple[Event, ...]:
    """The events of all activations, oldest first; they belong into every timeline that they cut.

    Their order is that of the revisions: one that a clock put behind its successor ends where that begins.
    """
    columns = rule_revisions.c
    query = select(columns.id, columns.at, columns.event_id, columns.name).order_by(columns.id.desc())
    found: list[Event] = []
    for row in connection.execute(query):
        at = min(row.at, found[-1].at) if found else row.at
        told = MappingProxyType({"rev": row.id, "name": row.name})
        found.append(Event(row.event_id, at, "rules_activated", Actor("system"), told))
    return tuple(reversed(found))


def add(connection: Connection, change: "Activated", event: int, actor: Actor, at: int) -> int:
    """Keep a revision and put its words in force. Raises IntegrityError when its number is taken."""
    values = {
        "id": change.rev,
        "at": at,
        "agent_id": actor.id if actor.kind == "agent" else None,
        "event_id": event,
        "name": change.name,
        "body": change.body,
        "holidays": encode(change.holidays),
    }
    connection.execute(insert(rule_revisions), values)
    connection.execute(settings.delete().where(settings.c.name == _TERMS))
    connection.execute(insert(settings), {"name": _TERMS, "value": encode(change.words)})
    return change.rev


def read_terms(connection: Connection) -> Terms:
    """The words of the desk: those of the rules in force."""
    found = connection.execute(_WORDS).scalar_one_or_none()
    if found is None:
        return DEFAULT_TERMS
    words = json.loads(found)
    return Terms(
        tuple(words["priorities"]),
        words["default_priority"],
        MappingProxyType(words["matrix"]),
        MappingProxyType(words["statuses"]),
    )
