"""Moves on screen: what can be done is offered, what cannot is greyed out and says why."""

from collections.abc import Sequence

import pytest

from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.screens.dialogs.ask import Ask
from deskterm.screens.dialogs.pick import Pick
from deskterm.screens.dialogs.resolve import ResolveDialog
from deskterm.screens.widgets.choice_list import Choice, ChoiceList
from tests.rulefiles import LEAST
from tests.screens.conftest import Session, Sit
from tests.screens.test_macros import find

STAGES = (
    LEAST
    + """
[lifecycle]
resolve_needs = ["cause", "solution", "category"]
[[blueprint]]
id = "change"
type = "change"
[[blueprint.stage]]
id = "assess"
status = "open"
to = ["approval"]
[[blueprint.stage]]
id = "approval"
status = "on_hold"
to = ["build", "assess"]
needs = ["cf.rollback"]
[[blueprint.stage]]
id = "build"
status = "open"
who = ["admin"]
"""
)


def offered(session: Session) -> Sequence[Choice]:
    """The lines of the menu."""
    assert isinstance(session.app.screen, Pick)
    return session.app.screen.query_one(ChoiceList).choices


def able(session: Session) -> list[str]:
    return [each.value for each in offered(session) if not each.off]


def status(session: Session, number: int) -> str:
    return session.desk.ticket(number, viewer=session.me).row.status


async def test_a_pending_ticket_is_opened_by_the_menu(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        number, *_rest = await find(session, "status:pending")
        await session.press("s")
        await session.type("open")
        await session.press("enter", "enter")
        assert status(session, number) == "open"


@pytest.mark.parametrize("now", ["new", "open", "pending", "on_hold", "resolved", "closed", "cancelled"])
@pytest.mark.parametrize("login", ["lee", "kim"])
async def test_nothing_that_is_offered_is_refused(busy: Desk, sit: Sit, now: str, login: str) -> None:
    lee, number = busy.agent("lee"), 3
    before: dict[str, list[a.Action]] = {
        "new": [],
        "open": [a.Assign(number, agent="lee")],
        "pending": [a.Pend(number, "asked")],
        "on_hold": [a.Hold(number, "parts")],
        "resolved": [a.Resolve(number, "cable", "replaced")],
        "closed": [a.Resolve(number, "cable", "replaced"), a.Close(number)],
        "cancelled": [a.Cancel(number, "spam")],
    }
    me = busy.agent(login)
    for action in before[now]:
        busy.perform(action, lee)
    async with sit(busy, login=login) as session:
        assert await find(session, f"id:{number}") == [number]
        assert status(session, number) == now
        await session.press("s")
        lines = {each.value: each for each in offered(session)}
        places = {"open", "pending", "on_hold", "resolved", "closed", "cancelled"}
        assert set(lines) == places - ({now} - {"pending", "on_hold"})
        for to, line in lines.items():
            refused = [each.refusal for each in busy.ways([number], viewer=me)[number] if each.to == to]
            assert line.off == (refused != [None])
            assert line.hint or not line.off


async def test_a_forbidden_move_says_in_full_why_and_does_nothing(busy: Desk, sit: Sit) -> None:
    async with sit(busy, login="kim") as session:
        await find(session, "id:3")
        await session.press("s")
        await session.type("cancel")
        await session.press("enter")
        assert isinstance(session.app.screen, Pick)
        assert session.screen_text.count("This needs the role lead; you are agent.") == 2
        await session.press("escape")
        assert status(session, 3) == "new"


async def test_a_waiting_ticket_can_wait_for_something_else(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        number, *_rest = await find(session, "status:pending")
        await session.press("s")
        await session.type("pending")
        assert "for another reason, or until another time" in session.screen_text
        await session.press("enter")
        await session.type("the photo")
        await session.press("enter")
        assert session.desk.ticket(number, viewer=session.me).wait_reason == "the photo"


async def test_several_tickets_are_told_how_many_can_go(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        one, *_rest = await find(session, "status:new sort:created")
        busy.perform(a.Resolve(one, "cable", "replaced"), busy.agent("lee"))
        await find(session, "status:new,resolved sort:created")
        await session.press("space", "space", "s")
        hints = {each.value: each.hint for each in offered(session)}
        assert (hints["closed"], hints["open"]) == ("fits 1 of 2", "somebody works on it")


async def test_a_guided_ticket_is_offered_its_next_stages_and_asked_what_they_need(
    busy: Desk, sit: Sit
) -> None:
    lee = busy.agent("lee")
    busy.ruling.activate("stages.toml", STAGES, {}, lee)
    busy.perform(a.SetFields(3, {"type": "change"}), lee)
    async with sit(busy, login="kim") as session:
        await find(session, "id:3")
        await session.press("s")
        assert able(session) == ["approval"]
        assert "approval · on hold" in session.screen_text
        assert [each.value for each in offered(session) if each.off] == ["cancelled", "build"]
        await session.press("enter")
        assert isinstance(session.app.screen, Ask)
        await session.type("tape")
        await session.press("tab")
        await session.type("the board")
        await session.press("enter")
        detail = session.desk.ticket(3, viewer=session.me)
        assert (detail.row.status, detail.vendor) == ("on_hold", "the board")
        await session.press("s")
        assert able(session) == ["assess", "on_hold"]
        why = next(each.hint for each in offered(session) if each.value == "build")
        assert why == "This needs the role admin; you are agent."


async def test_resolving_asks_for_every_field_that_the_rules_want(busy: Desk, sit: Sit) -> None:
    busy.ruling.activate("stages.toml", STAGES, {}, busy.agent("lee"))
    async with sit(busy) as session:
        await find(session, "id:3")
        await session.press("e")
        assert isinstance(session.app.screen, Ask)
        for word in ("cable", "a new cable", "network"):
            await session.type(word)
            await session.press("tab")
        await session.press("enter")
        detail = session.desk.ticket(3, viewer=session.me)
        assert (detail.row.status, detail.solution, detail.row.category) == (
            "resolved",
            "a new cable",
            "network",
        )


async def test_resolving_asks_for_cause_and_solution(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await find(session, "id:3")
        await session.press("e")
        assert isinstance(session.app.screen, ResolveDialog)


async def test_what_is_resolved_already_is_not_asked_for_a_cause(busy: Desk, sit: Sit) -> None:
    busy.perform(a.Resolve(3, "cable", "replaced"), busy.agent("lee"))
    async with sit(busy) as session:
        await find(session, "id:3")
        await session.press("e")
        assert "cannot become resolved" in session.status or "is resolved already" in session.status
