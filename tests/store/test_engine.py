"""The store: transactions that last or never were, and reads that wait for nobody."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from deskterm.rules.problems import Problem
from deskterm.store.engine import Store, open_store
from deskterm.store.schema import ensure
from deskterm.store.tables import settings, tickets
from tests.desks import sqlite_url
from tests.store.children import run


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty desk on each kind of database."""
    made = open_store(database_url)
    ensure(made)
    yield made
    made.close()


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    """An empty desk in a file."""
    made = open_store(sqlite_url(tmp_path))
    ensure(made)
    yield made
    made.close()


def write(store: Store, name: str, value: str = "") -> None:
    with store.transaction() as connection:
        connection.execute(insert(settings).values(name=name, value=value))


def names(store: Store) -> set[str]:
    with store.read() as connection:
        return set(connection.execute(select(settings.c.name)).scalars())


def test_what_a_transaction_wrote_is_there_for_others(store: Store, database_url: str) -> None:
    write(store, "kept")
    other = open_store(database_url)
    assert "kept" in names(other)
    other.close()


def test_an_exception_undoes_the_transaction_and_passes_unchanged(store: Store) -> None:
    refusal = Problem("no", "No.")
    with pytest.raises(Problem) as caught, store.transaction() as connection:  # noqa: PT012
        connection.execute(insert(settings).values(name="undone", value=""))
        raise refusal
    assert caught.value is refusal
    assert "undone" not in names(store)


def test_a_read_sees_what_was_committed_between_its_statements(store: Store) -> None:
    with store.read() as connection:
        before = set(connection.execute(select(settings.c.name)).scalars())
        write(store, "between")
        after = set(connection.execute(select(settings.c.name)).scalars())
    assert after - before == {"between"}


def test_a_read_beside_a_writer_sees_the_old_state_at_once(store: Store) -> None:
    with store.transaction() as connection:
        connection.execute(insert(settings).values(name="later", value=""))
        assert "later" not in names(store)


def test_no_update_of_many_threads_is_lost(store: Store) -> None:
    write(store, "counter", "0")

    def count(_: int) -> None:
        with store.transaction() as connection:
            row = select(settings.c.value).where(settings.c.name == "counter").with_for_update()
            value = int(connection.execute(row).scalar_one())
            connection.execute(
                update(settings).where(settings.c.name == "counter").values(value=str(value + 1))
            )

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count, range(200)))
    with store.read() as connection:
        query = select(settings.c.value).where(settings.c.name == "counter")
        assert connection.execute(query).scalar_one() == "200"


def test_a_broken_constraint_is_the_callers_to_understand(store: Store) -> None:
    write(store, "once")
    with pytest.raises(IntegrityError):
        write(store, "once")


def test_a_reference_to_nothing_is_refused(store: Store) -> None:
    row = {"queue_id": 999, "subject": "", "created_at": 0, "updated_at": 0}
    with pytest.raises(IntegrityError), store.transaction() as connection:
        connection.execute(insert(tickets).values(**row))


def test_a_transaction_that_the_database_gave_up_is_not_called_committed(store: Store) -> None:
    write(store, "once")
    with pytest.raises(RuntimeError), store.transaction() as connection:  # noqa: PT012
        connection.execute(insert(settings).values(name="lost", value=""))
        if store.dialect == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
        else:
            with pytest.raises(IntegrityError):
                connection.execute(insert(settings).values(name="once", value=""))
    assert "lost" not in names(store)


def test_a_file_survives_power_loss_checks_references_and_lets_readers_pass(file_store: Store) -> None:
    with file_store.read() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "foreign_keys", "journal_mode")
        ]
    assert found == [2, 1, "wal"]


def test_a_log_that_has_grown_is_folded_into_the_file(file_store: Store) -> None:
    grow(file_store)
    assert Path(f"{file_store.place}-wal").stat().st_size == 0


def test_a_log_that_somebody_reads_is_folded_by_a_later_commit(file_store: Store) -> None:
    with file_store.read() as connection:
        reader = connection.execute(select(settings.c.name))
        grow(file_store)
        assert Path(f"{file_store.place}-wal").stat().st_size > 64 * 2**20
        reader.close()
    with file_store.transaction() as connection:
        connection.execute(insert(settings).values(name="more", value="x" * 17 * 2**20))
    assert Path(f"{file_store.place}-wal").stat().st_size == 0


def grow(store: Store) -> None:
    with store.transaction() as connection:
        for number in range(65):
            connection.execute(insert(settings).values(name=f"big{number}", value="x" * 2**20))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "desk.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///a\0b",
        "sqlite3:///desk.db",
        "mysql://ann@host/desk",
        "postgresql://ann@host",
        "postgresql://ann@host:port/desk",
        "postgresql+asyncpg://ann@host/desk",
    ],
)
def test_a_wrong_address_is_answered_with_right_ones(url: str) -> None:
    with pytest.raises(Problem) as caught:
        open_store(url)
    assert caught.value.kind == "usage"
    assert "sqlite:///desk.db" in caught.value.choices
    assert "postgresql://user@host/name" in caught.value.choices


def test_a_relative_path_stays_the_same_file_when_the_folder_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///desk.db")
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    ensure(store)
    store.close()
    assert store.place == str(tmp_path / "desk.db")
    assert not list((tmp_path / "other").iterdir())


def test_a_path_may_hold_any_sign(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path, "a?mode=ro#%41 ü.db"))
    ensure(store)
    store.close()
    assert (tmp_path / "a?mode=ro#%41 ü.db").exists()


def test_a_password_is_shown_nowhere() -> None:
    store = open_store("postgresql://ann:tiger@127.0.0.1:1/desk")
    with pytest.raises(Problem) as caught, store.read():
        pass
    assert "tiger" not in store.place + str(caught.value) + repr(caught.value.values)


SMALL_START = """
import json, sys
from deskterm.store.engine import open_store
from deskterm.store.schema import ensure
store = open_store(sys.argv[1])
ensure(store)
with store.transaction() as connection:
    connection.exec_driver_sql("UPDATE settings SET value = '2'")
store.close()
print(json.dumps([name for name in ("alembic", "psycopg", "textual", "typer") if name in sys.modules]))
"""


def test_a_desk_in_a_file_imports_neither_alembic_nor_psycopg(tmp_path: Path) -> None:
    assert run(SMALL_START, sqlite_url(tmp_path)) == []
