"""Sources: an export on the disk, plain or in a zip, as rows."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any, Final

from deskterm.desk.importing.csvrows import csv_rows
from deskterm.desk.importing.jsonrows import json_rows
from deskterm.desk.importing.mapping import FileForm
from deskterm.desk.importing.rows import Bad, Row
from deskterm.rules.problems import N_, Problem

__all__ = ["Source", "open_source", "unreadable"]

_JSON_ENDINGS: Final = (".jsonl", ".ndjson", ".json")


@dataclass(slots=True)
class Source:
    """The rows of an open export; `size` in bytes, `position()` of them are read."""

    rows: Iterator[Row | Bad]
    size: int
    position: Callable[[], int]


@contextmanager
def open_source(path: Path, form: FileForm, columns: Sequence[str]) -> Iterator[Source]:
    """Open the export at `path` and find `columns` in it. Raises Problem of kind "usage"."""
    with ExitStack() as stack:
        raw, name, size = _open(path, form, stack)
        counted = _Counted(raw, path.name)
        json_lines = form.format == "jsonl" or (
            not form.format and PurePath(name).suffix.lower() in _JSON_ENDINGS
        )
        text = io.TextIOWrapper(
            io.BufferedReader(counted, 2**18),
            _encoding(form),
            errors="surrogateescape",
            newline="\n" if json_lines else "",
        )
        read = json_rows if json_lines else csv_rows
        yield Source(_decodable(read(text, form, columns, name), name), size, lambda: counted.count)


def _open(path: Path, form: FileForm, stack: ExitStack) -> tuple[IO[bytes], str, int]:
    try:
        if not zipfile.is_zipfile(path):
            file = stack.enter_context(path.open("rb"))
            return file, path.name, path.stat().st_size
        archive = stack.enter_context(zipfile.ZipFile(path))
        member = _member(archive, form.member, path)
        return stack.enter_context(archive.open(member)), member.filename, member.file_size
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise unreadable(str(path), error) from error


def unreadable(name: str, error: Exception) -> Problem:
    """The Problem of a file that `error` keeps from being read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    sentence = N_("%(file)s cannot be read: %(reason)s.")
    return Problem("import.read", sentence, kind="usage", file=name, reason=reason)


def _decodable(rows: Iterator[Row | Bad], name: str) -> Iterator[Row | Bad]:
    """The rows; a file that is cut off in the middle of a wide character is no text."""
    try:
        yield from rows
    except UnicodeError as error:
        raise unreadable(name, error) from error


def _member(archive: zipfile.ZipFile, wanted: str, path: Path) -> zipfile.ZipInfo:
    files = [each for each in archive.infolist() if not each.is_dir()]
    found = [each for each in files if PurePath(each.filename).match(wanted)] if wanted else files
    if len(found) != 1:
        raise Problem(
            "import.member",
            N_("%(file)s holds %(count)d files that could be meant: name one as member in [file]."),
            kind="usage",
            choices=[each.filename for each in (found or files)[:20]],
            file=path.name,
            count=len(found),
        )
    return found[0]


def _encoding(form: FileForm) -> str:
    """A mark of byte order at the beginning belongs to no column."""
    return "utf-8-sig" if form.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else form.encoding


class _Counted(io.RawIOBase):
    """Counts the bytes that go through."""

    def __init__(self, raw: IO[bytes], name: str) -> None:
        self._raw = raw
        self._name = name
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            found = self._raw.read(len(buffer))
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise unreadable(self._name, error) from error
        buffer[: len(found)] = found
        self.count += len(found)
        return len(found)
