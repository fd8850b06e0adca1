"""The contents of attachments, for desks whose hosts share a database and no disk."""

from sqlalchemy import LargeBinary
from sqlmodel import Field

from deskterm.store.types import Row, number, text


class BlobTable(Row, table=True):
    """A content under its SHA-256 in hexadecimal; stays empty where contents lie beside the desk's file."""

    __tablename__ = "blobs"

    digest: str = text(primary_key=True)
    size: int = number(0)
    content: bytes = Field(default=b"", sa_type=LargeBinary)
