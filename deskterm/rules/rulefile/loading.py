"""From the text of a rule file to the rule book, or to everything that is wrong with it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from deskterm.rules.problems import N_
from deskterm.rules.rulebook import RuleBook, RuleTest
from deskterm.rules.rulefile.faults import Fault, RuleFaults
from deskterm.rules.rulefile.reading import MOST_FAULTS, NUMBER, Names, Reading, Section
from deskterm.rules.rulefile.syntax import read_toml

if TYPE_CHECKING:
    from deskterm.rules.calendar import PublicHolidays
    from deskterm.rules.facts import Book

__all__ = ["load", "regions"]

FORMAT: Final = 1
BUILT_IN: Final = (
    "ack",
    "nudge",
    "resolved",
    "closed",
)  # the ids of templates.BUILT_IN, which costs time to import
_TABLES: Final = (
    *("priority", "calendar", "group", "capacity", "classify", "route", "sla", "ola", "uc", "trigger"),
    *("automation", "macro", "template", "recurring", "lifecycle", "blueprint", "test"),
)


def load(
    text: str,
    name: str,
    *,
    public: "PublicHolidays | None" = None,
    book: "Book | None" = None,
    kept: bool = False,
) -> RuleBook:
    """The rule book that `text`, a file called `name`, says. Raises RuleFaults with every fault.

    `public` explains regions among the holidays (see `regions`); with the desk's `book`, agents, groups and
    queues have to be there by name, without it whatever the file itself cannot tell passes: of groups, which
    need no table, what is not almost the name of one that has. Of a revision
    that is `kept` they were checked when it came into force: whoever left since makes it no worse.
    """
    tables, places, faults = read_toml(text)
    if faults:
        raise RuleFaults(name, faults)
    reading = Reading(tables, places, _names(tables, book, kept))
    if book is None:
        reading.partly = ("group",)
    rules = _book(Section(reading, tables, ()), name, public, kept=kept)
    if reading.faults:
        found = sorted(reading.faults, key=_order)
        raise RuleFaults(name, found[:MOST_FAULTS])
    return rules


def regions(text: str) -> tuple[str, ...]:
    """The codes (CN, US-NY) among the holidays of all calendars, which `load` needs `public` for."""
    from deskterm.rules.calendar import Calendar

    calendars = read_toml(text)[0].get("calendar")
    tables = calendars.values() if isinstance(calendars, dict) else ()
    found = (code for table in tables if isinstance(table, dict) for code in Calendar.regions(table))
    return tuple(dict.fromkeys(found))


def _order(fault: Fault) -> tuple[int, int, str]:
    return fault.line, fault.column, fault.code


def _book(top: Section, name: str, public: "PublicHolidays | None", *, kept: bool) -> RuleBook:
    """The parts in the order in which they speak of each other."""
    from deskterm.rules.rulefile import calendars, events, process, promises, routing, wording

    _check_format(top)
    desk, zone = top.text("desk"), _zone(top)
    terms = wording.read_terms(top)
    found, lines = calendars.read_calendars(top, public)
    templates = events.read_templates(top)
    rules = RuleBook(
        name=name,
        desk=desk,
        timezone=zone,
        terms=terms,
        calendars=found,
        groups=wording.read_groups(top),
        capacity=wording.read_capacity(top),
        classify=routing.read_classify(top),
        routes=routing.read_routes(top),
        policies=promises.read_policies(top),
        olas=promises.read_olas(top),
        ucs=promises.read_ucs(top),
        triggers=events.read_triggers(top),
        automations=events.read_automations(top),
        macros=events.read_macros(top),
        templates=templates,
        recurring=events.read_recurring(top),
        lifecycle=wording.read_lifecycle(top),
        blueprints=process.read_blueprints(top),
        tests=_tests(top, kept=kept),
        lines=lines,
    )
    _refuse_the_rest(top)
    return rules


def _check_format(top: Section) -> None:
    found = top.value("format", NUMBER, FORMAT)
    if found != FORMAT:
        template = N_("format %(found)d is not known here: this version reads format %(known)d")
        top.fault("E111", "format", template, found=found, known=FORMAT)


def _zone(top: Section) -> str:
    name = top.text("timezone", "UTC")
    if name != "UTC":
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            template = N_('There is no time zone "%(word)s": use a name such as Europe/Berlin.')
            top.fault("E212", "timezone", template, word=name)
            return name
    top.reading.timezone = name
    return name


def _tests(top: Section, *, kept: bool) -> tuple[RuleTest, ...]:
    """Every [[test]] as it stands there, after a look at all that it says; not of a `kept` revision."""
    found = []
    for section in top.entries("test"):
        name = section.text("name", required=True)
        if not kept:
            _check_test(section)
        found.append(RuleTest(name, section.table, section.line))
    return tuple(found)


def _check_test(section: Section) -> None:
    """Look at a test as its run will."""
    from deskterm.rules.ruletests.reading import read_test

    reading = section.reading
    reading.names["macro"] = _ids(reading.top.get("macro"))
    read_test(section, reading.timezone)
    expected = section.table.get("expect")
    if isinstance(expected, dict):
        _check_expected(section.within(expected, "expect"))
    section.done()


def _check_expected(expected: Section) -> None:
    """A policy or route that a test expects has to be one of the file."""
    for kind in ("sla", "route"):
        name = expected.table.get(kind)
        if isinstance(name, str) and name:
            expected.reading.names[kind] = _ids(expected.reading.top.get(kind))
            expected.known(kind, name, kind)


def _refuse_the_rest(top: Section) -> None:
    for key in sorted(top.table.keys() - set(top.asked)):
        plain = not isinstance(top.table[key], dict | list)
        if plain:
            top.unknown("E103", "key", key, ("format", "desk", "timezone", *_TABLES), key)
        else:
            top.unknown("E104", "table", key, _TABLES, key)


def _names(tables: Mapping[str, Any], book: "Book | None", kept: bool) -> Names:
    """The names that rules may speak of; None for a kind that nobody can tell."""
    groups, templates = tables.get("group"), tables.get("template")
    own = list(groups) if isinstance(groups, dict) else []
    skills = _skills(groups)
    names: dict[str, list[str] | None] = {
        "group": None if kept else own or None,
        "queue": None,
        "agent": None,
        "skill": None if kept else skills or None,
        "template": [*BUILT_IN, *_ids(templates)],
    }
    if book is not None:
        names["group"] = sorted(book.group_names)
        names["queue"] = sorted(book.queue_names)
        names["agent"] = sorted(book.logins)
        if skills or any(agent.skills for agent in book.agents.values()):
            names["skill"] = [*skills, *(each for agent in book.agents.values() for each in agent.skills)]
    return names


def _skills(groups: object) -> list[str]:
    found = groups.values() if isinstance(groups, dict) else ()
    lists = [each.get("skills") for each in found if isinstance(each, dict)]
    return [skill for each in lists if isinstance(each, list) for skill in each if isinstance(skill, str)]


def _ids(tables: object) -> list[str]:
    found = tables if isinstance(tables, list) else []
    ids = [each.get("id") for each in found if isinstance(each, dict)]
    return [each for each in ids if isinstance(each, str)]
