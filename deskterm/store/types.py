"""Column types that mean the same on SQLite and Postgres."""

from typing import Any

from sqlalchemy import BigInteger, Integer
from sqlalchemy.ext.declarative import DeferredReflection
from sqlmodel import Field, SQLModel

from deskterm.store.rawtext import RawText

__all__ = ["Row", "instant", "key", "number", "text"]

# SQLite counts rows up by itself only for a column declared INTEGER
_KEY = BigInteger().with_variant(Integer(), "sqlite")


class Row(DeferredReflection, SQLModel):
    """The base of all tables, which queries name in Core: no row is ever an object of these classes.

    So no mapper is made of them (what DeferredReflection puts off) and, because values are validated where an
    Action is built, no validator (defer_build): that is half of the time that defining them would take.
    """

    model_config = {"defer_build": True}


def key() -> Any:
    """A primary key that the database counts up."""
    return Field(default=None, primary_key=True, sa_type=_KEY)


def text(default: str = "", **more: Any) -> Any:
    """Any Python string, kept to the letter (NUL and lone surrogates too)."""
    return Field(default=default, sa_type=RawText, **more)


def instant(default: int | None = None, *, nullable: bool = True) -> Any:
    """Epoch seconds UTC as BIGINT."""
    return Field(default=default, sa_type=BigInteger, nullable=nullable)


def number(default: int | None = None, **more: Any) -> Any:
    """A reference or a count as BIGINT."""
    return Field(default=default, sa_type=_KEY, **more)
