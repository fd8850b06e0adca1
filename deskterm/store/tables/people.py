"""Who asks and who works: contacts, organizations, agents, groups, queues."""

from sqlmodel import Field

from deskterm.store.types import Row, instant, key, number, text


class OrganizationTable(Row, table=True):
    """A customer; `tier` chooses its service level."""

    __tablename__ = "organizations"

    id: int | None = key()
    name: str = text(unique=True)
    tier: str = text()
    created_at: int = instant(0, nullable=False)


class OrganizationDomain(Row, table=True):
    """A mail domain, lower case; one organization at most owns it."""

    __tablename__ = "organization_domains"

    domain: str = text(primary_key=True)
    organization_id: int = number(foreign_key="organizations.id", index=True)


class ContactTable(Row, table=True):
    """A person tickets are for; `source` and `external_id` name him in the desk he was imported from."""

    __tablename__ = "contacts"

    id: int | None = key()
    name: str = text()
    vip: bool = False
    lang: str = text()
    tz: str = text()
    phone: str = text()
    source: str = text()
    external_id: str = text()
    created_at: int = instant(0, nullable=False)


class ContactAddress(Row, table=True):
    """A mail address, lower case, of one contact; `rank` 0 is the one answered to."""

    __tablename__ = "contact_addresses"

    address: str = text(primary_key=True)
    contact_id: int = number(foreign_key="contacts.id", index=True)
    rank: int = 0


class ContactOrganization(Row, table=True):
    """A contact belongs to an organization by somebody's word, not by his address."""

    __tablename__ = "contact_organizations"

    contact_id: int = number(foreign_key="contacts.id", primary_key=True)
    organization_id: int = number(foreign_key="organizations.id", primary_key=True, index=True)


class AgentTable(Row, table=True):
    """Somebody who works on tickets; `login` never changes."""

    __tablename__ = "agents"

    id: int | None = key()
    login: str = text(unique=True)
    name: str = text()
    role: str = text("agent")
    email: str = text()
    active: bool = True
    tz: str = text()
    lang: str = text()
    contact_id: int | None = number(foreign_key="contacts.id")
    presence: str = text("online")
    capacity: int = number(0)
    skills: str = text("{}")  # JSON in ASCII, name -> level
    shift: str = text()
    out_from: int | None = instant()
    out_until: int | None = instant()
    substitute: str = text()
    load: int = number(0)
    created_at: int = instant(0, nullable=False)


class GroupTable(Row, table=True):
    """Agents who share work; `name` never changes, `title` is what people read, `turn` counts assignments."""

    __tablename__ = "groups"

    id: int | None = key()
    name: str = text(unique=True)
    title: str = text()
    active: bool = True
    turn: int = number(0)
    created_at: int = instant(0, nullable=False)


class GroupMember(Row, table=True):
    """An agent in a group, perhaps as its lead; `turn` is the assignment of the group that he got last."""

    __tablename__ = "group_members"

    group_id: int = number(foreign_key="groups.id", primary_key=True)
    agent_id: int = number(foreign_key="agents.id", primary_key=True, index=True)
    lead: bool = False
    turn: int = number(0)


class QueueTable(Row, table=True):
    """Where a ticket waits; `name` never changes, `title` is what people read."""

    __tablename__ = "queues"

    id: int | None = key()
    name: str = text(unique=True)
    title: str = text()
    group_id: int | None = number(foreign_key="groups.id")
    active: bool = Field(default=True)
    created_at: int = instant(0, nullable=False)
