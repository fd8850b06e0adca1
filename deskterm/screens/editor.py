"""The person's own editor: called without a shell on a file nobody else can read."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from deskterm.rules.problems import N_, Problem

__all__ = ["edit"]


def edit(editor: str, text: str) -> str:
    """What `text` became in `editor` (a command line). Raises Problem (usage) when it cannot be used."""
    command = _command(editor)
    with tempfile.TemporaryDirectory(prefix="deskterm-") as folder:  # mode 0700
        path = Path(folder) / "message.txt"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode("utf-8", "surrogatepass"))
        _call([*command, str(path)])
        try:
            written = path.read_bytes()
        except OSError as error:
            raise _failed(error.strerror or str(error)) from None
    changed = written.decode("utf-8", "surrogateescape")
    # editors end a file with a newline that nobody typed
    return changed.removesuffix("\n") if not text.endswith("\n") else changed


def _command(editor: str) -> list[str]:
    try:
        command = shlex.split(editor)
    except ValueError:
        command = []
    if not command:
        raise Problem(
            "editor.none", N_("No editor is set: set EDITOR or write here."), kind="usage", field="editor"
        )
    return command


def _call(command: list[str]) -> None:
    try:
        done = subprocess.run(command, check=False)
    except OSError as error:
        raise _failed(error.strerror or str(error)) from None
    if done.returncode:
        raise _failed(f"{command[0]}: {done.returncode}")


def _failed(reason: str) -> Problem:
    return Problem(
        "editor.broken",
        N_("The editor failed (%(reason)s); your text is kept as it was."),
        kind="usage",
        reason=reason,
    )
