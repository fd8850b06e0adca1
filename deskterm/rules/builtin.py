"""The built-in rules: what a desk runs by before it has a rule file of its own. Revision 0."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from deskterm.rules.calendar import ALWAYS
from deskterm.rules.terms import DEFAULT_TERMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.rules.rulebook import RuleBook

    BUILT_IN: RuleBook
    EDITIONS: Mapping[int, RuleBook]

__all__ = ["BUILT_IN", "EDITIONS", "PAUSE", "PLAIN", "TARGETS"]

_HOUR: Final = 3600

TARGETS: Final = MappingProxyType(
    {
        "P1": {"first_response": _HOUR // 2, "next_response": _HOUR, "resolution": 4 * _HOUR},
        "P2": {"first_response": 2 * _HOUR, "next_response": 4 * _HOUR, "resolution": 24 * _HOUR},
        "P3": {"first_response": 8 * _HOUR, "next_response": 12 * _HOUR, "resolution": 72 * _HOUR},
        "P4": {"first_response": 24 * _HOUR, "next_response": 48 * _HOUR, "resolution": 120 * _HOUR},
    }
)
"""Seconds by priority and metric, around the clock."""

PAUSE: Final = MappingProxyType(
    {"resolution": frozenset({"pending"}), "next_response": frozenset({"pending"})}
)


class _Policy:
    id = "default"
    calendar = "always"
    targets = TARGETS
    pause = PAUSE
    reopen = "new_cycle"
    on_resolve = "stop"
    levels: tuple[Any, ...] = ()


class _Edition:
    rev = 0
    terms = DEFAULT_TERMS
    calendars = MappingProxyType({"always": ALWAYS})
    olas: tuple[Any, ...] = ()
    ucs: tuple[Any, ...] = ()
    _only = _Policy()

    def policy(self, name: str) -> _Policy | None:
        """As RuleBook.policy."""
        return self._only if name == self._only.id else None


PLAIN: Final = _Edition()
"""As much of BUILT_IN as clocks need without the import of rule books: to open a ticket has to be fast."""


def __getattr__(name: str) -> Any:
    if name not in ("BUILT_IN", "EDITIONS"):
        raise AttributeError(name)
    from deskterm.rules.rulebook import Policy, RuleBook

    policy = Policy("default", calendar="always", targets=TARGETS, pause=PAUSE)
    book = RuleBook("built-in", calendars=PLAIN.calendars, policies=(policy,))
    globals().update(BUILT_IN=book, EDITIONS=MappingProxyType({0: book}))
    return globals()[name]
