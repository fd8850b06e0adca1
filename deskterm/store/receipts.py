"""Receipts of actions that came with a key."""

from sqlalchemy import Connection, insert, select

from deskterm.store.tables import receipts

__all__ = ["find", "keep"]


def find(connection: Connection, key: str) -> str | None:
    """The receipt (JSON) that was given for `key`."""
    return connection.execute(select(receipts.c.receipt).where(receipts.c.key == key)).scalar_one_or_none()


def keep(connection: Connection, key: str, receipt: str, now: int) -> None:
    """Remember the receipt; a second one for the same key is refused by the database."""
    connection.execute(insert(receipts).values(key=key, at=now, receipt=receipt))
