"""What the disk or the server says leaves as one sentence with a code; what is our mistake does not."""

import os
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from deskterm.rules.problems import Problem
from deskterm.store import mounts, sqlite
from deskterm.store.engine import open_store
from deskterm.store.faults import problem_of
from deskterm.store.schema import ensure
from deskterm.store.tables import settings
from tests.desks import sqlite_url
from tests.store.children import DROP_RIGHTS, run


def code_of(url: str) -> str:
    """The code of the Problem that opening a desk raises."""
    with pytest.raises(Problem) as caught:
        ensure(open_store(url))
    assert caught.value.kind == "store"
    assert "\n" not in str(caught.value)
    assert "%(" not in str(caught.value)
    return caught.value.code


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    assert code_of(sqlite_url(tmp_path / "nowhere")) == "store.missing"


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert code_of(sqlite_url(tmp_path.parent, tmp_path.name)) == "store.foreign"


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert code_of(sqlite_url(tmp_path / "file")) == "store.disk"


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("Dear diary, " * 1000)
    assert code_of(sqlite_url(tmp_path)) == "store.foreign"
    assert (tmp_path / "desk.db").read_text().startswith("Dear diary")


def test_a_database_of_another_program(tmp_path: Path) -> None:
    driver = sqlite3.connect(tmp_path / "desk.db")
    driver.execute("CREATE TABLE cookies (host TEXT)")
    driver.close()
    assert code_of(sqlite_url(tmp_path)) == "store.foreign"


def test_a_damaged_file(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path))
    ensure(store)
    store.close()
    path = tmp_path / "desk.db"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    assert code_of(sqlite_url(tmp_path)) == "store.corrupt"


def test_a_network_file_system_unless_the_user_insists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mountinfo"
    number = tmp_path.stat().st_dev
    device = f"{os.major(number)}:{os.minor(number)}"
    table.write_text(f"36 35 {device} / /home rw,noatime shared:1 - nfs4 server:/home rw\n")
    monkeypatch.setattr(mounts, "MOUNT_TABLE", table)
    assert code_of(sqlite_url(tmp_path)) == "store.network"
    assert not (tmp_path / "desk.db").exists()
    monkeypatch.setenv("DESKTERM_ALLOW_NETWORK_FS", "1")
    store = open_store(sqlite_url(tmp_path))
    assert ensure(store)
    store.close()


@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.rclone", "lustre", "vboxsf"]
)
def test_file_systems_whose_locks_reach_no_other_machine(kind: str) -> None:
    assert mounts.is_network(kind)


@pytest.mark.parametrize(
    "kind", ["", "ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "9p", "fuse.mergerfs"]
)
def test_file_systems_of_one_machine(kind: str) -> None:
    assert not mounts.is_network(kind)


def test_the_file_system_of_a_folder_is_known_here() -> None:
    if not mounts.MOUNT_TABLE.exists():
        pytest.skip(f"there is no {mounts.MOUNT_TABLE} on this system")
    assert mounts.file_system("/proc") == "proc"


def test_a_full_disk_changes_nothing_and_work_goes_on_when_there_is_room(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path))
    ensure(store)
    with pytest.raises(Problem) as caught, store.transaction() as connection:  # noqa: PT012
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        for number in range(100):
            connection.execute(insert(settings).values(name=f"{number}", value="x" * 10_000))
    with store.transaction() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        connection.execute(insert(settings).values(name="small", value=""))
    with store.read() as connection:
        found = connection.exec_driver_sql("SELECT name FROM settings ORDER BY name").scalars().all()
    store.close()
    assert caught.value.code == "store.full"
    assert found == ["book", "small"]


def test_a_desk_that_somebody_holds_for_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = open_store(sqlite_url(tmp_path)), open_store(sqlite_url(tmp_path))
    ensure(first)
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0)
    with first.transaction(), pytest.raises(Problem) as caught, second.transaction():
        pass
    first.close()
    second.close()
    assert caught.value.code == "store.locked"


REFUSED = """
import json, sys
from deskterm.rules.problems import Problem
from deskterm.store.engine import open_store
from deskterm.store.schema import ensure
drop_rights()
try:
    ensure(open_store(sys.argv[1]))
except Problem as problem:
    print(json.dumps([problem.kind, problem.code, str(problem)]))
"""


@pytest.mark.parametrize("shut", ["desk.db", ""])
def test_what_may_not_be_written_is_refused_before_anything_is_lost(open_folder: Path, shut: str) -> None:
    store = open_store(sqlite_url(open_folder))
    ensure(store)
    store.close()
    (open_folder / "desk.db").chmod(0o666)
    (open_folder / shut).chmod(0o555)
    kind, code, sentence = run(DROP_RIGHTS + REFUSED, sqlite_url(open_folder))
    assert (kind, code) == ("store", "store.readonly")
    assert str(open_folder) in sentence


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("08006", "store.unreachable"),
        ("57P01", "store.unreachable"),
        ("57P03", "store.unreachable"),
        ("28P01", "store.password"),
        ("3D000", "store.missing"),
        ("53100", "store.full"),
        ("53300", "store.crowded"),
        ("55P03", "store.locked"),
        ("25006", "store.readonly"),
        ("42501", "store.denied"),
        ("58030", "store.corrupt"),
        ("XX001", "store.corrupt"),
    ],
)
def test_what_postgres_says(state: str, code: str) -> None:
    problem = problem_of(psycopg.errors.lookup(state)("could not do it"), "ann@host/desk")
    assert problem
    assert (problem.kind, problem.code) == ("store", code)
    assert "ann@host/desk" in str(problem)


@pytest.mark.parametrize("state", ["23505", "23503", "40001", "40P01", "42601", "42P01", "22P02"])
def test_constraints_deadlocks_and_mistakes_are_no_faults(state: str) -> None:
    error = psycopg.errors.lookup(state)("so it is")
    assert problem_of(DBAPIError("SELECT", {}, error), "ann@host/desk") is None


def test_an_exception_of_anybody_else_is_none_of_our_faults() -> None:
    assert problem_of(KeyError("x"), "desk.db") is None
