"""Health: what `doctor` asks a desk. Every fault has a name, a sentence and a cure; none ends the asking."""

from collections.abc import Iterator
from contextlib import closing
from typing import Final

from sqlalchemy import func, select

from deskterm.rules.problems import N_
from deskterm.store.engine import Store, file_of, open_store
from deskterm.store.filehealth import examine_file
from deskterm.store.files import files_of
from deskterm.store.findings import FAULT, OK, WARNING, Finding, fault, guarded, ok, warning
from deskterm.store.migrations import SHIPPED
from deskterm.store.schema import newer, revision_of
from deskterm.store.serverhealth import examine_server
from deskterm.store.sqlite import SqliteFile
from deskterm.store.tables import attachments, outbox
from deskterm.store.textindex import unindexed

__all__ = ["FAULT", "OK", "WARNING", "Finding", "examine"]

_LATE: Final = 3600
"""Seconds after which a notice that has not left is late."""


def examine(url: str, *, now: int = 0, frozen: bool = False) -> tuple[Finding, ...]:
    """Everything that is to be said about the desk at `url`; changes nothing and raises nothing.

    `now` (epoch seconds) tells how late notices are, 0 leaves that out; `frozen`: the clock stands still.
    """
    return (*guarded("address", lambda: _examine(url, now)), *_clock(frozen))


def _examine(url: str, now: int) -> Iterator[Finding]:
    path = file_of(url)
    if path is None:
        with closing(open_store(url)) as store:
            found = list(guarded("server", lambda: examine_server(store)))
            yield from found
            if all(finding.level != FAULT for finding in found):
                yield from _examine_desk(store, now)
        return
    found = list(examine_file(path))
    yield from found
    if any(finding.name == "log" and finding.level != FAULT for finding in found):
        with closing(Store(SqliteFile(path))) as store:
            yield from _examine_desk(store, now)


def _examine_desk(store: Store, now: int) -> Iterator[Finding]:
    """What is asked on every database; without the right schema there is nothing more to ask."""
    found = list(guarded("schema", lambda: _schema(store)))
    yield from found
    if all(finding.level == OK for finding in found):
        yield from guarded("words", lambda: _words(store))
        yield from guarded("files", lambda: _files(store))
        yield from guarded("outbox", lambda: _outbox(store, now))


def _schema(store: Store) -> Iterator[Finding]:
    with store.read() as connection:
        revision = revision_of(connection)
    if revision == SHIPPED.head:
        yield ok("schema", N_("The schema is %(revision)s, as this deskterm wants it."), revision=revision)
    elif revision is None:
        sentence = N_("%(place)s holds no desk yet.")
        cure = N_("Start deskterm once, or correct --db if a desk should be here.")
        yield warning("schema", sentence, cure, place=store.place)
    elif revision < SHIPPED.head:
        sentence = N_("The schema is %(revision)s, older than %(known)s.")
        cure = N_("Make a backup and start deskterm: it upgrades the desk.")
        yield warning("schema", sentence, cure, revision=revision, known=SHIPPED.head)
    else:
        raise newer(store.place, revision)


def _words(store: Store) -> Iterator[Finding]:
    with store.read() as connection:
        unknown = unindexed(connection)
    if unknown:
        sentence = N_("The search for words misses %(count)d tickets.")
        cure = N_("Export the desk and import it into an empty place: that indexes every word anew.")
        yield fault("words", sentence, cure, count=unknown)
    else:
        yield ok("words", N_("The search for words knows every ticket."))


def _files(store: Store) -> Iterator[Finding]:
    with store.read() as connection:
        named = set(connection.execute(select(attachments.c.digest).distinct()).scalars())
    kept = set(files_of(store).digests())
    missing, spare = sorted(named - kept), kept - named
    if missing:
        sentence = N_("%(count)d contents of attachments are missing, the first is %(digest)s.")
        cure = N_("Restore the last backup that has them; `deskterm restore` adds what is missing.")
        yield fault("files", sentence, cure, count=len(missing), digest=missing[0])
    if spare:
        sentence = N_("%(count)d contents belong to no ticket: replies that were never sent.")
        cure = N_("Nothing: they cost space alone.")
        yield warning("files", sentence, cure, count=len(spare))
    if not missing and not spare:
        yield ok("files", N_("All %(count)d contents of attachments are there."), count=len(kept))


def _outbox(store: Store, now: int) -> Iterator[Finding]:
    query = select(func.count(), func.min(outbox.c.created_at)).where(outbox.c.delivered_at.is_(None))
    with store.read() as connection:
        waiting, oldest = connection.execute(query).one()
    if waiting and now and now - oldest > _LATE:
        sentence = N_("%(count)d notices have not left, the oldest has waited for %(hours)d hours.")
        cure = N_("See that a deskterm is running that may deliver them, and what its last errors say.")
        yield warning("outbox", sentence, cure, count=waiting, hours=(now - oldest) // 3600)
    else:
        yield ok("outbox", N_("No notice is late; %(count)d wait."), count=waiting)


def _clock(frozen: bool) -> Iterator[Finding]:
    if frozen:
        sentence = N_("The clock stands still: DESKTERM_NOW is set.")
        yield warning("clock", sentence, N_("Unset DESKTERM_NOW, unless this is a demonstration."))
    else:
        yield ok("clock", N_("The clock runs."))
