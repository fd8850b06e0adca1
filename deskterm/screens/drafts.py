"""Drafts: what was typed and not sent, one private file for each ticket and kind of message."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

__all__ = ["AUTOSAVE", "Draft", "Drafts"]

AUTOSAVE: Final = 5.0  # seconds: what a crash may cost


@dataclass(frozen=True, slots=True)
class Draft:
    """An unsent text; `at` is when it was last changed, `ticket` is 0 for several at once.

    `kind` is "reply", "note", "resolve" or "new"; the text of the last two is JSON of what was typed.
    """

    ticket: int
    kind: str
    text: str
    at: int


class Drafts:
    """The drafts of one person at one desk: files of mode 0600 in a folder of 0700, replaced as a whole."""

    def __init__(self, folder: Path, database: str, login: str) -> None:
        whose = sha256(f"{database}\0{login}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._folder = folder / "drafts" / whose

    def _path(self, ticket: int, kind: str) -> Path:
        return self._folder / f"{ticket}-{kind}.json"

    def keep(self, draft: Draft) -> None:
        """Write a draft; an empty one removes the file. Raises OSError."""
        if not draft.text.strip():
            self.drop(draft.ticket, draft.kind)
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(draft.ticket, draft.kind)
        new = path.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(draft), file)  # ASCII: lone surrogates survive
        new.replace(path)

    def find(self, ticket: int, kind: str) -> Draft | None:
        """The draft of this kind for a ticket, None when there is none that can be read."""
        try:
            return Draft(**json.loads(self._path(ticket, kind).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def drop(self, ticket: int, kind: str) -> None:
        """Forget a draft, whether there is one or not."""
        with suppress(OSError):
            self._path(ticket, kind).unlink()
