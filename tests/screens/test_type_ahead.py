"""Typing ahead: keys that come in one burst do what they do one by one."""

import pytest

from deskterm.desk import Desk
from deskterm.screens.queue import QueueScreen
from deskterm.screens.ticket import TicketScreen
from tests.screens.conftest import Session, Sit
from tests.screens.test_queue import cursor, order
from tests.screens.test_ticket import bodies

NAMED = {"\r": "enter", "\x1b": "escape", "\t": "tab", "\x13": "ctrl+s"}


async def burst(session: Session, keys: str) -> None:
    """All keys at once, as a slow line delivers them."""
    session.send(*(NAMED.get(key, key) for key in keys))
    await session.settle()


async def test_a_reply_typed_in_one_go_is_a_reply(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        here = cursor(session)
        before = busy.ticket(here, viewer=session.me)
        await burst(session, "rHello, a claim: cap qjk\x13")
        after = busy.ticket(here, viewer=session.me)
        assert bodies(busy, here)[-1] == (True, "Hello, a claim: cap qjk")
        assert after.row.priority == before.row.priority
        assert session.app.return_value is None


async def test_a_search_typed_in_one_go_is_a_search(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await burst(session, ":queue tag:vpn\rjj")
        screen = session.app.screen
        assert isinstance(screen, QueueScreen)
        assert screen.query_text == "tag:vpn"
        assert cursor(session) == order(session)[2]


async def test_a_choice_typed_in_one_go_is_that_choice(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("2")
        here = cursor(session)
        await burst(session, "akim\rj")
        assert busy.ticket(here, viewer=session.me).row.assignee == "kim"
        assert cursor(session) == order(session)[1]


async def test_into_a_ticket_and_back_in_one_go(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8")
        await burst(session, "jj\r]]\x1b")
        assert isinstance(session.app.screen, QueueScreen)
        assert cursor(session) == order(session)[4]


async def test_a_note_in_a_ticket_in_one_go(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8")
        await burst(session, "\rnfirst\x13nsecond\x13")
        screen = session.app.screen
        assert isinstance(screen, TicketScreen)
        assert bodies(busy, screen.number)[-2:] == [(False, "first"), (False, "second")]


@pytest.mark.parametrize("keys", ["jjjjj", "j" * 40 + "k" * 10])
async def test_many_moves_in_one_go_are_all_made(busy: Desk, sit: Sit, keys: str) -> None:
    async with sit(busy) as session:
        await session.press("8")
        await burst(session, keys)
        assert cursor(session) == order(session)[keys.count("j") - keys.count("k")]


async def test_ones_own_deed_makes_no_ticket_stale(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("2")
        here = cursor(session)
        await burst(session, "cp4\rrI have it.\x13")
        detail = busy.ticket(here, viewer=session.me)
        assert (detail.row.assignee, detail.row.priority) == ("lee", "P4")
        assert bodies(busy, here)[-1] == (True, "I have it.")
