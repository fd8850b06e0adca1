"""Whoever works on while a backup takes the place of the desk."""

from contextlib import closing
from pathlib import Path

import pytest

from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.store.backup import backup
from deskterm.store.engine import open_store
from deskterm.store.restore import restore
from tests.desks import Bench
from tests.pg_server import wheel


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the programs of the tests' own Postgres first."""
    if found := wheel():
        monkeypatch.setenv("PATH", f"{found / 'bin'}:/usr/bin:/bin")


def test_he_learns_who_works_here_now(bench: Bench, tmp_path: Path) -> None:
    saved = backup(bench.desk.store, tmp_path / "before").path
    bench.does(a.AddAgent("bob"))
    assert "bob" in bench.desk.book().logins
    restore(saved, bench.url, force=True)
    with closing(Desk(open_store(bench.url), bench.clock)) as other:
        other.perform(a.AddAgent("eve"), other.agent("ada"))
    assert {"bob", "eve"} & set(bench.desk.book().logins) == {"eve"}


def test_an_action_he_had_seen_acknowledged_is_not_taken_for_done(bench: Bench, tmp_path: Path) -> None:
    number = bench.opens()
    saved = backup(bench.desk.store, tmp_path / "before").path
    bench.does(a.Note(number, "lost by the restore"), key="k")
    restore(saved, bench.url, force=True)
    assert not bench.does(a.Note(number, "lost by the restore"), key="k").replayed
