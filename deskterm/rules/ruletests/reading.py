"""Reading a [[test]]: a key that is not known is told with the nearest one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import RuleBook, RuleTest
from deskterm.rules.rulefile.places import Places
from deskterm.rules.rulefile.reading import NUMBER, TABLES, TEXT, Form, Reading, Section, short
from deskterm.rules.ruletests.case import FIELDS, LISTS, METRICS, Case, Expected, Seat, Step
from deskterm.rules.ruletests.instants import Written, read_instant
from deskterm.rules.ruletests.result import Failure

__all__ = ["read_case", "read_test"]

_TICKET: Final = (
    *("subject", "body", "type", "category", "impact", "urgency", "priority", "lang", "region", "channel"),
    *("queue", "group", "assignee", "vendor", "requester", "domain", "org", "tier", "by"),
)
_PRESENCES: Final = ("online", "away", "offline")
_ROLES: Final = ("light", "agent", "lead", "admin")
_TIME: Final = Form(str, '"2026-03-02T10:00"')
_ANSWERS: Final = Form(dict, '{ name = "..." }')
_WAITING: Final = ("reason", "vendor")

EVENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "message": ("body",),
        "reply": ("body",),
        "note": ("body",),
        "status": ("to", *_WAITING, "until", "cause", "solution", "set"),
        "pend": ("reason", "until"),
        "hold": (*_WAITING, "until"),
        "resolve": ("cause", "solution", "reply"),
        "confirm": ("comment",),
        "reject": ("reason",),
        "close": ("reason",),
        "cancel": ("reason",),
        "reopen": ("reason",),
        "exempt": ("reason",),
        "field": ("name", "value", "set"),
        "tags": ("add", "remove"),
        "assign": ("agent", "group"),
        "macro": ("macro", "answers"),
        "due": ("metric", "due"),
        "reroute": (),
        "presence": ("agent", "presence"),
    }
)
"""What can happen, and the keys that say more of it."""


def read_case(test: RuleTest, rules: RuleBook) -> tuple[Case | None, tuple[Failure, ...]]:
    """The test as a Case, or None and everything that is wrong with it."""
    reading = Reading({}, Places(""), {"calendar": tuple(rules.calendars)})
    reading.use(rules.terms)
    case = read_test(Section(reading, test.table, ()), rules.timezone)
    if reading.faults:
        return None, tuple(
            Failure(fault.where.rstrip(": "), problem=fault.problem) for fault in reading.faults
        )
    return case, ()


def read_test(top: Section, home: str) -> Case:
    """The Case of a [[test]] whose times are those of the zone `home`; what is wrong is a fault of `top`."""
    at = _instant(top, "at", home, required=True)
    ticket = _ticket(top)
    agents = tuple(_seat(each) for each in _tables(top, "agents"))
    then = tuple(_step(each, home) for each in _tables(top, "then"))
    begun = at[0] if at else 0
    last = max((begun, *(step.at for step in then)))
    told = len(top.reading.faults)
    expected = _expected(top, last, home)
    if len(top.reading.faults) == told and at and all(step.at for step in then):
        _refuse_disorder(top, begun, then, expected)
    return Case(begun, ticket, agents, then, expected)


def _refuse_disorder(top: Section, begun: int, then: tuple[Step, ...], expected: Expected) -> None:
    times = (begun, *(step.at for step in then), expected.at)
    if list(times) != sorted(times):
        top.fault("E109", "then", N_("the times of a test have to go on: at, then, expect.at"))


def _ticket(top: Section) -> dict[str, Any]:
    section = top.inner("ticket")
    if section is None:
        return {}
    found: dict[str, Any] = {key: section.text(key) for key in _TICKET if section.has(key)}
    if found.get("priority"):
        section.known("priority", found["priority"], "priority")
    found["tags"] = section.texts("tags")
    found["vip"] = section.flag("vip")
    found["custom"] = _custom(section)
    section.done()
    return found


def _custom(section: Section) -> dict[str, str]:
    """cf.NAME, with or without quotes around it."""
    found = {key[3:]: section.text(key) for key in section.table if key.startswith("cf.")}
    inner = section.inner("cf")
    return found | ({key: inner.text(key) for key in inner.table} if inner else {})


def _tables(top: Section, key: str) -> list[Section]:
    found = top.value(key, TABLES, [])
    if any(type(each) is not dict for each in found):
        top.malformed(key, Form(list, '[{ key = "..." }]'))
        return []
    return [
        Section(top.reading, each, (*top.path, key, place), top.rule, short(f"{key}[{place + 1}]"))
        for place, each in enumerate(found)
    ]


def _seat(section: Section) -> Seat:
    name = section.text("id", required=True)
    if name == "" == section.table.get("id"):
        section.malformed("id", TEXT)
    seat = Seat(
        id=name,
        name=section.text("name", name),
        groups=section.texts("groups"),
        skills=section.numbers("skills"),
        presence=section.chosen("presence", _PRESENCES, "online"),
        load=section.value("load", NUMBER, 0),
        cap=section.value("cap", NUMBER, 0),
        last_seq=section.value("last_seq", NUMBER, 0),
        shift=section.name("shift", "calendar"),
        out=section.flag("out"),
        lang=section.text("lang"),
        substitute=section.text("substitute"),
        role=section.chosen("role", _ROLES, "agent"),
    )
    section.done()
    return seat


def _step(section: Section, home: str) -> Step:
    at = _instant(section, "at", home, required=True)
    event = section.text("event", required=True)
    by, refused = section.text("by"), section.text("refused")
    if not event or not section.check_choice("event", event, tuple(EVENTS)):
        return Step(0, "")
    words: dict[str, Any] = {}
    for key in EVENTS[event]:
        if section.has(key):
            words[key] = _word(section, key, home)
    section.done()
    return Step(at[0] if at else 0, event, by, refused, words)


def _word(section: Section, key: str, home: str) -> Any:
    match key:
        case "add" | "remove":
            return section.texts(key)
        case "set" | "answers":
            inner = section.inner(key)
            return {name: inner.text(name) for name in inner.table} if inner else {}
        case "until" | "due":
            found = _instant(section, key, home, empty=True)
            return found[0] if found else None
        case "metric":
            return section.chosen(key, METRICS, "")
        case "presence":
            return section.chosen(key, _PRESENCES, "")
        case "macro":
            return section.name(key, "macro")
    return section.text(key)


def _expected(top: Section, last: int, home: str) -> Expected:
    section = top.inner("expect", required=True)
    if section is None:
        return Expected(last)
    at = _instant(section, "at", home) if section.has("at") else None
    texts = {key: section.text(key) for key in FIELDS if section.has(key)}
    texts |= {f"cf.{name}": value for name, value in _custom(section).items()}
    lists = {key: section.texts(key) for key in LISTS if section.has(key)}
    for key in ("breached", "met"):
        section.some(key, METRICS)
    for key in ("priority", "status"):
        if texts.get(key):
            section.known(key, texts[key], key)
    dues: dict[str, Written | None] = {}
    inner = section.inner("due")
    for key in inner.table if inner else ():
        if inner and key in METRICS:
            dues[key] = _instant(inner, key, home, empty=True)
        elif inner:
            inner.unknown("E404", "metric", key, METRICS, key)
    section.done()
    return Expected(at[0] if at else last, texts, lists, dues)


def _instant(
    section: Section, key: str, home: str, *, required: bool = False, empty: bool = False
) -> Written | None:
    """An instant; None for one that is missing or, where it may be, empty."""
    written = section.table.get(key)
    if isinstance(written, datetime):  # TOML has times of its own
        section.has(key)
        return _read(section, key, lambda: read_instant(written, home))
    text = section.value(key, _TIME, "", required=required)
    if not text:
        if section.has(key) and not empty and written == "":
            section.malformed(key, _TIME)
        return None
    return _read(section, key, lambda: read_instant(text, home))


def _read(section: Section, key: str, reader: Callable[[], Written]) -> Written | None:
    try:
        return reader()
    except Problem as problem:
        section.refuse("E109", key, problem, f"{key} ")
        return None
