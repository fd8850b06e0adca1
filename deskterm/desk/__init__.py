"""The desk: everything anybody can do with it, for screens, command line, channels and timer alike."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from deskterm.clock import Clock
from deskterm.desk.receipt import Receipt
from deskterm.rules.facts import Actor, Book
from deskterm.rules.names import agent_named
from deskterm.rules.problems import N_, Problem
from deskterm.rules.views import VIEWS, View
from deskterm.store.engine import Store
from deskterm.store.library import Library

if TYPE_CHECKING:
    from deskterm.desk.explaining import Explaining, Explanation
    from deskterm.desk.perform import Performer, Translate
    from deskterm.desk.reading import Reader
    from deskterm.desk.replaying import Replaying
    from deskterm.desk.ruling import Ruling
    from deskterm.desk.timing import Ticked, Timer
    from deskterm.desk.wording import Wording
    from deskterm.rules.actions import Action, Attachment
    from deskterm.rules.prospects import Prospect
    from deskterm.rules.rulebook import RuleBook, Template
    from deskterm.rules.sla import ClockReport
    from deskterm.store.feed import Feed
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

__all__ = ["Desk", "Receipt"]


class Desk:
    """One help desk: its store, its clock, and the two things one does with them: perform and read.

    `worker` names this process in the ledger of what the timer did.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        zone: str = "",
        home: str = "UTC",
        say: "Translate" = str,
        worker: str = "",
    ) -> None:
        self.store = store
        self.clock = clock
        self._library = Library(clock.now)
        self._zone = zone
        self._home = home
        self._say = say
        self.worker = worker

    # whoever only reads pays for no rule, whoever only writes for no query: a command is one of both

    @cached_property
    def _performer(self) -> "Performer":
        from deskterm.desk.perform import Performer

        return Performer(self.store, self.clock, self._library, self._say, self.worker)

    @cached_property
    def _reader(self) -> "Reader":
        from deskterm.desk.reading import Reader

        return Reader(self.store, self.clock, self._library, self._zone, self._home)

    @cached_property
    def timer(self) -> "Timer":
        """Looks at what is due; any number of processes may."""
        from deskterm.desk.timing import Timer

        return Timer(self.store, self.clock, self._library, self._performer)

    @cached_property
    def ruling(self) -> "Ruling":
        """The rules: which are in force, what others would do, why a ticket is where it is."""
        from deskterm.desk.ruling import Ruling

        return Ruling(self.store, self.clock, self._library, self._performer)

    @cached_property
    def replaying(self) -> "Replaying":
        """What other rules would have made of the past."""
        from deskterm.desk.replaying import Replaying

        return Replaying(self.store, self.clock, self._library)

    @cached_property
    def explaining(self) -> "Explaining":
        """Says why a ticket is where it is."""
        from deskterm.desk.explaining import Explaining

        return Explaining(self.store, self.clock, self._library, self._reader)

    def explain(self, number: int, *, viewer: Actor, candidate: "RuleBook | None" = None) -> "Explanation":
        """Why a ticket is where it is and due when it is; with `candidate`, as those rules would have it."""
        return self.explaining.explain(number, viewer, candidate)

    @cached_property
    def wording(self) -> "Wording":
        """Canned responses as they read on a ticket, and the macros that fit tickets."""
        from deskterm.desk.wording import Wording

        return Wording(self.store, self.clock, self._library, self._reader)

    def templates(self, *, viewer: Actor) -> "tuple[Template, ...]":
        """The canned responses, for those who work here."""
        return self.wording.templates(viewer)

    def render(self, template: str, ticket: int, *, viewer: Actor, lang: str | None = None) -> str:
        """A canned response filled for a ticket: in `lang`, else the requester's language."""
        return self.wording.render(template, ticket, viewer, lang)

    def tick(self) -> "Ticked":
        """Do what is due by now."""
        return self.timer.tick()

    def perform(
        self,
        action: "Action",
        actor: Actor,
        *,
        key: str | None = None,
        seen: int | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Do `action`, once per `key`; raises the Problem that refuses it, Stale ones if `seen` moved."""
        receipt = self._performer.perform(action, actor, key=key, seen=seen, dry_run=dry_run)
        if self._performer.freed or self._performer.newcomers:
            self.timer.drain()
        return receipt

    def agent(self, login: str) -> Actor:
        """The agent with that login, as somebody who acts; one that is not active is refused."""
        agent = agent_named(login, self.book(), active=False)
        if not agent.active:
            raise Problem(
                "agent.inactive", N_("%(agent)s is no longer an active agent here."), agent=agent.login
            )
        return Actor("agent", agent.id)

    def requester(self, who: str) -> Actor:
        """The contact with that address or number, as somebody who acts."""
        from deskterm.store import snapshot

        with self.store.read() as connection:
            found = snapshot.contact_by(connection, who)
        if found is None:
            raise Problem("contact.missing", N_("There is no contact %(name)s."), kind="missing", name=who)
        return Actor("requester", found.id)

    def book(self) -> Book:
        """People, groups and queues as they are now."""
        with self.store.read() as connection:
            return self._library.book(connection)

    def page(
        self,
        query: str = "",
        *,
        viewer: Actor,
        limit: int = 50,
        after: str | None = None,
        before: str | None = None,
    ) -> "Page":
        """One page of a query, behind `after` or in front of `before`."""
        return self._reader.page(query, viewer, limit, after, before)

    def each(self, query: str = "", *, viewer: Actor) -> "Iterator[TicketRow]":
        """All rows of a query, fetched a page at a time."""
        return self._reader.each(query, viewer)

    def count(self, query: str = "", *, viewer: Actor, cap: int = 1000) -> int:
        """How many tickets; counting stops at `cap` + 1 (0: never)."""
        return self._reader.count(query, viewer, cap)

    def rank(self, query: str, ticket: int, *, viewer: Actor) -> int | None:
        """How many rows of a query stand before `ticket`, None when it is not among them."""
        return self._reader.rank(query, ticket, viewer)

    def ticket(self, number: int, *, viewer: Actor, public: bool = False) -> "TicketDetail":
        """A ticket with its timeline; `public` as its requester sees it."""
        return self._reader.ticket(number, viewer, public=public)

    def clocks(self, number: int, *, viewer: Actor) -> "ClockReport":
        """How the clocks of a ticket stand at this moment."""
        return self._reader.clocks(number, viewer)

    def ways(self, tickets: Sequence[int], *, viewer: Actor) -> "Mapping[int, tuple[Prospect, ...]]":
        """Where `viewer` may bring each of the tickets, what each move needs, and why not elsewhere."""
        return self._reader.ways(tickets, viewer)

    def agents(self) -> "tuple[AgentRow, ...]":
        """All agents."""
        return self._reader.agents()

    def groups(self) -> "tuple[GroupRow, ...]":
        """All groups."""
        return self._reader.groups()

    def queues(self) -> "tuple[QueueRow, ...]":
        """All queues."""
        return self._reader.queues()

    def contacts(self, text: str = "", *, viewer: Actor, limit: int = 50) -> "tuple[ContactRow, ...]":
        """Contacts by part of name or address; limit 0 is all."""
        return self._reader.contacts(text, viewer, limit)

    def contact(self, who: str, *, viewer: Actor) -> "ContactRow":
        """One contact by address or number."""
        return self._reader.contact(who, viewer)

    def organizations(self, text: str = "", *, limit: int = 50) -> "tuple[OrganizationRow, ...]":
        """Organizations by part of name or domain; limit 0 is all."""
        return self._reader.organizations(text, limit)

    def views(self) -> tuple[View, ...]:
        """The saved selections."""
        return VIEWS

    def attach(self, name: str, content: BinaryIO, media_type: str = "") -> "Attachment":
        """Store a file's content; the Attachment then goes into an action."""
        from deskterm.store.files import files_of  # few commands touch a file

        digest, size = files_of(self.store).add(content)
        from deskterm.rules.actions import Attachment

        return Attachment(name, digest, size, media_type or "application/octet-stream")

    def open_file(self, digest: str) -> BinaryIO:
        """The content of an attachment."""
        from deskterm.store.files import files_of

        return files_of(self.store).open(digest)

    def feed(self) -> "Feed":
        """Tells, cheaply, whether anybody wrote since one last asked."""
        from deskterm.store.feed import Feed

        return Feed(self.store)

    def close(self) -> None:
        """Let the database go."""
        self.store.close()
