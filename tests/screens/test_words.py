"""Words: priorities and statuses are the desk's own, in its order, wherever one is chosen or typed."""

import pytest

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.screens.dialogs.pick import Pick
from tests.screens.conftest import Session, Sit
from tests.screens.explained import OWN_WORDS, put_in_force


@pytest.fixture
def worded(empty: Desk, clock: ManualClock) -> Desk:
    """A desk whose rules name priorities and a status of their own, with three tickets."""
    lee = put_in_force(empty, OWN_WORDS)
    for priority in ("someday", "urgent", "soon"):
        empty.perform(a.OpenTicket(f"A {priority} one", requester="bo@acme.example", priority=priority), lee)
    return empty


async def offered(session: Session, key: str) -> list[str]:
    await session.press("8", key)
    dialog = session.app.screen
    assert isinstance(dialog, Pick)
    return [each.value for each in dialog.all]


async def test_priorities_are_offered_the_highest_first(worded: Desk, sit: Sit) -> None:
    async with sit(worded) as session:
        assert await offered(session, "p") == ["urgent", "soon", "someday"]


async def test_a_status_of_the_desk_s_own_is_offered_and_taken(worded: Desk, sit: Sit) -> None:
    async with sit(worded) as session:
        assert "with_courier" in await offered(session, "s")
        await session.type("with")
        await session.press("enter", "ctrl+s", "enter")
        assert {row.status for row in worded.page(viewer=session.me).rows} == {"new", "with_courier"}


async def test_the_command_line_knows_the_desk_s_priorities(worded: Desk, sit: Sit) -> None:
    async with sit(worded) as session:
        await session.press("8", "colon")
        await session.type("priority P1")
        await session.press("enter")
        assert "urgent, soon, someday" in session.screen_text
        await session.press("escape", "colon")
        await session.type("priority urgent")
        await session.press("enter")
        rows = worded.page(viewer=session.me).rows
        assert sorted(row.priority for row in rows).count("urgent") == 2


async def test_the_search_bar_knows_the_desk_s_words(worded: Desk, sit: Sit) -> None:
    async with sit(worded) as session:
        await session.press("slash", "ctrl+u")
        await session.type("priority>=soon ")
        await session.press("enter")
        assert "A urgent one" in session.screen_text
        assert "A someday one" not in session.screen_text
        await session.press("slash", "ctrl+u")
        await session.type("priority:P1")
        assert "P1" in session.screen_text
        assert "someday" in session.screen_text


async def test_a_long_priority_is_shown_whole(worded: Desk, sit: Sit) -> None:
    async with sit(worded, size=(80, 24)) as session:
        await session.press("8")
        assert " someday " in session.screen_text


async def test_one_says_for_oneself_whether_one_takes_work(worded: Desk, sit: Sit) -> None:
    async with sit(worded) as session:
        await session.press("colon")
        await session.type("presence away")
        await session.press("enter")
        assert session.status == "You are away now."
        assert worded.book().agents[session.me.id or 0].presence == "away"
        await session.press("ctrl+p")
        await session.type("presence: online")
        await session.press("enter")
        assert worded.book().agents[session.me.id or 0].presence == "online"
