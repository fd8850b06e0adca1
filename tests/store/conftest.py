"""The desks of these tests: one suite, on SQLite and on a real Postgres."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.desks import Bench, a_desk, sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    return str(request.getfixturevalue("pg_database"))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder that every user of this machine reaches: pytest's own are for one alone."""
    with TemporaryDirectory(prefix="deskterm-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


@pytest.fixture
def bench(database_url: str) -> Iterator[Bench]:
    """A desk with people, on each kind of database."""
    made = a_desk(database_url)
    yield made
    made.desk.close()
