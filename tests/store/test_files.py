"""Contents of attachments: kept once by their hash, whole or not at all, and given back when whole."""

import hashlib
import io
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings as how, strategies as st

from deskterm.rules.problems import Problem
from deskterm.store.engine import Store, open_store
from deskterm.store.files import LIMIT, Files, FolderFiles, files_of
from deskterm.store.schema import ensure
from tests.store.children import run


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A desk on each kind of database."""
    made = open_store(database_url)
    ensure(made)
    yield made
    made.close()


@pytest.fixture
def files(store: Store) -> Files:
    """Its contents."""
    return files_of(store)


@pytest.fixture
def folder_files(tmp_path: Path) -> FolderFiles:
    """The contents of a desk in a file."""
    (tmp_path / "desk.db").touch(mode=0o660)
    (tmp_path / "desk.db").chmod(0o660)
    return FolderFiles(tmp_path / "desk.db")


def content_of(files: Files, digest: str) -> bytes:
    with files.open(digest) as stream:
        return stream.read()


class Endless(io.RawIOBase):
    """A stream that never ends and never fits."""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return b"x" * size


@how(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(content=st.binary(max_size=3000))
def test_what_was_kept_comes_back_to_the_byte(files: Files, content: bytes) -> None:
    digest, size = files.add(io.BytesIO(content))
    assert (digest, size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert content_of(files, digest) == content
    assert digest in set(files.digests())


def test_equal_contents_are_kept_once(files: Files) -> None:
    for _ in range(3):
        files.add(io.BytesIO(b"the same"))
    files.add(io.BytesIO(b"another"))
    assert len(list(files.digests())) == 2


def test_what_reaches_the_limit_is_kept_and_one_byte_more_refused(files: Files) -> None:
    digest, size = files.add(io.BytesIO(b"x" * LIMIT))
    with pytest.raises(Problem) as caught:
        files.add(io.BytesIO(b"y" * (LIMIT + 1)))
    assert size == LIMIT
    assert caught.value.code == "file.large"
    assert list(files.digests()) == [digest]


def test_a_stream_without_end_is_refused_at_the_limit(files: Files) -> None:
    with pytest.raises(Problem) as caught:
        files.add(Endless())  # type: ignore[arg-type]
    assert caught.value.code == "file.large"


@pytest.mark.parametrize(
    "digest", ["", "0" * 64, "../../../../etc/passwd", "A" * 64, "0" * 63 + "/", "é" * 64]
)
def test_what_was_never_kept_is_missing(files: Files, digest: str) -> None:
    with pytest.raises(Problem) as caught:
        files.open(digest)
    assert (caught.value.kind, caught.value.code) == ("missing", "file.missing")


def test_a_file_of_anybody_else_is_no_content(folder_files: FolderFiles, tmp_path: Path) -> None:
    folder_files.add(io.BytesIO(b"x"))
    (tmp_path / "secret").write_text("of somebody else")
    for digest in ("../../secret", "../secret", str(tmp_path / "secret")):
        with pytest.raises(Problem) as caught:
            folder_files.open(digest)
        assert caught.value.code == "file.missing"


def test_a_desk_without_attachments_has_no_contents(files: Files) -> None:
    assert list(files.digests()) == []


def test_a_content_that_was_damaged_is_not_given_and_healed_by_the_next_equal_one(
    folder_files: FolderFiles,
) -> None:
    digest, _ = folder_files.add(io.BytesIO(b"precious"))
    path = folder_files.path(digest)
    path.chmod(0o600)
    path.write_bytes(b"precioux")
    with pytest.raises(Problem) as caught:
        folder_files.open(digest)
    folder_files.add(io.BytesIO(b"precious"))
    assert caught.value.code == "file.damaged"
    assert content_of(folder_files, digest) == b"precious"


def test_a_content_is_for_the_readers_of_the_desk_and_nobody_writes_it(folder_files: FolderFiles) -> None:
    digest, _ = folder_files.add(io.BytesIO(b"x"))
    path = folder_files.path(digest)
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, folder_files.folder)]
    assert modes == [0o440, 0o2770, 0o2770]


def test_a_refused_content_leaves_nothing_behind(folder_files: FolderFiles) -> None:
    with pytest.raises(Problem):
        folder_files.add(Endless())  # type: ignore[arg-type]
    assert [path for path in folder_files.folder.rglob("*") if path.is_file()] == []


KILLED = """
import io, json, os, signal, sys
from pathlib import Path
from deskterm.store.files import FolderFiles
desk = Path(sys.argv[1])
names = {"open", "os.mkdir", "os.rename", "os.remove", "os.chmod"}

def attempt(fatal):
    seen = 0
    def count(name, _):
        nonlocal seen
        seen += name in names
        if seen == fatal and name in names:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)
    FolderFiles(desk).add(io.BytesIO(b"x" * 100000))
    os._exit(0)

kills, seen = 0, []
while True:
    if not (child := os.fork()):
        attempt(kills + 1)
    if not os.waitpid(child, 0)[1]:
        break
    kills += 1
    for digest in FolderFiles(desk).digests():
        with FolderFiles(desk).open(digest) as whole:
            seen.append(len(whole.read()))
print(json.dumps([kills, sorted(set(seen))]))
"""


def test_a_content_is_whole_or_not_there_whenever_its_writer_is_killed(folder_files: FolderFiles) -> None:
    kills, sizes = run(KILLED, folder_files.folder.with_suffix(""))
    assert kills > 5
    assert sizes in ([], [100000])
    assert len(list(folder_files.digests())) == 1
