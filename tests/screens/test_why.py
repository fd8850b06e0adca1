"""Why: what `w` shows is what was written down, in lines that fit, with sums that hold."""

import re

import pytest

from deskterm import i18n
from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.i18n import moment
from deskterm.rules import actions as a
from deskterm.rules.clean import cell_width
from deskterm.rules.upkeep import Exempt
from deskterm.screens.dialogs.keys import KeysDialog
from deskterm.screens.glyphs import ASCII, UNICODE, Glyphs
from deskterm.screens.queue import QueueScreen
from deskterm.screens.reasons import page_of
from deskterm.screens.stretches import exact
from deskterm.screens.ticket import TicketScreen
from deskterm.screens.why import WhyScreen
from deskterm.screens.widgets.page import Page
from tests.builders import DAY, HOUR
from tests.screens.conftest import Session, Sit
from tests.screens.explained import a_breached_ticket


def page(desk: Desk, number: int, width: int = 78, glyphs: Glyphs = UNICODE) -> list[str]:
    """The page as text."""
    found = desk.explain(number, viewer=desk.agent("lee"))
    rows = page_of(found, width, glyphs, lambda at: moment(at)[5:])
    return ["".join(text for text, _tone in row) for row in rows]


def seconds(text: str) -> int:
    hours, minutes, rest = map(int, text.split(":"))
    return hours * 3600 + minutes * 60 + rest


def counted(lines: list[str]) -> list[tuple[list[int], int]]:
    """Of each clock the seconds of its stretches and the sum below them."""
    found: list[tuple[list[int], int]] = []
    stretches: list[int] = []
    for line in lines:
        time = re.search(r"(\d+:\d\d:\d\d)", line)
        if re.search(r"\d+:\d\d:\d\d +sum$", line):
            assert time
            found.append((stretches, seconds(time[1])))
            stretches = []
        elif re.search(r" (running|not counting|paused) ", line):
            mark = re.search(r"(running|not counting|paused) +(\d+:\d\d:\d\d|–)", line)
            assert mark
            stretches.append(0 if mark[2] == "–" else seconds(mark[2]))
    return found


async def opened(session: Session) -> WhyScreen:
    screen = session.app.screen
    assert isinstance(screen, WhyScreen)
    return screen


def test_the_ledgers_on_screen_add_up_to_the_elapsed_seconds(empty: Desk, clock: ManualClock) -> None:
    number = a_breached_ticket(empty, clock)
    report = empty.clocks(number, viewer=empty.agent("lee"))
    found = counted(page(empty, number))
    assert [total for _parts, total in found] == [
        cycle.elapsed for cycle in (*report.cycles, *report.internal)
    ]
    assert all(sum(parts) == total for parts, total in found)


def test_the_sum_grows_with_the_clock(empty: Desk, clock: ManualClock) -> None:
    number = a_breached_ticket(empty, clock)
    before = counted(page(empty, number))
    clock.advance(61)
    after = counted(page(empty, number))
    assert [late[1] - early[1] for early, late in zip(before, after, strict=True)] == [0, 61, 61]


@pytest.mark.parametrize(("length", "shown"), [(0, "0:00:00"), (3661, "1:01:01"), (360_000, "100:00:00")])
def test_lengths_are_exact_to_the_second(length: int, shown: str) -> None:
    assert exact(length) == shown


@pytest.mark.parametrize(
    "wanted",
    [
        "✗ classification phones (small.toml:",
        "✗ text~telephone: the words are not there",
        "✓ priority P2: impact high, urgency medium",
        "✗ priority:P1: it is P2",
        "✓ route network (small.toml:",
        "left out of account, for nobody fitted: skills",
        "kim fits: carries 0, no turn in the group yet",
        "✗ tier:platinum: it is gold",
        "saves 9:00:00",
        "✗ L1 breach  passed 03-03 15:00",
        "L2 +24h  to come 03-06 15:00",
        "1:01:30  group network · resolution",
        "03-03 15:00  ✓ level standard/L1@1 · done (03-03 16:01)",
    ],
)
def test_the_page_says(empty: Desk, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    monkeypatch.setenv("TZ", "UTC")
    number = a_breached_ticket(empty, clock)
    assert wanted in "\n".join(page(empty, number, 110))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("width", [58, 78, 118, 198])
def test_no_line_is_wider_than_the_screen(
    empty: Desk, clock: ManualClock, language: str, glyphs: Glyphs, width: int
) -> None:
    number = a_breached_ticket(empty, clock)
    i18n.use(language)
    assert max(map(cell_width, page(empty, number, width, glyphs))) <= width


def test_what_ascii_terminals_get_is_ascii(empty: Desk, clock: ManualClock) -> None:
    number = a_breached_ticket(empty, clock)
    assert "\n".join(page(empty, number, 110, ASCII)).isascii()


def test_a_ticket_that_never_saw_rules_says_so_and_shows_its_clocks(busy: Desk) -> None:
    told = page(busy, 1)
    assert any("No rule ever saw this ticket" in line for line in told)
    assert any("the one that is built in" in line for line in told)
    assert counted(told)


def test_control_characters_of_a_reason_reach_no_page(empty: Desk, clock: ManualClock) -> None:
    number = a_breached_ticket(empty, clock)
    empty.perform(Exempt(number, "flood \x1b[31m\u202e [link=x"), empty.agent("lee"))
    told = "\n".join(page(empty, number))
    assert "[link=x" in told
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", told)


@pytest.mark.parametrize(("size", "keys"), [((80, 24), ("w",)), ((120, 40), ("enter", "w"))])
async def test_w_explains_the_ticket_and_esc_goes_back(
    empty: Desk, clock: ManualClock, sit: Sit, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    number = a_breached_ticket(empty, clock)
    async with sit(empty, size=size) as session:
        behind = QueueScreen if len(keys) == 1 else TicketScreen
        await session.press(*keys)
        assert (await opened(session)).row.id == number
        assert "HOW IT GOT HERE" in session.screen_text
        await session.press("escape")
        assert isinstance(session.app.screen, behind)


async def test_the_page_is_read_by_line_page_section_and_end(
    empty: Desk, clock: ManualClock, sit: Sit
) -> None:
    a_breached_ticket(empty, clock)
    async with sit(empty, size=(80, 24)) as session:
        await session.press("w")
        view = (await opened(session)).query_one(Page)
        places = []
        for key in ("j", "space", "right_curly_bracket", "G", "left_curly_bracket", "g"):
            await session.press(key)
            places.append(view.scroll_offset.y)
        assert places[0] == 1
        assert places[1] > 10
        assert places[1] < places[2] < places[3] == view.max_scroll_y
        assert 0 < places[4] < places[3]
        assert places[5] == 0


async def test_what_others_do_appears_and_the_place_stays(empty: Desk, clock: ManualClock, sit: Sit) -> None:
    number = a_breached_ticket(empty, clock)
    async with sit(empty, size=(80, 24)) as session:
        await session.press("w", "j", "j", "j")
        view = (await opened(session)).query_one(Page)
        clock.advance(3 * DAY)
        await session.tick()
        assert view.scroll_offset.y == 3
        await session.press("G")
        assert "standard/L2@1" in session.screen_text
        assert number == 1


async def test_the_keys_of_the_page_are_listed(empty: Desk, clock: ManualClock, sit: Sit) -> None:
    a_breached_ticket(empty, clock)
    async with sit(empty, size=(120, 40)) as session:
        await session.press("w", "question_mark")
        dialog = session.app.screen
        assert isinstance(dialog, KeysDialog)
        ids = {active.binding.id for _keys, active in dialog.bound}
        assert {"why.back", "why.reload", "lines.next", "lines.last"} <= ids


async def test_without_a_ticket_w_says_so(empty: Desk, sit: Sit) -> None:
    async with sit(empty) as session:
        await session.press("w")
        assert "no ticket under the cursor" in session.status


async def test_the_ticket_of_a_desk_with_rules_opens_with_its_clocks(
    empty: Desk, clock: ManualClock, sit: Sit
) -> None:
    a_breached_ticket(empty, clock)
    async with sit(empty) as session:
        await session.press("enter")
        assert "✗ 5:01 of 4:00" in session.screen_text
        assert "OLA network" in session.screen_text


async def test_the_timeline_tells_what_rules_did(empty: Desk, clock: ManualClock, sit: Sit) -> None:
    a_breached_ticket(empty, clock)
    async with sit(empty, size=(140, 50)) as session:
        await session.press("enter")
        for told in ("SLA policy standard applies", "takes the route network", "level standard/L1@1"):
            assert told in session.screen_text


async def test_a_clock_that_nobody_touches_moves_on_by_the_minute(
    empty: Desk, clock: ManualClock, sit: Sit
) -> None:
    a_breached_ticket(empty, clock)
    async with sit(empty) as session:
        await session.press("enter")
        clock.advance(HOUR // 2)
        session.app._minute()
        await session.settle()
        assert "✗ 5:31 of 4:00" in session.screen_text


def test_a_requester_is_not_told(empty: Desk, clock: ManualClock) -> None:
    from deskterm.rules.problems import Problem

    number = a_breached_ticket(empty, clock)
    with pytest.raises(Problem, match="people who work here"):
        empty.explain(number, viewer=empty.requester("bo@acme.example"))


def test_notes_and_words_of_a_ticket_are_no_part_of_the_page(empty: Desk, clock: ManualClock) -> None:
    number = a_breached_ticket(empty, clock)
    empty.perform(a.Note(number, "the password is hunter2"), empty.agent("lee"))
    assert "hunter2" not in "\n".join(page(empty, number))
