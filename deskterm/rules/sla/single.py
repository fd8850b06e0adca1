"""Single: one set of policies and calendars in the place of every revision that a history names."""

from collections.abc import Iterable, Mapping

from deskterm.rules.calendar import Calendar
from deskterm.rules.facts import Event
from deskterm.rules.rulebook import Policy, RuleBook

__all__ = ["one_edition"]


class _Edition(RuleBook):
    """Knows its only policy by the name "default" too."""

    __slots__ = ()

    def policy(self, name: str) -> Policy | None:
        found = super().policy(name)
        only = self.policies[0] if len(self.policies) == 1 and name == "default" else None
        return found or only


def one_edition(
    history: Iterable[Event], policies: Mapping[str, Policy], calendars: Mapping[str, Calendar]
) -> dict[int, RuleBook]:
    """The same book for 0 and for every revision that `history` names."""
    named = tuple(policy._replace(id=name) for name, policy in policies.items())
    book = _Edition(calendars=calendars, policies=named)
    return dict.fromkeys({0, *(int(event.data.get("rev") or 0) for event in history)}, book)
