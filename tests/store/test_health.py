"""The doctor names each fault with its cure, changes nothing and falls over nothing."""

import io
import os
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from deskterm.store import filehealth, mounts
from deskterm.store.engine import open_store
from deskterm.store.files import FolderFiles, files_of
from deskterm.store.health import FAULT, OK, WARNING, Finding, examine
from deskterm.store.schema import ensure
from deskterm.store.tables import outbox
from tests.desks import Bench, a_desk, sqlite_url
from tests.pg_server import free_port
from tests.store.children import DROP_RIGHTS, run

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Bench]:
    """A desk in a file of its own folder, with an attachment."""
    made = a_desk(sqlite_url(tmp_path))
    made.opens(attachments=(made.desk.attach("a.log", io.BytesIO(b"line one")),))
    yield made
    made.desk.close()


def trouble(url: str, *, now: int = 0, frozen: bool = False) -> list[tuple[str, str]]:
    """Name and level of whatever is not well; each has a sentence and a cure that a person can read."""
    found = [finding for finding in examine(url, now=now, frozen=frozen) if finding.level != OK]
    for finding in found:
        assert finding.advice()
        assert "%(" not in finding.message() + finding.advice()
    return [(finding.name, finding.level) for finding in found]


def named(url: str, name: str) -> Finding:
    (found,) = (finding for finding in examine(url) if finding.name == name)
    return found


def test_a_sound_desk_is_well_on_every_count(bench: Bench) -> None:
    bench.opens()
    findings = examine(bench.url, now=bench.clock.now())
    rest = {finding.name for finding in findings if finding.level != OK}
    assert rest <= {"durability"}  # the tests' Postgres may lose its data
    assert {"schema", "files", "outbox", "clock"} <= {finding.name for finding in findings}


def test_an_examination_changes_nothing(desk: Bench, tmp_path: Path) -> None:
    desk.desk.close()

    def state() -> list[tuple[str, int, int]]:
        found = [(path.name, path.stat()) for path in sorted(tmp_path.rglob("*"))]
        return [(name, stat.st_size, stat.st_mode) for name, stat in found]

    before = state()
    examine(desk.url)
    assert state() == before


@pytest.mark.parametrize("url", ["", "desk", "mysql://host/desk", "postgresql://host"])
def test_what_is_no_address(url: str) -> None:
    assert trouble(url) == [("address", FAULT)]


def test_a_desk_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert trouble(sqlite_url(tmp_path)) == [("place", FAULT)]
    assert trouble(sqlite_url(tmp_path / "nowhere")) == [("place", FAULT)]
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_desk(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("Dear diary, " * 1000)
    (tmp_path / "desk.db").chmod(0o600)
    assert trouble(sqlite_url(tmp_path)) == [("log", FAULT)]


def test_an_empty_file_is_a_desk_to_be(tmp_path: Path) -> None:
    open_store(sqlite_url(tmp_path)).close()
    assert ("schema", WARNING) in trouble(sqlite_url(tmp_path))


def test_permissions_that_let_everybody_in(desk: Bench, tmp_path: Path) -> None:
    (tmp_path / "desk.db").chmod(0o666)
    assert trouble(desk.url) == [("permissions", WARNING)]
    assert "chmod o-rwx" in named(desk.url, "permissions").advice()


def test_permissions_that_lock_the_team_out(desk: Bench, tmp_path: Path) -> None:
    tmp_path.chmod(0o2770)
    (tmp_path / "desk.db").chmod(0o600)
    assert trouble(desk.url) == [("permissions", WARNING)]
    tmp_path.chmod(0o700)
    (tmp_path / "desk.db").chmod(0o660)
    assert trouble(desk.url) == [("permissions", WARNING)]


def test_permissions_of_a_team_are_well(desk: Bench, tmp_path: Path) -> None:
    tmp_path.chmod(0o2770)
    (tmp_path / "desk.db").chmod(0o660)
    assert trouble(desk.url) == []


LOOK = """
import json, sys
from deskterm.store.health import examine
drop_rights()
print(json.dumps([[finding.name, finding.level, finding.advice()] for finding in examine(sys.argv[1])]))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can look at a desk as another user")
def test_a_desk_that_may_only_be_read_is_still_examined(open_folder: Path) -> None:
    store = open_store(sqlite_url(open_folder))
    ensure(store)
    store.close()
    (open_folder / "desk.db").chmod(0o644)
    open_folder.chmod(0o755)
    findings = {name: (level, cure) for name, level, cure in run(DROP_RIGHTS + LOOK, sqlite_url(open_folder))}
    assert findings["place"][0] == FAULT
    assert "chmod g+rw" in findings["place"][1]


def test_a_network_file_system(desk: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = tmp_path.stat().st_dev
    table = tmp_path / "mountinfo"
    table.write_text(f"36 35 {os.major(number)}:{os.minor(number)} / / rw - nfs4 server:/ rw\n")
    monkeypatch.setattr(mounts, "MOUNT_TABLE", table)
    assert trouble(desk.url) == [("place", FAULT)]


@pytest.mark.parametrize(("free", "level"), [(10 * 2**20, FAULT), (300 * 2**20, WARNING)])
def test_a_disk_that_fills(desk: Bench, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, free))
    assert trouble(desk.url) == [("space", level)]


def test_a_desk_without_a_log(desk: Bench, tmp_path: Path) -> None:
    desk.desk.close()
    driver = sqlite3.connect(tmp_path / "desk.db")
    driver.execute("PRAGMA journal_mode=DELETE")
    driver.close()
    assert trouble(desk.url) == [("log", WARNING)]


def test_a_log_that_has_grown(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filehealth, "WAL_LIMIT", 1000)
    desk.opens()
    assert trouble(desk.url) == [("log", WARNING)]


def test_a_damaged_file(desk: Bench, tmp_path: Path) -> None:
    desk.desk.close()
    content = bytearray((tmp_path / "desk.db").read_bytes())
    content[8192:12288] = b"\xa5" * 4096
    (tmp_path / "desk.db").write_bytes(content)
    assert ("integrity", FAULT) in trouble(desk.url)


def test_a_row_that_refers_to_nothing(desk: Bench, tmp_path: Path) -> None:
    driver = sqlite3.connect(tmp_path / "desk.db")
    driver.execute("DELETE FROM queues")
    driver.commit()
    driver.close()
    assert trouble(desk.url) == [("references", FAULT)]


@pytest.mark.parametrize(("revision", "level"), [("0000", WARNING), ("9999", FAULT)])
def test_a_schema_that_is_another(bench: Bench, revision: str, level: str) -> None:
    with bench.desk.store.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE schema_revision SET version_num = '{revision}'")
    assert ("schema", level) in trouble(bench.url)


def test_a_content_that_is_gone(desk: Bench) -> None:
    files = files_of(desk.desk.store)
    assert isinstance(files, FolderFiles)
    (digest,) = files.digests()
    files.path(digest).unlink()
    assert trouble(desk.url) == [("files", FAULT)]
    assert digest in named(desk.url, "files").message()


def test_a_content_that_belongs_to_no_ticket(bench: Bench) -> None:
    bench.desk.attach("b.log", io.BytesIO(b"never sent"))
    assert ("files", WARNING) in trouble(bench.url)


def test_a_notice_that_does_not_leave(bench: Bench) -> None:
    now = bench.clock.now()
    with bench.desk.store.transaction() as connection:
        connection.execute(insert(outbox).values(key="k", kind="mail", to="x", created_at=now - 3 * 3600))
    assert ("outbox", WARNING) in trouble(bench.url, now=now)
    assert ("outbox", WARNING) not in trouble(bench.url, now=now - 3 * 3600)


def test_a_clock_that_stands_still(desk: Bench) -> None:
    assert trouble(desk.url, frozen=True) == [("clock", WARNING)]


def test_a_server_that_does_not_answer() -> None:
    assert trouble(f"postgresql://ann@127.0.0.1:{free_port()}/desk") == [("server", FAULT)]


def test_sentences_and_cures_can_be_translated(tmp_path: Path) -> None:
    finding = named(sqlite_url(tmp_path), "place")
    assert str(tmp_path) in finding.message(lambda template: template.replace("There is no file", "没有文件"))
    assert finding.message(lambda _: "%(place)s 不见了").endswith("不见了")
    assert finding.advice(lambda _: "改正 --db") == "改正 --db"
