"""The queue: what it shows, how the cursor moves, and that nothing moves by itself."""

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.screens.queue import QueueScreen
from tests.builders import HOUR
from tests.screens.conftest import Session, Sit


def queue_of(session: Session) -> QueueScreen:
    screen = session.app.screen_stack[0]
    assert isinstance(screen, QueueScreen)
    return screen


def cursor(session: Session) -> int:
    row = queue_of(session).tickets.row
    assert row is not None
    return row.id


def order(session: Session) -> list[int]:
    return list(queue_of(session).tickets.window.ids())


def open_ticket(desk: Desk, subject: str = "Brand new", priority: str = "P1") -> int:
    opened = a.OpenTicket(subject, "help", requester="ann@acme.example", priority=priority)
    ticket = desk.perform(opened, desk.agent("kim")).ticket
    assert ticket is not None
    return ticket


async def test_it_opens_with_the_viewers_own_tickets(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        shown = [row.assignee for row in queue_of(session).tickets.window.rows]
        assert shown
        assert set(shown) == {"lee"}


async def test_number_keys_switch_views_and_minus_goes_back(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("5")
        assert "[5 All open" in session.screen_text
        await session.press("minus")
        assert "[1 Mine" in session.screen_text


async def test_vi_keys_and_arrows_move_alike(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("5", "j", "j", "down")
        assert cursor(session) == order(session)[3]
        await session.press("k", "up")
        assert cursor(session) == order(session)[1]
        await session.press("G")
        assert cursor(session) == order(session)[-1]
        await session.press("g")
        assert cursor(session) == order(session)[0]


async def test_every_row_of_a_long_view_is_reached_a_page_at_a_time(busy: Desk, sit: Sit) -> None:
    expected = [row.id for row in busy.each("sort:-created", viewer=busy.agent("lee"))]
    async with sit(busy, size=(80, 24)) as session:
        await session.press("8")
        seen = [cursor(session)]
        for _ in range(len(expected) - 1):
            await session.press("j")
            seen.append(cursor(session))
        assert seen == expected


async def test_the_place_in_the_view_is_told(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8", "j", "j")
        assert "3 of 60" in session.screen_text


async def test_a_new_ticket_moves_neither_cursor_nor_rows_until_it_is_asked_for(
    busy: Desk, sit: Sit, clock: ManualClock
) -> None:
    async with sit(busy) as session:
        await session.press("8", "j", "j", "space", "j")
        before, here, top = order(session), cursor(session), queue_of(session).tickets.top
        marked = list(queue_of(session).tickets.marks)
        clock.advance(60)
        new = open_ticket(busy)
        await session.listen()
        assert (order(session), cursor(session), queue_of(session).tickets.top) == (before, here, top)
        assert "1 new – R" in session.status
        await session.press("R")
        assert order(session)[0] == new
        assert cursor(session) == here
        assert [row.id for row in queue_of(session).tickets.marks] == [row.id for row in marked]


async def test_a_change_by_another_agent_appears_in_its_old_place(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8")
        number = order(session)[4]
        row = queue_of(session).tickets.window.rows[4]
        other = "P4" if row.priority != "P4" else "P2"
        busy.perform(a.SetFields(number, {"priority": other}), busy.agent("kim"))
        await session.listen()
        assert order(session)[4] == number
        assert queue_of(session).tickets.window.rows[4].priority == other


async def test_a_ticket_that_left_the_view_stays_crossed_out_under_the_cursor(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("2")
        here = cursor(session)
        busy.perform(a.Assign(here, agent="kim"), busy.agent("kim"))
        await session.listen()
        assert cursor(session) == here
        assert "1 gone – R" in session.status
        await session.press("R")
        assert here not in order(session)


async def test_listening_paints_nothing_when_nothing_happened(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        before = session.screen_text
        await session.listen()
        assert session.screen_text == before


async def test_the_list_holds_only_a_window_of_a_long_view(busy: Desk, sit: Sit) -> None:
    async with sit(busy, size=(80, 24)) as session:
        await session.press("8")
        lines = session.screen_text.splitlines()
        assert len(queue_of(session).tickets.window) == 60
        assert sum("@" not in line and " P" in line for line in lines) <= 24


async def test_an_empty_view_says_so(empty: Desk, sit: Sit) -> None:
    async with sit(empty) as session:
        assert "No ticket here." in session.screen_text
        await session.press("j", "enter", "c", "G", "space")
        assert isinstance(session.app.screen, QueueScreen)


async def test_a_claimed_ticket_is_the_viewers(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("2")
        here = cursor(session)
        await session.press("c")
        assert busy.ticket(here, viewer=session.me).row.assignee == "lee"
        assert f"#{here} assignee – → lee" in session.status


async def test_the_deed_of_a_faster_colleague_is_not_overwritten(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("2")
        here = cursor(session)
        busy.perform(a.Assign(here, agent="kim"), busy.agent("kim"))
        await session.press("c")
        assert busy.ticket(here, viewer=session.me).row.assignee == "kim"
        assert "kim" in session.status


async def test_a_priority_is_picked_by_typing_part_of_it(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("5")
        here = cursor(session)
        await session.press("p")
        await session.type("4")
        await session.press("enter")
        assert busy.ticket(here, viewer=session.me).row.priority == "P4"


async def test_marked_tickets_get_the_deed_together_after_a_plan(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("2", "space", "space", "space")
        marked = [row.id for row in queue_of(session).tickets.marks]
        await session.press("c")
        assert "3 tickets: assign to lee" in session.screen_text
        assert {busy.ticket(each, viewer=session.me).row.assignee for each in marked} == {""}
        await session.press("enter")
        assert {busy.ticket(each, viewer=session.me).row.assignee for each in marked} == {"lee"}
        assert "3 done, 0 refused" in session.status


async def test_a_plan_that_is_left_does_nothing(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("2", "space", "space", "c", "escape")
        marked = [row.id for row in queue_of(session).tickets.marks]
        assert len(marked) == 2
        assert {busy.ticket(each, viewer=session.me).row.assignee for each in marked} == {""}


async def test_a_refused_ticket_is_named_with_its_reason_and_the_rest_is_done(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8", "space", "space", "space")
        marked = [row.id for row in queue_of(session).tickets.marks]
        busy.perform(a.Cancel(marked[1], "spam"), session.me)
        await session.listen()
        await session.press("s")
        await session.type("pending")
        await session.press("enter", "enter")
        assert "2 will be done, 1 refused" in session.screen_text
        await session.press("enter")
        assert "2 done, 1 refused" in session.screen_text
        assert f"#{marked[1]}" in session.screen_text


async def test_a_range_marks_from_v_to_v_and_escape_drops_it(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8", "j", "v", "j", "j", "v")
        assert [row.id for row in queue_of(session).tickets.marks] == order(session)[1:4]
        await session.press("escape")
        assert len(queue_of(session).tickets.marks) == 0


async def test_star_marks_the_whole_view(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8", "asterisk")
        assert len(queue_of(session).tickets.marks) == 60
        assert "60 marked" in session.status


async def test_the_preview_follows_the_cursor_once_it_rests(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8", "j")
        row = queue_of(session).tickets.row
        assert row is not None
        assert f"#{row.id} {row.subject[:12]}" in session.screen_text
        await session.press("o")
        assert f"#{row.id} {row.subject[:12]}" not in session.screen_text


async def test_times_to_a_due_get_shorter_by_themselves(busy: Desk, sit: Sit, clock: ManualClock) -> None:
    async with sit(busy) as session:
        await session.press("5", "G")
        before = session.screen_text
        clock.advance(HOUR)
        queue_of(session).minute()
        await session.settle()
        assert session.screen_text != before


async def test_a_search_finds_and_is_shown(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("slash", "ctrl+u")
        await session.type("tag:vpn priority:P1")
        await session.press("enter")
        rows = queue_of(session).tickets.window.rows
        assert rows
        assert all("vpn" in row.tags and row.priority == "P1" for row in rows)
        assert "/ tag:vpn priority:P1" in session.screen_text


async def test_an_error_of_a_query_stands_below_its_column(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("slash", "ctrl+u")
        await session.type("tag:vpn prio:P1")
        lines = session.screen_text.splitlines()
        at = next(place for place, line in enumerate(lines) if line.startswith(" / "))
        assert lines[at].index("prio") == lines[at + 1].index("▔")
        await session.press("enter")
        assert queue_of(session).query_text != "tag:vpn prio:P1"


async def test_completions_are_offered_and_taken_with_tab(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("slash", "ctrl+u")
        await session.type("assignee:ki")
        assert "kim" in session.screen_text
        await session.press("tab", "enter")
        assert queue_of(session).query_text == "assignee:kim"


async def test_a_search_that_is_left_changes_nothing(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        before = order(session)
        await session.press("slash")
        await session.type(" nonsense")
        await session.press("escape")
        assert order(session) == before
        await session.press("j")
        assert cursor(session) == before[1]


async def test_the_command_line_does_what_keys_do(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("5")
        here = cursor(session)
        await session.press("colon")
        await session.type("priority P4")
        await session.press("enter", "colon")
        await session.type("queue tag:vpn")
        await session.press("enter")
        assert busy.ticket(here, viewer=session.me).row.priority == "P4"
        assert queue_of(session).query_text == "tag:vpn"


async def test_an_unknown_command_names_the_nearest(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("colon")
        await session.type("asign kim")
        await session.press("enter")
        assert "there is assign" in session.screen_text


async def test_a_click_moves_the_cursor_and_a_second_one_opens(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8")
        await session.pilot.click("#list", offset=(30, 3))
        await session.settle()
        assert cursor(session) == order(session)[3]
        await session.pilot.click("#list", offset=(30, 3))
        await session.settle()
        assert not isinstance(session.app.screen, QueueScreen)


async def test_whoever_has_no_ticket_begins_with_the_first_view_that_has_some(busy: Desk, sit: Sit) -> None:
    async with sit(busy, login="omar") as session:
        assert "[2 Unassigned" in session.screen_text
        assert order(session)


async def test_a_new_ticket_is_opened_for_a_caller(empty: Desk, sit: Sit) -> None:
    async with sit(empty) as session:
        await session.press("N", "ctrl+s")
        assert "Subject is needed." in session.screen_text
        await session.press("shift+tab")
        await session.type("ann@acme.example")
        await session.press("enter")
        await session.type("VPN drops")
        await session.press("enter")
        await session.type("Every hour.")
        await session.press("ctrl+s")
        row = empty.ticket(1, viewer=session.me).row
        assert (row.subject, row.requester, row.channel) == ("VPN drops", "ann@acme.example", "tui")
        assert "Ticket #1 is open." in session.status


async def test_a_new_ticket_that_was_left_is_offered_again(empty: Desk, sit: Sit) -> None:
    async with sit(empty) as session:
        await session.press("N")
        await session.type("ann@acme.example")
        await session.press("escape", "N", "tab")
        await session.type("VPN")
        await session.press("ctrl+s")
        assert empty.ticket(1, viewer=session.me).row.requester == "ann@acme.example"


async def test_far_down_a_view_nothing_is_taken_for_gone(busy: Desk, sit: Sit, clock: ManualClock) -> None:
    for number in range(300):
        clock.advance(1)
        open_ticket(busy, f"more {number}", priority="P4")
    async with sit(busy) as session:
        await session.press("8", "G")
        before, here = order(session), cursor(session)
        assert here == busy.page("sort:created", viewer=session.me, limit=1).rows[0].id
        assert "360 of 360" in session.screen_text
        open_ticket(busy)
        await session.listen()
        assert (order(session), cursor(session)) == (before, here)
        assert "gone" not in session.status
        await session.press("g")
        assert cursor(session) == busy.page("sort:-created", viewer=session.me, limit=1).rows[0].id


async def test_paging_down_and_up_again_comes_back(busy: Desk, sit: Sit) -> None:
    async with sit(busy, size=(80, 24)) as session:
        await session.press("8")
        start = cursor(session)
        await session.press("pagedown", "ctrl+d", "pagedown")
        assert cursor(session) != start
        await session.press("pageup", "ctrl+u", "pageup")
        assert cursor(session) == start
