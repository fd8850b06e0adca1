"""What happens by itself or at a key: triggers, automations, macros, canned responses, recurring tickets."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Automation, Macro, Recurring, Template, Trigger, Wait
from deskterm.rules.rulefile.acts import acts, check_placeholders, new_ticket
from deskterm.rules.rulefile.conditions import anchor, condition
from deskterm.rules.rulefile.reading import Section

__all__ = ["read_automations", "read_macros", "read_recurring", "read_templates", "read_triggers"]

EVENTS: Final = ("created", "updated", "message", "children_done")
_LONGEST_NAME: Final = 100


def read_triggers(top: Section) -> tuple[Trigger, ...]:
    """Every [[trigger]] in its order."""
    found: list[Trigger] = []
    taken: dict[str, int] = {}
    for section in top.entries("trigger"):
        name = section.identity(taken)
        if "on" in section.table and section.table["on"] == []:
            section.fault("E107", "on", N_("on must name at least one event"))
        on = section.some("on", EVENTS, required=True)
        when = condition(section)
        do = acts(section)
        section.done()
        found.append(Trigger(name, on, when, do, section.line))
    return tuple(found)


def read_automations(top: Section) -> tuple[Automation, ...]:
    """Every [[automation]] in its order."""
    from deskterm.rules.duration import read_duration

    found: list[Automation] = []
    taken: dict[str, int] = {}
    for section in top.entries("automation"):
        name = section.identity(taken)
        node = anchor(section)
        calendar = section.name("calendar", "calendar", "always")
        day = section.reading.days.get(calendar)
        after = section.read("after", partial(read_after, day=day), Wait(), required=True)
        every = section.read("every", partial(read_duration, day=day), 0)
        when = condition(section)
        do = acts(section)
        section.done()
        found.append(Automation(name, node, after, calendar, do, when, every, section.line))
    return tuple(found)


def read_after(text: str, day: int | None) -> Wait:
    """How long to wait: 2bd, 4h and 1wd of open time, 7d and 4h wall of time on the clock. Raises Problem."""
    from deskterm.rules.duration import read_duration, read_wait, read_wall

    if text.endswith(" wall"):
        return Wait(read_wall(text.removesuffix(" wall").rstrip(" ")), wall=True)
    if "bd" in text:
        return Wait(business_days=read_wait(text).business_days)
    if "w" in text.replace("wd", "") or "d" in text.replace("wd", ""):
        return Wait(read_wait(text).seconds, wall=True)
    return Wait(read_duration(text, day=day))


def read_macros(top: Section) -> tuple[Macro, ...]:
    """Every [[macro]] in its order."""
    found: list[Macro] = []
    taken: dict[str, int] = {}
    for section in top.entries("macro"):
        name = section.identity(taken)
        title = section.text("name", name)
        if len(title) > _LONGEST_NAME:
            section.fault(
                "E107", "name", N_("the name is longer than %(most)d characters"), most=_LONGEST_NAME
            )
        ask = section.texts("ask")
        when = condition(section)
        do = acts(section, asks=ask)
        section.done()
        found.append(Macro(name, title, when, do, ask, section.line))
    return tuple(found)


def read_templates(top: Section) -> dict[str, Template]:
    """Every [[template]] by its id."""
    found: dict[str, Template] = {}
    taken: dict[str, int] = {}
    for section in top.entries("template"):
        name = section.identity(taken)
        title = section.text("name", name)
        texts = _texts(section)
        queue = section.name("queue", "queue")
        section.done()
        found[name] = Template(name, title, texts, queue, section.line)
    return found


def _texts(section: Section) -> Mapping[str, str]:
    """Language -> text; one text alone is for every language."""
    given = section.table.get("text")
    section.asked.append("text")
    texts = given if type(given) is dict else {"": given}
    if given is None or not texts:
        section.fault("E106", "", N_("%(key)s is missing"), key="text")
        return {}
    found: dict[str, str] = {}
    for lang, text in texts.items():
        if type(text) is not str:
            section.fault(
                "E105", "text", N_("%(key)s must be written as %(what)s."), key="text", what='"..."'
            )
        else:
            check_placeholders(section, "text", text)
            found[lang] = text
    return found


def read_recurring(top: Section) -> tuple[Recurring, ...]:
    """Every [[recurring]] in its order."""
    found: list[Recurring] = []
    taken: dict[str, int] = {}
    for section in top.entries("recurring"):
        name = section.identity(taken)
        schedule = section.text("on", required=True)
        zone = section.text("tz", section.reading.timezone)
        if schedule:
            _check_schedule(section, schedule, zone)
        inner = section.inner("ticket", required=True)
        ticket = new_ticket(inner) if inner else {}
        skip = section.flag("skip_if_open")
        section.done()
        found.append(Recurring(name, schedule, zone, ticket, skip, section.line))
    return tuple(found)


def _check_schedule(section: Section, schedule: str, zone: str) -> None:
    from deskterm.rules.schedule import read_schedule

    try:
        read_schedule(schedule, zone)
    except Problem as problem:
        section.refuse("E212" if problem.field == "tz" else "E109", problem.field and "on", problem)
