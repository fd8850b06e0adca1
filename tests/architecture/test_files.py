"""What is committed works anywhere: it names no machine's folders and no package index."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Split, so that this file does not name what it looks for.
INDEX = re.compile(
    r"\b(?:pypi|pythonhosted|pypi\.python|anaconda|npmjs|npmmirror|aliyun|tencent|huaweicloud|douban|ustc|tsinghua)"
    r"\.(?:org|com|edu|cn|io|net)\b"
    r"|--(?:extra-)?index-url|--find-links|^\s*(?:extra-)?index-url\s*=|file:///"
)
FOLDER = re.compile(r"(?<![\w.~-])/(?:root|work|home/\w+|Users/\w+)/\w")


def tracked() -> Iterator[tuple[str, str]]:
    """The path and text of every tracked file that is text."""
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listing = subprocess.run(git, cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip(f"git knows no tracked files here: {listing.stderr.strip()}")
    for name in filter(None, listing.stdout.split("\0")):
        if (path := ROOT / name).is_file() and path != Path(__file__):
            yield name, path.read_text("utf-8", errors="replace")


@pytest.mark.parametrize("forbidden", [INDEX, FOLDER], ids=["package index", "folder of a machine"])
def test_no_tracked_file_names_it(forbidden: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, text in tracked()
        for number, line in enumerate(text.splitlines(), 1)
        if forbidden.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "https://pypi" + ".org/simple",
        "files.pythonhosted" + ".org",
        "pip install --index" + "-url x",
        "file" + ":///srv",
    ],
)
def test_an_index_is_noticed(line: str) -> None:
    assert INDEX.search(line)


@pytest.mark.parametrize(
    "line", ["cd /ro" + "ot/desk", '"/home' + '/ann/x"', "--db sqlite:////wo" + "rk/a.db"]
)
def test_a_folder_of_a_machine_is_noticed(line: str) -> None:
    assert FOLDER.search(line)


@pytest.mark.parametrize("line", ["../shared/data", "~/work/x", "/home", "https://example.org/work/1"])
def test_other_words_are_not_taken_for_one(line: str) -> None:
    assert not FOLDER.search(line)


def test_the_lock_holds_a_hash_for_every_package() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    packages = re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)[1:]
    assert packages
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []
