"""What people read of what rules do: changes that only rules make, and the names of rules as reasons."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from deskterm.i18n import _
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import N_
from deskterm.rules.telling import METRICS, OUTCOMES, Told, tell, tell_because

__all__ = ["BECAUSE", "RULE_CHANGES", "metric", "of_rule", "outcome", "sentence"]

BECAUSE: Final = (
    N_("action activate_rules"),
    N_("action reroute"),
    N_("action void_event"),
    N_("action exempt"),
    N_("action set_due"),
    N_("action set_presence"),
    N_("action undo"),
)


def metric(name: str) -> str:
    """A clock in the reader's language."""
    return _(METRICS[name]) if name in METRICS else clean_line(name)


def outcome(name: str) -> str:
    """What became of something that was due."""
    return _(OUTCOMES[name]) if name in OUTCOMES else clean_line(name)


def of_rule(text: str, present: int | None = None) -> str:
    """The rule that a reason names, as "route vpn@3"; of one of the `present` revision only the name."""
    told = tell_because(text.removesuffix(f"@{present}"))
    return sentence(told) if told else clean_line(text)


def sentence(told: Told) -> str:
    """What rules did, in the reader's language, with its values clean and its reason behind it."""
    values: dict[str, Any] = {
        name: _(str(value))
        if name in told.words
        else value
        if isinstance(value, int)
        else clean_line(value, 80)
        for name, value in told.values.items()
    }
    try:
        text = _(told.template) % values if values else _(told.template)
    except (KeyError, ValueError, TypeError):  # the timeline of another version said it otherwise
        text = clean_line(told.template, 80)
    if told.cause is None:
        return text
    return _("%(name)s: %(value)s") % {"name": text, "value": sentence(told.cause)}


def _told(kind: str, facts: Mapping[str, Any]) -> str:
    told = tell(kind, facts)
    return sentence(told) if told else clean_line(kind)


RULE_CHANGES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    kind: partial(_told, kind)
    for kind in (
        *("policy_applied", "routed", "rule_failed", "loop_stopped"),
        *("sla_void", "exempt", "due_set", "rules_activated"),
    )
}
