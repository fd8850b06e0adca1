"""Rejects: the file of rows that could not be taken, each with its line and the reason."""

import json
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from deskterm.rules.problems import N_, Problem

__all__ = ["Rejects"]


class Rejects:
    """Writes `{"line": 12, "reason": "...", "row": {...}}` a line; without a row the file does not exist."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.count = 0
        self._file: IO[str] | None = None

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: int, problem: Problem, row: Any) -> None:
        """Keep a row. Raises Problem when the file cannot be written."""
        self.count += 1
        if self.path is None:
            return
        told = {"line": line, "code": problem.code, "reason": str(problem), "row": row}
        try:
            if self._file is None:
                self._file = self.path.open("w", encoding="ascii", newline="\n")
            self._file.write(json.dumps(told) + "\n")
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self) -> None:
        """Let nothing be missing from the file."""
        try:
            if self._file is not None:
                self._file.close()
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> Problem:
        return Problem(
            "import.rejects",
            N_("The rejected rows cannot be written to %(file)s (%(reason)s): name another file."),
            kind="usage",
            field="rejects",
            file=str(self.path),
            reason=error.strerror or "?",
        )
