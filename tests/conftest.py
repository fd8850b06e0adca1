"""What every test may ask for: a database on a real Postgres, and a run that is the same every time."""

import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import pg
from tests.pg_server import NoServer

settings.register_profile("deskterm", derandomize=True, deadline=None, database=None)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile("deskterm")

CAMPAIGNS = (
    "reliability/",
    "demo/",
    "cli/test_exchange.py",
    "cli/test_hostile.py",
    "desk/test_clock_steps.py",
    "desk/test_import_again.py",
    "desk/test_replaying.py",
    "desk/test_undoing.py",
    "rules/calendar/test_laws.py",
    "rules/sla/test_second_by_second.py",
    "screens/test_terminal.py",
    "store/test_backup.py",
    "store/test_server_clock.py",
    "store/test_views.py",
)
"""What kills processes, attacks or fills whole desks: minutes that nobody waits for between two edits."""

RUN = pytest.StashKey[pg.Run]()
FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run, or join it as one of its workers; where it runs must not matter."""
    if workerinput := getattr(config, "workerinput", None):
        config.stash[FOLDER] = Path(workerinput["run_folder"])
    else:
        run = config.stash[RUN] = pg.Run()
        config.stash[FOLDER] = run.folder
    forget_surroundings(config.stash[FOLDER])


def forget_surroundings(home: Path) -> None:
    """Leave the settings, the language and the folders of whoever runs the tests out of them."""
    for name in set(os.environ) - {"DESKTERM_REQUIRE_PG", "DESKTERM_TEST_PG_URL"}:
        if name.startswith(("DESKTERM_", "LC_", "XDG_")) or name in {
            "COLUMNS",
            "LANGUAGE",
            "LINES",
            "NO_COLOR",
        }:
            del os.environ[name]
    os.environ |= {"HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC"}
    time.tzset()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the run's folder is."""
    node.workerinput["run_folder"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run that this process began."""
    if RUN in config.stash:
        config.stash[RUN].end()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs Postgres, so that `-m "not pg"` leaves it out, and what is a campaign."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).as_posix().startswith(CAMPAIGNS):
            item.add_marker("campaign")
        if "pg_server" in getattr(item, "fixturenames", ()):
            item.add_marker("pg")


@pytest.fixture(scope="session")
def pg_server(pytestconfig: pytest.Config) -> Iterator[pg.Server]:
    """The run's Postgres; without one the test is skipped, or fails when DESKTERM_REQUIRE_PG=1."""
    try:
        server = pg.Server(pg.server_url(pytestconfig.stash[FOLDER]))
    except NoServer as reason:
        if os.environ.get("DESKTERM_REQUIRE_PG") == "1":
            pytest.fail(f"DESKTERM_REQUIRE_PG=1, but {reason}")
        pytest.skip(str(reason))
    yield server
    server.close()


@pytest.fixture(scope="session")
def pg_names(pytestconfig: pytest.Config, worker_id: str) -> Iterator[str]:
    """Names of databases that no other run and no other worker takes."""
    run = pytestconfig.stash[FOLDER].name.replace("-", "_")
    return (f"{run}_{worker_id}_{number}" for number in count())


@pytest.fixture
def pg_empty(pg_server: pg.Server, pg_names: Iterator[str]) -> Iterator[str]:
    """The URL of a fresh database without a table."""
    name = next(pg_names)
    yield pg_server.create(name)
    pg_server.leave(name)


@pytest.fixture
def pg_database(pytestconfig: pytest.Config, pg_server: pg.Server, pg_names: Iterator[str]) -> Iterator[str]:
    """The URL, `postgresql://role@host:port/name`, of a fresh database with the desk's schema."""
    template = pg.template(pytestconfig.stash[FOLDER], pg_server, _create_schema)
    name = next(pg_names)
    yield pg_server.create(name, template)
    pg_server.leave(name)


def _create_schema(url: str) -> None:
    from deskterm.store.engine import open_store
    from deskterm.store.schema import ensure

    store = open_store(url)
    try:
        ensure(store)
    finally:
        store.close()
