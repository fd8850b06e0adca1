"""The words of the field: statuses with their categories, roles, channels, defaults."""

from types import MappingProxyType
from typing import Final

__all__ = [
    "ALWAYS_OPEN_STATUSES",
    "CATEGORY",
    "CHANNELS",
    "DEFAULT_PRIORITY",
    "DEFAULT_TYPES",
    "LEVELS",
    "MATRIX",
    "PRIORITIES",
    "ROLES",
    "STATUSES",
    "is_open",
    "priority_rank",
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


def is_open(status: str) -> bool:
    """True while somebody still has to work on a ticket in `status`."""
    return CATEGORY[status] in ("new", "open", "waiting")


def priority_rank(priority: str) -> int:
    """0 for the lowest priority; -1 for one that the desk does not know (kept from an import)."""
    return PRIORITIES.index(priority) if priority in PRIORITIES else -1
