"""The Postgres of the tests is a real one, shared by the run, and ends with it."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import pg

ROOT = Path(__file__).parents[1]
NO_SERVER = """
from tests import pg
from tests.pg_server import NoServer

def server_url(folder):
    raise NoServer("there is none on this machine")

pg.server_url = server_url
"""
RUN_AND_WAIT = """
from tests import pg
run = pg.Run()
print(run.folder, pg.server_url(run.folder), flush=True)
input()
"""


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_has_a_database_of_its_own(pg_empty: str, turn: str) -> None:
    with psycopg.connect(pg_empty) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        connection.execute("CREATE TABLE left_behind ()")
    assert tables == (0,)


def test_the_role_of_the_tests_is_no_superuser(pg_empty: str) -> None:
    if "DESKTERM_TEST_PG_URL" in os.environ:
        pytest.skip("the role of DESKTERM_TEST_PG_URL is not ours to judge")
    with psycopg.connect(pg_empty) as connection:
        assert connection.execute("SHOW is_superuser").fetchone() == ("off",)


def test_a_fresh_database_holds_what_the_template_holds(pg_server: pg.Server, tmp_path: Path) -> None:
    def fill(url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE desk AS SELECT 7 AS number")

    name = pg.template(tmp_path, pg_server, fill)
    try:
        with psycopg.connect(pg_server.create(f"{name}_copy", name)) as connection:
            assert connection.execute("SELECT number FROM desk").fetchone() == (7,)
    finally:
        pg_server.drop(f"{name}_copy")
        pg_server.drop(name)


def test_the_template_is_filled_once(pg_server: pg.Server, tmp_path: Path) -> None:
    filled: list[str] = []
    names = {pg.template(tmp_path, pg_server, filled.append) for _ in range(3)}
    pg_server.drop(*names)
    assert len(filled) == 1


@pytest.mark.pg
def test_a_run_that_is_killed_leaves_no_server_behind(pg_server: pg.Server) -> None:
    if "DESKTERM_TEST_PG_URL" in os.environ:
        pytest.skip("the server of DESKTERM_TEST_PG_URL is not ours to stop")
    with subprocess.Popen(
        [sys.executable, "-c", RUN_AND_WAIT],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout
        folder, url = run.stdout.readline().split()
        psycopg.connect(url).close()
        with Path(folder, "keeper").open() as keeper:
            run.send_signal(signal.SIGKILL)
            fcntl.flock(keeper, fcntl.LOCK_EX)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    assert not Path(folder).exists()


@pytest.mark.parametrize(("required", "outcome"), [("0", "1 skipped"), ("1", "1 error")])
def test_a_machine_without_postgres_is_told_why(tmp_path: Path, required: str, outcome: str) -> None:
    (tmp_path / "no_server.py").write_text(NO_SERVER)
    name = test_the_role_of_the_tests_is_no_superuser.__name__
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no_server", "-p", "no:cacheprovider", f"{__file__}::{name}"],
        cwd=ROOT,
        env=os.environ | {"DESKTERM_REQUIRE_PG": required, "PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert "there is none on this machine" in run.stdout
    assert outcome in run.stdout
