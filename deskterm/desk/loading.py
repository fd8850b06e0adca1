"""Loading: a past into an empty desk, as it is."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, Final

from deskterm.desk import Desk
from deskterm.rules.past import Past, PastTicket
from deskterm.rules.problems import N_, Problem
from deskterm.store.bulk import Bulk, link, seize
from deskterm.store.bulk_people import add_agent, add_contact, add_group, add_organization, add_queue
from deskterm.store.engine import Store
from deskterm.store.vacant import vacate

__all__ = ["load_past", "vacant"]

_CHUNK: Final = 5000  # tickets of one transaction
_BATCH: Final = 250  # tickets of one statement: the more that lie in memory, the longer garbage is looked for
_FOUNDING: Final = ("found/admin", "found/group", "found/queue")
"""The keys of what deskterm.desk.founding does to an empty desk."""


def load_past(desk: Desk, past: Past) -> int:
    """Load people and tickets into an empty desk (the founding is undone); how many tickets.

    No rule and no notice fires. Raises Problem when the desk is not empty.
    """
    with vacant(desk.store) as connection:
        bulk = Bulk(connection)
        _add_people(bulk, past, desk.clock.now())
        bulk.settle()
    tickets = iter(past.tickets)
    links: list[tuple[int, str, int]] = []
    total = 0
    for first in tickets:
        with desk.store.transaction() as connection:
            seize(connection)
            bulk = Bulk(connection)
            total += _add_tickets(bulk, chain((first,), islice(tickets, _CHUNK - 1)))
            bulk.settle()
            links += bulk.links
    if links:
        with desk.store.transaction() as connection:
            link(connection, links)
    desk.ruling.recount()
    return total


def _add_tickets(bulk: Bulk, tickets: Iterable[PastTicket]) -> int:
    count = 0
    for count, each in enumerate(tickets, 1):
        bulk.ticket(each)
        if count % _BATCH == 0:
            bulk.flush()
    return count


@contextmanager
def vacant(store: Store) -> Iterator[Any]:
    """A transaction in which the desk is empty and nobody else writes. Raises Problem when it is not."""
    with store.transaction() as connection:
        seize(connection)
        if not vacate(connection, _FOUNDING):
            raise Problem(
                "desk.used",
                N_("The desk %(place)s is in use already: name a new one with --db."),
                place=store.place,
            )
        yield connection


def _add_people(bulk: Bulk, past: Past, now: int) -> None:
    for organization in past.organizations:
        add_organization(bulk, organization, now)
    for contact in past.contacts:
        add_contact(bulk, contact, now)
    for agent in past.agents:
        add_agent(bulk, agent, now)
    for group in past.groups:
        add_group(bulk, group, now)
    for queue in past.queues:
        add_queue(bulk, queue, now)
