"""Others at the same desk: what they do appears by itself; a server that went away comes back by itself."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.store.engine import open_store
from deskterm.store.schema import ensure
from tests.builders import T0
from tests.pg_server import NoServer
from tests.screens.conftest import open_at, settle_in
from tests.screens.test_terminal import Start, start
from tests.store.own_server import OwnServer, own_server

__all__ = ["start"]


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    """A Postgres that may be stopped."""
    try:
        with own_server() as made:
            yield made
    except NoServer as reason:
        if os.environ.get("DESKTERM_REQUIRE_PG") == "1":
            pytest.fail(f"DESKTERM_REQUIRE_PG=1, but {reason}")
        pytest.skip(str(reason))


def write_to(desk: Desk, subject: str) -> None:
    opened = a.OpenTicket(subject, "words", requester="ann@acme.example", queue="network")
    desk.perform(opened, desk.agent("kim"))


@pytest.mark.timeout(120)
def test_a_ticket_from_another_process_is_announced_and_shown_when_asked_for(
    desks: dict[str, Path], tmp_path: Path, start: Start
) -> None:
    shutil.copyfile(desks["busy"], tmp_path / "desk.db")
    terminal = start()
    terminal.wait_for("▸")
    terminal.press("8")
    terminal.wait_for("[8 All 60]")
    desk = open_at(tmp_path / "desk.db", ManualClock(T0))
    write_to(desk, "Fresh from elsewhere")
    desk.close()
    terminal.wait_for("1 new", timeout=10)
    assert "Fresh from elsewhere" not in terminal.screen.text
    terminal.press("R")
    terminal.wait_for("Fresh from elsewhere", timeout=10)


@pytest.mark.pg
@pytest.mark.timeout(120)
def test_a_server_that_goes_away_costs_no_word_and_comes_back_by_itself(
    server: OwnServer, start: Start
) -> None:
    store = open_store(server.url())
    ensure(store)
    desk = Desk(store, ManualClock(T0))
    settle_in(desk)
    write_to(desk, "On a server")
    terminal = start(DESKTERM_DB=server.url())
    terminal.wait_for("On a server")
    terminal.press("n")
    terminal.wait_for("INTERNAL NOTE")
    terminal.press("still here")
    terminal.wait_for("still here")
    server.stop(signal.SIGINT)
    terminal.wait_for("by itself", timeout=20)
    terminal.press("\x13")
    terminal.read(quiet=1.0)
    assert "still here" in terminal.screen.text
    server.start()
    terminal.wait_until_gone("by itself", timeout=20)
    terminal.press("\x13")
    terminal.wait_for("#1 internal note", timeout=10)
    said = [row.message.body for row in desk.ticket(1, viewer=desk.agent("kim")).timeline if row.message]
    assert said == ["words", "still here"]
    desk.close()
