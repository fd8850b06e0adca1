"""Loading: a past becomes a desk, if the desk is empty, and the desk works on from there."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from deskterm.desk import Desk, loading
from deskterm.desk.loading import load_past
from deskterm.rules import actions as a
from deskterm.rules.facts import SYSTEM, Agent, Contact, Event, Group, Queue
from deskterm.rules.past import Past, PastEvent, PastTicket
from deskterm.rules.problems import Problem
from tests.builders import T0, a_ticket
from tests.desks import a_desk


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """A desk that was founded, and nothing more."""
    with closing(a_desk(database_url, people=False).desk) as made:
        yield made


def a_past(count: int = 3, **values: Any) -> Past:
    """Zoe's desk with a few tickets."""

    def ticket(number: int) -> PastTicket:
        opened = PastEvent(Event(number, T0, "created", SYSTEM, {}, "test", 1))
        people = {"requester_id": 1, "group_id": 1, "queue_id": 1, "assignee_id": 1}
        return PastTicket(a_ticket(**{"id": number, **people, **values}), (opened,))

    return Past(
        agents=(Agent(1, "zoe", "Zoe", role="admin"),),
        groups=(Group(1, "all", "All", frozenset({1})),),
        queues=(Queue(1, "front", "Front", 1),),
        organizations=(),
        contacts=(Contact(1, "Ann", ("ann@acme.example",)),),
        tickets=map(ticket, range(1, count + 1)),
    )


def test_a_founded_desk_becomes_the_past_and_nothing_else(desk: Desk) -> None:
    assert load_past(desk, a_past()) == 3
    assert (set(desk.book().logins), set(desk.book().queue_names)) == ({"zoe"}, {"front"})
    assert desk.count(viewer=desk.agent("zoe"), cap=0) == 3


def test_work_goes_on_where_the_past_ends(desk: Desk) -> None:
    load_past(desk, a_past())
    assert desk.perform(a.OpenTicket("next"), desk.agent("zoe")).ticket == 4


def test_work_that_was_loaded_counts_as_somebody_s(desk: Desk) -> None:
    load_past(desk, a_past(3, status="open"))
    assert desk.ruling.rebuild(repair=False).loads == {}


def test_more_tickets_than_a_transaction_takes_are_all_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_CHUNK", 2)
    load_past(desk, a_past(5, merged_into=5, parent_id=5, status="merged"))
    assert desk.count("parent:5", viewer=desk.agent("zoe"), cap=0) == 5


@pytest.mark.parametrize(
    "action",
    [
        a.OpenTicket("mine", requester="ann@acme.example"),
        a.AddContact("Ann"),
        a.AddOrganization("ACME"),
        a.AddAgent("kim"),
        a.SetAgent("ada", name="Ada Lovelace"),
    ],
    ids=lambda action: type(action).__name__,
)
def test_a_desk_that_somebody_used_is_refused_and_stays(desk: Desk, action: a.Action) -> None:
    desk.perform(action, desk.agent("ada"))
    before = desk.book()
    with pytest.raises(Problem, match="in use already"):
        load_past(desk, a_past())
    assert desk.book() == before


def test_the_past_is_not_loaded_twice(desk: Desk) -> None:
    load_past(desk, a_past())
    with pytest.raises(Problem, match="in use already"):
        load_past(desk, a_past())
