"""Undo on screen: one key takes the last deed back, after it was shown what comes back and what stays."""

from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.screens.dialogs.plan import PlanDialog
from tests.screens.conftest import Session, Sit
from tests.screens.ruled import under_rules
from tests.screens.test_macros import find, run, tags


def version(session: Session, number: int) -> int:
    return session.desk.ticket(number, viewer=session.me).row.version


async def test_nothing_was_done_yet(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("z")
        assert session.status == "There is nothing to undo: you changed no ticket here yet."


async def test_a_macro_on_two_hundred_tickets_is_one_undo(busy: Desk, sit: Sit) -> None:
    desk = under_rules(busy)
    me = desk.agent("lee")
    for number in range(200):
        desk.perform(a.OpenTicket(f"Phone {number}", requester="cy@globex.example", tags=("many",)), me)
    async with sit(desk) as session:
        await find(session, "tag:many")
        await session.press("asterisk")
        await run(session, "log")
        await session.press("enter")
        assert desk.count("tag:many tag:log", viewer=me) == 200
        await session.press("z")
        assert "200 tickets: undo: Ask for the log" in session.screen_text
        assert "The reply stays: what was sent is not called back." in session.screen_text
        await session.press("enter")
        assert "200 done, 0 refused" in session.status
        assert desk.count("tag:many tag:log", viewer=me) == 0


async def test_the_plan_says_what_comes_back_before_anything_does(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        number, *_rest = await find(session, "status:open")
        await session.press("t")
        await session.type("urgent")
        await session.press("enter", "z")
        assert isinstance(session.app.screen, PlanDialog)
        assert "tags -urgent" in session.screen_text
        assert "urgent" in tags(session, number)
        await session.press("enter")
        assert "urgent" not in tags(session, number)


async def test_what_somebody_changed_since_is_named_and_stays(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        number, *_rest = await find(session, "status:open -priority:P4")
        await session.press("p")
        await session.type("P4")
        await session.press("enter")
        busy.perform(a.SetFields(number, {"priority": "P2"}), busy.agent("kim"))
        before = version(session, number)
        await session.press("z")
        assert "was changed again since (priority, by kim)" in session.screen_text
        await session.press("enter", "escape")
        assert version(session, number) == before


async def test_deeds_are_taken_back_one_after_the_other(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        number, *_rest = await find(session, "status:open")
        for tag in ("one", "two"):
            await session.press("t")
            await session.type(tag)
            await session.press("enter")
        await session.press("z", "enter")
        assert {"one", "two"} & tags(session, number) == {"one"}
        await session.press("z", "enter")
        assert {"one", "two"} & tags(session, number) == set()
        await session.press("z")
        assert session.status == "There is nothing to undo: you changed no ticket here yet."


async def test_a_reply_cannot_be_taken_back_and_the_deed_before_it_can(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        number, *_rest = await find(session, "status:open")
        await session.press("t")
        await session.type("urgent")
        await session.press("enter", "r")
        await session.type("We are on it.")
        await session.press("ctrl+s", "z")
        assert "Nothing of that can be taken back" in session.screen_text
        await session.press("escape", "z", "enter")
        assert "urgent" not in tags(session, number)


async def test_a_deed_of_the_queue_is_taken_back_in_the_ticket(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        number, *_rest = await find(session, "status:open")
        await session.press("t")
        await session.type("urgent")
        await session.press("enter", "enter", "z", "enter")
        assert "urgent" not in tags(session, number)


async def test_letters_that_are_typed_undo_nothing(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        number, *_rest = await find(session, "status:open")
        await session.press("t")
        await session.type("urgent")
        await session.press("enter", "n")
        await session.type("zzz")
        assert "urgent" in tags(session, number)
