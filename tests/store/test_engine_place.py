"""A desk that several people of one group share is made so that the second of them can write it too."""

import os
import stat
from pathlib import Path

import pytest

from deskterm.store.engine import open_store
from deskterm.store.schema import ensure
from tests.desks import sqlite_url
from tests.store.children import DROP_RIGHTS, run


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_folder_of_ours_and_the_file_in_it_are_for_the_group_alone(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        store = open_store(sqlite_url(tmp_path / "new" / "desks"), folders=True)
        ensure(store)
        with store.read():
            modes = [mode(path) for path in sorted((tmp_path / "new" / "desks").iterdir())]
        store.close()
    finally:
        os.umask(before)
    assert mode(tmp_path / "new" / "desks") == 0o2770
    assert modes == [0o660, 0o660, 0o660]  # the file, its log and the index of the log


def test_a_file_in_a_folder_for_one_person_is_for_him_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    store = open_store(sqlite_url(tmp_path))
    ensure(store)
    store.close()
    assert mode(tmp_path / "desk.db") == 0o600
    assert mode(tmp_path) == 0o755


def test_a_folder_is_not_made_where_nobody_asked_for_it(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="does not exist"):
        open_store(sqlite_url(tmp_path / "typo"))
    assert not (tmp_path / "typo").exists()


IN_A_TEAM = """
import json, os, sys
from deskterm.store.engine import open_store
from deskterm.store.schema import ensure
os.umask(0o022)
drop_rights(int(sys.argv[2]), 20000)
store = open_store(sys.argv[1], folders=True)
made = ensure(store)
with store.transaction() as connection:
    connection.exec_driver_sql(f"INSERT INTO settings VALUES ('{os.getuid()}', '')")
if "live" in sys.argv:
    os._exit(0 if print(json.dumps(made), flush=True) is None else 1)  # as a killed one: its log stays
store.close()
print(json.dumps(made))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be two users")
def test_two_users_of_a_group_write_one_desk_whoever_made_it(open_folder: Path) -> None:
    url = sqlite_url(open_folder / "desks")
    first = run(DROP_RIGHTS + IN_A_TEAM, url, 10001, "live")
    assert (open_folder / "desks" / "desk.db-wal").exists()
    second = run(DROP_RIGHTS + IN_A_TEAM, url, 10002)
    third = run(DROP_RIGHTS + IN_A_TEAM, url, 10003)
    assert [first, second, third] == [True, False, False]
