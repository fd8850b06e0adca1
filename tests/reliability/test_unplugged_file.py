"""A file that is deleted, replaced, damaged, locked or on a full disk: one sentence, and nothing is lost."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from deskterm.rules import actions as a
from deskterm.store import sqlite
from tests.desks import Bench, a_desk, sqlite_url
from tests.reliability.asking import questions, refusals, sentence_of
from tests.reliability.stored import dump
from tests.store.children import DROP_RIGHTS, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the desk lies; it may be taken away."""
    made = tmp_path / "desks"
    made.mkdir()
    return made


@pytest.fixture
def bench(folder: Path) -> Iterator[Bench]:
    """A desk with a ticket, number 1."""
    made = a_desk(sqlite_url(folder))
    made.opens()
    yield made
    made.desk.close()


def shell(command: str, folder: Path) -> None:
    """Do it in another process: whoever opens the file of a desk in this one drops its locks."""
    subprocess.run(command, shell=True, cwd=folder, check=True)


AWAY = {
    "its folder is deleted": "rm -r ../desks",
    "its folder is renamed": "mv ../desks ../away",
    "its folder becomes a file": "rm -r ../desks; touch ../desks",
    "it is deleted": "rm desk.db*",
    "it is replaced by garbage": "head -c 65536 /dev/urandom > other; mv other desk.db",
    "it is replaced by nothing": "touch other; mv other desk.db",
}


@pytest.mark.parametrize("harm", AWAY.values(), ids=AWAY)
def test_a_desk_that_is_no_longer_there_acknowledges_nothing(bench: Bench, folder: Path, harm: str) -> None:
    with questions(bench.desk, 1, bench.actor("ada")) as asked:
        assert set(refusals(asked).values()) == {""}
        shell(harm, folder)
        found = refusals(asked)
    assert set(found.values()) <= {"store.moved", "store.missing"}, found


def test_a_desk_that_is_put_back_works_again(bench: Bench, folder: Path) -> None:
    with questions(bench.desk, 1, bench.actor("ada")) as asked:
        shell("mv ../desks ../away", folder)
        assert "" not in refusals(asked).values()
        shell("mv away desks", folder.parent)
        assert set(refusals(asked).values()) == {""}


def test_a_log_that_was_deleted_takes_no_more_actions(bench: Bench, folder: Path) -> None:
    shell("rm desk.db-wal", folder)
    assert sentence_of(lambda: bench.does(a.Note(1, "lost?")))[0] == "store.moved"


def test_a_missing_desk_is_not_made_anew_by_reading_it(bench: Bench, folder: Path) -> None:
    bench.desk.close()
    shell("rm desk.db*", folder)
    assert sentence_of(bench.desk.book)[0] in ("store.moved", "store.missing")
    assert list(folder.iterdir()) == []


def test_what_is_damaged_in_its_place_is_told_as_such(bench: Bench, folder: Path) -> None:
    bench.desk.close()
    shell("head -c 65536 /dev/urandom | dd of=desk.db conv=notrunc status=none", folder)
    assert set(refusals(afresh(bench)).values()) == {"store.foreign"}


def test_a_page_that_is_damaged_is_told_as_such(bench: Bench, folder: Path) -> None:
    bench.desk.close()
    shell("head -c 400000 /dev/urandom | dd of=desk.db bs=4096 seek=1 conv=notrunc status=none", folder)
    assert set(refusals(afresh(bench)).values()) == {"store.corrupt"}


def afresh(bench: Bench) -> Mapping[str, Callable[[], object]]:
    """Questions to a desk whose file is opened for each of them."""
    return {
        "book": bench.desk.book,
        "perform": lambda: bench.does(a.Note(1, "lost?")),
        "groups": bench.desk.groups,
    }


def test_a_writer_who_holds_the_desk_for_too_long_is_told_and_nothing_is_half_done(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0)
    ada, before = bench.actor("ada"), dump(bench.desk.store)
    other = sqlite.connect(bench.desk.store.place)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        assert sentence_of(lambda: bench.desk.perform(a.Note(1, "x"), ada, key="k"))[0] == "store.locked"
        assert dump(bench.desk.store) == before  # whoever reads waits for nobody
        other.execute("ROLLBACK")
    assert not bench.desk.perform(a.Note(1, "x"), ada, key="k").replayed


FULL = """
import json, resource, sys
from pathlib import Path
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from tests.desks import a_desk
bench = a_desk(sys.argv[1])
bench.opens()
place = Path(bench.desk.store.place)
room = max(path.stat().st_size for path in place.parent.iterdir() if path.is_file()) + 1_000_000
resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
done, told = 0, None
while told is None and done < 1000:
    try:
        bench.does(a.Note(1, f"note {done}." + "x" * 5000))
        done += 1
    except Problem as problem:
        told = problem.kind, problem.code, str(problem)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
after = bench.does(a.Note(1, "there is room again")).version
print(json.dumps([done, told, after]))
"""


def test_a_file_that_may_grow_no_more_keeps_what_was_acknowledged_and_works_when_it_may(folder: Path) -> None:
    done, (kind, code, sentence), after = run(FULL, sqlite_url(folder))
    assert (kind, code) == ("store", "store.disk")
    assert "nothing was changed" in sentence
    assert (done > 3, after) == (True, 1 + done + 1)
    with closing(a_desk(sqlite_url(folder)).desk) as desk:
        said = [line.message for line in desk.ticket(1, viewer=desk.agent("ada")).timeline if line.message]
    notes = [message.body.partition(".")[0] for message in said]
    assert notes == ["every hour", *(f"note {turn}" for turn in range(done)), "there is room again"]


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "small", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_changes_nothing_and_work_goes_on_when_there_is_room(small_disk: Path) -> None:
    bench = a_desk(sqlite_url(small_disk))
    number, ada = bench.opens(), bench.actor("ada")
    ballast = small_disk / "ballast"
    with closing(bench.desk) as desk:
        ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free))
        before = dump(desk.store)
        action = a.Note(number, "x" * 100_000)
        code, sentence = sentence_of(lambda: desk.perform(action, ada, key="k"))
        assert (code, "nothing was changed" in sentence) == ("store.full", True)
        assert sentence_of(lambda: desk.attach("core", BytesIO(bytes(100_000))))[0] == "store.full"
        assert dump(desk.store) == before
        ballast.unlink()
        assert desk.perform(action, ada, key="k").version == 2


READONLY = """
import json, os, sys
from pathlib import Path
from deskterm.desk import Desk
from deskterm.clock import ManualClock
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.store.engine import open_store
from tests.builders import T0
path = Path(sys.argv[1].removeprefix("sqlite:///"))
desk = Desk(open_store(sys.argv[1]), ManualClock(T0))
ada = desk.agent("ada")
desk.perform(a.Note(1, "with all rights, which imports what is needed"), ada)
desk.close()
drop_rights()
desk.perform(a.Note(1, "while it may be written"), ada)
desk.close()
for each in (path, path.parent):
    each.chmod(0o555)
told = []
for ask in (lambda: desk.perform(a.Note(1, "lost?"), ada), lambda: open_store(sys.argv[1])):
    try:
        ask()
    except Problem as problem:
        told.append([problem.kind, problem.code, str(problem)])
print(json.dumps(told))
"""


def test_a_desk_that_became_read_only_says_so(open_folder: Path) -> None:
    with closing(a_desk(sqlite_url(open_folder)).desk) as desk:
        bench = Bench(desk, desk.clock, "")  # type: ignore[arg-type]
        bench.opens()
    if os.geteuid() == 0:
        for each in (open_folder, *open_folder.iterdir()):
            os.chown(each, 65534, 65534)
    told = run(DROP_RIGHTS + READONLY, sqlite_url(open_folder))
    assert [(kind, code) for kind, code, _ in told] == 2 * [("store", "store.readonly")]
    assert all(str(open_folder) in sentence and "\n" not in sentence for *_, sentence in told)
