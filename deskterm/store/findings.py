"""Findings: what an examination of a desk says, one sentence and one cure each."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from deskterm.rules.frozen import frozen
from deskterm.rules.problems import N_, Problem
from deskterm.store.faults import first_line

__all__ = ["FAULT", "OK", "WARNING", "Finding", "fault", "guarded", "ok", "warning"]

OK: Final = "ok"
WARNING: Final = "warning"
FAULT: Final = "fault"

_CURES: Final[Mapping[str, str]] = {
    "store.corrupt": N_("Stop working with it and restore the last backup with --force."),
    "store.crowded": N_("Close some of the programs that use the server, or raise its max_connections."),
    "store.denied": N_("Ask the administrator of the server to let this user in."),
    "store.disk": N_("See that the path is right and the disk is well."),
    "store.driver": N_("pip install 'deskterm[postgres]'"),
    "store.foreign": N_("Name the right file or database with --db."),
    "store.full": N_("Free some space on that disk."),
    "store.locked": N_("End the program that holds it, or wait for it, and ask again."),
    "store.missing": N_("Correct --db, or make what is missing."),
    "store.network": N_("Move the desk to a disk of this machine, or the team to Postgres."),
    "store.newer": N_("Install the newer deskterm: pip install --upgrade deskterm"),
    "store.password": N_("Set PGPASSWORD or write the password into ~/.pgpass (mode 0600)."),
    "store.readonly": N_(
        "Let the group write: chmod g+rw the file, chmod g+rwxs its folder; be in that group."
    ),
    "store.unreachable": N_("Start the server, or correct its address in --db."),
    "store.user": N_("Correct the user in --db, or let the administrator make the role."),
}
_ASK: Final = N_("Note the sentence and ask whoever runs this machine.")


@frozen
class Finding:
    """What one check found: `level` is ok, warning or fault; `cure` is what to do, "" when all is well."""

    name: str
    level: str
    template: str
    cure: str
    values: Mapping[str, object]

    def message(self, translate: Callable[[str], str] = str) -> str:
        """The sentence, through `translate` (template in, template out)."""
        return translate(self.template) % self.values

    def advice(self, translate: Callable[[str], str] = str) -> str:
        """The cure, in the same way."""
        return translate(self.cure) % self.values if self.cure else ""


def ok(name: str, template: str, **values: object) -> Finding:
    """All is well."""
    return Finding(name, OK, template, "", values)


def warning(name: str, template: str, cure: str, **values: object) -> Finding:
    """It works, but not for ever or not for everybody."""
    return Finding(name, WARNING, template, cure, values)


def fault(name: str, template: str, cure: str, **values: object) -> Finding:
    """Something does not work."""
    return Finding(name, FAULT, template, cure, values)


def guarded(name: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What `check` finds; what it stumbles over is a finding too."""
    try:
        yield from check()
    except Problem as problem:
        cure = _CURES.get(problem.code, _ASK)
        yield Finding(name, FAULT, problem.template, cure, problem.values)
    except (SQLAlchemyError, sqlite3.Error, OSError, ValueError, TypeError) as error:
        sentence = N_("This could not be examined: %(detail)s.")
        yield fault(name, sentence, _ASK, detail=first_line(str(error)))
