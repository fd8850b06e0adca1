"""Contacts and organizations."""

from collections.abc import Iterable
from typing import Any

from deskterm.rules import actions as a
from deskterm.rules.changes import NEW, Record
from deskterm.rules.draft import Draft
from deskterm.rules.handlers.records import given, record
from deskterm.rules.names import address, check_length, domain
from deskterm.rules.problems import N_, Problem

__all__ = ["add_contact", "add_organization", "set_contact", "set_organization"]


def add_contact(action: a.AddContact, draft: Draft) -> None:
    """A new contact; an address that somebody has is refused with his name."""
    name = _named("name", action.name)
    if action.organization and draft.facts.organization is None:
        raise _missing("organization", action.organization)
    addresses = _free("address", [address(each) for each in action.addresses], draft)
    values = {"name": name, "vip": action.vip, "lang": action.lang, "tz": action.tz, "phone": action.phone}
    organization = draft.facts.organization
    if action.organization and organization is None:
        raise _missing("organization", action.organization)
    organizations = (organization.id,) if organization else ()
    told = {"addresses": list(addresses), "organization": organization.name if organization else ""}
    draft.add(
        Record(
            noun="contact",
            id=NEW,
            name=name,
            values=values,
            links={"addresses": addresses, "organizations": organizations},
            told={key: value for key, value in told.items() if value},
        )
    )


def set_contact(action: a.SetContact, draft: Draft) -> None:
    """Change what is given of a contact."""
    contact = draft.facts.contact
    if contact is None:
        raise _missing("contact", action.contact)
    values = given(action, ("vip", "lang", "tz", "phone"))
    if action.name is not None:
        values["name"] = _named("name", action.name)
    links: dict[str, tuple[Any, ...]] = {}
    told: dict[str, Any] = dict(values)
    if action.add_addresses or action.remove_addresses:
        new = _free("address", [address(each) for each in action.add_addresses], draft, contact.id)
        gone = {address(each) for each in action.remove_addresses}
        kept = [each for each in contact.addresses if each not in gone]
        links["addresses"] = tuple(dict.fromkeys((*kept, *new)))
        told["addresses"] = list(links["addresses"])
    if action.add_organizations or action.remove_organizations:
        by_name = {each.name: each.id for each in draft.facts.organizations}
        added = [_known(each, by_name) for each in action.add_organizations]
        removed = {_known(each, by_name) for each in action.remove_organizations}
        kept_ids = [each for each in contact.organizations if each not in removed]
        links["organizations"] = tuple(dict.fromkeys((*kept_ids, *added)))
        names = {number: name for name, number in by_name.items()}
        told["organizations"] = [names[each] for each in links["organizations"] if each in names]
    record(draft, "contact", contact.id, contact.name, values, links, told)


def add_organization(action: a.AddOrganization, draft: Draft) -> None:
    """A new organization; a name or domain that is taken is refused."""
    name = check_length("name", _named("name", action.name))
    if draft.facts.organization is not None:
        raise _taken("organization", name)
    domains = _free("domain", [domain(each) for each in action.domains], draft)
    told = {"tier": action.tier, "domains": list(domains)}
    draft.add(
        Record(
            noun="organization",
            id=NEW,
            name=name,
            values={"name": name, "tier": action.tier},
            links={"domains": domains},
            told={key: value for key, value in told.items() if value},
        )
    )


def set_organization(action: a.SetOrganization, draft: Draft) -> None:
    """Change what is given of an organization."""
    organization = draft.facts.organization
    if organization is None:
        raise _missing("organization", action.organization)
    values = given(action, ("tier",))
    if action.name is not None and action.name.strip() != organization.name:
        values["name"] = check_length("name", _named("name", action.name))
        if values["name"] in draft.facts.taken:
            raise _taken("organization", values["name"])
    links: dict[str, tuple[Any, ...]] = {}
    told: dict[str, Any] = dict(values)
    if action.add_domains or action.remove_domains:
        new = _free("domain", [domain(each) for each in action.add_domains], draft, organization.id)
        gone = {domain(each) for each in action.remove_domains}
        links["domains"] = tuple(sorted((organization.domains - gone) | set(new)))
        told["domains"] = list(links["domains"])
    record(draft, "organization", organization.id, organization.name, values, links, told)


def _named(field: str, name: str) -> str:
    if not name.strip():
        raise Problem("set.required", N_("%(field)s cannot be empty."), kind="usage", field=field)
    return name.strip()


def _free(noun: str, values: Iterable[str], draft: Draft, owner: int | None = None) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(values))
    for value in wanted:
        holder = draft.facts.taken.get(value)
        if holder is not None and holder != owner:
            raise _taken(noun, value)
    return wanted


def _known(name: str, by_name: dict[str, int]) -> int:
    if name not in by_name:
        raise _missing("organization", name)
    return by_name[name]


def _taken(noun: str, name: str) -> Problem:
    return Problem(
        "name.taken", N_("The %(field)s %(name)s exists already."), kind="refused", field=noun, name=name
    )


def _missing(noun: str, name: str) -> Problem:
    return Problem(
        "name.missing", N_("There is no %(field)s %(name)s."), kind="missing", field=noun, name=name
    )
