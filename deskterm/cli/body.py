"""Bodies: the words of a ticket or message from a flag, stdin, a file or an editor, kept to the byte."""

import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from deskterm.cli.drafts import keep
from deskterm.cli.letters import decode, encode
from deskterm.cli.session import Session
from deskterm.rules.problems import N_, Problem

__all__ = ["opened", "read_body", "read_file"]


def read_body(
    session: Session, given: str | None, file: str | None, edit: bool, start: str = ""
) -> str | None:
    """The one body that was given, None for none; the editor begins with `start`."""
    sources = [given is not None, file is not None, edit]
    if sum(sources) > 1:
        raise Problem(
            "body.twice", N_("Give the text once: with -b, --file or --edit."), kind="usage", field="body"
        )
    if edit:
        return _edited(session, start)
    if file is not None:
        return decode(read_file(file))
    if given == "-":
        return decode(session.read_stdin())
    return given


def read_file(name: str, most: int = -1) -> bytes:
    """What lies in a file, its first `most` bytes; a Problem (usage) when it cannot be read."""
    with opened(name, "rb") as file:
        return file.read(most)


@contextmanager
def opened(name: str, mode: str) -> Iterator[BinaryIO]:
    """A file, closed at the end; a Problem (usage) when it cannot be opened."""
    try:
        file: BinaryIO = open(name, mode)  # type: ignore[assignment]  # noqa: PTH123, SIM115
    except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
        raise _closed(name, mode, error) from None
    with file:
        yield file


def _closed(name: str, mode: str, error: OSError | ValueError) -> Problem:
    """The refusal of a file that cannot be read, or written."""
    if isinstance(error, FileExistsError):
        template = N_("There is a file %(name)s already: name another one, or replace it with --force.")
        return Problem("file.exists", template, kind="usage", field="file", name=name)
    if "r" in mode:
        template = N_("The file %(name)s cannot be read: %(reason)s.")
    else:
        template = N_("The file %(name)s cannot be written: %(reason)s.")
    reason = getattr(error, "strerror", None) or str(error)
    return Problem("file.closed", template, kind="usage", field="file", name=name, reason=reason)


def _edited(session: Session, start: str) -> str:
    """What the person wrote in an editor; kept as a draft when the editor fails."""
    command = _editor(session)
    with tempfile.TemporaryDirectory(prefix="deskterm-") as folder:  # 0700
        path = Path(folder) / "message.txt"
        path.touch(mode=0o600)
        path.write_bytes(encode(start))
        failure = _call([*command, str(path)], session.surroundings.environment)
        content = path.read_bytes() if path.exists() else b""
    if failure:
        raise _failed(session, content, failure)
    if not content.strip():
        raise Problem("body.empty", N_("Nothing was written, so nothing was done."), field="body")
    return decode(content)


def _editor(session: Session) -> list[str]:
    text = session.settings.editor
    try:
        command = shlex.split(text)
    except ValueError:
        command = []
    if not command:
        raise Problem(
            "editor.missing",
            N_("There is no editor: set EDITOR, or give the text with -b or --file."),
            kind="usage",
            field="editor",
        )
    return command


def _call(command: list[str], environment: Mapping[str, str]) -> str:
    """Why the editor failed, "" when it did not."""
    try:
        done = subprocess.run(command, env=dict(environment), check=False)
    except OSError as error:
        return error.strerror or str(error)
    return f"exit code {done.returncode}" if done.returncode else ""


def _failed(session: Session, content: bytes, reason: str) -> Problem:
    if not content.strip():
        return Problem("editor.failed", N_("The editor failed: %(reason)s."), kind="usage", reason=reason)
    kept = keep(content, session.settings.state_folder / "drafts", "message-", ".txt")
    return Problem(
        "editor.failed_kept",
        N_("The editor failed: %(reason)s. What you wrote is kept in %(path)s."),
        kind="usage",
        reason=reason,
        path=str(kept),
    )
