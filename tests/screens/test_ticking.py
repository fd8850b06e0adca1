"""Ticking: a terminal alone is enough for what falls due; it is done once, and in nobody's way."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

from deskterm.clock import FrozenClock, ManualClock
from deskterm.desk import Desk
from deskterm.desk.timing import Ticked
from deskterm.rules.problems import Problem
from deskterm.screens import ticking
from deskterm.screens.ticking import Looked, Ticking
from tests.builders import DAY
from tests.screens.conftest import Sit, open_at
from tests.screens.explained import a_breached_ticket

LATER = 3 * DAY


@pytest.fixture
def breached(empty: Desk, clock: ManualClock) -> Desk:
    """A desk on which one more level is due in three days."""
    a_breached_ticket(empty, clock)
    return empty


def levels(desk: Desk) -> list[str]:
    """The levels that were acted on."""
    return [each.rule for each in desk.explain(1, viewer=desk.agent("lee")).firings]


def silent(_looked: Looked) -> None:
    """Hears nothing."""


async def test_what_falls_due_is_done_and_shown_without_a_daemon(
    breached: Desk, clock: ManualClock, sit: Sit
) -> None:
    async with sit(breached) as session:
        await session.press("enter")
        clock.advance(LATER)
        looked = await session.tick()
        assert looked == Looked(acted=1)
        assert "Escalated." in session.screen_text


async def test_a_look_without_anything_due_paints_nothing(breached: Desk, sit: Sit) -> None:
    async with sit(breached) as session:
        painted: list[object] = []
        session.app._display = lambda *what: painted.append(what)  # type: ignore[method-assign]
        assert await session.tick() == Looked()
        assert painted == []


def test_two_apps_on_one_desk_act_once(breached: Desk, clock: ManualClock, tmp_path: Path) -> None:
    clock.advance(LATER)
    other = open_at(tmp_path / "desk.db", clock)
    apps = [Ticking(breached, silent), Ticking(other, silent)]
    together = Barrier(2)
    looks: list[Looked] = []

    def look(app: Ticking) -> None:
        together.wait(10)
        looks.append(app.look())

    threads = [Thread(target=look, args=(app,)) for app in apps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.close()
    assert sum(each.acted for each in looks) == 1
    assert levels(breached).count("level standard/L2@1") == 1


def test_the_thread_looks_by_itself(
    breached: Desk, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticking, "FIRST", 0)
    clock.advance(LATER)
    heard = Event()
    app = Ticking(breached, lambda _looked: heard.set())
    app.start()
    assert heard.wait(30)
    app.end()
    assert "level standard/L2@1" in levels(breached)


def test_after_the_end_nothing_is_begun(breached: Desk, clock: ManualClock) -> None:
    clock.advance(LATER)
    app = Ticking(breached, silent)
    app.end()
    app.look()
    assert "level standard/L2@1" not in levels(breached)


async def test_an_app_that_was_left_looks_no_more(breached: Desk, sit: Sit) -> None:
    async with sit(breached) as session:
        thread = session.app.ticking._thread
        assert thread is not None
        assert thread.is_alive()
        await session.press("q")
    thread.join(30)
    assert not thread.is_alive()


def test_a_clock_that_stands_still_lets_nothing_fall_due(breached: Desk) -> None:
    app = Ticking(Desk(breached.store, FrozenClock(2**33)), silent)
    app.start()
    assert app._thread is None


@pytest.mark.parametrize(("ahead", "pause"), [(DAY, 15.0), (15, 15.0), (7, 7.0), (1, 1.0)])
def test_the_next_look_is_when_something_is_due_but_soon(
    breached: Desk, clock: ManualClock, ahead: int, pause: float
) -> None:
    due = breached.timer.upcoming()
    assert due is not None
    clock.at = due - ahead
    assert Ticking(breached, silent).pause() == pause


@pytest.fixture
def stuck(breached: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Ticking, Event]]:
    """A look that hangs until the event is set."""
    begun, go_on = Event(), Event()
    app = Ticking(breached, silent)

    def hang(_stop: object) -> Ticked:
        begun.set()
        go_on.wait(60)
        return Ticked(0)

    monkeypatch.setattr(ticking, "FIRST", 0)
    monkeypatch.setattr(ticking, "PATIENCE", 0.05)
    monkeypatch.setattr(app._desk.timer, "tick", hang)
    yield app, begun
    go_on.set()


def test_leaving_does_not_wait_for_a_look_that_hangs(stuck: tuple[Ticking, Event]) -> None:
    app, begun = stuck
    app.start()
    assert begun.wait(30)
    app.end()
    assert app._thread is not None
    assert app._thread.is_alive()
    assert app._thread.daemon


class Broken:
    """A timer that cannot."""

    def __init__(self, error: Exception) -> None:
        self.error: Exception | None = error

    def tick(self, _stop: object) -> Ticked:
        if self.error is not None:
            raise self.error
        return Ticked(0)


async def test_an_error_of_the_timer_is_said_once_and_ends_nothing(breached: Desk, sit: Sit) -> None:
    async with sit(breached) as session:
        session.app.ticking._desk.__dict__["timer"] = Broken(ZeroDivisionError("of ours"))
        await session.tick()
        assert "ZeroDivisionError" in session.status
        await session.press("j")
        await session.tick()
        assert "ZeroDivisionError" not in session.status


async def test_a_ticket_that_cannot_be_looked_at_is_named(breached: Desk, sit: Sit) -> None:
    async with sit(breached) as session:
        refusal = Problem("x", "The wind has turned.")
        failed = Ticked(0, 1, failed=((1, refusal),))
        timer = Broken(ZeroDivisionError())
        timer.tick = lambda _stop: failed  # type: ignore[method-assign]
        session.app.ticking._desk.__dict__["timer"] = timer
        await session.tick()
        assert "ticket 1 cannot be done: The wind has turned." in session.status


async def test_a_store_that_is_away_has_its_line_only_while_it_is(breached: Desk, sit: Sit) -> None:
    async with sit(breached) as session:
        session.app.ticking._desk.__dict__["timer"] = Broken(Problem("store.lost", "Away.", kind="store"))
        await session.tick()
        assert "Away." not in session.screen_text
        assert "Trying again" not in session.screen_text
