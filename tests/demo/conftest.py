"""The demo desk at one instant, made once."""

import pytest

from deskterm.demo import demo
from deskterm.rules.past import Past, PastTicket
from tests.demo.moments import NOW


@pytest.fixture(scope="session")
def past() -> Past:
    """The demo desk at NOW."""
    return demo(NOW)


@pytest.fixture(scope="session")
def tickets(past: Past) -> tuple[PastTicket, ...]:
    """Its tickets."""
    return tuple(past.tickets)
