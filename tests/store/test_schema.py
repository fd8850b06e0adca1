"""The schema: made, upgraded or refused, always as a whole, and told by the same tables on both databases."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Text, text
from sqlalchemy.orm import class_mapper
from sqlalchemy.orm.exc import UnmappedClassError

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules.problems import Problem
from deskterm.store.engine import Store, open_store
from deskterm.store.migrations import SHIPPED, Migrations, runner
from deskterm.store.schema import ensure, revision_of
from deskterm.store.tables.indexes import complete_metadata
from deskterm.store.types import Row
from tests.desks import sqlite_url
from tests.store.children import run

NEXT = '''
"""A planted revision: a table rebuilt, a new one, old rows changed."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0005", "0004", None, None


def upgrade() -> None:
    with op.batch_alter_table("queues") as batch:
        batch.add_column(sa.Column("color", sa.Text(), nullable=False, server_default="blue"))
        batch.alter_column("title", new_column_name="label")
    op.create_table("planets", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
    op.create_index("planet_by_name", "planets", ["name"])
    op.execute("UPDATE queues SET color = 'red' WHERE name = 'second'")
    op.execute("INSERT INTO planets (name) VALUES ('Mars')")
'''


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a table."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    return str(request.getfixturevalue("pg_empty"))


@pytest.fixture
def empty(empty_url: str) -> Iterator[Store]:
    """A store without a table."""
    store = open_store(empty_url)
    yield store
    store.close()


@pytest.fixture
def next_release(tmp_path: Path) -> Migrations:
    """The migrations that a later deskterm will bring."""
    folder = tmp_path / "migrations"
    shutil.copytree(SHIPPED.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0005_planted.py").write_text(NEXT)
    return Migrations(folder, "0005")


def fill(store: Store) -> None:
    """Rows that refer to each other, so that a rebuilt table could break something."""
    with store.transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO groups (id, name, title, active, turn, created_at) VALUES (1, 'g', '', 'true', 0, 0)"
        )
        for number, name in ((1, "first"), (2, "second")):
            connection.exec_driver_sql(
                "INSERT INTO queues (id, name, title, group_id, active, created_at) "
                f"VALUES ({number}, '{name}', '{name.title()}', 1, 'true', 0)"
            )


def shape(connection: Connection) -> list[Any]:
    """Everything that the database says about its tables, in a fixed order."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master").all()
        return sorted((kind, name, table, clauses(sql or "")) for kind, name, table, sql in rows)
    columns = "table_name, column_name, data_type, is_nullable, column_default"
    constraints = "conrelid::regclass::text, pg_get_constraintdef(oid)"
    queries = (
        f"SELECT {columns} FROM information_schema.columns WHERE table_schema = 'public'",
        f"SELECT {constraints} FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT stxname, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext",
    )
    return [sorted(map(tuple, connection.exec_driver_sql(query).all()), key=str) for query in queries]


def clauses(sql: str) -> list[str]:
    """The parts of a CREATE statement; neither the order nor the names of its constraints mean anything."""
    plain = re.sub(r"CONSTRAINT \w+ ", "", " ".join(sql.split()).replace('"', ""))
    return sorted(part.strip(" \t)") for part in plain.replace("(", ",").split(","))


def shape_of(store: Store) -> list[Any]:
    with store.read() as connection:
        return shape(connection)


def test_an_empty_place_becomes_a_desk_once(empty: Store) -> None:
    assert [ensure(empty), ensure(empty)] == [True, False]
    with empty.read() as connection:
        assert revision_of(connection) == SHIPPED.head
        assert connection.exec_driver_sql("SELECT value FROM settings WHERE name = 'book'").scalar() == "1"


def test_the_migrations_make_the_tables_as_the_code_knows_them(empty: Store) -> None:
    with empty.reshape() as connection:
        runner.upgrade(connection, SHIPPED)
    with empty.read() as connection:
        assert runner.differences(connection) == []
        assert revision_of(connection) == SHIPPED.head


def test_a_desk_that_is_made_at_once_is_no_other_than_one_that_was_upgraded(
    empty: Store, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    ensure(empty)
    made = shape_of(empty)
    with empty.reshape() as connection:
        for table in complete_metadata().sorted_tables[::-1]:
            table.drop(connection)
        connection.exec_driver_sql("DROP TABLE schema_revision")
    with empty.reshape() as connection:
        runner.upgrade(connection, SHIPPED)
    assert shape_of(empty) == made


def test_the_head_is_the_last_revision_there_is() -> None:
    names = sorted(path.name for path in SHIPPED.folder.glob("versions/[0-9]*.py"))
    assert names[-1].startswith(f"{SHIPPED.head}_")


def test_an_upgrade_keeps_rows_and_references(empty: Store, next_release: Migrations) -> None:
    ensure(empty)
    fill(empty)
    assert ensure(empty, next_release) is False
    with empty.read() as connection:
        rows = connection.exec_driver_sql("SELECT name, label, group_id, color FROM queues ORDER BY id").all()
        assert [tuple(row) for row in rows] == [("first", "First", 1, "blue"), ("second", "Second", 1, "red")]
        assert connection.exec_driver_sql("SELECT name FROM planets").scalar() == "Mars"
        assert revision_of(connection) == "0005"


def test_an_upgrade_that_would_break_references_is_undone(empty: Store, next_release: Migrations) -> None:
    ensure(empty)
    fill(empty)
    path = next_release.folder / "versions" / "0005_planted.py"
    path.write_text(f"{NEXT}    op.execute('DELETE FROM groups')\n")
    before = shape_of(empty)
    with pytest.raises(Exception, match=r"reference|foreign key"):
        ensure(empty, next_release)
    assert shape_of(empty) == before
    with empty.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM groups").scalar() == 1
        assert revision_of(connection) == SHIPPED.head


def test_a_newer_desk_is_refused_and_left_as_it_is(empty: Store, next_release: Migrations) -> None:
    ensure(empty)
    ensure(empty, next_release)
    before = shape_of(empty)
    with pytest.raises(Problem) as caught:
        ensure(empty)
    assert (caught.value.kind, caught.value.code) == ("store", "store.newer")
    assert "pip install" in str(caught.value)
    assert shape_of(empty) == before


def test_tables_of_somebody_else_are_left_alone(empty: Store) -> None:
    with empty.transaction() as connection:
        connection.exec_driver_sql("CREATE TABLE tickets (seat TEXT)")
    before = shape_of(empty)
    with pytest.raises(Problem) as caught:
        ensure(empty)
    assert caught.value.code == "store.foreign"
    assert shape_of(empty) == before


def test_many_who_start_an_empty_desk_at_once_make_one(empty: Store, empty_url: str) -> None:
    stores = [open_store(empty_url) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(ensure, stores))
    for store in stores:
        store.close()
    assert sorted(made) == [False] * 5 + [True]


def test_many_who_upgrade_a_desk_at_once_do_it_once(
    empty: Store, empty_url: str, next_release: Migrations
) -> None:
    ensure(empty)
    stores = [open_store(empty_url) for _ in range(4)]
    runner.is_known(next_release, SHIPPED.head)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda store: ensure(store, next_release), stores))
    for store in stores:
        store.close()
    with empty.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM planets").scalar() == 1


KILLED = """
import json, os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event, text
from deskterm.store.engine import open_store
from deskterm.store.migrations import Migrations, runner
from deskterm.store.schema import ensure
from tests.store.test_schema import shape_of

url, folder, head, step = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
seen = 0

def attempt(fatal):
    @event.listens_for(Engine, "before_cursor_execute")
    @event.listens_for(Engine, "commit")
    def count(*_):
        global seen
        seen += 1
        if seen == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
    ensure(open_store(url), Migrations(folder, head))
    os._exit(0)

def state():
    store = open_store(url)
    found = shape_of(store)
    store.close()
    return found

before, kills, wrong = state(), 0, 0
while True:
    if not (child := os.fork()):
        attempt(1 + kills * step)
    if not os.waitpid(child, 0)[1]:
        break
    kills += 1
    wrong += state() != before
print(json.dumps([kills, wrong]))
"""


def test_making_a_desk_is_done_or_undone_whenever_it_is_killed(empty: Store, empty_url: str) -> None:
    kills, wrong = run(KILLED, empty_url, SHIPPED.folder, SHIPPED.head, 9)
    assert kills > 5
    assert wrong == 0
    assert ensure(empty) is False


def test_an_upgrade_is_done_or_undone_whenever_it_is_killed(
    empty: Store, empty_url: str, next_release: Migrations
) -> None:
    ensure(empty)
    fill(empty)
    empty.close()
    kills, wrong = run(KILLED, empty_url, next_release.folder, next_release.head, 2)
    assert kills > 5
    assert wrong == 0
    with empty.read() as connection:
        rows = connection.exec_driver_sql("SELECT label, color FROM queues ORDER BY id").all()
        assert [tuple(row) for row in rows] == [("First", "blue"), ("Second", "red")]


def of_the_first_release(store: Store) -> None:
    """A desk as the first schema knew it: one ticket of kim's, open, with its words."""
    with store.reshape() as connection:
        runner.upgrade(connection, Migrations(SHIPPED.folder, "0001"))
    tables = MetaData()
    with store.transaction() as connection:
        tables.reflect(connection)
        for name, row in (
            ("settings", {"name": "book", "value": "1"}),
            ("groups", {"id": 1, "name": "network", "active": True}),
            ("agents", {"id": 1, "login": "kim", "role": "admin", "active": True}),
            ("group_members", {"group_id": 1, "agent_id": 1, "lead": False}),
            ("queues", {"id": 1, "name": "network", "group_id": 1, "active": True}),
            ("tickets", {"id": 1, "queue_id": 1, "status": "open", "is_open": True, "assignee_id": 1}),
            ("ticket_texts", {"ticket_id": 1, "public_n": " 打 印  jam ", "internal_n": ""}),
        ):
            table = tables.tables[name]
            blank = {
                each.name: "" if isinstance(each.type, Text) else 0 for each in table.c if not each.nullable
            }
            more = {"subject": "打印", "subject_n": " 打 印 "} if name == "tickets" else {}
            connection.execute(table.insert(), {**blank, **row, **more})


def test_a_desk_of_the_first_release_is_found_by_its_words_afterwards(empty: Store) -> None:
    of_the_first_release(empty)
    ensure(empty)
    desk = Desk(empty, ManualClock(0))
    queries = ("打印", "jam", "subject~打印", "jam -lotus")
    assert [[row.id for row in desk.each(each, viewer=desk.agent("kim"))] for each in queries] == [[1]] * 4


def test_a_desk_of_the_first_release_knows_what_everybody_has_to_do(empty: Store) -> None:
    of_the_first_release(empty)
    ensure(empty)
    assert Desk(empty, ManualClock(0)).ruling.rebuild(repair=False).loads == {}


@pytest.mark.parametrize("table", Row.__subclasses__())
def test_no_table_is_mapped_for_no_row_is_ever_an_object(table: type[Row]) -> None:
    with pytest.raises(UnmappedClassError):
        class_mapper(table)


def test_a_desk_of_the_first_release_keeps_of_a_category_what_an_index_takes(empty: Store) -> None:
    of_the_first_release(empty)
    words = "".join(map(chr, Random(1).choices(range(0x4E00, 0x9FFF), k=30_000)))
    with empty.transaction() as connection:
        connection.execute(text("UPDATE tickets SET category = :words, vendor = 'acme'"), {"words": words})
    ensure(empty)
    with empty.read() as connection:
        row = connection.exec_driver_sql("SELECT category, vendor FROM tickets").one()
        assert tuple(row) == (words[:300], "acme")
