"""The demo desk: a year of two desks, an IT desk and a customer desk, made of rules and words only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from deskterm.demo.house import absences, house
from deskterm.demo.play import Play
from deskterm.demo.year import Year
from deskterm.rules.facts import Agent, Event
from deskterm.rules.past import Past, PastEvent, PastTicket

__all__ = ["demo"]


def demo(now: int) -> Past:
    """The demo desk as it stands at `now` (an instant), the same for the same `now`.

    Nothing lies in the future but dues and the ends of waits. Tickets are numbered as they were opened and
    events as they happened, each from 1 on.
    """
    home = house()
    book = home.book
    return Past(
        agents=tuple(_present(book.agents.values(), now)),
        groups=tuple(book.groups.values()),
        queues=tuple(book.queues.values()),
        organizations=home.organizations,
        contacts=tuple(caller.contact for caller in home.callers),
        tickets=tuple(_numbered(Year(home, now).plays(), now)),
    )


def _present(agents: Iterable[Agent], now: int) -> Iterator[Agent]:
    """The agents, those who are out of office at `now` with their dates."""
    gone = absences(now)
    for agent in agents:
        since, until = gone.get(agent.login, (None, None))
        yield replace(agent, out_from=since, out_until=until)


def _numbered(plays: Sequence[Play], now: int) -> Iterator[PastTicket]:
    tickets = [play.past(now, number) for number, play in enumerate(plays, 1)]
    order = sorted(
        (each.event.at, number, place)
        for number, past in enumerate(tickets)
        for place, each in enumerate(past.events)
    )
    numbers = {(number, place): seq for seq, (_at, number, place) in enumerate(order, 1)}
    for number, past in enumerate(tickets):
        events = tuple(_event(each, numbers[number, place]) for place, each in enumerate(past.events))
        yield PastTicket(past.ticket, events)


def _event(past: PastEvent, seq: int) -> PastEvent:
    event = past.event
    return PastEvent(
        Event(seq, event.at, event.kind, event.actor, event.data, event.because, event.version), past.body
    )
