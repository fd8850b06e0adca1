"""The book as the store keeps it: who works here, with which words and rules; read again when it changed."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, select

from deskterm.rules.facts import Agent, Book, Event, Group, Queue
from deskterm.store.editions import Editions
from deskterm.store.revisions import activations, read_terms
from deskterm.store.tables import agents, group_members, groups, queues, settings

if TYPE_CHECKING:
    from deskterm.rules.rulebook import RuleBook

__all__ = ["Library"]


_NEVER: Final = 2**63  # whoever gives no clock takes every activation as it was written down
_REVISION: Final = select(settings.c.value).where(settings.c.name == "book")


class Library:
    """Keeps the last book; one short select tells whether it still holds.

    By the clock `now` no activation lies ahead: one that was made where the clock went ahead is in force now.
    """

    def __init__(self, now: Callable[[], int] = lambda: _NEVER) -> None:
        self._book: Book | None = None
        self._editions = Editions()
        self._now = now

    def book(self, connection: Connection) -> Book:
        """The book as of this transaction."""
        return self._in_time(self._known(connection))

    def _known(self, connection: Connection) -> Book:
        book, revision = self._book, _revision(connection)
        while book is None or book.revision != revision:
            book = _read(connection, revision)
            revision = _revision(connection)  # of somebody who came while it was read only a half is in it
        self._book = book
        return book

    def ruled(self, connection: Connection) -> Book:
        """The book with the rules in force, if the desk has any; whoever only reads tickets needs none."""
        book = self._known(connection)
        if book.rules is None and book.activated:
            edition = int(book.activated[-1].data["rev"])
            rules = self._editions.get(connection, (edition,))[edition]
            self._book = book = replace(book, rules=rules, editions={edition: rules})
        return self._in_time(book)

    def _in_time(self, book: Book) -> Book:
        if not book.activated or book.activated[-1].at <= (now := self._now()):
            return book
        past = tuple(replace(event, at=min(event.at, now)) for event in book.activated)
        return replace(book, activated=past)

    def editions(self, connection: Connection, numbers: Iterable[int]) -> "Mapping[int, RuleBook]":
        """The rule books of these revisions, by number."""
        return self._editions.get(connection, numbers)

    def edited(self, connection: Connection, book: Book, history: Iterable[Event]) -> Book:
        """The book with all the revisions that `history` names, those in force when it happened."""
        named = {
            int(event.data["rev"]) for event in history if event.kind in ("policy_applied", "rules_activated")
        }
        if named <= book.editions.keys():
            return book
        return replace(book, editions=self._editions.get(connection, named | book.editions.keys()))


def _revision(connection: Connection) -> int:
    return int(connection.execute(_REVISION).scalar_one())


def _read(connection: Connection, revision: int) -> Book:
    people = _agents(connection)
    teams = _groups(connection)
    rows = connection.execute(select(queues).order_by(queues.c.id))
    lines = {row.id: Queue(row.id, row.name, row.title, row.group_id, row.active) for row in rows}
    return Book(
        revision=revision,
        agents=MappingProxyType(people),
        groups=MappingProxyType(teams),
        queues=MappingProxyType(lines),
        logins={agent.login: agent.id for agent in people.values()},
        group_names={group.name: group.id for group in teams.values()},
        queue_names={queue.name: queue.id for queue in lines.values()},
        terms=read_terms(connection),
        activated=activations(connection),
    )


def _agents(connection: Connection) -> dict[int, Agent]:
    names = tuple(name for name in Agent.__dataclass_fields__ if name != "skills")
    query = select(*(agents.c[name] for name in (*names, "skills"))).order_by(agents.c.id)
    return {row.id: _agent(dict(row._mapping)) for row in connection.execute(query)}


def _agent(values: dict[str, Any]) -> Agent:
    return Agent(**values | {"skills": json.loads(values["skills"])})


def _groups(connection: Connection) -> dict[int, Group]:
    members: dict[int, set[int]] = {}
    leads: dict[int, set[int]] = {}
    for row in connection.execute(select(group_members)):
        members.setdefault(row.group_id, set()).add(row.agent_id)
        if row.lead:
            leads.setdefault(row.group_id, set()).add(row.agent_id)
    return {
        row.id: Group(
            id=row.id,
            name=row.name,
            title=row.title,
            members=frozenset(members.get(row.id, ())),
            leads=frozenset(leads.get(row.id, ())),
            active=row.active,
        )
        for row in connection.execute(select(groups).order_by(groups.c.id))
    }
