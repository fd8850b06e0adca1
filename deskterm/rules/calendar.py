"""Business time. So far the one calendar that needs no table: open all day, every day."""

from typing import Protocol

__all__ = ["ALWAYS", "AlwaysOpen", "BusinessTime"]


class BusinessTime(Protocol):
    """What a clock asks of a calendar; instants and durations in seconds."""

    def add(self, start: int, seconds: int) -> int:
        """The smallest instant >= `start` with `seconds` of open time behind it."""

    def elapsed(self, a: int, b: int) -> int:
        """Open seconds between `a` and `b`; 0 when b <= a."""


class AlwaysOpen:
    """24 hours, 7 days: open time is time."""

    def add(self, start: int, seconds: int) -> int:
        """`start` moved by `seconds`."""
        return start + max(0, seconds)

    def elapsed(self, a: int, b: int) -> int:
        """The seconds between."""
        return max(0, b - a)


ALWAYS = AlwaysOpen()
