"""People and places on their way into the tables in bulk, with all that belongs to them."""

from deskterm.rules.facts import Agent, Contact, Group, Organization, Queue
from deskterm.store import tables as t
from deskterm.store.bulk import Bulk
from deskterm.store.columns import encode

__all__ = ["add_agent", "add_contact", "add_group", "add_organization", "add_queue"]


def add_organization(bulk: Bulk, each: Organization, at: int) -> None:
    """An organization, made at `at`, and its domains."""
    bulk.add(t.organizations, (each.id, each.name, each.tier, at))
    for domain in sorted(each.domains):
        bulk.add(t.organization_domains, (domain, each.id))


def add_contact(bulk: Bulk, each: Contact, at: int, source: str = "", external_id: str = "") -> None:
    """A contact, his addresses and organizations; `source` knows him as `external_id`."""
    rest = (each.vip, each.lang, each.tz, each.phone, source, external_id, at)
    bulk.add(t.contacts, (each.id, each.name, *rest))
    for rank, address in enumerate(each.addresses):
        bulk.add(t.contact_addresses, (address, each.id, rank))
    for organization in each.organizations:
        bulk.add(t.contact_organizations, (each.id, organization))


def add_agent(bulk: Bulk, each: Agent, at: int) -> None:
    """An agent."""
    who = (each.role, each.email, each.active, each.tz, each.lang, each.contact_id)
    out = (each.shift, each.out_from, each.out_until, each.substitute)
    able = (each.presence, each.capacity, encode(each.skills), *out)
    bulk.add(t.agents, (each.id, each.login, each.name, *who, *able, 0, at))


def add_group(bulk: Bulk, each: Group, at: int) -> None:
    """A group and its members, the leads among them."""
    bulk.add(t.groups, (each.id, each.name, each.title, each.active, 0, at))
    for member in sorted(each.members | each.leads):
        bulk.add(t.group_members, (each.id, member, member in each.leads, 0))


def add_queue(bulk: Bulk, each: Queue, at: int) -> None:
    """A queue."""
    bulk.add(t.queues, (each.id, each.name, each.title, each.group_id, each.active, at))
