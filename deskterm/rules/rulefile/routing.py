"""Classify rules and routes."""

from typing import Final

from deskterm.rules.problems import N_
from deskterm.rules.rulebook import Assign, Classify, Route
from deskterm.rules.rulefile.acts import CHOSEN, fields, tags
from deskterm.rules.rulefile.conditions import condition
from deskterm.rules.rulefile.reading import Section

__all__ = ["read_classify", "read_routes"]

_WAYS: Final = ("none", "person", "round_robin", "least_loaded", "best_skill")
_LIFTED: Final = ("away", "skills", "shift", "capacity")


def read_classify(top: Section) -> tuple[Classify, ...]:
    """Every [[classify]] in its order."""
    found: list[Classify] = []
    taken: dict[str, int] = {}
    for section in top.entries("classify"):
        name = section.identity(taken)
        when = condition(section, required=True)
        chosen, added = _chosen(section)
        fill = section.inner("fill")
        filled = fields(fill, CHOSEN) if fill else {}
        override = section.flag("override")
        if not (section.has("set") or fill):
            section.fault("E106", "", N_("%(key)s is missing"), key="set")
        section.done()
        found.append(Classify(name, when, chosen, filled, added, override, section.line))
    return tuple(found)


def read_routes(top: Section) -> tuple[Route, ...]:
    """Every [[route]] in its order."""
    found: list[Route] = []
    taken: dict[str, int] = {}
    for section in top.entries("route"):
        name = section.identity(taken)
        when = condition(section, required=True)
        goes_on = section.flag("continue")
        chosen, added = _chosen(section)
        queue, group = section.name("queue", "queue"), section.name("group", "group")
        assign = _assign(section)
        if not (goes_on or section.table.get("queue") or section.table.get("group")):
            section.fault("E106", "", N_("a route names a queue or a group, or says continue = true"))
        if assign.by not in ("none", "person") and not section.table.get("group"):
            section.fault("E106", "assign", N_("to choose an agent, the route needs a group"))
        section.done()
        found.append(Route(name, when, queue, group, assign, chosen, added, goes_on, section.line))
    return tuple(found)


def _chosen(section: Section) -> tuple[dict[str, str], tuple[str, ...]]:
    """What `set` sets, and the tags it adds."""
    inner = section.inner("set")
    if inner is None:
        return {}, ()
    return fields(inner, CHOSEN, tags=True), tags(inner, "add_tags")


def _assign(section: Section) -> Assign:
    from deskterm.rules.duration import read_wall

    inner = section.inner("assign")
    if inner is None:
        return Assign()
    by = inner.chosen("by", _WAYS, "none")
    person = inner.name("person", "agent", required=by == "person")
    found = Assign(
        by=by,
        person=person,
        need=inner.numbers("need", "skill", 1),
        prefer=inner.numbers("prefer", "skill", 1),
        relax=inner.some("relax", _LIFTED),
        sticky=inner.read("sticky", read_wall, 0),
    )
    inner.done()
    return found
