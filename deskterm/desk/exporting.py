"""Exporting: everything on a desk as lines of JSON, and from there into an empty desk, to the letter.

Each line is an object with one name, which says what it is: `{"ticket": {...}}`. See docs/guide/import.md.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, BinaryIO, Final

from deskterm.desk import Desk
from deskterm.desk.loading import vacant
from deskterm.rules.frozen import frozen
from deskterm.rules.problems import N_, Problem
from deskterm.store.bulk import Bulk
from deskterm.store.files import Files, files_of
from deskterm.store.portable import digests, records, still
from deskterm.store.races import Race, racing
from deskterm.store.refill import Refill

__all__ = ["FORMAT", "ExportReport", "Progress", "export_desk", "import_desk"]

FORMAT: Final = 1
"""Grows when an older deskterm could not read the lines any more."""

Progress = Callable[[int], None]
"""Is told how many bytes are done."""

_HEADER: Final = "deskterm"
_LONGEST: Final = 2**30  # bytes of a line
_FLUSH: Final = 4 * 2**20  # bytes of lines whose rows are written together


@frozen
class ExportReport:
    """How many lines and tickets there were; `missing` are contents of attachments that are lost."""

    lines: int
    tickets: int
    missing: tuple[str, ...] = ()


def export_desk(desk: Desk, out: BinaryIO, progress: Progress | None = None) -> ExportReport:
    """Write everything on the desk to `out`, as it is at one moment, with little memory. Raises Problem.

    The same desk gives the same bytes, all of them ASCII; the last line has their number and SHA-256.
    """
    page = _Page(out, progress or _silent)
    missing: list[str] = []
    tickets = 0
    with still(desk.store) as connection:
        page.write(_HEADER, {"format": FORMAT})
        for kind, record in records(connection):
            page.write(kind, record)
            tickets += kind == "ticket"
        files = files_of(desk.store)
        for digest in digests(connection):
            page.write("blob", _blob(files, digest, missing))
    page.write("end", {"lines": page.lines, "sha256": page.digest})
    return ExportReport(page.lines, tickets, tuple(missing))


def import_desk(desk: Desk, source: BinaryIO, progress: Progress | None = None) -> ExportReport:
    """Bring an export into an empty desk, all of it or nothing; no rule and no mail fires. Raises Problem.

    The contents of attachments are kept before the rest is sure: without their tickets nobody sees them.
    """
    try:
        with racing(), vacant(desk.store) as connection:
            return _import(Bulk(connection), files_of(desk.store), _Lines(source, progress or _silent))
    except Race as race:
        raise Problem(
            "export.broken",
            N_("The lines of this export contradict each other (%(reason)s): nothing was imported."),
            kind="usage",
            reason=race,
        ) from race


def _import(bulk: Bulk, files: Files, lines: "_Lines") -> ExportReport:
    refill = Refill(bulk)
    missing: list[str] = []
    tickets = 0
    pending = 0
    for kind, record, size in lines:
        try:
            if kind == "blob":
                _keep(files, record, missing)
            else:
                refill.take(kind, record)
        except Problem as problem:
            if problem.kind == "store":
                raise
            raise lines.wrong(problem) from problem
        tickets += kind == "ticket"
        pending += size
        if pending > _FLUSH:
            bulk.flush()
            pending = 0
    refill.finish()
    return ExportReport(lines.number, tickets, tuple(missing))


class _Page:
    """Writes lines, counts and hashes them."""

    def __init__(self, out: BinaryIO, progress: Progress) -> None:
        self._out = out
        self._progress = progress
        self._hashed = hashlib.sha256()
        self._size = 0
        self.lines = 0

    @property
    def digest(self) -> str:
        """The SHA-256 of all that was written."""
        return self._hashed.hexdigest()

    def write(self, kind: str, record: dict[str, Any]) -> None:
        """One line."""
        line = json.dumps({kind: record}, separators=(",", ":")).encode() + b"\n"
        self._out.write(line)
        self._hashed.update(line)
        self._size += len(line)
        self.lines += 1
        self._progress(self._size)


class _Lines:
    """Reads the lines between the header and the end; Problems name the line."""

    def __init__(self, source: BinaryIO, progress: Progress) -> None:
        self._source = source
        self._progress = progress
        self._hashed = hashlib.sha256()
        self._size = 0
        self.number = 0

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any], int]]:
        """Kind, record and size in bytes of each."""
        kind, header, _ = self._next()
        if kind != _HEADER:
            raise self._foreign()
        if header.get("format") != FORMAT:
            raise self.wrong(_because(N_("it was written by another deskterm; use one as new as that")))
        while True:
            kind, record, size = self._next()
            if kind == "end":
                self._end(record)
                return
            yield kind, record, size

    def wrong(self, reason: Problem) -> Problem:
        """The Problem of the line that was read last."""
        return Problem(
            "export.line",
            N_("Line %(line)d of this export cannot be taken: %(reason)s Nothing was imported."),
            kind="usage",
            line=self.number,
            reason=reason,
        )

    def _next(self) -> tuple[str, dict[str, Any], int]:
        line = self._source.readline(_LONGEST)
        self.number += 1
        self._size += len(line)
        self._progress(self._size)
        if not line:
            raise self.wrong(_because(N_("the export ends before its last line, it was cut off.")))
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            if self.number == 1:
                raise self._foreign() from error
            cut = N_("it is cut off.") if not line.endswith(b"\n") else N_("it is no JSON.")
            raise self.wrong(_because(cut)) from error
        kind, record = (
            next(iter(found.items())) if isinstance(found, dict) and len(found) == 1 else ("", None)
        )
        if not isinstance(record, dict):
            raise self.wrong(_because(N_("it is no record.")))
        if kind != "end":
            self._hashed.update(line)
        return kind, record, len(line)

    def _end(self, record: dict[str, Any]) -> None:
        if record != {"lines": self.number - 1, "sha256": self._hashed.hexdigest()}:
            raise self.wrong(_because(N_("the lines before it are not those that were exported.")))
        if self._source.read(1):
            self.number += 1
            raise self.wrong(_because(N_("it stands behind the end.")))

    def _foreign(self) -> Problem:
        sentence = N_("Line 1 is not that of an export of deskterm; for other exports name a --mapping.")
        return Problem("export.foreign", sentence, kind="usage")


def _because(template: str, **values: Any) -> Problem:
    return Problem("export.reason", template, kind="usage", **values)


def _blob(files: Files, digest: str, missing: list[str]) -> dict[str, Any]:
    try:
        with files.open(digest) as content:
            return {"digest": digest, "base64": b64encode(content.read()).decode()}
    except Problem as problem:
        if problem.code not in ("file.missing", "file.damaged"):
            raise
        missing.append(digest)
        return {"digest": digest, "missing": True}


def _keep(files: Files, record: dict[str, Any], missing: list[str]) -> None:
    digest = record.get("digest")
    if record == {"digest": digest, "missing": True} and isinstance(digest, str):
        missing.append(digest)
        return
    try:
        content = b64decode(record["base64"], validate=True)
    except (KeyError, TypeError, ValueError):
        content = None
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise _because(N_("the content of the attachment is damaged."))
    files.add(BytesIO(content))


def _silent(_size: int) -> None:
    """Tell nobody."""
