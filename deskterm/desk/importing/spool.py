"""Spool: any number of things in order, with little memory: sorted runs in a temporary file, merged again."""

import heapq
import marshal
import struct
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Any, Final

from deskterm.rules.problems import N_, Problem

__all__ = ["RUN", "Spool"]

RUN: Final = 24 * 2**20
"""Bytes that are sorted at once."""

_BATCH: Final = 256
_OVERHEAD: Final = 200  # bytes that a key and its tuple take about
_LENGTH: Final = struct.Struct("<Q")

Item = tuple[Any, bytes]


class Spool:
    """Takes bytes, each with a key of strings and ints, and gives them back sorted by key.

    Keys must differ from each other. The file has no name: nothing is left of it, however this ends. Raises
    Problem when there is no room for it.
    """

    def __init__(self) -> None:
        self._limit = RUN
        self._items: list[Item] = []
        self._size = 0
        self._runs: list[tuple[int, int]] = []
        self._file: IO[bytes] | None = None

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let everything go."""
        self._items = []
        if self._file is not None:
            self._file.close()

    def add(self, key: Any, content: bytes) -> None:
        """Take `content` up."""
        self._items.append((key, content))
        self._size += len(content) + _OVERHEAD
        if self._size > self._limit:
            self._spill()

    def sorted(self) -> Iterator[Item]:
        """Everything in the order of the keys; nothing can be added any more."""
        if self._file is None:
            self._items.sort()
            return iter(self._items)
        self._spill()
        return heapq.merge(*(self._read(self._file, start, end) for start, end in self._runs))

    def _spill(self) -> None:
        try:
            self._write()
        except OSError as error:
            raise Problem(
                "import.room",
                N_(
                    "Rows are sorted in %(folder)s, which fails (%(reason)s): free some space, or set TMPDIR."
                ),
                kind="store",
                folder=tempfile.gettempdir(),
                reason=error.strerror or "?",
            ) from error

    def _write(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="deskterm-")  # noqa: SIM115 - closed on exit
        self._items.sort()
        start = self._file.tell()
        for place in range(0, len(self._items), _BATCH):
            packed = marshal.dumps(self._items[place : place + _BATCH])
            self._file.write(_LENGTH.pack(len(packed)) + packed)
        self._runs.append((start, self._file.tell()))
        self._items, self._size = [], 0

    @staticmethod
    def _read(file: IO[bytes], start: int, end: int) -> Iterator[Item]:
        while start < end:
            file.seek(start)
            (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
            batch = marshal.loads(file.read(length))
            start = file.tell()
            yield from batch
