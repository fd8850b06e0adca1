"""Receipts of actions that came with a key."""

from hashlib import sha256

from sqlalchemy import Connection, insert, select

from deskterm.store.tables import receipts

__all__ = ["find", "keep"]

_LONGEST = 300  # characters


def find(connection: Connection, key: str) -> str | None:
    """The receipt (JSON) that was given for `key`."""
    query = select(receipts.c.receipt).where(receipts.c.key == _kept(key))
    return connection.execute(query).scalar_one_or_none()


def keep(connection: Connection, key: str, receipt: str, now: int) -> None:
    """Remember the receipt; a second one for the same key is refused by the database."""
    connection.execute(insert(receipts).values(key=_kept(key), at=now, receipt=receipt))


def _kept(key: str) -> str:
    """`key`, or its hash when it is longer than an index of any database takes."""
    if len(key) <= _LONGEST:
        return key
    return f"sha256:{sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"
