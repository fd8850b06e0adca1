"""The feed tells what anybody commits, at once on SQLite and within a second everywhere, and nothing else."""

import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import insert

from deskterm.rules.problems import Problem
from deskterm.store.engine import Store, open_store
from deskterm.store.feed import Feed, announce
from deskterm.store.schema import ensure
from deskterm.store.tables import events, settings


@pytest.fixture
def here(database_url: str) -> Iterator[Store]:
    """A desk."""
    made = open_store(database_url)
    ensure(made)
    yield made
    made.close()


@pytest.fixture
def there(database_url: str, here: Store) -> Iterator[Store]:
    """The same desk, as another process has it."""
    made = open_store(database_url)
    yield made
    made.close()


@pytest.fixture
def feed(here: Store) -> Iterator[Feed]:
    """A feed on the desk."""
    made = Feed(here)
    yield made
    made.close()


def write(store: Store, name: str = "x", *, told: bool = True) -> None:
    with store.transaction() as connection:
        connection.execute(insert(settings).values(name=name, value=""))
        if told:
            announce(connection)


def soon(question: Callable[[], bool], seconds: float = 2) -> bool:
    """Whether the answer becomes yes within the time that a screen may take to show a change."""
    until = time.monotonic() + seconds
    while not question() and time.monotonic() < until:
        time.sleep(0.001)
    return time.monotonic() < until


def test_nothing_has_changed_while_nobody_writes(feed: Feed, there: Store) -> None:
    with there.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    assert [feed.changed(), feed.changed()] == [False, False]


def test_a_commit_of_another_is_told_once(feed: Feed, there: Store) -> None:
    write(there)
    assert soon(feed.changed)
    assert not feed.changed()


def test_a_commit_of_the_same_process_is_told_too(feed: Feed, here: Store) -> None:
    write(here)
    assert soon(feed.changed)


def test_what_is_not_committed_is_not_told(feed: Feed, there: Store) -> None:
    with pytest.raises(KeyError), there.transaction() as connection:  # noqa: PT012
        connection.execute(insert(settings).values(name="undone", value=""))
        announce(connection)
        assert not feed.changed()
        raise KeyError
    assert not feed.changed()


def test_what_was_written_before_the_feed_began_is_not_told(here: Store) -> None:
    write(here)
    feed = Feed(here)
    assert not feed.changed()
    feed.close()


def test_an_event_is_told_within_two_seconds_though_its_announcement_was_lost(
    feed: Feed, there: Store
) -> None:
    with there.transaction() as connection:
        connection.execute(insert(events).values(about="", at=1, kind="x"))
    assert soon(feed.changed)
    assert not feed.changed()


def test_an_event_that_commits_behind_a_later_one_is_told(pg_database: str) -> None:
    """Postgres gives ids before the commit; SQLite, with one writer at a time, in the order of commits."""
    here, there = open_store(pg_database), open_store(pg_database)
    feed = Feed(here)
    with here.transaction() as late:
        late.execute(insert(events).values(about="", at=1, kind="late"))
        with there.transaction() as early:
            early.execute(insert(events).values(about="", at=2, kind="early"))
        assert soon(feed.changed)
    assert soon(feed.changed)
    feed.close()
    here.close()
    there.close()


def test_a_desk_that_was_upgraded_meanwhile_is_refused(feed: Feed, there: Store) -> None:
    with there.transaction() as connection:
        connection.exec_driver_sql("UPDATE schema_revision SET version_num = '9999'")
        announce(connection)

    def refused() -> bool:
        try:
            feed.changed()
        except Problem as problem:
            return problem.code == "store.newer"
        return False

    assert soon(refused)
