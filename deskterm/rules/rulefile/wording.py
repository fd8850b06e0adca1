"""The words of a desk: its priorities with their matrix, its own statuses, its groups and how much fits."""

from collections.abc import Mapping
from typing import Final

from deskterm.rules.facts import EMPTY
from deskterm.rules.problems import N_
from deskterm.rules.rulebook import Capacity, GroupRule, Lifecycle, Status
from deskterm.rules.rulefile.conditions import condition
from deskterm.rules.rulefile.reading import NUMBER, TABLE, Section, short
from deskterm.rules.terms import CATEGORY, DEFAULT_PRIORITY, MATRIX, PRIORITIES, ROLES, Terms

__all__ = ["read_capacity", "read_groups", "read_lifecycle", "read_terms"]

_CATEGORIES: Final = ("new", "open", "waiting", "solved", "closed")
_NEEDED: Final = ("cause", "solution", "category", "type", "impact", "urgency", "assignee", "group")
_MOST_PRIORITIES: Final = 20


def read_terms(top: Section) -> Terms:
    """[priority] and the names of [[lifecycle.status]]; from here on they are the words of the file."""
    section = top.inner("priority")
    statuses = _statuses(top)
    if section is None:
        terms = Terms(statuses=statuses)
        top.reading.use(terms)
        return terms
    order = _order(section)
    top.reading.use(Terms(order, "", EMPTY, statuses))
    default = section.name("default", "priority")
    if not default:
        default = DEFAULT_PRIORITY if DEFAULT_PRIORITY in order else order[(len(order) - 1) // 2]
    matrix = _matrix(section)
    if not section.has("matrix") and set(order) >= set(PRIORITIES):
        matrix = MATRIX
    section.done()
    terms = Terms(order, default, matrix, statuses)
    top.reading.use(terms)
    return terms


def _order(section: Section) -> tuple[str, ...]:
    order = section.texts("order", PRIORITIES)
    if not 0 < len(order) <= _MOST_PRIORITIES:
        section.fault("E107", "order", N_("order names the priorities, low to high, at most 20 of them"))
        return PRIORITIES
    if len(set(order)) < len(order) or not all(each.strip() == each and each for each in order):
        section.fault("E108", "order", N_("order must name each priority once"))
    return tuple(dict.fromkeys(each for each in order if each)) or PRIORITIES


def _matrix(section: Section) -> Mapping[str, Mapping[str, str]]:
    inner = section.inner("matrix")
    found: dict[str, Mapping[str, str]] = {}
    for impact in inner.table if inner else ():
        row = inner.inner(impact) if inner else None
        if row is not None:
            found[impact] = {urgency: row.name(urgency, "priority") for urgency in row.table}
    return found


def _statuses(top: Section) -> Mapping[str, str]:
    """Every status with its category; faults of the tables are told when they are read whole."""
    lifecycle = top.table.get("lifecycle")
    own = lifecycle.get("status") if type(lifecycle) is dict else None
    if type(own) is not list:
        return CATEGORY
    found = dict(CATEGORY)
    for each in own:
        name, category = (each.get("id"), each.get("category")) if type(each) is dict else (None, None)
        if type(name) is str and name not in CATEGORY:
            found[name] = category if category in _CATEGORIES else "open"
    return found


def read_lifecycle(top: Section) -> Lifecycle:
    """[lifecycle] with its [[lifecycle.status]]."""
    from deskterm.rules.duration import read_wall

    section = top.inner("lifecycle")
    if section is None:
        return Lifecycle()
    usual = Lifecycle()
    found = Lifecycle(
        resolve_needs=_needs(section, "resolve_needs", usual.resolve_needs),
        verify=section.flag("verify", True),
        reopen_window=section.read("reopen_window", read_wall, usual.reopen_window),
        reopen_ignore=condition(section, "reopen_ignore") if section.table.get("reopen_ignore") else None,
        statuses=_own_statuses(section),
    )
    section.asked.append("reopen_ignore")
    section.done()
    return found


def _needs(section: Section, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    found = section.texts(key, default)
    return tuple(each for each in found if each.startswith("cf.") or section.check_choice(key, each, _NEEDED))


def _own_statuses(lifecycle: Section) -> tuple[Status, ...]:
    found: list[Status] = []
    taken: dict[str, int] = {}
    for section in lifecycle.entries("status"):
        name = section.identity(taken)
        if name in CATEGORY:
            section.fault(
                "E108", "id", N_("status '%(name)s' is there already: choose another id"), name=name
            )
        category = section.text("category", required=True)
        if category:
            section.check_choice("category", category, _CATEGORIES)
        comes_from = section.names("from", "status")
        goes_to = section.names("to", "status")
        who = section.some("who", ROLES, ("agent", "lead"))
        section.done()
        found.append(Status(name, category or "open", comes_from, goes_to, who, section.line))
    return tuple(found)


def read_groups(top: Section) -> dict[str, GroupRule]:
    """[group.NAME]: who leads it, which skills its work needs."""
    found: dict[str, GroupRule] = {}
    inner = top.inner("group")
    for name in inner.table if inner else ():
        table = inner.value(name, TABLE, None) if inner else None
        if inner is None or table is None:
            continue
        path = (*inner.path, name)
        section = Section(top.reading, table, path, f"group '{short(name)}': ")
        section.known("group", name)
        lead = section.name("lead", "agent")
        skills = section.texts("skills")
        section.done()
        found[name] = GroupRule(name, lead, skills, section.line)
    return found


def read_capacity(top: Section) -> Capacity:
    """[capacity]: how much an agent may have, and what a ticket weighs."""
    section = top.inner("capacity")
    if section is None:
        return Capacity()
    cap = section.value("cap", NUMBER, 0)
    if cap < 0:
        section.fault("E109", "cap", N_("cap must be 0 (no limit) or more"))
    weight = section.inner("weight")
    priority = weight.numbers("priority", "priority") if weight else {}
    channel = weight.numbers("channel") if weight else {}
    if weight:
        weight.done()
    section.done()
    return Capacity(max(0, cap), priority, channel)
