"""Tickets as a query sees them, and random trees over every field."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from deskterm.rules.query.ast import (
    And,
    Cmp,
    Glob,
    In,
    Node,
    Not,
    Null,
    Or,
    Order,
    Period,
    Span,
    Text,
    Value,
    Who,
)
from deskterm.rules.query.context import QueryContext, Vocabulary
from deskterm.rules.query.fields import FIELDS, ORDER, Field, choices
from deskterm.rules.words import norm

NOW = 1_772_463_600  # Monday 2026-03-02, 10:00 in New York
HOUR, DAY = 3_600, 86_400
WORDS = Vocabulary(priorities=("low", "normal", "high", "urgent"))
CONTEXT = QueryContext(now=NOW, me="kim", zone="America/New_York", vocabulary=WORDS, groups=("net", "apps"))


@dataclass(frozen=True)
class Seen:
    """A ticket with an event: all that a search or a rule can look at."""

    id: int = 1
    status: str = "open"
    priority: str | None = "normal"
    queue: str | None = "it"
    group: str | None = None
    assignee: str | None = None
    requester: str | None = "ann@acme.example"
    requester_name: str | None = "Ann Li"
    org: str | None = "ACME"
    tier: str | None = None
    channel: str | None = "mail"
    type: str | None = "incident"
    category: str | None = None
    lang: str | None = "en"
    region: str | None = None
    domain: str | None = "acme.example"
    impact: str | None = None
    urgency: str | None = None
    vendor: str | None = None
    parent: int | None = None
    tags: frozenset[str] = frozenset()
    custom: Mapping[str, str] = field(default_factory=dict)
    subject_n: str = ""
    text_n: str = ""
    created_at: int = NOW - HOUR
    updated_at: int = NOW - HOUR
    next_due_at: int | None = None
    waiting_since: int | None = None
    reopen_count: int = 0
    sla_state: str | None = "ok"
    changed: frozenset[str] = frozenset()
    was: Mapping[str, str | None] = field(default_factory=dict)
    event: str | None = None
    by: str | None = None
    message_n: str | None = None
    message_words: int | None = None
    hours: frozenset[str] = frozenset()
    vip: bool = False


def a_ticket(subject: str = "VPN drops", body: str = "", **more: Any) -> Seen:
    """A ticket from its texts and whatever else matters."""
    plain = Seen(subject_n=norm(subject), text_n=norm(f"{subject}\n{body}"))
    return replace(plain, **more)


def after_an_event(message: str = "", **more: Any) -> Seen:
    """A ticket that something just happened to."""
    return replace(a_ticket(), message_n=norm(message), message_words=len(message.split()), **more)


# ------------------------------------------------------------------------------------------- random trees

# what may stand in a value: all but control characters and surrogates
_texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
_names = st.one_of(
    st.sampled_from(["vpn", "hw", "none", "me", "mine", "any", "a b", "x,y", '"', "\\", "*"]), _texts
)
_phrases = st.one_of(
    st.sampled_from(["vpn", "will not", "密 码", "or", "not", "status"]),
    _texts.map(lambda text: norm(text).strip()),
).filter(bool)
_minutes = st.integers(0, 60 * 24 * 400).map(lambda count: Span(count * 60))
_periods = st.one_of(
    st.sampled_from(["today", "yesterday", "tomorrow", "2026", "2026-03", "1970", "9998-12"]),
    st.dates().filter(lambda day: 1970 <= day.year < 9999).map(lambda day: day.isoformat()),
).map(Period)
_numbers = st.integers(0, 10**18 - 1)


def _values(field: Field) -> st.SearchStrategy[Value]:
    """Values that may follow : after the field."""
    match field.kind:
        case "int":
            return _numbers
        case "instant":
            return _periods
        case _ if field.closed:
            return st.sampled_from(choices(field, WORDS))
    return st.one_of(_names, st.just(Who.ME)) if field.me and not field.rules_only else _names


def _orderable(field: Field) -> st.SearchStrategy[Value]:
    """Values that may follow < after the field."""
    match field.kind:
        case "int":
            return _numbers
        case "age":
            return _minutes
        case "instant":
            past = _minutes.map(lambda span: Span(-span.seconds))
            return st.one_of(_periods, past, _minutes) if field.name == "due" else st.one_of(_periods, past)
    return st.sampled_from(WORDS.priorities)


def _leaf(field: Field) -> st.SearchStrategy[Node]:
    """Everything that can be asked of the field in one term."""
    if field.kind == "text":
        return st.builds(Text, st.just(field.name), _phrases, st.booleans())
    ways: list[st.SearchStrategy[Node]] = []
    if field.kind != "age":
        several = st.lists(_values(field), min_size=1, max_size=3).map(tuple)
        ways.append(st.builds(In, st.just(field.name), several))
    if "<" in field.operators:
        orders: st.SearchStrategy[Order] = st.sampled_from(ORDER)
        ways.append(st.builds(Cmp, st.just(field.name), orders, _orderable(field)))
    if field.optional:
        ways.append(st.builds(Null, st.just(field.name), st.booleans()))
    if field.kind in ("enum", "tag", "custom") and not field.closed:
        stems = st.from_regex(r"[a-z.@-]{1,6}", fullmatch=True)
        ways.append(st.builds(Glob, st.just(field.name), stems, st.sampled_from(["start", "end"])))
    return st.one_of(ways)


def leaves(rules: bool = False) -> st.SearchStrategy[Node]:
    """One term over any field; those of rules too if `rules`."""
    known = [each for each in FIELDS.values() if not each.hidden and (rules or not each.rules_only)]
    custom = Field("cf.合同-no", "custom", "custom", "", key="合同-no")
    return st.one_of([_leaf(each) for each in (*known, custom)])


def nodes(rules: bool = False) -> st.SearchStrategy[Node]:
    """Whole trees as the parser can build them."""
    return st.recursive(
        leaves(rules),
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda found: And(tuple(found))),
            st.lists(inner, min_size=2, max_size=3).map(lambda found: Or(tuple(found))),
            st.just(And(())),
        ),
        max_leaves=8,
    )


_some = st.sampled_from(["vpn", "hw", "none", "me", "kim", "net", "acme.example", "", None])
_instants = st.one_of(st.none(), st.integers(NOW - 40 * DAY, NOW + 40 * DAY))


def tickets() -> st.SearchStrategy[Seen]:
    """Tickets with much missing, near enough to the trees to be found now and then."""
    often_missing = ("group", "assignee", "requester", "tier", "category", "vendor", "region", "org")
    return st.builds(
        Seen,
        id=st.integers(1, 5),
        status=st.sampled_from(list(WORDS.statuses)),
        priority=st.sampled_from([*WORDS.priorities, "odd", None]),
        parent=st.one_of(st.none(), st.integers(1, 5)),
        tags=st.frozensets(st.sampled_from(["vpn", "hw", "none"])),
        custom=st.dictionaries(st.just("合同-no"), st.sampled_from(["vpn", "hw", ""])),
        text_n=st.sampled_from(["", norm("vpn will not connect"), norm("忘记密码了")]),
        created_at=st.integers(NOW - 40 * DAY, NOW),
        next_due_at=_instants,
        waiting_since=_instants,
        reopen_count=st.integers(0, 2),
        sla_state=st.sampled_from(["ok", "warn", "breached", "paused", "none"]),
        **dict.fromkeys(often_missing, _some),
    )
