"""Trouble: the store goes away and comes back; nothing typed is lost, nothing is done twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.desk.receipt import Receipt
from deskterm.rules.actions import Action
from deskterm.rules.facts import Actor
from deskterm.rules.problems import Problem
from deskterm.screens.queue import QueueScreen
from deskterm.store.rows import Page, TicketDetail
from tests.screens.conftest import Sit, open_at
from tests.screens.test_queue import cursor
from tests.screens.test_ticket import bodies, enter


class ShakyDesk(Desk):
    """A desk whose store can be away: everything is then refused as the store refuses it."""

    away = False
    lose_answers = False

    def _try(self) -> None:
        if self.away:
            raise Problem("store.lost", "The database cannot be reached.", kind="store")

    def page(self, *args: Any, **options: Any) -> Page:
        self._try()
        return super().page(*args, **options)

    def ticket(self, *args: Any, **options: Any) -> TicketDetail:
        self._try()
        return super().ticket(*args, **options)

    def count(self, *args: Any, **options: Any) -> int:
        self._try()
        return super().count(*args, **options)

    def perform(self, action: Action, actor: Actor, **options: Any) -> Receipt:
        self._try()
        receipt = super().perform(action, actor, **options)
        if self.lose_answers:
            raise Problem("store.lost", "The database cannot be reached.", kind="store")
        return receipt


@pytest.fixture
def shaky(desks: dict[str, Path], tmp_path: Path, clock: ManualClock) -> Iterator[ShakyDesk]:
    (tmp_path / "desk.db").write_bytes(desks["busy"].read_bytes())
    steady = open_at(tmp_path / "desk.db", clock)
    desk = ShakyDesk(steady.store, clock)
    yield desk
    desk.close()


async def test_a_lost_store_is_told_in_a_line_and_the_screen_stays(shaky: ShakyDesk, sit: Sit) -> None:
    async with sit(shaky) as session:
        await session.press("8")
        shaky.away = True
        await session.press("5")
        assert "cannot be reached" in session.screen_text
        assert isinstance(session.app.screen, QueueScreen)
        await session.press("j", "k", "space")
        assert "cannot be reached" in session.screen_text


async def test_what_could_not_be_read_is_read_when_the_store_is_back(shaky: ShakyDesk, sit: Sit) -> None:
    async with sit(shaky) as session:
        await session.press("8")
        before = session.screen_text
        shaky.away = True
        await session.press("2")
        shaky.away = False
        await session.listen()
        assert "cannot be reached" not in session.screen_text
        assert "[2 Unassigned" in session.screen_text
        assert session.screen_text != before
        assert {row.assignee for row in session.app.screen.query_one("TicketList").window.rows} == {""}  # type: ignore[attr-defined]


async def test_a_reply_that_could_not_be_sent_stays_in_the_box(shaky: ShakyDesk, sit: Sit) -> None:
    async with sit(shaky) as session:
        screen = await enter(session, "r")
        await session.type("important")
        shaky.away = True
        await session.press("ctrl+s")
        assert screen.box is not None
        assert screen.box.text == "important"
        assert "cannot be reached" in session.screen_text
        shaky.away = False
        await session.press("ctrl+s")
        assert bodies(shaky, screen.number)[-1] == (True, "important")
        assert screen.box is None


async def test_a_reply_whose_answer_was_lost_is_not_sent_twice(shaky: ShakyDesk, sit: Sit) -> None:
    async with sit(shaky) as session:
        screen = await enter(session, "r")
        before = len(bodies(shaky, screen.number))
        await session.type("once only")
        shaky.lose_answers = True
        await session.press("ctrl+s")
        shaky.lose_answers = False
        await session.press("ctrl+s")
        assert bodies(shaky, screen.number)[before:] == [(True, "once only")]


async def test_a_deed_that_met_a_lost_store_is_not_done_and_said(shaky: ShakyDesk, sit: Sit) -> None:
    async with sit(shaky) as session:
        await session.press("2")
        here = cursor(session)
        shaky.away = True
        await session.press("c")
        assert "cannot be reached" in session.screen_text
        shaky.away = False
        await session.listen()
        assert shaky.ticket(here, viewer=session.me).row.assignee == ""


async def test_an_error_of_ours_is_told_and_ends_nothing(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = session.app.screen
        assert isinstance(screen, QueueScreen)
        screen.fetch("broken", lambda: 1 // 0, print)
        await session.settle()
        assert "ZeroDivisionError" in session.status
        await session.press("j")
        assert isinstance(session.app.screen, QueueScreen)
