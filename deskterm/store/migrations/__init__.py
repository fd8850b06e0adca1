"""Migrations: how the schema of a desk came to be, one frozen file for each revision."""

from pathlib import Path
from typing import Final

from deskterm.rules.frozen import frozen

__all__ = ["SHIPPED", "VERSION_TABLE", "Migrations"]

VERSION_TABLE: Final = "schema_revision"


@frozen
class Migrations:
    """A folder with `versions/*.py`, and the last of their revisions."""

    folder: Path
    head: str


SHIPPED: Final = Migrations(Path(__file__).parent, "0004")
