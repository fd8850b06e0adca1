"""A desk on Postgres comes back by itself when its server does, and says what it does not know."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import event, insert, select

from deskterm.rules.problems import Problem
from deskterm.store.engine import Store, open_store
from deskterm.store.feed import Feed, announce
from deskterm.store.schema import ensure
from deskterm.store.tables import settings
from tests.pg_server import NoServer
from tests.store.own_server import OwnServer, own_server


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    """A server that may be stopped."""
    try:
        with own_server() as made:
            yield made
    except NoServer as reason:
        if os.environ.get("DESKTERM_REQUIRE_PG") == "1":
            pytest.fail(f"DESKTERM_REQUIRE_PG=1, but {reason}")
        pytest.skip(str(reason))


@pytest.fixture
def store(server: OwnServer) -> Iterator[Store]:
    """A desk on it."""
    made = open_store(server.url())
    ensure(made)
    yield made
    made.close()


def write(store: Store, name: str) -> None:
    with store.transaction() as connection:
        connection.execute(insert(settings).values(name=name, value=""))
        announce(connection)


def names(store: Store) -> set[str]:
    with store.read() as connection:
        return set(connection.execute(select(settings.c.name)).scalars())


def hang_up(server: OwnServer) -> None:
    server.does("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'desk'")


@pytest.mark.pg
def test_a_desk_whose_server_was_away_works_again_at_the_first_try(store: Store, server: OwnServer) -> None:
    write(store, "before the restart")
    server.stop()
    with pytest.raises(Problem) as caught:
        write(store, "while it is away")
    server.start()
    write(store, "after the restart")
    assert caught.value.code == "store.unreachable"
    assert {"before the restart", "after the restart"} <= names(store)


@pytest.mark.pg
def test_dead_connections_are_replaced_before_anybody_notices(store: Store, server: OwnServer) -> None:
    names(store)
    hang_up(server)
    write(store, "through a dead connection")
    hang_up(server)
    assert "through a dead connection" in names(store)


@pytest.mark.pg
def test_a_connection_that_dies_at_the_last_moment_is_replaced_too(store: Store, server: OwnServer) -> None:
    deaths = iter([True])

    def die(*_: object) -> None:
        if next(deaths, False):
            hang_up(server)

    event.listen(store._engine, "checkout", die)
    write(store, "at the second attempt")
    assert "at the second attempt" in names(store)


@pytest.mark.pg
def test_a_connection_lost_inside_a_transaction_undoes_it(store: Store, server: OwnServer) -> None:
    with pytest.raises(Problem) as caught, store.transaction() as connection:  # noqa: PT012
        connection.execute(insert(settings).values(name="half", value=""))
        hang_up(server)
        connection.execute(insert(settings).values(name="other half", value=""))
    assert caught.value.code == "store.unreachable"
    assert not {"half", "other half"} & names(store)


@pytest.mark.pg
def test_a_commit_without_an_answer_is_told_as_such(store: Store, server: OwnServer) -> None:
    with pytest.raises(Problem) as caught, store.transaction() as connection:  # noqa: PT012
        connection.execute(insert(settings).values(name="who knows", value=""))
        hang_up(server)
    assert (caught.value.kind, caught.value.code) == ("store", "store.unknown")


@pytest.mark.pg
def test_a_confirmed_action_waits_for_the_disk_whatever_the_server_prefers(store: Store) -> None:
    with store.read() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


@pytest.mark.pg
def test_the_feed_tells_the_death_of_the_server_and_what_happened_meanwhile(
    store: Store, server: OwnServer
) -> None:
    feed = Feed(store)
    assert not feed.changed()
    server.stop()
    with pytest.raises(Problem) as caught:
        feed.changed()
    with pytest.raises(Problem):
        feed.changed()
    server.start()
    assert caught.value.code == "store.unreachable"
    assert feed.changed()
    assert not feed.changed()
    feed.close()


@pytest.mark.pg
@pytest.mark.parametrize(
    ("user", "database", "code"),
    [
        ("ann:wrong", "desk", "store.password"),
        ("ann", "desk", "store.password"),
        ("eve", "desk", "store.denied"),
        ("nobody", "desk", "store.user"),
        ("postgres", "nowhere", "store.missing"),
    ],
)
def test_who_is_not_let_in_is_told_why_and_no_secret(
    server: OwnServer, user: str, database: str, code: str
) -> None:
    store = open_store(server.url(user, database))
    with pytest.raises(Problem) as caught, store.read():
        pass
    store.close()
    assert (caught.value.kind, caught.value.code) == ("store", code)
    assert "wrong" not in str(caught.value)


@pytest.mark.pg
def test_the_right_password_opens(server: OwnServer) -> None:
    store = open_store(server.url("ann:tiger"))
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    store.close()


@pytest.mark.pg
def test_a_full_server_says_so(server: OwnServer) -> None:
    server.does("ALTER ROLE ann CONNECTION LIMIT 0")
    store = open_store(server.url("ann:tiger"))
    with pytest.raises(Problem) as caught, store.read():
        pass
    server.does("ALTER ROLE ann CONNECTION LIMIT -1")
    assert caught.value.code == "store.crowded"


@pytest.mark.pg
def test_a_database_that_cannot_hold_every_letter_is_refused(server: OwnServer) -> None:
    server.does("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    store = open_store(server.url(database="latin"))
    with pytest.raises(Problem) as caught:
        ensure(store)
    store.close()
    assert caught.value.code == "store.encoding"
