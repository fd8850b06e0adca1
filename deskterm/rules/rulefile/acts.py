"""Acts: what a `do` of the rule file asks for."""

import re
from collections.abc import Mapping
from typing import Any, Final

from deskterm.rules.problems import N_
from deskterm.rules.rulebook import Act
from deskterm.rules.rulefile.reading import Form, Section
from deskterm.rules.terms import LEVELS

__all__ = ["CHOSEN", "SETTABLE", "acts", "check_placeholders", "fields", "new_ticket", "tags"]

CHOSEN: Final = ("priority", "type", "category", "impact", "urgency", "vendor", "lang", "region")
"""The fields that tell what a ticket is about; besides them cf.NAME."""
SETTABLE: Final = (
    *(*CHOSEN, "subject", "status", "queue", "group", "assignee"),
    *("cause", "solution", "wait_reason"),
)
_OPENED: Final = (*CHOSEN, "body", "requester", "queue", "group", "assignee", "channel", "subject", "tags")
_PARTS: Final = ("assignee", "lead", "requester")
_RECIPIENTS: Final = (*_PARTS, "group:NAME", "agent:LOGIN")
_TARGETS: Final = ("lead", "route", "group:NAME", "person:LOGIN")
_KINDS: Final = {
    "priority": "priority",
    "status": "status",
    "queue": "queue",
    "group": "group",
    "assignee": "agent",
}
_CUSTOM: Final = re.compile(r"cf\.[\w-]{1,40}")
_ACTS: Final = Form(list, '[{ notify = ["lead"] }]')
_OPTIONS: Final = ("auto", "force")
_MOST: Final = 20  # acts of one rule
_LONGEST: Final = 20_000  # characters of a text


def acts(section: Section, *, required: bool = True, asks: tuple[str, ...] = ()) -> tuple[Act, ...]:
    """The acts of a rule in their order; `asks` are the answers that the notes of a macro speak of."""
    given = section.value("do", _ACTS, [], required=required)
    if not all(type(each) is dict for each in given):
        section.malformed("do", _ACTS)
        return ()
    if required and section.table.get("do") == []:
        section.fault("E107", "do", N_("do must say at least one thing"))
    if len(given) > _MOST:
        section.fault("E101", "do", N_("do says more than %(most)d things"), most=_MOST)
    line = section.reading.places.line((*section.path, "do"))
    found = [_act(section.within(each, "do"), line) for each in given[:_MOST]]
    for act in found:
        if act is not None and act.verb == "note":
            check_placeholders(section, "do", act.value, asks)
    return tuple(act for act in found if act is not None)


def check_placeholders(section: Section, key: str, text: str, asks: tuple[str, ...] = ()) -> None:
    """A fault for each {{placeholder}} that nothing can fill."""
    rest = text
    for name in asks:
        rest = rest.replace(f"{{{name}}}", "")
    if "{" in rest:  # the others are worth the import
        from deskterm.rules.templates import check_text

        problem = check_text(text, asks)
        if problem is not None:
            section.refuse("E210", key, problem, f"{key}: ")


def fields(
    section: Section, valid: tuple[str, ...], *, steps: bool = False, tags: bool = False
) -> dict[str, str]:
    """Field -> text, flat (cf.NAME); checked against the words and names of the desk."""
    found: dict[str, str] = {}
    for name, value in _flat(section):
        if tags and name == "add_tags":
            continue
        if name not in valid and not _CUSTOM.fullmatch(name):
            section.unknown("E210", "field", name, (*valid, "cf.NAME"), name)
        elif type(value) is not str:
            section.fault("E105", name, N_("%(key)s must be written as %(what)s."), key=name, what='"..."')
        elif _may_be(section, name, value, steps):
            found[name] = value
    return found


def new_ticket(section: Section) -> dict[str, Any]:
    """The fields of a ticket that a rule opens; its subject is required."""
    found: dict[str, Any] = {}
    subject = section.text("subject", required=True)
    if subject:
        found["subject"] = subject
    if section.has("tags"):
        found["tags"] = section.texts("tags")
    rest = {key: value for key, value in section.table.items() if key not in ("subject", "tags")}
    return found | fields(Section(section.reading, rest, section.path, section.rule, section.trail), _OPENED)


def _act(section: Section, line: int) -> Act | None:
    auto, force = section.flag("auto"), section.flag("force")
    verbs = [key for key in section.table if key not in _OPTIONS]
    if len(verbs) != 1:
        template = N_("each entry of do says one thing: %(valid)s")
        section.fault("E107", "", template, choices=tuple(_VERBS), valid=", ".join(_VERBS))
        return None
    verb = verbs[0]
    section.asked.append(verb)
    reader = _VERBS.get(verb)
    if reader is None:
        section.unknown("E103", "act", verb, tuple(_VERBS))
        return None
    return Act(verb, reader(section, verb), auto, force, line)


def _notify(section: Section, verb: str) -> tuple[str, ...]:
    one = type(section.table[verb]) is str
    found = (section.text(verb),) if one else section.texts(verb)
    return tuple(each for each in found if _recipient(section, verb, each))


def _recipient(section: Section, verb: str, name: str) -> bool:
    kind, colon, rest = name.partition(":")
    if not colon:
        agents = section.reading.names.get("agent")
        if agents is None or name in agents or name in _RECIPIENTS:
            return True
        section.unknown("E203", "agent", name, (*_PARTS, *agents), verb)
        return False
    if kind in ("group", "agent"):
        return section.known(kind, rest, verb)
    return section.check_choice(verb, name, _RECIPIENTS)


def _reassign(section: Section, verb: str) -> str:
    name = section.text(verb)
    kind, colon, rest = name.partition(":")
    if colon and kind in ("group", "person"):
        section.known("group" if kind == "group" else "agent", rest, verb)
    else:
        section.check_choice(verb, name, _TARGETS)
    return name


def _set(section: Section, verb: str) -> Mapping[str, str]:
    inner = section.inner(verb)
    if inner is not None and not inner.table:
        section.fault("E107", verb, N_("%(key)s names no field"), key=verb)
    return fields(inner, SETTABLE, steps=True) if inner else {}


def _child(section: Section, verb: str) -> Mapping[str, Any]:
    inner = section.inner(verb)
    return new_ticket(inner) if inner else {}


def _template(section: Section, verb: str) -> str:
    return section.name(verb, "template")


def tags(section: Section, key: str) -> tuple[str, ...]:
    """A list of tags."""
    found = section.texts(key)
    for each in found:
        if not each or len(each) > 64 or any(char.isspace() or char == "," for char in each):
            template = N_("tag '%(name)s' must be one word of at most 64 characters, without a comma")
            section.fault("E107", key, template, name=each)
    return found


def _text(section: Section, verb: str) -> str:
    found = section.text(verb)
    if len(found) > _LONGEST:
        section.fault("E101", verb, N_("the text is longer than %(most)d characters"), most=_LONGEST)
    elif type(section.table[verb]) is str and not found.strip():
        section.fault("E107", verb, N_("%(key)s must not be empty"), key=verb)
    return found


_VERBS: Final = {
    "notify": _notify,
    "set": _set,
    "reassign": _reassign,
    "add_tags": tags,
    "remove_tags": tags,
    "note": _text,
    "reply": _template,
    "webhook": _text,
    "create_child": _child,
}


def _may_be(section: Section, name: str, value: str, steps: bool) -> bool:
    if steps and name == "priority" and value in ("+1", "-1"):
        return True
    if name in ("impact", "urgency"):
        matrix = section.reading.terms.matrix
        levels = list(matrix) if name == "impact" else [each for row in matrix.values() for each in row]
        return not value or section.check_choice(name, value, tuple(dict.fromkeys((*levels, *LEVELS))))
    kind = _KINDS.get(name)
    if kind is None or (not value and kind in ("group", "agent")):
        return True
    return section.known(kind, value, name)


def _flat(section: Section) -> list[tuple[str, Any]]:
    """The entries, cf = { asset = "x" } as cf.asset."""
    found: list[tuple[str, Any]] = []
    for name, value in section.table.items():
        if name == "cf" and type(value) is dict:
            found += [(f"cf.{key}", each) for key, each in value.items()]
        else:
            found.append((name, value))
    return found
