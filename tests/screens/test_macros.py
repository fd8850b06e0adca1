"""Macros on screen: offered where they fit, shown before they are done, all or nothing on each ticket."""

import pytest

from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.screens.dialogs.ask import Ask
from deskterm.screens.dialogs.pick import Pick
from deskterm.screens.dialogs.plan import PlanDialog
from deskterm.screens.dialogs.report import ReportDialog
from deskterm.screens.queue import QueueScreen
from tests.screens.conftest import Session, Sit
from tests.screens.ruled import under_rules

ALL = "8"  # the view of all tickets


@pytest.fixture
def ruled(busy: Desk) -> Desk:
    """The busy desk with three macros."""
    return under_rules(busy)


async def find(session: Session, query: str) -> list[int]:
    """Show what a query finds; the numbers in the order of the list."""
    await session.press("slash", "ctrl+u")
    await session.type(query)
    await session.press("enter")
    screen = session.app.screen
    assert isinstance(screen, QueueScreen)
    return [row.id for row in screen.tickets.window.rows]


async def run(session: Session, name: str) -> None:
    """Choose a macro by its name."""
    await session.press("m")
    await session.type(name)
    await session.press("enter")


def tags(session: Session, number: int) -> frozenset[str]:
    return frozenset(session.desk.ticket(number, viewer=session.me).row.tags)


def version(session: Session, number: int) -> int:
    return session.desk.ticket(number, viewer=session.me).row.version


async def test_only_macros_that_fit_the_ticket_are_offered(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await find(session, "-tag:vpn status:new")
        await session.press("m")
        assert isinstance(session.app.screen, Pick)
        assert "Hand to network" in session.screen_text
        assert "Announce a visit" not in session.screen_text


async def test_a_macro_asks_shows_what_it_would_do_and_does_it(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        number, *_rest = await find(session, "status:new -group:network")
        await run(session, "hand")
        assert isinstance(session.app.screen, Ask)
        await session.type("line 7 is down")
        await session.press("enter")
        assert isinstance(session.app.screen, PlanDialog)
        assert "tags +handed" in session.screen_text
        assert "line 7 is down" in session.screen_text
        assert "handed" not in tags(session, number)
        await session.press("enter")
        assert "handed" in tags(session, number)


async def test_an_answer_that_is_missing_is_asked_for_again(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await find(session, "status:new")
        await run(session, "hand")
        await session.press("enter")
        assert isinstance(session.app.screen, Ask)
        assert "note is needed." in session.screen_text


async def test_the_words_of_a_reply_are_seen_before_they_are_sent(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        number, *_rest = await find(session, "status:new")
        before = version(session, number)
        await run(session, "log")
        assert "Please send us the log file of the client" in session.screen_text
        await session.press("escape")
        assert version(session, number) == before


async def test_a_macro_that_is_refused_changes_nothing(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        number, *_rest = await find(session, "tag:vpn is:open")
        before = version(session, number)
        await run(session, "visit")
        assert "ticket.cf.site" in session.screen_text
        await session.press("enter", "escape")  # there is nothing to agree to
        assert (version(session, number), "visit" in tags(session, number)) == (before, False)


async def test_a_macro_runs_on_the_open_ticket(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        number, *_rest = await find(session, "status:new")
        await session.press("enter")
        await run(session, "log")
        await session.press("enter")
        assert "log" in tags(session, number)


async def test_marked_tickets_are_done_where_it_fits_and_the_rest_says_why(ruled: Desk, sit: Sit) -> None:
    me = ruled.agent("lee")
    async with sit(ruled) as session:
        done, refused, *_rest = await find(session, "status:new -tag:vpn sort:created")
        ruled.perform(a.Tag(refused, add=("handed",)), me)
        await find(session, "status:new -tag:vpn sort:created")
        await session.press("space", "space", "m")
        assert "fits 1 of 2" in session.screen_text
        await session.type("hand")
        await session.press("enter")
        await session.type("see the carrier")
        await session.press("enter")
        assert "1 will be done, 1 refused." in session.screen_text
        before = version(session, refused)
        await session.press("enter")
        assert isinstance(session.app.screen, ReportDialog)
        assert "1 done, 1 refused" in session.screen_text
        assert ("handed" in tags(session, done), version(session, refused)) == (True, before)


async def test_two_hundred_marked_tickets_get_their_macro(ruled: Desk, sit: Sit) -> None:
    me = ruled.agent("lee")
    for number in range(200):
        ruled.perform(a.OpenTicket(f"Phone {number}", requester="cy@globex.example", tags=("many",)), me)
    async with sit(ruled) as session:
        await find(session, "tag:many")
        await session.press("asterisk")
        await run(session, "log")
        await session.press("enter")
        assert "200 done, 0 refused" in session.status
        assert ruled.count("tag:many tag:log", viewer=session.me) == 200


async def test_a_second_enter_runs_nothing_twice(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        number, *_rest = await find(session, "status:new")
        await run(session, "log")
        session.send("enter", "enter")
        await session.settle()
        said = [row.message for row in ruled.ticket(number, viewer=session.me).timeline if row.message]
        assert sum(message.body.startswith("Please send us the log") for message in said) == 1


async def test_a_desk_without_macros_says_so(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press(ALL, "m")
        assert session.status == "The rules of this desk have no macros."


async def test_tickets_that_no_macro_fits_are_told_so(ruled: Desk, sit: Sit) -> None:
    ruled.perform(a.Resolve(2, "worn", "replaced"), ruled.agent("lee"))
    async with sit(ruled) as session:
        assert await find(session, "id:2") == [2]
        await session.press("m")
        assert session.status == "No macro fits here."


async def test_the_key_is_in_the_list_of_keys(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await session.press("question_mark")
        await session.type("macro")
        assert "run a macro: several steps at once" in session.screen_text
