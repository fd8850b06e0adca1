"""Directory: who and where the rows name, found on the desk or made on the way."""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from deskterm.desk.importing.mapping import ImportMapping, Person
from deskterm.desk.importing.people import Staff
from deskterm.desk.importing.states import State, Who
from deskterm.rules.facts import SYSTEM, Actor, Book, Contact, Group, Organization, Queue
from deskterm.store import known
from deskterm.store.bulk import Bulk
from deskterm.store.bulk_people import add_agent, add_contact, add_group, add_organization, add_queue

__all__ = ["Directory", "Memory"]

_NOUNS: Final = ("agents", "groups", "queues", "organizations", "contacts")
_REMEMBERED: Final = 100_000


@dataclass(slots=True)
class Memory:
    """Ids by name that an import has met, so that it need not ask the store again."""

    agents: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    queues: dict[str, int] = field(default_factory=dict)
    organizations: dict[str, int] = field(default_factory=dict)
    contacts: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)

    def learn(self, other: "Memory") -> None:
        """Take up what `other` knows."""
        for name in self.__slots__:
            getattr(self, name).update(getattr(other, name))

    def forget(self) -> None:
        """Drop contacts when there are too many to be kept; the store knows them."""
        if len(self.contacts) + len(self.addresses) > _REMEMBERED:
            self.contacts.clear()
            self.addresses.clear()


class Directory:
    """Finds or makes people and places for one chunk of tickets; `made` are those that were made."""

    def __init__(
        self, bulk: Bulk, book: Book, memory: Memory, staff: Staff, mapping: ImportMapping, now: int
    ) -> None:
        self._bulk = bulk
        self._memory = memory
        self._staff = staff
        self._mapping = mapping
        self._now = now
        roles = {"requester": mapping.requester, "submitter": mapping.submitter, "actor": mapping.actor}
        self._contacts = [role for role, person in roles.items() if person and not person.agent]
        self.made = Memory()
        self._next = {noun: bulk.next_id(noun) for noun in _NOUNS}
        memory.agents.update(book.logins)
        memory.groups.update(book.group_names)
        memory.queues.update(book.queue_names)
        self.book = Book(
            logins=ChainMap(self.made.agents, memory.agents),
            group_names=ChainMap(self.made.groups, memory.groups),
            queue_names=ChainMap(self.made.queues, memory.queues),
        )

    def look_up(self, states: Iterable[State]) -> None:
        """Ask the store, once, for all contacts and organizations of a chunk."""
        connection, memory = self._bulk.connection, self._memory
        names: set[str] = set()
        people: list[Who] = []
        for state in states:
            people += (who for role in self._contacts if (who := state.who(role)))
            if place := state.places.get("organization"):
                names.add(place[0])
        keys = {who.identity for who in people} - memory.contacts.keys()
        addresses = {who.address for who in people if who.address} - memory.addresses.keys()
        memory.contacts.update(known.contacts_by_key(connection, self._mapping.source, sorted(keys)))
        memory.addresses.update(known.contacts_by_address(connection, sorted(addresses)))
        wanted = sorted(names - memory.organizations.keys())
        memory.organizations.update(known.organizations_by_name(connection, wanted))

    def actor(self, state: State) -> Actor:
        """Who wrote a state."""
        return self._somebody(self._mapping.actor, state.who("actor"))

    def submitter(self, state: State, requester: int | None) -> Actor:
        """Who opened a ticket: its requester unless somebody else is named."""
        named = self._somebody(self._mapping.submitter, state.who("submitter"))
        return Actor("requester", requester) if named is SYSTEM and requester is not None else named

    def _somebody(self, person: Person | None, who: Who | None) -> Actor:
        if person is None or who is None:
            return SYSTEM
        if person.agent:
            return Actor("agent", self.agent(who.identity))
        return Actor("requester", self.contact(who))

    def agent(self, login: str) -> int:
        """The agent's id."""
        found = self._found("agents", login)
        if found is None:
            found = self._make("agents", login)
            add_agent(self._bulk, self._staff.agent(login, found), self._now)
        return found

    def group(self, name: str, title: str) -> int:
        """The group's id."""
        found = self._found("groups", name)
        if found is None:
            found = self._make("groups", name)
            add_group(self._bulk, Group(found, name, title), self._now)
        return found

    def queue(self, name: str, title: str) -> int:
        """The queue's id; no group works a queue that an import made."""
        found = self._found("queues", name)
        if found is None:
            found = self._make("queues", name)
            add_queue(self._bulk, Queue(found, name, title), self._now)
        return found

    def organization(self, name: str) -> int:
        """The organization's id."""
        found = self._found("organizations", name)
        if found is None:
            found = self._make("organizations", name)
            add_organization(self._bulk, Organization(found, name), self._now)
        return found

    def contact(self, who: Who, organization: int | None = None) -> int:
        """The contact's id: known by his key in the source, else by his address."""
        found = self._found("contacts", who.identity)
        if found is None and who.address:
            found = self._found("addresses", who.address)
        if found is None:
            found = self._make("contacts", who.identity)
            self._add_contact(who, found, organization)
        return found

    def _add_contact(self, who: Who, number: int, organization: int | None) -> None:
        addresses = (who.address,) if who.address else ()
        contact = Contact(
            id=number,
            name=who.name,
            addresses=addresses,
            organizations=() if organization is None else (organization,),
            lang=who.lang,
            tz=who.tz,
            phone=who.phone,
        )
        add_contact(self._bulk, contact, self._now, self._mapping.source, who.identity)
        self.made.addresses.update(dict.fromkeys(addresses, number))

    def _found(self, noun: str, name: str) -> int | None:
        here: Mapping[str, int] = getattr(self.made, noun)
        there: Mapping[str, int] = getattr(self._memory, noun)
        found = here.get(name)
        return there.get(name) if found is None else found

    def _make(self, noun: str, name: str) -> int:
        number = self._next[noun]
        self._next[noun] = number + 1
        getattr(self.made, noun)[name] = number
        return number
