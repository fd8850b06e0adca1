"""How the screens look; after a wanted change run `make test ARGS="tests/screens --snapshot-update"`."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import pytest
from textual.app import App
from textual.pilot import Pilot

from deskterm import i18n
from deskterm.clock import ManualClock
from deskterm.config import Settings
from deskterm.desk import Desk
from deskterm.screens.app import DesktermApp
from deskterm.screens.context import Context
from deskterm.screens.drafts import Drafts
from tests.screens.conftest import Session
from tests.screens.explained import a_breached_ticket
from tests.screens.ruled import under_rules

WIDE, NARROW = (120, 40), (80, 24)


class Compare(Protocol):
    def __call__(
        self,
        app: App[int],
        *,
        terminal_size: tuple[int, int],
        run_before: Callable[[Pilot[int]], Awaitable[None]],
    ) -> bool: ...


class Look:
    """Compares what a desk looks like after some keys; `type:...` is typed."""

    def __init__(self, compare: Compare, folder: Path) -> None:
        self.compare = compare
        self.folder = folder

    def __call__(self, desk: Desk, size: tuple[int, int], *keys: str, **options: str) -> bool:
        settings = Settings("sqlite:///x", timezone="UTC", state_folder=self.folder, **options)  # type: ignore[arg-type]
        drafts = Drafts(self.folder, settings.database, "lee")
        app = DesktermApp(Context(desk, desk.agent("lee"), settings, drafts, "lee", "Lee Chen"))

        async def before(pilot: Pilot[int]) -> None:
            session = Session(app, pilot, desk)
            await session.settle()
            for key in keys:
                if key.startswith("type:"):
                    await session.type(key.removeprefix("type:"))
                else:
                    await session.press(key)
            await session.settle()

        return self.compare(app, terminal_size=size, run_before=before)


@pytest.fixture
def look(snap_compare: Compare, tmp_path: Path) -> Look:
    return Look(snap_compare, tmp_path / "state")


def test_a_busy_queue_with_two_marks(busy: Desk, look: Look) -> None:
    assert look(busy, WIDE, "5", "space", "j", "space", "j")


def test_a_busy_queue_on_a_small_terminal(busy: Desk, look: Look) -> None:
    assert look(busy, NARROW, "5", "j", "j")


def test_a_busy_queue_in_the_light(busy: Desk, look: Look) -> None:
    assert look(busy, WIDE, "5", "j", theme="light")


def test_an_empty_queue(empty: Desk, look: Look) -> None:
    assert look(empty, NARROW)


def test_a_search_with_a_mistake(busy: Desk, look: Look) -> None:
    assert look(busy, NARROW, "slash", "ctrl+u", "type:tag:vpn prio:P1")


def test_a_search_with_completions(busy: Desk, look: Look) -> None:
    assert look(busy, WIDE, "slash", "ctrl+u", "type:is:")


def test_a_ticket(busy: Desk, look: Look) -> None:
    assert look(busy, WIDE, "8", "enter")


def test_a_ticket_on_a_small_terminal(busy: Desk, look: Look) -> None:
    assert look(busy, NARROW, "8", "enter")


def test_a_reply_being_written(busy: Desk, look: Look) -> None:
    assert look(busy, WIDE, "8", "r", "type:Hello Ann,")


def test_a_note_being_written_on_a_small_terminal(busy: Desk, look: Look) -> None:
    assert look(busy, NARROW, "8", "n", "type:The carrier says two hours.")


def test_the_resolve_dialog(busy: Desk, look: Look) -> None:
    assert look(busy, NARROW, "8", "e", "ctrl+s")


def test_the_plan_for_three_tickets(busy: Desk, look: Look) -> None:
    assert look(busy, WIDE, "2", "space", "space", "space", "c")


def test_the_keys(busy: Desk, look: Look) -> None:
    assert look(busy, WIDE, "question_mark")


def test_the_reasons_of_a_ticket(empty: Desk, clock: ManualClock, look: Look) -> None:
    a_breached_ticket(empty, clock)
    assert look(empty, WIDE, "w")


def test_the_clocks_of_a_ticket_on_a_small_terminal(empty: Desk, clock: ManualClock, look: Look) -> None:
    a_breached_ticket(empty, clock)
    assert look(empty, NARROW, "w", "G")


def test_the_timeline_of_a_ticket_that_rules_took(empty: Desk, clock: ManualClock, look: Look) -> None:
    a_breached_ticket(empty, clock)
    assert look(empty, WIDE, "enter")


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "en"), (NARROW, "zh_CN")])
def test_the_canned_responses(busy: Desk, look: Look, size: tuple[int, int], language: str) -> None:
    i18n.use(language)
    assert look(under_rules(busy), size, "8", "r", "type:Hm, ", "ctrl+r")


def test_a_canned_response_with_a_hole(busy: Desk, look: Look) -> None:
    i18n.use("zh_CN")
    assert look(under_rules(busy), WIDE, "8", "r", "ctrl+r", "down", "down")


@pytest.mark.parametrize(("size", "language"), [(WIDE, "zh_CN"), (NARROW, "en")])
def test_the_macros_for_three_tickets(busy: Desk, look: Look, size: tuple[int, int], language: str) -> None:
    i18n.use(language)
    assert look(under_rules(busy), size, "8", "space", "space", "space", "m")


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh_CN")])
def test_the_plan_of_a_macro_for_three_tickets(
    busy: Desk, look: Look, size: tuple[int, int], language: str
) -> None:
    i18n.use(language)
    assert look(under_rules(busy), size, "8", "space", "space", "space", "m", "type:visit", "enter")


@pytest.mark.parametrize(("size", "language"), [(WIDE, "zh_CN"), (NARROW, "en")])
def test_the_plan_of_a_macro_that_answers(
    busy: Desk, look: Look, size: tuple[int, int], language: str
) -> None:
    i18n.use(language)
    assert look(under_rules(busy), size, "8", "m", "type:log", "enter")


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh_CN")])
def test_the_ways_of_a_ticket(busy: Desk, look: Look, size: tuple[int, int], language: str) -> None:
    i18n.use(language)
    assert look(busy, size, "8", "j", "s", "up", "enter")
