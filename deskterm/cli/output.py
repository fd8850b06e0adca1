"""Output: the only writer to stdout and stderr. Nothing leaves here that acts on a terminal."""

import errno
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO, cast

from deskterm.i18n import _, say, words
from deskterm.rules.clean import cell_width, clean, clean_line, csv_cell, escape_json_controls
from deskterm.rules.frozen import frozen
from deskterm.rules.problems import Problem

__all__ = [
    "EXIT_CODES",
    "FORMATS",
    "Column",
    "Output",
    "OutputLost",
    "ReaderGone",
    "error_record",
    "exit_code",
]

FORMATS: Final = ("text", "plain", "json", "jsonl", "csv")
EXIT_CODES: Final = {"refused": 1, "usage": 2, "missing": 3, "stale": 4, "store": 5}
_MEASURED: Final = 200  # rows that decide how wide the columns of a long table are
_NARROWEST: Final = 8  # cells to which a column may be cut
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class ReaderGone(Exception):
    """Whoever read our output went away, as `head` does."""


class OutputLost(Exception):
    """What we wrote to went wrong, as a full disk does."""


@contextmanager
def _told() -> Iterator[None]:
    """Errors of a stream in our terms; typer has its own mind about those of pipes."""
    try:
        yield
    except BrokenPipeError:
        raise ReaderGone from None
    except OSError as error:
        raise OutputLost(error.strerror or str(error)) from None


def exit_code(problem: Problem) -> int:
    """What the command exits with because of `problem`."""
    return EXIT_CODES.get(problem.kind, EXIT_CODES["refused"])


@frozen
class Column:
    """A column of a table: the key of its value in a record, its title for people, the most cells."""

    key: str
    title: str
    most: int = 0  # 0: as wide as it likes
    right: bool = False


class Output:
    """Writes answers in the format that was asked for, and problems."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self.format = "text"
        self.raw = False
        self.color = True
        self.ascii = False
        self._out = out
        self._err = err

    @classmethod
    def standard(cls) -> "Output":
        """The one on stdout and stderr; what their encoding lacks is written as a backslash escape."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        return cls(sys.stdout or _closed(), sys.stderr or _unheard())  # None: closed before we began

    @property
    def on_terminal(self) -> bool:
        """True when a person reads stdout."""
        return self._out.isatty()

    @property
    def heard(self) -> bool:
        """True when a person reads stderr."""
        return self._err.isatty()

    @property
    def width(self) -> int:
        """Cells of a line that is wrapped: the terminal's, at most 100; 80 where there is none."""
        return min(self._width() or 80, 100)

    @property
    def speaks_json(self) -> bool:
        """True when answers are JSON, and problems too."""
        return self.format in ("json", "jsonl")

    def line(self, text: str = "") -> None:
        """Lines for people."""
        self._write(self._out, f"{clean(text)}\n")

    def heading(self, text: str) -> None:
        """A line for people that stands out, where that is possible."""
        plain = clean(text).rstrip("\n")
        self._write(self._out, f"{_BOLD}{plain}{_PLAIN}\n" if self._bold else f"{plain}\n")

    def script(self, text: str) -> None:
        """Lines for a program, written by us: they are not touched."""
        self._write(self._out, text)

    def fields(self, cells: Iterable[str]) -> None:
        """One record of `--plain`: cells between tabs."""
        self._write(self._out, "\t".join(map(clean_line, cells)) + "\n")

    def document(self, value: Mapping[str, Any]) -> None:
        """One JSON document; indented for a person, on one line for a program."""
        self._write(
            self._out, self._json(value, indent=2 if self.format == "json" and self.on_terminal else None)
        )

    def stream(self, name: str, records: Iterable[Mapping[str, Any]], more: Mapping[str, Any]) -> None:
        """Records as `--jsonl`, or under `name` in one document as `--json`; `more` joins the document."""
        if self.format == "jsonl":
            for record in records:
                self._write(self._out, self._json(record))
            return
        self._write(self._out, f"{{{json.dumps(name)}: [")
        for index, record in enumerate(records):
            self._write(self._out, ("," if index else "") + "\n" + self._json(record).rstrip("\n"))
        rest = self._json(more).rstrip("\n")[1:]
        self._write(self._out, f"]{', ' if more else ''}{rest}\n")

    def table(self, columns: Sequence[Column], records: Iterable[Mapping[str, str]]) -> None:
        """Records of texts, aligned for people, between tabs as `--plain`, or as `--csv`."""
        if self.format == "csv":
            self._csv(columns, records)
        elif self.format == "plain":
            for record in records:
                self.fields(record[column.key] for column in columns)
        else:
            lines = _aligned(columns, records, self._width())
            self.heading(next(lines))
            for line in lines:
                self._write(self._out, line)

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int, int], None]]:
        """Tells a person on stderr how far something is: stage, done, total (0: unknown); gone at the end."""
        shown = self.heard

        def tell(stage: str, done: int, total: int) -> None:
            if shown:
                part = f"{done * 100 // total} %" if total else f"{done:,}"
                self._write(self._err, f"\r\x1b[K{clean_line(stage)} {part}")
                self._err.flush()

        try:
            yield tell
        finally:
            if shown:
                self._write(self._err, "\r\x1b[K")

    @contextmanager
    def bytes(self) -> Iterator[BinaryIO]:
        """Stdout for what is written as bytes."""
        self.flush()
        with _told():
            yield self._out.buffer

    def problem(self, problem: Problem) -> None:
        """What is wrong, on stderr: a sentence, or a JSON object when answers are JSON."""
        self.flush()
        if self.speaks_json:
            self._write(self._err, self._json({"error": error_record(problem)}))
        else:
            self._write(self._err, f"deskterm: {say(problem)}\n")

    def complain(self, sentence: str) -> None:
        """A last word on stderr when stdout is gone; nobody may hear it."""
        with suppress(OSError):
            self._err.write(f"deskterm: {sentence}\n")
            self._err.flush()

    def hint(self, text: str, *, always: bool = False) -> None:
        """Something worth knowing, on stderr; JSON has a place for it, so there only if `always`."""
        if always or not self.speaks_json:
            self.flush()
            self._write(self._err, f"{clean(text)}\n")

    def flush(self) -> None:
        """Bring out what is still held back."""
        with _told():
            self._out.flush()
            self._err.flush()

    @property
    def _bold(self) -> bool:
        return self.color and self.on_terminal

    def _width(self) -> int:
        """Cells a line may take; 0 for a pipe, where nothing is cut."""
        if not self.on_terminal:
            return 0
        import shutil

        return shutil.get_terminal_size().columns

    def _csv(self, columns: Sequence[Column], records: Iterable[Mapping[str, str]]) -> None:
        import csv

        def cell(text: str) -> str:
            return clean_line(text) if self.raw else csv_cell(text)

        writer = csv.writer(_Lines(self), lineterminator="\n")
        writer.writerow([column.key for column in columns])
        writer.writerows([cell(record[column.key]) for column in columns] for record in records)

    def _json(self, value: object, indent: int | None = None) -> str:
        wide = _is_unicode(self._out)
        text = json.dumps(value, ensure_ascii=not wide, indent=indent, sort_keys=False)
        return (escape_json_controls(text) if wide else text) + "\n"

    @staticmethod
    def _write(stream: TextIO, text: str) -> None:
        with _told():
            stream.write(text)


class _Lines:
    """What the csv module writes to."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def write(self, text: str) -> int:
        self._output.script(text)
        return len(text)


class _Closed(io.RawIOBase):
    """A file that was closed before we began: what is written to it is lost, and that is said."""

    def writable(self) -> bool:
        return True

    def write(self, _content: object) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def _closed() -> TextIO:
    return io.TextIOWrapper(cast("BinaryIO", _Closed()), encoding="utf-8", write_through=True)


def _unheard() -> TextIO:
    """Where words go that nobody can read."""
    return Path(os.devnull).open("w", encoding="utf-8", errors="backslashreplace")


def error_record(problem: Problem) -> dict[str, Any]:
    """A problem as JSON: its code, its sentence, what would be valid and where it stands."""
    return {
        "code": problem.code,
        "message": words(problem),
        "choices": [clean_line(str(choice)) for choice in problem.choices],
        "field": problem.field,
        "column": problem.column or None,
    }


def _is_unicode(stream: TextIO) -> bool:
    return (getattr(stream, "encoding", "") or "").lower().replace("-", "").startswith("utf")


def _aligned(columns: Sequence[Column], records: Iterable[Mapping[str, str]], width: int) -> Iterator[str]:
    """Lines of a table; the first rows decide the widths, so that a long one need not be held."""
    rows: Iterator[list[str]] = ([clean_line(each[column.key]) for column in columns] for each in records)
    first = list(islice(rows, _MEASURED))
    titles = [_(column.title) for column in columns]
    widths = [max(map(cell_width, cells)) for cells in zip(titles, *first, strict=True)]
    if width:
        widths = _fitted(columns, widths, width)
    for cells in chain([titles], first, rows):
        yield _line(columns, cells, widths, cut=bool(width))


def _fitted(columns: Sequence[Column], widths: list[int], width: int) -> list[int]:
    """Widths for a terminal: each at most what its column allows, then whichever is the widest gives way."""
    fitted = [min(size, column.most or size) for column, size in zip(columns, widths, strict=True)]
    surplus = sum(fitted) + 2 * (len(fitted) - 1) - width
    while surplus > 0 and max(fitted) > _NARROWEST:
        fitted[fitted.index(max(fitted))] -= 1
        surplus -= 1
    return fitted


def _line(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int], *, cut: bool) -> str:
    parts = []
    for column, cell, width in zip(columns, cells, widths, strict=True):
        text = clean_line(cell, width) if cut else cell
        space = " " * (width - cell_width(text))
        parts.append(space + text if column.right else text + space)
    return "  ".join(parts).rstrip() + "\n"
