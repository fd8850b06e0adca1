"""Telling: what rules and clocks left on a timeline, in parts that the edge translates and cleans."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from deskterm.rules.facts import EMPTY
from deskterm.rules.problems import N_

__all__ = ["METRICS", "OUTCOMES", "Told", "tell", "tell_because"]

Data = Mapping[str, Any]


class Told(NamedTuple):
    """A sentence: `template`, translated, filled with `values`.

    Those named in `words` are templates themselves; the one named `instant` is an instant. `cause` is the
    sentence that a rule was refused with, to be put behind.
    """

    template: str
    values: Mapping[str, str | int] = EMPTY
    words: tuple[str, ...] = ()
    instant: str = ""
    cause: "Told | None" = None


METRICS: Final = MappingProxyType(
    {
        "first_response": N_("first response"),
        "next_response": N_("next response"),
        "update": N_("update"),
        "resolution": N_("resolution"),
        "own": N_("taking up"),
        "work": N_("work in the group"),
        "response": N_("response"),
        "restore": N_("restoring"),
    }
)
"""Clocks by name: the customer's, those of a group (own, work) and those of a vendor."""

OUTCOMES: Final = MappingProxyType(
    {
        "done": N_("done"),
        "kept": N_("nothing done: a person had chosen otherwise"),
        "muted": N_("nothing sent: the requester gets no automatic answers now"),
        "nothing": N_("nothing to do"),
        "failed": N_("failed"),
        "skipped_late": N_("left out: too late to be of use"),
        "skipped_new": N_("left out: crossed before the rules had it"),
        "skipped_done": N_("left out: the clock was over"),
        "skipped_open": N_("left out: the last one is still open"),
    }
)
"""What became of something that was due."""


def tell(kind: str, data: Data) -> Told | None:
    """What happened; None for an event that is not the rules' own."""
    words = _KINDS.get(kind)
    return words(data) if words else None


def _text(data: Data, name: str) -> str:
    return str(data.get(name) or "")


def _policy(data: Data) -> Told:
    old, policy = _text(data, "old"), _text(data, "policy")
    if not policy:
        return Told(N_("no SLA policy applies"))
    if old and old != policy:
        return Told(N_("SLA policy %(former)s gives way to %(policy)s"), {"former": old, "policy": policy})
    return Told(N_("SLA policy %(policy)s applies"), {"policy": policy})


def _routed(data: Data) -> Told:
    route = _text(data, "route")
    if not route:
        return Told(N_("no route takes it"))
    if data.get("wants_agent"):
        return Told(N_("takes the route %(route)s and waits for an agent"), {"route": route})
    return Told(N_("takes the route %(route)s"), {"route": route})


def _failed(data: Data) -> Told:
    values = data.get("values")
    cause = Told(_text(data, "template"), values if isinstance(values, Mapping) else EMPTY)
    verb = _text(data, "verb")
    return Told(N_("a rule could not do %(verb)s"), {"verb": verb}, cause=cause if cause.template else None)


def _stopped(data: Data) -> Told:
    count = data.get("count", 0)
    if data.get("limit") == "depth":
        return Told(N_("rules were stopped: tickets opened one another %(count)s deep"), {"count": count})
    return Told(N_("rules were stopped after %(count)s of them ran in a row"), {"count": count})


def _voided(data: Data) -> Told:
    values = {"event": data.get("event", 0), "reason": _text(data, "reason")}
    if values["reason"]:
        return Told(N_("event %(event)s no longer counts for the clocks: %(reason)s"), values)
    return Told(N_("event %(event)s no longer counts for the clocks"), values)


def _exempt(data: Data) -> Told:
    reason = _text(data, "reason")
    if reason:
        return Told(N_("no clock runs any more: %(reason)s"), {"reason": reason})
    return Told(N_("no clock runs any more"))


def _due(data: Data) -> Told:
    metric, due = _text(data, "metric"), data.get("due")
    metric = METRICS.get(metric, metric)
    if due is None:
        return Told(N_("the promised due of the %(metric)s is taken back"), {"metric": metric}, ("metric",))
    values = {"metric": metric, "due": due}
    return Told(N_("%(metric)s promised by %(due)s"), values, ("metric",), instant="due")


def _activated(data: Data) -> Told:
    values = {"name": _text(data, "name"), "rev": data.get("rev", 0)}
    return Told(N_("the rules of %(name)s are in force (revision %(rev)s)"), values)


_KINDS: Final[Mapping[str, Callable[[Data], Told]]] = MappingProxyType(
    {
        "policy_applied": _policy,
        "routed": _routed,
        "rule_failed": _failed,
        "loop_stopped": _stopped,
        "sla_void": _voided,
        "exempt": _exempt,
        "due_set": _due,
        "rules_activated": _activated,
    }
)

_CAUSES: Final = MappingProxyType(
    {
        "classify": N_("classification %(id)s"),
        "route": N_("route %(id)s"),
        "trigger": N_("trigger %(id)s"),
        "automation": N_("automation %(id)s"),
        "level": N_("level %(id)s"),
        "macro": N_("macro %(id)s"),
        "recurring": N_("recurring %(id)s"),
        "blueprint": N_("blueprint %(id)s"),
    }
)
_ALONE: Final = MappingProxyType(
    {
        "matrix": N_("impact and urgency"),
        "policy": N_("SLA policies of revision %(rev)s"),
        "rules": N_("rules of revision %(rev)s"),
        "lifecycle": N_("lifecycle"),
        "wake": N_("waited long enough"),
    }
)
_PRESENT: Final = MappingProxyType(
    {"policy": N_("the first SLA policy that fits"), "rules": N_("the rules in force")}
)


def tell_because(because: str) -> Told | None:
    """What asked for a change, if a rule did: of "level it/L1@3" the kind, and it/L1@3 as its name.

    Without @3 it is a rule of the revision that is looked at.
    """
    kind, space, name = because.partition(" ")
    if space and kind in _CAUSES:
        return Told(_CAUSES[kind], {"id": name})
    kind, _at, rev = because.partition("@")
    if not rev and kind in _PRESENT:
        return Told(_PRESENT[kind])
    return Told(_ALONE[kind], {"rev": rev}) if kind in _ALONE else None
