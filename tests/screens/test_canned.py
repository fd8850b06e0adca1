"""Canned responses in the compose box: found by typing, inserted at the cursor, never with a hole."""

import pytest

from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.screens.composing import ComposingScreen
from deskterm.screens.dialogs.canned import CannedDialog
from tests.screens.conftest import Session, Sit
from tests.screens.hostile import NASTIES
from tests.screens.ruled import under_rules

HELLO = "Hello Ann,\n\nthis is Lee from the help desk."


@pytest.fixture
def ruled(busy: Desk) -> Desk:
    """The busy desk with canned responses; ticket 1 is Ann's."""
    return under_rules(busy)


async def compose(session: Session, number: int = 1, kind: str = "r") -> None:
    """Open the compose box on a ticket."""
    await session.press("colon")
    await session.type(f"open {number}")
    await session.press("enter", kind)


def written(session: Session) -> str:
    screen = session.app.screen_stack[-1]
    assert isinstance(screen, ComposingScreen)
    box = screen.box
    assert box is not None
    return box.text


async def test_a_response_is_inserted_as_it_reads_on_the_ticket(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await compose(session)
        await session.press("ctrl+r", "enter")
        assert written(session) == HELLO


async def test_a_response_goes_where_the_cursor_stands(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await compose(session)
        await session.type("[]")
        await session.press("left", "ctrl+r", "enter")
        assert written(session) == f"[{HELLO}]"


async def test_typing_goes_on_behind_what_was_inserted(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await compose(session)
        session.send("ctrl+r", "enter", "!")
        await session.settle()
        assert written(session) == f"{HELLO}!"


@pytest.mark.parametrize("words", ["log", "Ask for", "lies in", "日志", "客户端 vpn"])
async def test_a_response_is_found_by_id_name_and_words_of_every_language(
    ruled: Desk, sit: Sit, words: str
) -> None:
    async with sit(ruled) as session:
        await compose(session)
        await session.press("ctrl+r")
        await session.type(words)
        await session.press("enter")
        assert written(session).startswith("Please send us the log file")


async def test_the_response_follows_the_requesters_language(ruled: Desk, sit: Sit) -> None:
    ruled.perform(a.SetContact("ann@acme.example", lang="zh_CN"), ruled.agent("lee"))
    async with sit(ruled) as session:
        await compose(session)
        await session.press("ctrl+r", "enter")
        assert written(session) == "Ann Li，您好：\n\n我是Lee Chen，来自服务台。"


async def test_a_hole_is_said_and_nothing_is_inserted(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await compose(session)
        await session.press("ctrl+r")
        await session.type("visit")
        await session.press("enter")
        assert isinstance(session.app.screen, CannedDialog)
        assert "visit needs ticket.cf.site" in session.screen_text
        await session.press("escape")
        assert written(session) == ""


async def test_leaving_the_list_leaves_the_text_as_it_was(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await compose(session)
        await session.type("Hm")
        await session.press("ctrl+r", "escape")
        assert written(session) == "Hm"


async def test_what_is_inserted_is_sent_to_the_letter(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await compose(session)
        await session.press("ctrl+r", "enter", "ctrl+s")
        said = [row.message for row in ruled.ticket(1, viewer=session.me).timeline if row.message]
        assert (said[-1].body, said[-1].public) == (HELLO, True)


async def test_a_note_takes_a_response_too(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await compose(session, kind="n")
        await session.press("ctrl+r", "enter")
        assert written(session) == HELLO


async def test_a_desk_without_rules_has_the_built_in_responses(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await compose(session)
        await session.press("ctrl+r")
        assert "We have your request" in session.screen_text


async def test_the_key_is_listed_in_the_help_of_the_box(ruled: Desk, sit: Sit) -> None:
    async with sit(ruled) as session:
        await compose(session)
        assert "ctrl+r canned response" in session.status


@pytest.mark.parametrize("nasty", NASTIES)
async def test_a_hostile_subject_does_nothing_to_the_list(busy: Desk, sit: Sit, nasty: str) -> None:
    me = busy.agent("lee")
    busy.perform(a.SetFields(1, {"subject": f"x{nasty}"}), me)
    async with sit(busy) as session:
        await compose(session)
        await session.press("ctrl+r")
        assert isinstance(session.app.screen, CannedDialog)
        assert "\x1b" not in session.screen_text
