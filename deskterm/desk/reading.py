"""Reading: what a viewer may see, in frozen rows; the database applies the scope before limit and count."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.clock import Clock
from deskterm.rules.facts import Actor, Book
from deskterm.rules.problems import N_, Problem
from deskterm.rules.query import parse
from deskterm.rules.query.bind import bind
from deskterm.rules.query.context import QueryContext, Vocabulary
from deskterm.store import directory, views
from deskterm.store.engine import Store
from deskterm.store.library import Library
from deskterm.store.rows import (
    AgentRow,
    ContactRow,
    GroupRow,
    OrganizationRow,
    Page,
    QueueRow,
    TicketDetail,
    TicketRow,
)
from deskterm.store.search import Selection, compile_query

if TYPE_CHECKING:
    from deskterm.rules.prospects import Prospect
    from deskterm.rules.sla import ClockReport

__all__ = ["Reader"]

_CHUNK = 500  # tickets that are read in one go


class Reader:
    """Reads one store; days are meant in `zone`, else in the agent's own zone, else in the desk's `home`."""

    def __init__(
        self, store: Store, clock: Clock, library: Library, zone: str = "", home: str = "UTC"
    ) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._zone = zone
        self._home = home

    def page(
        self,
        query: str,
        viewer: Actor,
        limit: int,
        after: str | None = None,
        before: str | None = None,
    ) -> Page:
        """One page of a query."""
        with self._store.read() as connection:
            book = self._library.book(connection)
            selection = self._select(query, viewer, book)
            return views.page(connection, selection, book, limit=limit, after=after, before=before)

    def each(self, query: str, viewer: Actor) -> Iterator[TicketRow]:
        """All rows of a query, a page at a time."""
        with self._store.read() as connection:
            book = self._library.book(connection)
            yield from views.each(connection, self._select(query, viewer, book), book)

    def count(self, query: str, viewer: Actor, cap: int) -> int:
        """At most `cap` + 1; 0 counts all."""
        with self._store.read() as connection:
            selection = self._select(query, viewer, self._library.book(connection))
            return views.count(connection, selection, cap)

    def rank(self, query: str, ticket: int, viewer: Actor) -> int | None:
        """How many rows stand before `ticket`, None when it is not among them."""
        with self._store.read() as connection:
            selection = self._select(query, viewer, self._library.book(connection))
            return views.rank(connection, selection, ticket)

    def ticket(self, number: int, viewer: Actor, *, public: bool) -> TicketDetail:
        """The ticket in full; a requester's view is always the public one."""
        from deskterm.store import details

        with self._store.read() as connection:
            row = self._row(connection, number, viewer, self._library.book(connection))
            return details.detail(connection, row, public=public or viewer.kind == "requester")

    def clocks(self, number: int, viewer: Actor) -> "ClockReport":
        """How the clocks of a ticket stand now, each under the rules of its time."""
        from deskterm.rules.sla import fold
        from deskterm.store import snapshot

        with self._store.read() as connection:
            book = self._library.book(connection)
            self._row(connection, number, viewer, book)
            history = snapshot.with_activations(snapshot.history_of(connection, number), book.activated)
            editions = self._library.edited(connection, book, history).editions
        return fold(history, editions, max(self._clock.now(), history[-1].at))

    def ways(self, tickets: Sequence[int], viewer: Actor) -> "Mapping[int, tuple[Prospect, ...]]":
        """Where `viewer` may bring each of the tickets; a number that he cannot see is left out."""
        from deskterm.rules.decide import moment
        from deskterm.rules.permissions import is_requester
        from deskterm.rules.prospects import prospects
        from deskterm.store.masses import facts_of

        found: dict[int, tuple[Prospect, ...]] = {}
        with self._store.read() as connection:
            for start in range(0, len(tickets), _CHUNK):
                book = self._library.ruled(connection)
                for facts in facts_of(connection, tickets[start : start + _CHUNK], book):
                    ticket = facts.ticket
                    if ticket is not None and (viewer.kind == "agent" or is_requester(viewer, ticket, book)):
                        found[ticket.id] = prospects(ticket, viewer, book, moment(facts, self._clock.now()))
        return found

    def agents(self) -> tuple[AgentRow, ...]:
        """All agents."""
        with self._store.read() as connection:
            return directory.agent_rows(connection, self._library.book(connection))

    def groups(self) -> tuple[GroupRow, ...]:
        """All groups."""
        with self._store.read() as connection:
            return directory.group_rows(connection, self._library.book(connection))

    def queues(self) -> tuple[QueueRow, ...]:
        """All queues."""
        with self._store.read() as connection:
            return directory.queue_rows(connection, self._library.book(connection))

    def contacts(self, text: str, viewer: Actor, limit: int) -> tuple[ContactRow, ...]:
        """Contacts by name or address; a requester sees himself."""
        with self._store.read() as connection:
            own = viewer.id if viewer.kind == "requester" else None
            return directory.contact_rows(connection, text, limit, own)

    def contact(self, who: str, viewer: Actor) -> ContactRow:
        """One contact, by address or number."""
        from deskterm.store import snapshot

        with self._store.read() as connection:
            found = snapshot.contact_by(connection, who)
            if found is None or (viewer.kind == "requester" and found.id != viewer.id):
                raise _no_contact(who)
            return directory.contact_rows(connection, number=found.id)[0]

    def organizations(self, text: str, limit: int) -> tuple[OrganizationRow, ...]:
        """Organizations by name or domain."""
        with self._store.read() as connection:
            return directory.organization_rows(connection, text, limit)

    def _row(self, connection: Any, number: int, viewer: Actor, book: Book) -> TicketRow:
        """The row of a ticket that its viewer may see; anybody else learns that there is none."""
        selection = self._select(f"id:{number}", viewer, book) if 0 < number < 2**63 else None
        rows = views.page(connection, selection, book, limit=1).rows if selection else ()
        if not rows:
            raise Problem(
                "ticket.missing", N_("There is no ticket %(ticket)s."), kind="missing", ticket=number
            )
        return rows[0]

    def _select(self, text: str, viewer: Actor, book: Book) -> Selection:
        context = self._context(viewer, book)
        query = parse(text, vocabulary=context.vocabulary)
        return compile_query(bind(query.where, context), query.order, viewer, book, self._store.dialect)

    def _context(self, viewer: Actor, book: Book) -> QueryContext:
        agent = book.agents.get(viewer.id or 0) if viewer.kind == "agent" else None
        terms = book.terms
        words = Vocabulary(priorities=terms.priorities, statuses=terms.statuses)
        if agent is None:
            return QueryContext(now=self._clock.now(), zone=self._zone or self._home, vocabulary=words)
        teams = tuple(group.name for group in book.groups.values() if agent.id in group.members)
        own = (agent.email.lower(),) if agent.email else ()
        return QueryContext(
            now=self._clock.now(),
            me=agent.login,
            zone=self._zone or agent.tz or self._home,
            groups=teams,
            addresses=own,
            vocabulary=words,
        )


def _no_contact(who: str) -> Problem:
    return Problem("contact.missing", N_("There is no contact %(name)s."), kind="missing", name=who)
