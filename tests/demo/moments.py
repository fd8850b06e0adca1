"""Moments at which the demo desk is looked at."""

from datetime import UTC, datetime


def moment(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """An instant, given in UTC."""
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


NOW = moment(2026, 3, 4, 14, 5)  # a Wednesday afternoon in Berlin
FESTIVAL = moment(2027, 2, 7, 20, 30)  # night in China, the second day of Spring Festival, a Sunday
NEW_YEAR = moment(2031, 1, 1, 3, 0)  # nobody is at work anywhere
