"""Attachments: listed, and saved under a name of ours; nothing is ever opened by itself."""

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from deskterm.desk import Desk
from deskterm.i18n import _
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import N_, Problem
from deskterm.screens.present import size_word
from deskterm.screens.widgets.choice_list import Choice
from deskterm.store.rows import AttachmentRow, TicketDetail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.work import WorkScreen

__all__ = ["pick_file", "safe_name", "save_file"]

_SPECIAL = frozenset('/\\:*?"<>|')
_MOST_BYTES = 200  # file systems take 255, and a number may be added


def safe_name(name: str) -> str:
    """A file name without folders, control characters and leading dots; at most 200 bytes long."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(char if char.isprintable() and char not in _SPECIAL else "_" for char in last)
    plain = plain.lstrip(". ").rstrip()
    suffix = Path(plain).suffix[:20]
    stem = plain.removesuffix(suffix)
    while len(f"{stem}{suffix}".encode()) > _MOST_BYTES:
        stem = stem[:-1]
    return f"{stem}{suffix}" or "attachment"


def save_file(desk: Desk, file: AttachmentRow, folder: Path) -> Path:
    """Copy the content to a new private file in `folder`, never over another one. Raises Problem (usage)."""
    name = Path(safe_name(file.name))
    try:
        for number in range(1, 1000):
            path = folder / (name.name if number == 1 else f"{name.stem} ({number}){name.suffix}")
            if not path.exists():
                break
        else:
            raise FileExistsError(f"{name}")
        with (
            desk.open_file(file.digest) as content,
            os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target,
        ):
            shutil.copyfileobj(content, target)
    except OSError as error:
        raise Problem(
            "file.not_saved",
            N_("%(name)s cannot be saved in %(folder)s: %(reason)s."),
            kind="usage",
            name=file.name,
            folder=str(folder),
            reason=error.strerror or str(error),
        ) from None
    return path


def pick_file(screen: "WorkScreen", detail: TicketDetail) -> None:
    """Let a file be chosen and a folder be named; save it there."""
    from deskterm.screens.dialogs.ask import Ask, Question
    from deskterm.screens.dialogs.pick import Pick

    files = {str(file.id): file for file in detail.attachments}
    if not files:
        screen.say(_("This ticket has no attachments."))
        return
    kinds = {True: _("internal"), False: _("public")}
    choices = [
        Choice(key, clean_line(file.name), f"{size_word(file.size)}  {kinds[file.internal]}")
        for key, file in files.items()
    ]

    def chosen(key: str) -> None:
        question = Question("folder", _("Folder"), required=True, value=str(Path.cwd()))
        title = _("Save %s") % clean_line(safe_name(files[key].name), 50)
        screen.ask(Ask(screen.context, title, [question]), lambda answers: save(files[key], answers))

    def save(file: AttachmentRow, answers: "Mapping[str, str]") -> None:
        desk, folder = screen.context.desk, Path(answers["folder"]).expanduser()
        screen.fetch(
            "save", lambda: save_file(desk, file, folder), lambda path: screen.say(_("Saved as %s") % path)
        )

    screen.ask(Pick(screen.context, _("Attachments"), choices), chosen)
