"""Names: from what somebody typed to the thing the desk knows, or a Problem with the valid names."""

from collections.abc import Iterable, Mapping, Sequence

from deskterm.rules.facts import Agent, Book, Group, Queue
from deskterm.rules.problems import N_, Problem
from deskterm.rules.terms import CHANNELS, DEFAULT_TERMS, DEFAULT_TYPES, LEVELS, ROLES, Terms

__all__ = [
    "SETTABLE",
    "address",
    "agent_named",
    "check_field",
    "check_length",
    "check_tag",
    "check_value",
    "domain",
    "group_named",
    "nearest",
    "queue_named",
    "slug",
]

SETTABLE = (
    "subject",
    "priority",
    "type",
    "category",
    "queue",
    "group",
    "impact",
    "urgency",
    "vendor",
    "region",
    "lang",
)

LIMIT = 300
"""Characters of a value that lists are asked by; each has up to 8 bytes, and Postgres indexes 2,700 a row."""

LISTED = ("category", "vendor", "region", "lang")
"""Fields with any words in them that lists are asked by."""

_VALID: Mapping[str, tuple[str, ...]] = {
    "type": DEFAULT_TYPES,
    "impact": tuple(reversed(LEVELS)),
    "urgency": tuple(reversed(LEVELS)),
    "channel": CHANNELS,
    "role": ROLES[1:],
}


def check_value(field: str, value: str, terms: Terms = DEFAULT_TERMS) -> str:
    """`value` if `field` knows it, else a usage Problem that lists the valid ones."""
    valid = terms.priorities[::-1] if field == "priority" else _VALID[field]
    if value not in valid:
        raise Problem(
            "value.unknown",
            N_("%(value)s is not a %(field)s."),
            kind="usage",
            choices=valid,
            field=field,
            value=value,
        )
    return value


def check_field(name: str) -> None:
    """Refuse a field that cannot be set; custom ones are named cf.NAME."""
    custom = name[3:] if name.startswith("cf.") else ""
    if name in SETTABLE or (
        custom and len(custom) <= 40 and custom.replace("_", "").replace("-", "").isalnum()
    ):
        return
    known = (*SETTABLE, "cf.NAME")
    raise Problem(
        "field.unknown",
        N_("There is no field named %(name)s."),
        kind="usage",
        choices=nearest(name, known),
        field="field",
        name=name,
    )


def nearest(word: str, known: Sequence[str]) -> tuple[str, ...]:
    """The one of `known` that was probably meant, or all of them."""
    from difflib import get_close_matches  # only a mistake pays for it

    return tuple(get_close_matches(word, known, n=1, cutoff=0.6)) or tuple(known)


def check_length(field: str, value: str) -> str:
    """`value` unless it is longer than an index of any database takes."""
    if len(value) > LIMIT:
        raise Problem(
            "value.long",
            N_("%(field)s can have up to %(limit)d characters, not %(length)d."),
            kind="usage",
            field=field,
            limit=LIMIT,
            length=len(value),
        )
    return value


def check_tag(name: str) -> None:
    """Refuse a tag that a query could not name."""
    if not name or len(name) > 64 or any(char.isspace() or char in ',"()' for char in name) or name[0] == "-":
        raise Problem(
            "tag.form",
            N_(
                "%(tag)s cannot be a tag: no space, comma, quote or bracket, no - in front, up to 64 letters."
            ),
            kind="usage",
            field="tag",
            tag=name or '""',
        )


def agent_named(login: str, book: Book, *, active: bool = True) -> Agent:
    """The (active) agent with that login."""
    agent = book.agents.get(book.logins.get(login, -1))
    if agent is None or (active and not agent.active):
        raise _unknown("agent", login, (each.login for each in book.agents.values() if each.active))
    return agent


def group_named(name: str, book: Book) -> Group:
    """The group with that name."""
    group = book.groups.get(book.group_names.get(name, -1))
    if group is None:
        raise _unknown("group", name, (each.name for each in book.groups.values() if each.active))
    return group


def queue_named(name: str, book: Book) -> Queue:
    """The queue with that name."""
    queue = book.queues.get(book.queue_names.get(name, -1))
    if queue is None:
        raise _unknown("queue", name, (each.name for each in book.queues.values() if each.active))
    return queue


def slug(noun: str, name: str) -> str:
    """A name that may stand in a query and on a command line: letters of any script, digits, - _ ."""
    good = name and len(name) <= 64 and all(char.isalnum() or char in "-_." for char in name)
    if not good or name[0] in "-." or name in ("me", "mine", "none", "any"):
        raise Problem(
            "name.form",
            N_("%(name)s cannot be the name (%(field)s): use up to 64 letters, digits, - _ . and no space."),
            kind="usage",
            field=noun,
            name=name or '""',
        )
    return name


def address(text: str) -> str:
    """A mail address, lower case; refused without one @ between two parts or with space or control bytes."""
    lowered = text.strip().lower()
    local, at, host = lowered.rpartition("@")
    if (
        not (at and local and host)
        or len(lowered) > 320
        or not _printable(lowered)
        or any(c in "<>,;" for c in lowered)
    ):
        raise Problem(
            "address.form",
            N_("%(address)s is not a mail address (name@example.com)."),
            kind="usage",
            field="address",
            address=text,
        )
    return lowered


def domain(text: str) -> str:
    """A mail domain, lower case, without a leading @."""
    lowered = text.strip().lower().removeprefix("@")
    if "." not in lowered or not _printable(lowered) or "@" in lowered or len(lowered) > 253:
        raise Problem(
            "domain.form",
            N_("%(domain)s is not a mail domain (example.com)."),
            kind="usage",
            field="domain",
            domain=text,
        )
    return lowered


def _printable(text: str) -> bool:
    return all(char.isprintable() and not char.isspace() for char in text)


def _unknown(field: str, name: str, valid: Iterable[str]) -> Problem:
    return Problem(
        "name.unknown",
        N_("There is no %(field)s named %(name)s."),
        kind="usage",
        choices=sorted(valid),
        field=field,
        name=name,
    )
