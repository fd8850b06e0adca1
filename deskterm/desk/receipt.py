"""Receipt: the acknowledgement of an action. Whoever holds one may rely on it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from deskterm.rules.frozen import frozen

__all__ = ["Receipt", "dump", "load"]


@frozen
class Receipt:
    """What was done at `at`: the ticket (or the record's id), its version, events and changes in words.

    `replayed` means that the same key was acknowledged before and nothing was done now; `dry_run` that
    nothing was written and ids of new things are None. `made` are tickets that were opened because of it,
    `fired` counts the keys of the ledger that it took.
    """

    at: int
    ticket: int | None = None
    id: int | None = None
    version: int = 0
    events: tuple[int, ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    made: tuple[int, ...] = ()
    fired: int = 0
    replayed: bool = False
    dry_run: bool = False


def dump(receipt: Receipt) -> str:
    """JSON in ASCII, for the receipts table."""
    return json.dumps(asdict(receipt), separators=(",", ":"))


def load(text: str) -> Receipt:
    """The receipt that `dump` wrote, marked as replayed."""
    values = json.loads(text)
    for name in ("events", "changes", "warnings", "made"):
        values[name] = tuple(values[name])
    return Receipt(**{**values, "replayed": True})
