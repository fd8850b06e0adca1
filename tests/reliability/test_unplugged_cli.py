"""The command line without its desk: exit code 5, one sentence, no traceback, and what was typed is kept."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from deskterm.store.sqlite import connect
from tests.desks import a_desk, sqlite_url
from tests.pg_server import HOST, free_port
from tests.store.children import DROP_RIGHTS, ROOT

STORE_FAILED = 5
PROGRAM = "import sys; from deskterm.__main__ import main; sys.exit(main())"
IMPATIENT = "from deskterm.store import sqlite; sqlite.BUSY_SECONDS = 0"
WITHOUT_RIGHTS = (
    DROP_RIGHTS
    + """
import os
from deskterm.__main__ import main
wanted, home = os.environ["DESKTERM_DB"], os.environ["HOME"]
os.environ["HOME"] = os.path.dirname(os.environ["OTHER"])
for each in (os.environ["OTHER"], os.environ["OTHER"] + "/desk.db"):  # imports what only root may read here
    os.environ["DESKTERM_DB"] = each
    main()
os.environ |= {"DESKTERM_DB": wanted, "HOME": home}
drop_rights()
"""
)


def deskterm(*words: str, before: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the program; `before` is done first in the same process."""
    return subprocess.run(
        [sys.executable, "-c", f"{before}\n{PROGRAM}", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DESKTERM_AS": "ada", **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def told(done: "subprocess.CompletedProcess[str]", *, earlier: int = 0) -> str:
    """The one sentence on stderr, behind those of `earlier` failures."""
    assert done.returncode == STORE_FAILED, done.stdout + done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == earlier + 1, lines
    return lines[-1]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a desk that has one ticket."""
    bench = a_desk(sqlite_url(tmp_path))
    bench.opens()
    bench.desk.close()
    return tmp_path


def at(home: Path) -> Mapping[str, str]:
    """The environment of whoever works in that home."""
    return {"HOME": str(home), "DESKTERM_DB": str(home / "desk.db")}


def test_a_file_that_is_garbage_keeps_the_words_of_the_note(home: Path) -> None:
    (home / "desk.db").write_bytes(os.urandom(65536))
    sentence = told(deskterm("note", "1", "-b", "precious words", **at(home)))
    (draft,) = [path for path in home.rglob("message-*") if path.is_file()]
    assert draft.read_text() == "precious words"
    assert str(draft) in sentence


def test_a_server_that_is_down_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://ann:tiger@{HOST}:{free_port()}/desk"
    sentence = told(deskterm("list", HOME=str(tmp_path), DESKTERM_DB=url))
    assert f"ann@{HOST}" in sentence
    assert "tiger" not in sentence


def test_a_folder_that_is_a_file(home: Path) -> None:
    (home / "notes").write_text("")
    assert str(home / "notes") in told(
        deskterm("list", **{**at(home), "DESKTERM_DB": f"{home}/notes/desk.db"})
    )


def test_a_desk_that_another_program_holds(home: Path) -> None:
    with closing(connect(home / "desk.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        sentence = told(deskterm("note", "1", "-b", "x", before=IMPATIENT, **at(home)))
        listed = deskterm("list", "--plain", **at(home))
    assert "busy" in sentence
    assert listed.returncode == 0, listed.stderr  # whoever reads does not wait


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_desk_that_may_not_be_written(open_folder: Path, home: Path) -> None:
    with closing(a_desk(sqlite_url(open_folder)).desk):
        pass
    (open_folder / "desk.db").chmod(0o644)
    environment = {**at(open_folder), "OTHER": str(home / "desk.db")}
    sentence = told(deskterm("note", "1", "-b", "x", before=WITHOUT_RIGHTS, **environment), earlier=1)
    assert str(open_folder / "desk.db") in sentence
