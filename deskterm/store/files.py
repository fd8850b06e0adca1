"""Contents of attachments, each kept once by its SHA-256: beside the desk's file, or in the database."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from sqlalchemy import select

from deskterm.rules.problems import N_, Problem
from deskterm.store.engine import Store
from deskterm.store.place import explained_files, make_folder, sync_folder
from deskterm.store.sqlite import SqliteFile
from deskterm.store.tables import blobs

__all__ = ["LIMIT", "Files", "FolderFiles", "TableFiles", "files_of", "folder_of"]

LIMIT: Final = 25 * 2**20
"""The most bytes that one content may have."""

_CHUNK: Final = 2**20
_DIGEST: Final = re.compile("[0-9a-f]{64}")


class Files(Protocol):
    """Contents by their digest, 64 lower case hexadecimal digits."""

    def add(self, stream: BinaryIO) -> tuple[str, int]:
        """Keep what `stream` holds; its digest and size in bytes. Raises Problem, above LIMIT for one."""

    def open(self, digest: str) -> BinaryIO:
        """The content, seen to be whole. Raises Problem when it is missing or damaged."""

    def digests(self) -> Iterator[str]:
        """All contents that are kept, in no order."""


def files_of(store: Store) -> Files:
    """The contents that belong to `store`."""
    if isinstance(store.backend, SqliteFile):
        return FolderFiles(store.backend.path)
    return TableFiles(store)


def folder_of(desk: Path) -> Path:
    """The folder beside the file `desk` that holds the contents of its attachments."""
    return desk.with_name(f"{desk.name}.files")


class FolderFiles:
    """Contents as read-only files `ab/abcd...`, for whoever may read the desk's file."""

    def __init__(self, desk: Path) -> None:
        self._desk = desk
        self.folder = folder_of(desk)

    def add(self, stream: BinaryIO) -> tuple[str, int]:
        """Keep a content for good: it is on the disk under its digest, or not at all."""
        with explained_files(self.folder):
            incoming = self.folder / "incoming"
            make_folder(self.folder)
            make_folder(incoming)
            part = incoming / secrets.token_hex(8)
            try:
                digest, size = self._write(part, stream)
                self.settle(part, digest)
            finally:
                part.unlink(missing_ok=True)
        return digest, size

    def open(self, digest: str) -> BinaryIO:
        """The content, hashed again before it is given."""
        path = self.path(digest)
        with explained_files(path):
            try:
                content = path.open("rb")
            except FileNotFoundError:
                raise _missing(digest) from None
            if hashlib.file_digest(content, "sha256").hexdigest() != digest:
                content.close()
                raise _damaged(digest)
            content.seek(0)
            return content

    def digests(self) -> Iterator[str]:
        """The names of the files, whatever they hold."""
        with explained_files(self.folder):
            for path in self.folder.glob("??/*"):
                if _DIGEST.fullmatch(path.name):
                    yield path.name

    def settle(self, part: Path, digest: str) -> None:
        """Let the file `part` be this content; an older copy is replaced, which heals a damaged one."""
        target = self.path(digest)
        make_folder(self.folder)
        make_folder(target.parent)
        part.replace(target)
        sync_folder(target.parent)
        sync_folder(self.folder)

    def mode(self) -> int:
        """The mode of a content: whoever may read the desk may read it, and nobody writes it again."""
        return self._desk.stat().st_mode & 0o440

    def path(self, digest: str) -> Path:
        """Where the content of this digest lies or would lie."""
        if not _DIGEST.fullmatch(digest):
            raise _missing(digest)
        return self.folder / digest[:2] / digest

    def _write(self, part: Path, stream: BinaryIO) -> tuple[str, int]:
        mode = self.mode()
        number = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode)
        with os.fdopen(number, "wb") as output:
            os.fchmod(number, mode)
            hashed, size = hashlib.sha256(), 0
            for chunk in _chunks(stream):
                hashed.update(chunk)
                size += output.write(chunk)
            output.flush()
            os.fsync(number)
        return hashed.hexdigest(), size


class TableFiles:
    """Contents as rows, for desks that many hosts share."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, stream: BinaryIO) -> tuple[str, int]:
        """Keep a content in a transaction of its own."""
        from sqlalchemy.dialects.postgresql import insert  # a desk in a file never comes here

        content = b"".join(_chunks(stream))
        digest = hashlib.sha256(content).hexdigest()
        row = insert(blobs).values(digest=digest, size=len(content), content=content)
        with self._store.transaction() as connection:
            connection.execute(row.on_conflict_do_nothing())
        return digest, len(content)

    def open(self, digest: str) -> BinaryIO:
        """The content, hashed again before it is given."""
        with self._store.read() as connection:
            content = connection.execute(select(blobs.c.content).where(blobs.c.digest == digest)).scalar()
        if content is None:
            raise _missing(digest)
        if hashlib.sha256(content).hexdigest() != digest:
            raise _damaged(digest)
        return BytesIO(content)

    def digests(self) -> Iterator[str]:
        """The keys of the rows."""
        with self._store.read() as connection:
            yield from connection.execute(select(blobs.c.digest)).scalars().all()


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > LIMIT:
            sentence = N_("The file is larger than %(limit)d MB; attach a smaller one, or a link to it.")
            raise Problem("file.large", sentence, limit=LIMIT // 2**20)
        yield chunk


def _missing(digest: str) -> Problem:
    sentence = N_("The content %(digest)s of an attachment is missing; restore it from a backup.")
    return Problem("file.missing", sentence, kind="missing", digest=digest[:64])


def _damaged(digest: str) -> Problem:
    sentence = N_("The content %(digest)s of an attachment is damaged; restore it from a backup.")
    return Problem("file.damaged", sentence, kind="store", digest=digest)
