"""The house: who works at the demo desk and for whom, read from people.toml."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from deskterm.rules.facts import Actor, Agent, Book, Contact, Group, Organization, Queue

__all__ = ["Caller", "House", "Member", "absences", "house", "package_text"]

HOUR = 3600
LEFT = HOUR // 4  # how long ago whoever is out of office went


@dataclass(frozen=True, slots=True)
class Member:
    """An agent with the languages he answers in; `sign` is how he signs in each."""

    agent: Agent
    langs: tuple[str, ...]
    sign: Mapping[str, str]

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return Actor("agent", self.agent.id)


@dataclass(frozen=True, slots=True)
class Caller:
    """A contact as stories need him: the desk he turns to, his site, how he is addressed."""

    contact: Contact
    organization: str
    desk: str
    site: str
    call: str

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return Actor("requester", self.contact.id)

    @property
    def address(self) -> str:
        """Where he is answered."""
        return self.contact.addresses[0]


@dataclass(frozen=True, slots=True)
class House:
    """All people, groups and queues of the demo desk."""

    book: Book
    organizations: tuple[Organization, ...]
    callers: tuple[Caller, ...]
    crew: Mapping[str, Member]

    def members(self, group: str, lang: str) -> list[Member]:
        """Who in the group answers in that language, by agent id."""
        team = self.book.groups[self.book.group_names[group]].members
        return [each for each in self.crew.values() if each.agent.id in team and lang in each.langs]

    def lead(self, group: str, lang: str) -> Member:
        """A lead of the group, if possible one who answers in that language."""
        leads = self.book.groups[self.book.group_names[group]].leads
        found = [each for each in self.crew.values() if each.agent.id in leads]
        return next((each for each in found if lang in each.langs), found[0])

    def group_of(self, queue: str) -> str:
        """The name of the group that works the queue."""
        return self.book.groups[self.book.queues[self.book.queue_names[queue]].group_id or 0].name

    def of(self, desk: str, lang: str) -> list[Caller]:
        """Who turns to that desk in that language."""
        return [each for each in self.callers if each.desk == desk and each.contact.lang == lang]

    def caller(self, address: str) -> Caller:
        """The caller with that address."""
        return next(each for each in self.callers if address in each.contact.addresses)


def package_text(name: str) -> str:
    """The text of a file that lies beside this module."""
    return files("deskterm.demo").joinpath(name).read_text("utf-8")


def house() -> House:
    """The one house of the demo desk."""
    page = tomllib.loads(package_text("people.toml"))
    crew = {member.agent.login: member for member in _crew(page["agents"], page["able"])}
    organizations, callers = _callers(page)
    return House(_book(page, crew), organizations, callers, crew)


def absences(now: int) -> dict[str, tuple[int, int]]:
    """Who is out of office at `now`, by login: since when and until when (instants)."""
    able = tomllib.loads(package_text("people.toml"))["able"]
    return {login: (now - LEFT, now + row["gone"] * HOUR) for login, row in able.items() if "gone" in row}


def _crew(table: Mapping[str, Any], able: Mapping[str, Any]) -> Iterator[Member]:
    for number, line in enumerate(table["list"], 1):
        name, chinese, login, role, langs, zone = _fields(line, 6)
        own = langs.split()[0]
        agent = Agent(
            id=number,
            login=login,
            name=name,
            role=role,
            email=f"{login}@{table['domain']}",
            tz=zone,
            lang=_locale(own),
            **{key: value for key, value in able.get(login, {}).items() if key != "gone"},
        )
        yield Member(agent, tuple(langs.split()), {"en": name.split()[0], "zh": chinese})


def _book(page: Mapping[str, Any], crew: Mapping[str, Member]) -> Book:
    groups = {
        number: Group(
            number,
            row["name"],
            row["title"],
            frozenset(crew[login].agent.id for login in row["members"]),
            frozenset(crew[login].agent.id for login in row["leads"]),
        )
        for number, row in enumerate(page["group"], 1)
    }
    group_names = {group.name: group.id for group in groups.values()}
    queues = {
        number: Queue(number, row["name"], row["title"], group_names[row["group"]])
        for number, row in enumerate(page["queue"], 1)
    }
    agents = {member.agent.id: member.agent for member in crew.values()}
    return Book(
        agents=agents,
        groups=groups,
        queues=queues,
        logins={agent.login: agent.id for agent in agents.values()},
        group_names=group_names,
        queue_names={queue.name: queue.id for queue in queues.values()},
    )


def _callers(page: Mapping[str, Any]) -> tuple[tuple[Organization, ...], tuple[Caller, ...]]:
    organizations: list[Organization] = []
    callers: list[Caller] = []
    for number, row in enumerate(page["organization"], 1):
        organizations.append(Organization(number, row["name"], row["tier"], frozenset(row["domains"])))
        for line in row["contacts"]:
            callers.append(_caller(line, row, number, len(callers) + 1, page["zones"]))
    return tuple(organizations), tuple(callers)


def _caller(
    line: str, row: Mapping[str, Any], organization: int, number: int, zones: Mapping[str, str]
) -> Caller:
    name, local, site, form, vip = _fields(line, 5)
    contact = Contact(
        id=number,
        name=name,
        addresses=tuple(f"{local}@{domain}" for domain in row["domains"]),
        organizations=(organization,),
        vip=vip == "vip",
        lang=row["lang"],
        tz=zones[site],
        phone=_phone(zones[site], number),
    )
    call = _surname(name) + form if form else name.split()[0]
    return Caller(contact, row["name"], row["desk"], site, call)


def _fields(line: str, count: int) -> list[str]:
    values = [each.strip() for each in line.split("|")]
    return values + [""] * (count - len(values))


def _locale(lang: str) -> str:
    return "zh_CN" if lang == "zh" else lang


def _surname(name: str) -> str:
    return name[0]


def _phone(zone: str, number: int) -> str:
    country = {"Asia/Shanghai": "+86 21 5550 0", "Europe/Berlin": "+49 30 5550 0"}
    return f"{country.get(zone, '+1 212 555 0')}{100 + number}"
