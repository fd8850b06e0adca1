"""Files that are attached: read once, stored by their content; a dry run stores nothing."""

import hashlib
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from deskterm.cli.body import opened
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from io import BufferedReader

    from deskterm.cli.session import Session
    from deskterm.rules.actions import Attachment

__all__ = ["attachments"]


def attachments(session: "Session", names: Sequence[str] | None) -> "tuple[Attachment, ...]":
    """The files of those names, in the content store. Raises Problem (usage) for one that cannot be read."""
    return tuple(_attached(session, name) for name in names or ())


def _refuse_unusual(name: str) -> None:
    """Refuse what may have no end, or never begin; what cannot be looked at is left to whoever opens it."""
    try:
        regular = stat.S_ISREG(Path(name).stat().st_mode)
    except (OSError, ValueError):
        return
    if not regular:
        template = N_("%(name)s is no regular file, so it cannot be attached.")
        raise Problem("file.kind", template, kind="usage", field="file", name=name)


def _attached(session: "Session", name: str) -> "Attachment":
    from deskterm.rules.actions import Attachment

    own = Path(name).name
    _refuse_unusual(name)
    with opened(name, "rb") as content:
        if not session.dry_run:
            return session.desk.attach(own, content)
        digest = hashlib.file_digest(cast("BufferedReader", content), "sha256").hexdigest()
        return Attachment(own, digest, content.tell())
