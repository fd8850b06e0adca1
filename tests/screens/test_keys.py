"""Keys: each has an id and words, `?` lists and presses them, and none acts where it should not."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input

import deskterm.screens
from deskterm.desk import Desk
from deskterm.screens.dialogs.keys import KeysDialog, key_name
from deskterm.screens.queue import QueueScreen
from deskterm.screens.ticket import TicketScreen
from tests.screens.conftest import Sit
from tests.screens.test_queue import cursor, order


def bound() -> Iterator[tuple[str, Binding]]:
    """Every binding of ours, with the class that has it."""
    for found in pkgutil.walk_packages(deskterm.screens.__path__, "deskterm.screens."):
        module = importlib.import_module(found.name)
        for each in vars(module).values():
            if isinstance(each, type) and issubclass(each, DOMNode) and each.__module__ == module.__name__:
                for binding in Binding.make_bindings(each.__dict__.get("BINDINGS", ())):
                    yield each.__name__, binding


BOUND = list(bound())


def test_every_binding_has_an_id_and_words() -> None:
    assert BOUND
    assert [(owner, each.key) for owner, each in BOUND if not each.id or not each.description] == []


def test_no_two_actions_share_an_id() -> None:
    actions = Counter(
        each.id for each in {(each.id, each.action, owner): each for owner, each in BOUND}.values()
    )
    assert [found for found, count in actions.items() if count > 1] == []


def test_no_essential_action_sits_only_on_keys_that_terminals_lose() -> None:
    lost = ("ctrl+enter", "shift+enter", "alt+")
    by_action: dict[tuple[str, str], list[str]] = {}
    for owner, each in BOUND:
        by_action.setdefault((owner, each.action), []).append(each.key)
    assert not [action for action, keys in by_action.items() if all(key.startswith(lost) for key in keys)]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("question_mark", "?"),
        ("left_square_bracket", "["),
        ("ctrl+d", "ctrl+d"),
        ("escape", "esc"),
        ("G", "G"),
    ],
)
def test_keys_are_called_what_people_call_them(key: str, name: str) -> None:
    assert key_name(key) == name


async def test_the_list_of_keys_is_found_by_typing_and_presses_the_key(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("2")
        here = cursor(session)
        await session.press("question_mark")
        assert isinstance(session.app.screen, KeysDialog)
        await session.type("yourself")
        assert session.screen_text.count("claim: assign to yourself") == 1
        await session.press("enter")
        assert busy.ticket(here, viewer=session.me).row.assignee == "lee"


async def test_the_list_of_keys_has_all_that_work_on_the_screen_and_no_others(busy: Desk, sit: Sit) -> None:
    async with sit(busy, size=(120, 60)) as session:
        await session.press("question_mark")
        dialog = session.app.screen
        assert isinstance(dialog, KeysDialog)
        ids = {active.binding.id for _keys, active in dialog.bound}
        assert {"list.down", "queue.search", "ticket.claim", "app.keys", "line.command"} <= ids
        assert not {each for each in ids if each and each.startswith(("timeline.", "compose.", "dialog."))}


async def test_the_palette_finds_views_and_themes_too(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("ctrl+p")
        await session.type("theme light desk")
        await session.press("enter")
        assert session.app.theme == "deskterm-light"
        await session.press("ctrl+p")
        await session.type("view waiting")
        await session.press("enter")
        assert "[6 Waiting" in session.screen_text


async def test_letters_in_the_search_line_are_only_letters(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        before, here = order(session), cursor(session)
        await session.press("slash", "ctrl+u")
        letters = "qjkgGcaApstrneoRv*-[]?:\\/ 123"
        await session.type(letters)
        assert session.app.screen.query_one(Input).value == letters
        assert isinstance(session.app.screen, QueueScreen)
        await session.press("escape")
        assert (order(session), cursor(session)) == (before, here)


async def test_the_keys_of_the_list_rest_while_one_searches(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        here = cursor(session)
        await session.press("slash", "pagedown", "ctrl+d", "home", "end", "escape")
        assert cursor(session) == here


@pytest.mark.parametrize("size", [(59, 24), (80, 11), (20, 5)])
async def test_below_the_least_size_a_sentence_is_shown_and_keys_do_nothing(
    busy: Desk, sit: Sit, size: tuple[int, int]
) -> None:
    async with sit(busy, size=size) as session:
        assert "larger" in " ".join(session.screen_text.split())
        before = {row.id: row.version for row in busy.each(viewer=session.me)}
        await session.press("c", "e", "r", "p", "enter", "space", "slash", "5")
        assert isinstance(session.app.screen, QueueScreen)
        assert {row.id: row.version for row in busy.each(viewer=session.me)} == before


async def test_a_window_that_grows_again_goes_on_where_it_was(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("8", "j", "j")
        here = cursor(session)
        await session.pilot.resize_terminal(40, 10)
        await session.settle()
        assert "larger" in session.screen_text
        await session.pilot.resize_terminal(120, 40)
        await session.settle()
        assert cursor(session) == here
        await session.press("j")
        assert cursor(session) != here


async def test_q_leaves_a_ticket_first_and_then_the_app(busy: Desk, sit: Sit) -> None:
    async with sit(busy) as session:
        await session.press("enter")
        assert isinstance(session.app.screen, TicketScreen)
        await session.press("q")
        assert isinstance(session.app.screen, QueueScreen)
        await session.press("q")
        assert session.app.return_value == 0
