"""The archive: a backup in one compressed tar whose last member lists the hashes of all others.

Members are `desk.db` (SQLite) or `desk.dump` (Postgres), `files/DIGEST` for the contents of attachments, and
`manifest.json`. Without its manifest an archive is not whole.
"""

import gzip
import hashlib
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from deskterm.rules.frozen import frozen
from deskterm.rules.problems import N_, Problem

__all__ = ["DATABASES", "Archive", "Manifest", "packing", "unpack"]

DATABASES: Final[Mapping[str, str]] = {"sqlite": "desk.db", "postgresql": "desk.dump"}
"""The member that holds the database, by dialect."""

_MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_MEMBER: Final = re.compile(r"desk\.(db|dump)|files/[0-9a-f]{64}|manifest\.json")
_CHUNK: Final = 2**20


@frozen
class Manifest:
    """What an archive holds; `missing` and `damaged` are contents that were so when it was made."""

    dialect: str
    revision: str
    at: int  # epoch seconds, 0 when nobody said
    tickets: int
    events: int
    files: int  # contents of attachments
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)  # SHA-256 by member
    format: int = _FORMAT


@contextmanager
def packing(target: Path) -> Iterator["Archive"]:
    """A new archive at `target`, on the disk and readable for its owner alone when the block ends."""
    with target.open("xb") as output:
        os.fchmod(output.fileno(), 0o600)
        with tarfile.open(fileobj=output, mode="w:gz", compresslevel=1) as tar:
            yield Archive(tar)
        output.flush()
        os.fsync(output.fileno())


class Archive:
    """An archive that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.hashes: dict[str, str] = {}
        self._tar = tar

    def add(self, name: str, content: BinaryIO) -> str:
        """Write a member; its SHA-256."""
        reader = _Hashing(content)
        info = tarfile.TarInfo(name)
        info.size = os.fstat(content.fileno()).st_size
        info.mode = 0o600
        self._tar.addfile(info, reader)
        self.hashes[name] = reader.digest()
        return self.hashes[name]

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest: with it the archive is whole."""
        text = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(_MANIFEST)
        info.size = len(text)
        self._tar.addfile(info, BytesIO(text))


class _Hashing:
    """Reads through, and knows the hash of what was read."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._content.read(size)
        self._hash.update(chunk)
        return chunk

    def digest(self) -> str:
        return self._hash.hexdigest()


def unpack(source: Path, folder: Path) -> Manifest:
    """Write the members of `source` into `folder` and compare them with the manifest. Raises Problem."""
    found: dict[str, str] = {}
    text = b""
    try:
        with source.open("rb") as packed, tarfile.open(fileobj=packed, mode="r|gz") as tar:
            for member in tar:
                content = tar.extractfile(member) if _MEMBER.fullmatch(member.name) else None
                if content is None:
                    raise _broken(source)
                if member.name == _MANIFEST:
                    text = content.read()
                else:
                    found[member.name] = _write(content, folder / member.name)  # type: ignore[arg-type]
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _broken(source) from error
    manifest = _read_manifest(source, text)
    if dict(manifest.hashes) != found:
        raise _broken(source)
    return manifest


def _write(content: BinaryIO, target: Path) -> str:
    target.parent.mkdir(exist_ok=True)
    hashed = hashlib.sha256()
    with target.open("xb") as output:
        os.fchmod(output.fileno(), 0o600)
        while chunk := content.read(_CHUNK):
            hashed.update(chunk)
            output.write(chunk)
        output.flush()
        os.fsync(output.fileno())
    return hashed.hexdigest()


def _read_manifest(source: Path, text: bytes) -> Manifest:
    try:
        values = json.loads(text)
        if values["format"] != _FORMAT:
            sentence = N_("%(path)s was made by a newer deskterm; restore it with that one.")
            raise Problem("backup.newer", sentence, kind="usage", path=str(source))
        lists = {name: tuple(values[name]) for name in ("missing", "damaged")}
        return Manifest(**{**values, **lists})
    except (ValueError, KeyError, TypeError) as error:
        raise _broken(source) from error


def _broken(source: Path) -> Problem:
    sentence = N_("%(path)s is no whole backup of a desk; nothing was restored: take another one.")
    return Problem("backup.broken", sentence, kind="usage", path=str(source))
