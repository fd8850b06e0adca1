"""The words of the field: statuses with their categories, roles, channels, defaults."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = [
    "ALWAYS_OPEN_STATUSES",
    "CATEGORY",
    "CHANNELS",
    "DEFAULT_PRIORITY",
    "DEFAULT_TERMS",
    "DEFAULT_TYPES",
    "LEVELS",
    "MATRIX",
    "PRIORITIES",
    "ROLES",
    "STATUSES",
    "Terms",
]

STATUSES: Final = ("new", "open", "pending", "on_hold", "resolved", "closed", "cancelled", "merged")

# status -> category (rules.md section 5); rules and SQL decide by category only
CATEGORY: Final = MappingProxyType(
    {
        "new": "new",
        "open": "open",
        "pending": "waiting",
        "on_hold": "waiting",
        "resolved": "solved",
        "closed": "closed",
        "cancelled": "closed",
        "merged": "closed",
    }
)
ALWAYS_OPEN_STATUSES: Final = ("new", "open", "pending", "on_hold")

PRIORITIES: Final = ("P4", "P3", "P2", "P1")  # low to high
DEFAULT_PRIORITY: Final = "P3"
LEVELS: Final = ("low", "medium", "high")  # of impact and urgency
MATRIX: Final = MappingProxyType(
    {  # impact -> urgency -> priority
        "high": MappingProxyType({"high": "P1", "medium": "P2", "low": "P3"}),
        "medium": MappingProxyType({"high": "P2", "medium": "P3", "low": "P4"}),
        "low": MappingProxyType({"high": "P3", "medium": "P4", "low": "P4"}),
    }
)
DEFAULT_TYPES: Final = ("incident", "request", "question", "problem", "change", "complaint")
CHANNELS: Final = (
    "cli",
    "tui",
    "mail",
    "web",
    "api",
    "phone",
    "walk-in",
    "chat",
    "alert",
    "import",
    "system",
)
ROLES: Final = ("requester", "light", "agent", "lead", "admin")  # low to high


class Terms(NamedTuple):
    """The words of one desk; a rule file may name its own (rules.md section 6).

    Priorities low to high, the matrix impact -> urgency -> priority, and every status with its category.
    """

    priorities: tuple[str, ...] = PRIORITIES
    default_priority: str = DEFAULT_PRIORITY
    matrix: Mapping[str, Mapping[str, str]] = MATRIX
    statuses: Mapping[str, str] = CATEGORY

    def category(self, status: str) -> str:
        """new, open, waiting, solved or closed; a status that left the rule file counts as open."""
        return self.statuses.get(status) or CATEGORY.get(status, "open")

    def is_open(self, status: str) -> bool:
        """True while somebody still has to work on a ticket in `status`."""
        return self.category(status) in ("new", "open", "waiting")

    def rank(self, priority: str) -> int:
        """0 for the lowest priority; -1 for one that the desk does not know (kept from an import)."""
        return self.priorities.index(priority) if priority in self.priorities else -1


DEFAULT_TERMS: Final = Terms()
