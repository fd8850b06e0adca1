"""Random rule books, such as a file can say."""

from typing import Any

from hypothesis import strategies as st

from deskterm.rules.calendar import ALWAYS, Calendar
from deskterm.rules.query import Vocabulary, parse
from deskterm.rules.query.ast import Node
from deskterm.rules.rulebook import (
    Act,
    Assign,
    Automation,
    Blueprint,
    Capacity,
    Classify,
    GroupRule,
    Level,
    Lifecycle,
    Macro,
    Ola,
    Policy,
    Recurring,
    Route,
    RuleBook,
    RuleTest,
    Stage,
    Status,
    Template,
    Trigger,
    Uc,
    Wait,
)
from deskterm.rules.terms import CATEGORY, Terms

PRIORITIES = ("low", "normal", "high")
STATUSES = (*CATEGORY, "waiting_parts")
OFFICE = Calendar.parse({"tz": "UTC", "week": {"mon-fri": ["09:00-17:00"]}, "day": "8h"}, name="office")
CALENDARS = {"always": ALWAYS, "office": OFFICE}
TERMS = Terms(PRIORITIES, "low", {"high": {"high": "high"}}, CATEGORY | {"waiting_parts": "waiting"})
CONDITIONS = (
    *("", "status:pending", "priority>=normal -tag:vpn", "category:net.* OR assignee:none", "cf.asset:any"),
    *('text~"password reset","密码" type:incident', "-hours:office", "-(status:waiting_parts lang:zh)"),
)
TEXTS = st.text(min_size=1, max_size=12).filter(lambda text: "{" not in text)
SECONDS = st.integers(1, 10**7)
METRICS = ("first_response", "next_response", "update", "resolution")

_said = TEXTS.filter(str.strip)


def _condition(text: str) -> Node:
    return parse(text, rules=True, vocabulary=Vocabulary(PRIORITIES, TERMS.statuses)).where


whens = st.sampled_from([_condition(text) for text in CONDITIONS])
anchors = st.sampled_from([_condition("status:pending"), _condition("is:unassigned tag:vpn")])
calendars = st.sampled_from(sorted(CALENDARS))
tags = st.lists(st.sampled_from(["vpn", "major?", "密码"]), max_size=2).map(tuple)
chosen = st.dictionaries(st.sampled_from(["category", "region", "cf.asset"]), TEXTS, max_size=2)


def several(kind: Any, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Up to two of a kind, each with its own id; lines are 0 all over."""
    one = st.fixed_dictionaries(parts)
    found = st.lists(one, max_size=2)
    return found.map(lambda all_: tuple(kind(id=f"r{place}", **each) for place, each in enumerate(all_)))


acts = st.lists(
    st.one_of(
        st.builds(Act, st.just("notify"), st.just(("lead", "group:net", "kim")), st.booleans()),
        st.builds(Act, st.just("set"), st.just({"priority": "+1", "cf.asset": ""}), force=st.booleans()),
        st.builds(Act, st.just("reassign"), st.sampled_from(["lead", "route", "group:net", "person:kim"])),
        st.builds(Act, st.sampled_from(["add_tags", "remove_tags"]), tags),
        st.builds(Act, st.sampled_from(["note", "webhook"]), _said),
        st.builds(Act, st.just("reply"), st.just("ack"), st.booleans()),
        st.just(Act("create_child", {"subject": "Check", "tags": ("vpn",), "queue": "apps"})),
    ),
    min_size=1,
    max_size=3,
).map(tuple)

_places = st.one_of(
    st.tuples(st.just("percent"), st.integers(1, 9_999)),
    st.tuples(st.just("offset"), st.integers(-(10**6), 10**6)),
    st.tuples(st.just("wall"), SECONDS),
)


def levels(*metrics: str) -> st.SearchStrategy[tuple[Level, ...]]:
    """Levels of these metrics."""
    late = st.sampled_from(["collapse", "fire", "skip"])
    found = several(dict, place=_places, metric=st.sampled_from(metrics), do=acts, late=late)
    return found.map(
        lambda all_: tuple(
            Level(each["id"], each["metric"], basis, amount, each["do"], each["late"])
            for each in all_
            for basis, amount in (each["place"],)
        )
    )


def lengths(*metrics: str) -> st.SearchStrategy[dict[str, int]]:
    """A target for some metrics."""
    return st.dictionaries(st.sampled_from(metrics), SECONDS, max_size=3)


_assigns = st.builds(
    Assign,
    by=st.sampled_from(["none", "round_robin", "least_loaded", "best_skill"]),
    need=st.dictionaries(st.just("cisco"), st.integers(1, 5), max_size=1),
    prefer=st.dictionaries(st.just("zh"), st.integers(1, 5), max_size=1),
    relax=st.sampled_from([(), ("away", "skills")]),
    sticky=st.integers(0, 10**7),
)
_policies = several(
    Policy,
    when=whens,
    calendar=calendars,
    targets=st.fixed_dictionaries({name: lengths(*METRICS) for name in PRIORITIES}),
    pause=st.dictionaries(st.sampled_from(METRICS), st.frozensets(st.sampled_from(STATUSES)), max_size=2),
    reopen=st.sampled_from(["new_cycle", "resume", "ignore"]),
    on_resolve=st.sampled_from(["stop", "cancel"]),
    levels=levels(*METRICS),
    valid_from=st.one_of(st.none(), st.integers(0, 10**9)),
    valid_until=st.one_of(st.none(), st.integers(10**9 + 1, 2 * 10**9)),
)
_waits = st.one_of(
    SECONDS.map(lambda seconds: Wait(seconds)),
    SECONDS.map(lambda seconds: Wait(seconds, wall=True)),
    st.integers(1, 99).map(lambda days: Wait(business_days=days)),
)
_statuses = st.builds(
    Status,
    st.just("waiting_parts"),
    st.just("waiting"),
    st.sampled_from([(), ("open", "new")]),
    st.sampled_from([(), ("resolved", "waiting_parts")]),
    st.sampled_from([(), ("agent", "lead"), ("admin",)]),
)
_lifecycles = st.builds(
    Lifecycle,
    st.sampled_from([(), ("cause",), ("cause", "cf.asset")]),
    st.booleans(),
    SECONDS,
    st.one_of(st.none(), st.just(_condition('message.words<=4 message~"thanks","谢谢"'))),
    st.tuples(_statuses),
)
_stages = st.builds(
    Stage,
    st.just("one"),
    st.sampled_from(STATUSES),
    st.sampled_from([(), ("one",)]),
    st.sampled_from([(), ("lead",)]),
    st.sampled_from([(), ("cause", "cf.asset")]),
    SECONDS,
    calendars,
    st.one_of(st.just(()), acts),
)
_tests = st.builds(
    RuleTest,
    TEXTS,
    st.fixed_dictionaries(
        {
            "at": st.sampled_from(["2026-03-02T10:00", "2026-03-02T10:00 Asia/Shanghai"]),
            "ticket": st.dictionaries(st.sampled_from(["subject", "category", "vendor"]), TEXTS),
            "expect": st.dictionaries(st.sampled_from(["category", "queue", "stage"]), TEXTS),
        }
    ),
).map(lambda test: test._replace(table={"name": test.name, **test.table}))
_capacities = st.builds(
    Capacity,
    st.integers(0, 99),
    st.dictionaries(st.sampled_from(PRIORITIES), st.integers(0, 9)),
    st.dictionaries(st.sampled_from(["mail", "chat"]), st.integers(0, 9)),
)
_templates = st.dictionaries(st.sampled_from(["", "en", "zh"]), TEXTS, min_size=1)

books = st.builds(
    RuleBook,
    desk=TEXTS,
    timezone=st.sampled_from(["UTC", "Asia/Shanghai"]),
    terms=st.just(TERMS),
    calendars=st.just(CALENDARS),
    groups=st.just({"net": GroupRule("net", "kim", ("cisco", "zh"))}),
    capacity=_capacities,
    classify=several(Classify, when=whens, set=chosen, fill=chosen, add_tags=tags, override=st.booleans()),
    routes=several(
        Route,
        when=whens,
        queue=TEXTS,
        group=st.just("net"),
        assign=_assigns,
        set=chosen,
        add_tags=tags,
        goes_on=st.booleans(),
    ),
    policies=_policies,
    olas=several(
        Ola, group=st.just("net"), calendar=calendars, targets=lengths("own", "work"), levels=levels("own")
    ),
    ucs=several(Uc, when=whens, calendar=calendars, targets=lengths("restore"), levels=levels("restore")),
    triggers=several(
        Trigger, on=st.sampled_from([("created",), ("updated", "message")]), when=whens, do=acts
    ),
    automations=several(
        Automation,
        anchor=anchors,
        after=_waits,
        calendar=calendars,
        do=acts,
        when=whens,
        every=st.one_of(st.just(0), SECONDS),
    ),
    macros=several(Macro, name=_said, when=whens, do=acts, ask=st.sampled_from([(), ("note",)])),
    templates=several(Template, name=TEXTS, texts=_templates, queue=st.sampled_from(["", "apps"])).map(
        lambda found: {each.id: each for each in found}
    ),
    recurring=several(
        Recurring,
        schedule=st.sampled_from(["2nd mon 09:00", "mon,wed 08:30", "day 1 09:00", "2026-12-01 09:00"]),
        tz=st.sampled_from(["UTC", "Asia/Shanghai"]),
        ticket=st.fixed_dictionaries({"subject": _said, "category": TEXTS}),
        skip_if_open=st.booleans(),
    ),
    lifecycle=_lifecycles,
    blueprints=several(Blueprint, type=st.just("incident"), stages=st.tuples(_stages)).map(lambda f: f[:1]),
    tests=st.lists(_tests, max_size=2).map(tuple),
)
