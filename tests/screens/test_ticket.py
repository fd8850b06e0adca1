"""The ticket: what is told, what is written, and that no typed word is lost."""

import stat
from pathlib import Path

import pytest

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.screens.drafts import Draft
from deskterm.screens.queue import QueueScreen
from deskterm.screens.ticket import TicketScreen
from tests.screens.conftest import Session, Sit
from tests.screens.test_queue import cursor, order


async def enter(session: Session, *keys: str) -> TicketScreen:
    """Open the first ticket of all."""
    await session.press("8", "g", "enter", *keys)
    screen = session.app.screen_stack[1]
    assert isinstance(screen, TicketScreen)
    return screen


def bodies(desk: Desk, number: int) -> list[tuple[bool, str]]:
    """Public or not, and the words, of all messages of a ticket."""
    timeline = desk.ticket(number, viewer=desk.agent("lee")).timeline
    return [(row.message.public, row.message.body) for row in timeline if row.message]


async def test_it_tells_who_asked_and_what_happened(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await enter(session)
        text = session.screen_text
        assert all(
            word in text for word in ("REQUESTER", "CLOCKS", "FACTS", "ann@acme.example", "ACME · gold")
        )
        assert "Nothing works since nine." in text


async def test_public_and_internal_differ_by_word_and_bar(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await enter(session)
        lines = session.screen_text.splitlines()
        note = next(place for place, line in enumerate(lines) if "INTERNAL NOTE" in line)
        reply = next(place for place, line in enumerate(lines) if "public reply" in line)
        assert lines[note + 1].startswith(" ┆ ")
        assert lines[reply + 1].startswith(" │ ")


async def test_the_timeline_is_filtered_by_kind(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await enter(session, "3")
        assert "Carrier ticket" in session.screen_text
        assert "Nothing works" not in session.screen_text
        await session.press("h")
        assert "status new → open" in session.screen_text
        assert "Carrier ticket" not in session.screen_text


async def test_a_reply_goes_to_the_requester_and_a_note_stays_inside(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "r")
        assert "PUBLIC" in session.screen_text
        assert "ann@acme.example" in session.screen_text
        await session.type("We are on it.")
        await session.press("ctrl+s", "n")
        assert "only agents will read it" in session.screen_text
        await session.type("Tell nobody.")
        await session.press("ctrl+s")
        assert bodies(busy, screen.number)[-2:] == [(True, "We are on it."), (False, "Tell nobody.")]
        assert screen.box is None


async def test_ctrl_t_makes_a_note_of_a_reply(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "r")
        await session.type("between us")
        await session.press("ctrl+t", "ctrl+s")
        assert bodies(busy, screen.number)[-1] == (False, "between us")


async def test_no_key_acts_while_one_types(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "r")
        letters = "qjkcaApstrne[]{}xhfWR:?/123"
        await session.type(letters)
        assert screen.box is not None
        assert screen.box.text == letters
        assert session.app.screen is screen


async def test_escape_keeps_the_draft_and_r_goes_on_with_it(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "r")
        await session.type("half a sen")
        await session.press("escape", "escape", "enter")
        assert "unsent reply" in session.status
        await session.press("r")
        screen = session.app.screen  # type: ignore[assignment]
        assert isinstance(screen, TicketScreen)
        assert screen.box is not None
        assert screen.box.text == "half a sen"


async def test_a_draft_survives_the_end_of_the_app_in_a_private_file(
    busy: Desk, sit: Sit, tmp_path: Path
) -> None:
    async with sit(busy) as session:
        await enter(session, "r")
        await session.type("not yet")
        session.app.leave()
    files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600]
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700
    async with sit(busy) as session:
        screen = await enter(session, "r")
        assert screen.box is not None
        assert screen.box.text == "not yet"


async def test_a_sent_reply_leaves_no_draft(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "r")
        await session.type("done")
        await session.press("ctrl+s")
        assert session.app.context.drafts.find(screen.number, "reply") is None


async def test_whoever_was_faster_is_told_and_the_text_is_kept(
    busy: Desk, sit: Sit, clock: ManualClock
) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "r")
        await session.type("my answer")
        clock.advance(60)
        busy.perform(a.Reply(screen.number, "kim was here"), busy.agent("kim"))
        await session.press("ctrl+s")
        assert "changed while you were writing" in session.screen_text
        assert "Kim Berg" in session.screen_text
        await session.press("enter")
        assert screen.box is not None
        assert screen.box.text == "my answer"
        assert "kim was here" in session.screen_text
        assert bodies(busy, screen.number)[-1] == (True, "kim was here")


async def test_one_can_send_all_the_same(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "r")
        await session.type("my answer")
        busy.perform(a.Reply(screen.number, "kim was here"), busy.agent("kim"))
        await session.press("ctrl+s", "s")
        assert bodies(busy, screen.number)[-1] == (True, "my answer")


async def test_resolving_needs_cause_and_solution(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "e")
        await session.press("ctrl+s")
        assert "needs a cause and a solution" in session.screen_text
        await session.type("a cable")
        await session.press("tab")
        await session.type("a new cable")
        await session.press("tab")
        await session.type("It works again.")
        await session.press("ctrl+s")
        detail = busy.ticket(screen.number, viewer=session.me)
        assert (detail.row.status, detail.cause, detail.solution) == ("resolved", "a cable", "a new cable")
        assert bodies(busy, screen.number)[-1] == (True, "It works again.")


async def test_a_resolution_that_is_left_or_refused_is_offered_again(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "e")
        await session.type("a cable")
        await session.press("tab")
        await session.type("a new cable")
        busy.perform(a.Note(screen.number, "faster"), busy.agent("kim"))
        await session.press("ctrl+s")
        assert busy.ticket(screen.number, viewer=session.me).row.status != "resolved"
        await session.press("e", "ctrl+s")
        assert busy.ticket(screen.number, viewer=session.me).cause == "a cable"


async def test_brackets_walk_through_the_view_and_the_queue_follows(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8", "j", "enter", "right_square_bracket", "right_square_bracket")
        screen = session.app.screen
        assert isinstance(screen, TicketScreen)
        assert screen.number == order(session)[3]
        await session.press("left_square_bracket", "escape")
        assert isinstance(session.app.screen, QueueScreen)
        assert cursor(session) == order(session)[2]


async def test_what_others_write_appears(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session)
        busy.perform(a.Note(screen.number, "news from kim"), busy.agent("kim"))
        await session.listen()
        assert "news from kim" in session.screen_text


async def test_a_long_message_is_cut_until_the_whole_is_asked_for(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session)
        body = "\n".join(f"line {number}" for number in range(1000))
        busy.perform(a.Note(screen.number, body), busy.agent("kim"))
        await session.listen()
        await session.press("G")
        assert "characters more" in session.screen_text
        await session.press("W", "G")
        assert "line 999" in session.screen_text


async def test_a_number_opens_its_ticket_from_the_command_line(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("colon")
        await session.type("open 7")
        await session.press("enter")
        screen = session.app.screen
        assert isinstance(screen, TicketScreen)
        assert screen.number == 7
        assert "#7 " in session.screen_text


async def test_a_ticket_that_is_not_there_is_told_in_the_queue(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("colon")
        await session.type("open 4711")
        await session.press("enter")
        assert isinstance(session.app.screen, QueueScreen)
        assert "no ticket 4711" in session.status


async def test_the_command_line_works_inside_a_ticket(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "colon")
        await session.type("tag +urgent")
        await session.press("enter")
        assert "urgent" in busy.ticket(screen.number, viewer=session.me).row.tags
        assert session.app.screen is screen


async def test_a_draft_that_cannot_be_saved_is_told_and_not_lost(
    busy: Desk, sit: Sit, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    async with sit(busy) as session:
        screen = await enter(session, "r")
        await session.type("careful")
        screen.keep_draft()
        await session.settle()
        assert "cannot be saved" in session.status
        assert screen.box is not None
        assert screen.box.text == "careful"


async def test_a_draft_of_the_other_kind_is_not_overwritten_by_turning(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session)
        session.app.context.drafts.keep(Draft(screen.number, "note", "an older note", 0))
        await session.press("r")
        await session.type("a reply")
        await session.press("ctrl+t")
        kept = session.app.context.drafts.find(screen.number, "note")
        assert kept is not None
        assert kept.text == "an older note"
        assert screen.box is not None
        assert screen.box.kind == "reply"


async def test_leaving_the_app_while_writing_keeps_the_draft(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        screen = await enter(session, "n")
        await session.type("and so")
        number, drafts = screen.number, session.app.context.drafts
        await session.press("ctrl+q")
        kept = drafts.find(number, "note")
        assert kept is not None
        assert kept.text == "and so"


async def test_an_error_that_ends_the_app_keeps_the_draft(busy: Desk, sit: Sit) -> None:
    async def break_down() -> None:
        async with sit(busy) as session:
            await enter(session, "n")
            await session.type("and so")
            session.app.call_later(lambda: 1 // 0)
            await session.settle()

    with pytest.raises(ZeroDivisionError):
        await break_down()
    async with sit(busy) as session:
        screen = await enter(session, "n")
        assert screen.box is not None
        assert screen.box.text == "and so"


@pytest.mark.parametrize("width", [60, 80, 100, 120])
async def test_who_will_read_it_is_told_at_every_width(busy: Desk, sit: Sit, width: int) -> None:
    async with sit(busy, size=(width, 24)) as session:
        await session.press("8", "r")
        line = next(line for line in session.screen_text.splitlines() if "PUBLIC" in line)
        assert "Ann" in line
        assert "they will read it" in line
        assert width < 80 or line.rstrip().endswith("ctrl+t internal ─")
        await session.press("ctrl+t")
        assert "only agents will read it" in session.screen_text
