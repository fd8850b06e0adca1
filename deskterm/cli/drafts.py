"""Drafts and crash reports: files for one reader in the state folder, so that nothing typed is lost."""

import os
import tempfile
from pathlib import Path

__all__ = ["keep"]


def keep(content: bytes, folder: Path, prefix: str, suffix: str) -> Path:
    """A new file of mode 0600 in `folder` (0700, made when it is missing) with `content`. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return Path(name)
