"""Races: two writers met at a unique index or a lock, and one of them has to look again."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError

__all__ = ["Race", "racing"]

_SERIALIZATION = ("40001", "40P01")  # Postgres: serialization failure, deadlock


class Race(Exception):
    """Somebody else wrote first; load the facts again and decide anew."""


@contextmanager
def racing() -> Iterator[None]:
    """Turn what the database says when two writers met into Race."""
    try:
        yield
    except IntegrityError as error:
        raise Race(str(error.orig)) from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") in _SERIALIZATION:
            raise Race(str(error.orig)) from error
        raise
