"""Importing: tickets of another desk, from its export and a mapping file. No rule and no mail fires."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from deskterm.desk import Desk
from deskterm.desk.importing.chunks import Loader
from deskterm.desk.importing.mapfile import load
from deskterm.desk.importing.mapping import ImportMapping
from deskterm.desk.importing.reading import Progress, read_export
from deskterm.desk.importing.rejects import Rejects
from deskterm.desk.importing.sources import unreadable
from deskterm.rules.frozen import frozen
from deskterm.store import marks
from deskterm.store.marks import Mark

__all__ = ["ImportReport", "Progress", "import_file"]


@frozen
class ImportReport:
    """What an import came to: what it made, rows it could not take, tickets that were there (`skipped`).

    `resumed` tells that an earlier run of the same import was interrupted, `rejects_path` where the rejected
    rows are (None without one).
    """

    tickets: int = 0
    events: int = 0
    contacts: int = 0
    agents: int = 0
    groups: int = 0
    rejected: int = 0
    skipped: int = 0
    resumed: bool = False
    rejects_path: Path | None = None


def import_file(
    desk: Desk,
    path: Path,
    mapping_path: Path,
    *,
    rejects: Path | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Bring the export at `path` into `desk` as the mapping says; twice or after a kill it ends the same.

    Rows that cannot be taken go to `rejects` (`PATH.rejects.jsonl`) and the others go on. A dry run writes
    that file only. `progress` is told stage, done and total. Raises Problem.
    """
    mapping = load(mapping_path)
    name = _name(path, mapping)
    with desk.store.read() as connection:
        mark = Mark() if dry_run else marks.find(connection, name)
    if mark.done:
        return ImportReport(rejected=mark.counts.get("rejected", 0), skipped=mark.position)
    told = progress or (lambda _stage, _done, _total: None)
    bad = Rejects(rejects or path.with_name(f"{path.name}.rejects.jsonl"))
    with bad, read_export(path, mapping, bad, told) as export:
        bad.close()
        after = Loader(desk, mapping, export, name, dry_run=dry_run).load(mark, told)
    return _report(mark, after, bad)


def _report(before: Mark, after: Mark, rejects: Rejects) -> ImportReport:
    made: Mapping[str, int] = {
        noun: after.counts.get(noun, 0) - before.counts.get(noun, 0)
        for noun in ("tickets", "events", "contacts", "agents", "groups", "skipped")
    }
    return ImportReport(
        **{**made, "skipped": made["skipped"] + before.position},
        rejected=rejects.count,
        resumed=before.position > 0,
        rejects_path=rejects.path if rejects.count else None,
    )


def _name(path: Path, mapping: ImportMapping) -> str:
    """The same for the same content and mapping, whatever the file is called."""
    try:
        if not path.is_file() and path.exists():
            raise OSError(0, "it is no file, save it as one first")  # it is read twice
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(str(path), error) from error
    return hashlib.sha256(f"{digest} {mapping.digest}".encode()).hexdigest()
