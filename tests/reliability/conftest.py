"""The desks of these tests: both kinds of database, and copies in memory where no disk is asked for."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.store.engine import open_store
from tests.builders import T0
from tests.desks import Bench, a_desk, sqlite_url
from tests.pg_server import spacious
from tests.store.conftest import bench, database_url, open_folder

__all__ = ["bench", "copies", "database_url", "open_folder"]

Copies = Callable[[], Bench]


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where the machine has one, with the desk that copies are made of."""
    with spacious(tmp_path_factory.mktemp("copies")) as folder:
        a_desk(sqlite_url(folder, "model.db")).desk.close()
        yield folder


@pytest.fixture
def copies(memory: Path) -> Iterator[Copies]:
    """Makes desks with people, each a file of its own, in a few milliseconds."""
    numbers = count()
    with ExitStack() as stack:

        def copy() -> Bench:
            path = memory / f"copy-{next(numbers)}.db"
            shutil.copy(memory / "model.db", path)
            clock = ManualClock(T0)
            made = Bench(Desk(open_store(f"sqlite:///{path}"), clock), clock, f"sqlite:///{path}")
            stack.callback(path.unlink)
            stack.callback(made.desk.close)
            return made

        yield copy
