"""Progress: how far the open tickets have been brought under the rules in force."""

import json
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, select, text

from deskterm.store.tables import settings

__all__ = ["Progress", "find", "forget", "keep"]

_NAME: Final = "brought"
_FOUND: Final = select(settings.c.value).where(settings.c.name == _NAME)
_KEPT: Final = text(  # two who keep it for the first time may come at once
    "INSERT INTO settings (name, value) VALUES (:name, :told)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


class Progress(NamedTuple):
    """Every ticket is under revision `rev`; at the instant `at` those up to number `upto` were under `doing`.

    -1 is the revision of tickets of which nobody knows.
    """

    rev: int = -1
    doing: int = 0
    upto: int = 0
    at: int = 0


def find(connection: Connection) -> Progress:
    """How far it is."""
    told = connection.execute(_FOUND).scalar_one_or_none()
    return Progress(*json.loads(told)) if told else Progress()


def keep(connection: Connection, progress: Progress) -> None:
    """Let `progress` be found from now on."""
    connection.execute(_KEPT, {"name": _NAME, "told": json.dumps(progress)})


def forget(connection: Connection) -> None:
    """Tickets came in without a decision: the next look of a timer brings all of them under the rules."""
    connection.execute(delete(settings).where(settings.c.name == _NAME))
