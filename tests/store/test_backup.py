"""A backup is a whole desk of one instant; a restore proves it before anything is put in its place."""

import io
import shutil
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import insert, select

from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.store import pgdump
from deskterm.store.backup import BackupReport, backup
from deskterm.store.engine import Store, open_store
from deskterm.store.feed import Feed
from deskterm.store.files import FolderFiles, files_of
from deskterm.store.restore import restore
from deskterm.store.schema import ensure
from deskterm.store.scratch import scratch
from deskterm.store.tables import events, queues, tickets
from deskterm.store.tables.indexes import complete_metadata
from tests.desks import Bench, a_desk, sqlite_url
from tests.pg_server import wheel
from tests.store.children import run


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the programs of the tests' own Postgres first."""
    if found := wheel():
        monkeypatch.setenv("PATH", f"{found / 'bin'}:/usr/bin:/bin")


@pytest.fixture
def other_place(request: pytest.FixtureRequest, bench: Bench, tmp_path: Path) -> str:
    """An empty place of the same kind as the desk's."""
    if bench.desk.store.dialect == "sqlite":
        return sqlite_url(tmp_path / "elsewhere")
    return str(request.getfixturevalue("pg_empty"))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Bench]:
    """A desk in a file, with a ticket and its attachment."""
    made = a_desk(sqlite_url(tmp_path))
    made.opens(attachments=(made.desk.attach("a.log", io.BytesIO(b"line one")),))
    yield made
    made.desk.close()


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with store.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in complete_metadata().sorted_tables
        }


def tickets_at(url: str) -> dict[str, list[tuple[object, ...]]]:
    store = open_store(url)
    ensure(store)
    rows = everything(store)
    store.close()
    return rows


def code_of(source: Path, url: str, *, force: bool = False) -> str:
    with pytest.raises(Problem) as caught:
        restore(source, url, force=force)
    return caught.value.code


def test_a_restored_desk_equals_the_one_that_was_backed_up(
    bench: Bench, other_place: str, tmp_path: Path
) -> None:
    content = io.BytesIO(b"\0\xff" * 5000)
    bench.opens("Broken \0 \ud800", attachments=(bench.desk.attach("a.bin", content),))
    report = backup(bench.desk.store, tmp_path / "desk.deskterm-backup", at=7)
    again = restore(report.path, other_place)
    assert again == report
    assert (report.tickets, report.files, report.at, report.missing) == (1, 1, 7, ())
    assert tickets_at(other_place) == everything(bench.desk.store)
    store = open_store(other_place)
    (digest,) = files_of(store).digests()
    with files_of(store).open(digest) as stream:
        assert stream.read() == b"\0\xff" * 5000
    store.close()


def test_a_backup_under_load_is_one_instant_of_the_desk(small: Bench, tmp_path: Path) -> None:
    stop, wrote = Event(), Event()
    with small.desk.store.read() as connection:
        queue = connection.execute(select(queues.c.id)).scalars().first()

    def work() -> None:
        store = open_store(small.url)
        while not stop.is_set():
            with store.transaction() as connection:
                row = {"queue_id": queue, "subject": "x" * 500, "created_at": 0, "updated_at": 0}
                number = connection.execute(insert(tickets).values(**row)).inserted_primary_key
                assert number
                connection.execute(insert(events).values(ticket_id=number[0], at=0, kind="made", about=""))
            wrote.set()
        store.close()

    def back_up(number: int) -> BackupReport:
        wrote.clear()
        assert wrote.wait(60)  # somebody wrote since the one before
        return backup(small.desk.store, tmp_path / f"{number}.backup")

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    reports = [back_up(number) for number in range(3)]
    stop.set()
    for worker in workers:
        worker.join()
    rows = everything(small.desk.store)
    for number, report in enumerate(reports):
        url = sqlite_url(tmp_path / f"r{number}")
        restore(report.path, url)
        restored = tickets_at(url)
        made = [row for row in restored["events"] if "made" in row]
        assert len(made) == len(restored["tickets"]) - 1
        assert restored["tickets"] == rows["tickets"][: report.tickets]
    assert reports[0].tickets < reports[-1].tickets


def test_a_backup_is_for_its_owner_alone(small: Bench, tmp_path: Path) -> None:
    report = backup(small.desk.store, tmp_path / "desk.backup")
    assert stat.S_IMODE(report.path.stat().st_mode) == 0o600
    assert report.size == report.path.stat().st_size
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_an_older_backup_is_replaced_only_by_force(small: Bench, tmp_path: Path) -> None:
    first = backup(small.desk.store, tmp_path / "desk.backup")
    small.opens()
    with pytest.raises(Problem) as caught:
        backup(small.desk.store, tmp_path / "desk.backup")
    second = backup(small.desk.store, tmp_path / "desk.backup", force=True)
    assert caught.value.code == "backup.exists"
    assert (first.tickets, second.tickets) == (1, 2)


def test_what_a_killed_backup_left_is_in_nobodys_way(small: Bench, tmp_path: Path) -> None:
    left = tmp_path / ".desk.backup.part"
    (left / "files").mkdir(parents=True)
    (left / "archive").write_text("half")
    assert backup(small.desk.store, tmp_path / "desk.backup").tickets == 1
    assert not left.exists()


def test_two_cannot_write_one_backup_at_once(small: Bench, tmp_path: Path) -> None:
    with scratch(tmp_path / "desk.backup"), pytest.raises(Problem) as caught:
        backup(small.desk.store, tmp_path / "desk.backup")
    assert caught.value.code == "store.locked"


def test_a_lost_content_is_told_and_keeps_nothing_else_from_being_saved(small: Bench, tmp_path: Path) -> None:
    files = files_of(small.desk.store)
    assert isinstance(files, FolderFiles)
    small.opens(attachments=(small.desk.attach("b.log", io.BytesIO(b"line two")),))
    lost, changed = sorted(files.digests())
    files.path(lost).unlink()
    files.path(changed).chmod(0o600)
    files.path(changed).write_bytes(b"something else")
    report = backup(small.desk.store, tmp_path / "desk.backup")
    again = restore(report.path, sqlite_url(tmp_path / "elsewhere"))
    assert (report.missing, report.damaged, report.tickets) == ((lost,), (changed,), 2)
    assert again == report


def test_a_desk_that_is_there_is_replaced_only_by_force(small: Bench, tmp_path: Path) -> None:
    saved = backup(small.desk.store, tmp_path / "desk.backup").path
    before = everything(small.desk.store)
    small.opens("came later")
    assert code_of(saved, small.url) == "restore.occupied"
    assert len(everything(small.desk.store)["tickets"]) == 2
    restore(saved, small.url, force=True)
    assert everything(small.desk.store) == before


def test_whoever_has_the_replaced_desk_open_sees_the_restored_one_and_works_on_it(
    small: Bench, tmp_path: Path
) -> None:
    saved = backup(small.desk.store, tmp_path / "desk.backup").path
    small.opens("came later")
    feed = Feed(small.desk.store)
    restore(saved, small.url, force=True)
    assert feed.changed()
    feed.close()
    small.opens("after it")
    assert [row[2] for row in tickets_at(small.url)["tickets"]] == ["VPN drops", "after it"]


def test_a_damaged_desk_is_set_aside(small: Bench, tmp_path: Path) -> None:
    saved = backup(small.desk.store, tmp_path / "desk.backup").path
    before = everything(small.desk.store)
    small.desk.close()
    (tmp_path / "desk.db").write_bytes(b"What was here?" * 1000)
    restore(saved, small.url, force=True)
    assert tickets_at(small.url) == before
    assert (tmp_path / "desk.db.damaged-1").read_bytes().startswith(b"What was here?")


def test_the_log_of_a_desk_that_vanished_is_not_replayed_into_the_restored_one(
    small: Bench, tmp_path: Path
) -> None:
    saved = backup(small.desk.store, tmp_path / "desk.backup").path
    before = everything(small.desk.store)
    small.opens("only in the log")
    shutil.copy(tmp_path / "desk.db-wal", tmp_path / "kept")
    small.desk.close()
    (tmp_path / "desk.db").unlink()
    (tmp_path / "kept").rename(tmp_path / "desk.db-wal")
    restore(saved, small.url)
    assert tickets_at(small.url) == before


def test_an_archive_with_any_byte_changed_is_refused_or_the_same(small: Bench, tmp_path: Path) -> None:
    saved = backup(small.desk.store, tmp_path / "desk.backup").path
    content = saved.read_bytes()
    before = everything(small.desk.store)
    broken, outcomes = tmp_path / "broken", set()
    for place in range(0, len(content), len(content) // 60):
        broken.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        target = tmp_path / f"r{place}" / "desk.db"
        try:
            restore(broken, f"sqlite:///{target}")
        except Problem as problem:
            outcomes.add(problem.code)
            assert not target.exists()
        else:
            assert tickets_at(f"sqlite:///{target}") == before
    assert outcomes == {"backup.broken"}


def test_an_archive_that_was_cut_off_is_refused(small: Bench, tmp_path: Path) -> None:
    saved = backup(small.desk.store, tmp_path / "desk.backup").path
    content = saved.read_bytes()
    for length in (0, 1, 100, len(content) // 2, len(content) - 200):
        saved.write_bytes(content[:length])
        assert code_of(saved, sqlite_url(tmp_path / "elsewhere")) == "backup.broken"
    assert not (tmp_path / "elsewhere" / "desk.db").exists()


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "files/../../evil", "desk.db/../evil", "evil"])
def test_an_archive_writes_nowhere_but_in_its_own_place(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "evil.backup", "w:gz") as tar:
        info = tarfile.TarInfo(name)
        info.size = 4
        tar.addfile(info, io.BytesIO(b"evil"))
    assert code_of(tmp_path / "evil.backup", sqlite_url(tmp_path / "elsewhere")) == "backup.broken"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.backup", "w:gz") as tar:
        info = tarfile.TarInfo("desk.db")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(info)
    assert code_of(tmp_path / "evil.backup", sqlite_url(tmp_path / "elsewhere")) == "backup.broken"


def test_the_backup_of_a_newer_desk_is_refused(small: Bench, tmp_path: Path) -> None:
    with small.desk.store.transaction() as connection:
        connection.exec_driver_sql("UPDATE schema_revision SET version_num = '9999'")
    saved = backup(small.desk.store, tmp_path / "desk.backup").path
    assert code_of(saved, sqlite_url(tmp_path / "elsewhere")) == "store.newer"


def test_a_backup_that_is_not_there_is_missing(tmp_path: Path) -> None:
    assert code_of(tmp_path / "typo", sqlite_url(tmp_path / "elsewhere")) == "backup.missing"


def test_a_damaged_desk_does_not_replace_a_good_backup(small: Bench, tmp_path: Path) -> None:
    good = backup(small.desk.store, tmp_path / "desk.backup")
    content = good.path.read_bytes()
    small.desk.close()
    path = tmp_path / "desk.db"
    whole = bytearray(path.read_bytes())
    whole[8192:12288] = b"\xa5" * 4096
    path.write_bytes(whole)
    store = open_store(small.url)
    with pytest.raises(Problem) as caught:
        backup(store, good.path, force=True)
    store.close()
    assert caught.value.code == "store.corrupt"
    assert good.path.read_bytes() == content


def test_the_backup_of_a_file_is_not_brought_into_postgres(
    small: Bench, tmp_path: Path, pg_empty: str
) -> None:
    saved = backup(small.desk.store, tmp_path / "desk.backup").path
    assert code_of(saved, pg_empty) == "backup.dialect"


def test_a_desk_on_postgres_is_replaced_only_by_force(pg_database: str, tmp_path: Path) -> None:
    bench = a_desk(pg_database)
    saved = backup(bench.desk.store, tmp_path / "desk.backup").path
    before = everything(bench.desk.store)
    bench.opens("came later")
    assert code_of(saved, pg_database) == "restore.occupied"
    bench.desk.close()
    restore(saved, pg_database, force=True)
    assert tickets_at(pg_database) == before


def test_without_the_programs_of_postgres_the_way_out_is_named(
    pg_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(pg_database)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pgdump, "_PLACES", ())
    with pytest.raises(Problem) as caught:
        backup(store, tmp_path / "desk.backup")
    store.close()
    assert caught.value.code == "backup.program"
    assert "deskterm export" in str(caught.value)
    assert not (tmp_path / "desk.backup").exists()


KILLED = """
import io, json, os, signal, sys
from pathlib import Path
from deskterm.store.backup import BackupReport, backup
from deskterm.store.engine import open_store
from deskterm.store.restore import restore
url, what, source, target = sys.argv[1:]
names = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.chmod", "sqlite3.connect"}

def attempt(fatal):
    seen = 0
    def count(name, _):
        nonlocal seen
        seen += name in names
        if seen == fatal and name in names:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)
    backup(open_store(url), Path(target)) if what == "backup" else restore(Path(source), f"sqlite:///{target}")
    os._exit(0)

def whole():
    if not Path(target).exists():
        return "nothing"
    if what == "backup":
        restore(Path(target), f"sqlite:///{target}.check/desk.db", force=True)
        return "whole"
    store = open_store(f"sqlite:///{target}")
    with store.read() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM tickets").scalar()
    store.close()
    return "whole" if found == 1 and len(list(Path(f"{target}.files").rglob("?" * 64))) == 1 else "half"

kills, states = 0, set()
while True:
    if not (child := os.fork()):
        attempt(1 + kills)
    if not os.waitpid(child, 0)[1]:
        break
    kills += 1
    states.add(whole())
    if whole() == "whole":
        Path(target).unlink()
print(json.dumps([kills, sorted(states), whole()]))
"""


@pytest.mark.parametrize("what", ["backup", "restore"])
def test_a_kill_leaves_the_whole_thing_or_nothing(small: Bench, tmp_path: Path, what: str) -> None:
    saved = backup(small.desk.store, tmp_path / "desk.backup").path
    small.desk.close()
    (tmp_path / "new").mkdir()
    kills, states, last = run(KILLED, small.url, what, saved, tmp_path / "new" / "it")
    assert kills > 8
    assert set(states) <= {"nothing", "whole"}
    assert last == "whole"


def test_an_action_that_needs_a_content_finds_it_in_the_restored_desk(small: Bench, tmp_path: Path) -> None:
    saved = backup(small.desk.store, tmp_path / "desk.backup").path
    restore(saved, sqlite_url(tmp_path / "elsewhere"))
    again = a_desk(sqlite_url(tmp_path / "elsewhere"), people=False)
    (file,) = again.desk.ticket(1, viewer=again.actor("ada")).attachments
    with again.desk.open_file(file.digest) as stream:
        assert stream.read() == b"line one"
    again.does(a.Reply(1, "It works."))
    again.desk.close()
