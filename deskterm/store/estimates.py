"""Estimates: how many rows Postgres expects of a statement, from the statistics that it keeps."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.base import Executable

__all__ = ["estimate"]


class _Explained(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement


@compiles(_Explained)
def _explained(element: _Explained, compiler: Any, **how: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **how)}"


def estimate(connection: Connection, statement: ClauseElement) -> int:
    """The rows that the server expects; nothing is read."""
    plan = connection.execute(_Explained(statement)).scalar_one()
    return int(plan[0]["Plan"]["Plan Rows"])
