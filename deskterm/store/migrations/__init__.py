"""Migrations: how the schema of a desk came to be, one frozen file for each revision."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["SHIPPED", "VERSION_TABLE", "Migrations"]

VERSION_TABLE: Final = "schema_revision"


@dataclass(frozen=True, slots=True)
class Migrations:
    """A folder with `versions/*.py`, and the last of their revisions."""

    folder: Path
    head: str


SHIPPED: Final = Migrations(Path(__file__).parent, "0002")
