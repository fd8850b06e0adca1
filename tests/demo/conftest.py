"""The demo desk at one instant, made once."""

from collections.abc import Callable
from functools import cache

import pytest

from deskterm.demo import demo
from deskterm.rules.past import Past, PastTicket
from tests.demo.moments import NOW


@pytest.fixture(scope="session")
def past_at() -> Callable[[int], Past]:
    """The year of the demo desk until any instant, made once for each."""
    return cache(demo)


@pytest.fixture(scope="session")
def past(past_at: Callable[[int], Past]) -> Past:
    """The year of the demo desk until NOW."""
    return past_at(NOW)


@pytest.fixture(scope="session")
def tickets(past: Past) -> tuple[PastTicket, ...]:
    """Its tickets."""
    return tuple(past.tickets)
