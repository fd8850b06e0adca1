"""Blueprints: the guided process of a ticket type."""

from functools import partial
from typing import Final

from deskterm.rules.problems import N_
from deskterm.rules.rulebook import Blueprint, Stage
from deskterm.rules.rulefile.acts import SETTABLE, acts
from deskterm.rules.rulefile.reading import Section
from deskterm.rules.terms import ROLES

__all__ = ["read_blueprints"]

_NEEDED: Final = tuple(field for field in SETTABLE if field not in ("status", "subject"))


def read_blueprints(top: Section) -> tuple[Blueprint, ...]:
    """Every [[blueprint]]; one for a ticket type."""
    found: list[Blueprint] = []
    taken: dict[str, int] = {}
    types: dict[str, str] = {}
    for section in top.entries("blueprint"):
        name = section.identity(taken)
        kind = section.text("type", required=True)
        if kind and types.setdefault(kind, name) != name:
            template = N_("type '%(name)s' has the blueprint '%(other)s' already")
            section.fault("E108", "type", template, name=kind, other=types[kind])
        stages = _stages(section)
        if not stages:
            section.fault("E106", "", N_("%(key)s is missing"), key="[[blueprint.stage]]")
        section.done()
        found.append(Blueprint(name, kind, stages, section.line))
    return tuple(found)


def _stages(blueprint: Section) -> tuple[Stage, ...]:
    given = blueprint.table.get("stage")
    tables = given if type(given) is list else []
    names = [each.get("id") for each in tables if type(each) is dict]
    blueprint.reading.names["stage"] = [each for each in names if type(each) is str]
    taken: dict[str, int] = {}
    return tuple(_stage(section, taken) for section in blueprint.entries("stage"))


def _stage(section: Section, taken: dict[str, int]) -> Stage:
    from deskterm.rules.duration import read_duration

    name = section.identity(taken)
    calendar = section.name("calendar", "calendar", "always")
    read_limit = partial(read_duration, day=section.reading.days.get(calendar))
    stage = Stage(
        id=name,
        status=section.name("status", "status", required=True),
        goes_to=section.names("to", "stage"),
        who=section.some("who", ROLES),
        needs=_needs(section),
        limit=section.read("limit", read_limit, 0),
        calendar=calendar,
        do=acts(section, required=False),
        line=section.line,
    )
    if stage.do and not section.has("limit"):
        section.fault("E106", "do", N_("do is for a stage that has a limit"))
    section.asked.append("limit")
    section.done()
    return stage


def _needs(section: Section) -> tuple[str, ...]:
    return tuple(
        each
        for each in section.texts("needs")
        if each.startswith("cf.") or section.check_choice("needs", each, _NEEDED)
    )
