"""The registry of fields: what can be asked of a ticket, with which operators and values."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from deskterm.rules.problems import N_
from deskterm.rules.query.context import Vocabulary
from deskterm.rules.terms import CHANNELS, DEFAULT_TYPES, LEVELS

__all__ = [
    "BOUND",
    "FIELDS",
    "ORDER",
    "SORTABLE",
    "STATES",
    "Field",
    "Kind",
    "choices",
    "find",
    "searchable",
    "spelling",
]

Kind = Literal["int", "enum", "instant", "age", "text", "tag", "custom", "is"]

EQUAL: Final = (":", "=", "!=")
ORDER: Final = ("<", "<=", ">", ">=")
STATES: Final = (
    *("open", "new", "pending", "waiting", "unsolved", "resolved", "solved", "closed", "reopened"),
    *("overdue", "atrisk", "breached", "paused", "mine", "assigned", "unassigned"),
)
"""What can follow `is:`; `bind` gives each its meaning."""


class Field(NamedTuple):
    """One field: its `attribute` on the facts (`key` in it if that is a mapping), what may be asked of it.

    `closed` names the set that lists all valid values, `me` allows me and mine, `optional` none and any;
    `lower` values are kept in lower case, `hidden` fields appear in bound trees only.
    """

    name: str
    kind: Kind
    attribute: str
    about: str
    key: str = ""
    closed: str = ""
    optional: bool = True
    me: bool = False
    ordered: bool = False
    sortable: bool = False
    lower: bool = False
    rules_only: bool = False
    hidden: bool = False
    suggestions: tuple[str, ...] = ()

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators that may follow the field."""
        if self.kind == "text":
            return ("~", ":")
        if self.kind == "age":
            return (*EQUAL, *ORDER) if self.optional else ORDER
        return (*EQUAL, *ORDER) if self.ordered or self.kind in ("int", "instant") else EQUAL


def _name(name: str, about: str, **more: Any) -> Field:
    return Field(name, "enum", more.pop("attribute", name), about, **{"sortable": True, **more})


def _time(name: str, attribute: str, about: str, *suggestions: str, **more: Any) -> Field:
    kind: Kind = more.pop("kind", "instant")
    return Field(name, kind, attribute, about, sortable=True, suggestions=suggestions, **more)


_TICKET = (
    Field("id", "int", "id", N_("the number of the ticket"), optional=False, sortable=True),
    _name("status", N_("where the work stands"), closed="status", optional=False),
    Field("is", "is", "", N_("a state such as open, overdue or unassigned"), closed="is", optional=False),
    _name("priority", N_("how urgent it is"), closed="priority", ordered=True),
    _name("queue", N_("where it waits")),
    _name("group", N_("the group that works on it"), me=True),
    _name("assignee", N_("the agent who has it"), me=True),
    _name("requester", N_("whom it is for, by address or name"), me=True, lower=True),
    _name("org", N_("the organization of the requester")),
    _name("tier", N_("the service tier of the organization")),
    _name("channel", N_("how it came in"), suggestions=CHANNELS),
    _name("type", N_("what kind of ticket"), suggestions=DEFAULT_TYPES),
    _name("category", N_("what it is about")),
    _name("lang", N_("its language"), suggestions=("en", "zh")),
    _name("region", N_("the region of the requester")),
    _name("domain", N_("the mail domain of the requester"), lower=True, sortable=False),
    Field("tag", "tag", "tags", N_("a tag on it")),
    Field("subject", "text", "subject_n", N_("words of the subject"), optional=False, sortable=True),
    Field("text", "text", "text_n", N_("words of subject, messages and notes"), optional=False),
    _time("due", "next_due_at", N_("its next due"), "30m", "4h", "2d", "today"),
    _time("created", "created_at", N_("when it was opened"), "today", "yesterday", "-7d", optional=False),
    _time("updated", "updated_at", N_("its last change"), "today", "yesterday", "-7d", optional=False),
    _time("age", "created_at", N_("time since it was opened"), "4h", "2d", "1w", kind="age", optional=False),
    _time("waiting", "waiting_since", N_("how long the requester waits"), "30m", "4h", "2d", kind="age"),
    _name("impact", N_("how many are hit"), sortable=False, suggestions=LEVELS),
    _name("urgency", N_("how soon it is needed"), sortable=False, suggestions=LEVELS),
    _name("vendor", N_("the third party it waits for"), sortable=False),
    Field("parent", "int", "parent", N_("the ticket it is part of")),
)
_RULES = tuple(
    each._replace(rules_only=True, sortable=False)
    for each in (
        Field("changed", "tag", "changed", N_("a field that this change touched"), closed="field"),
        _name("event", N_("what happened")),
        _name("by", N_("who did it"), suggestions=("requester", "agent", "system")),
        Field("message", "text", "message_n", N_("words of the new message"), optional=False),
        Field("message.words", "int", "message_words", N_("the number of words in the new message")),
        Field("hours", "tag", "hours", N_("a calendar that is open now")),
        _name("requester.vip", N_("the requester is a VIP"), attribute="vip", closed="yes", optional=False),
    )
)
_HIDDEN = tuple(
    each._replace(hidden=True)
    for each in (
        _name("requester_name", N_("the name of the requester")),
        _name("sla", N_("how its clocks stand"), attribute="sla_state"),
        _time("waiting_since", "waiting_since", N_("since when the requester waits")),
        Field("reopens", "int", "reopen_count", N_("how often it was opened again")),
    )
)

FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {each.name: each for each in (*_TICKET, *_RULES, *_HIDDEN)}
)
SORTABLE: Final = tuple(each.name for each in _TICKET if each.sortable)
BOUND: Final[Mapping[str, Kind]] = MappingProxyType(
    {each.name: each.kind for each in (*_TICKET, *_HIDDEN) if each.kind not in ("age", "is")}
)
"""The fields of a bound search with their kinds; besides them cf.NAME, of kind custom."""


def find(name: str) -> Field | None:
    """The field called `name` (any case; also cf.NAME and was.NAME), None when nothing can be asked by it."""
    field = FIELDS.get(name) or FIELDS.get(name.lower())
    if field is not None:
        return None if field.hidden else field
    head, dot, rest = name.partition(".")
    if dot and rest and head.lower() == "cf":
        return Field(f"cf.{rest}", "custom", "custom", N_("a field of your own"), key=rest)
    if dot and rest and head.lower() == "was":
        return _before(FIELDS.get(rest.lower()))
    return None


def _before(field: Field | None) -> Field | None:
    if field is None or field.kind != "enum" or field.rules_only or field.hidden:
        return None
    about = N_("the value before this change")
    return field._replace(
        name=f"was.{field.name}", attribute="was", key=field.name, about=about, rules_only=True
    )


def searchable(rules: bool = False) -> tuple[str, ...]:
    """The names a query can begin a term with, those for rules included if `rules`."""
    return tuple(each.name for each in (*_TICKET, *(_RULES if rules else ())))


def choices(field: Field, vocabulary: Vocabulary) -> tuple[str, ...]:
    """All valid values of a closed `field`; () when any value will do."""
    match field.closed:
        case "status":
            return tuple(vocabulary.statuses)
        case "priority":
            return vocabulary.priorities
        case "is":
            return STATES
        case "yes":
            return ("yes", "no")
        case "field":
            return tuple(each.name for each in _TICKET if each.kind not in ("is", "age"))
    return ()


def spelling(field: Field, value: str, vocabulary: Vocabulary) -> str | None:
    """A value of a closed `field` as the desk spells it; itself when any will do, None when it is unknown."""
    valid = choices(field, vocabulary)
    if not valid or value in valid or (field.closed == "field" and value.startswith("cf.")):
        return value
    folded = value.casefold()
    return next((each for each in valid if each.casefold() == folded), None)
