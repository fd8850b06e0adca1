"""Dumps: pg_dump and pg_restore, which know Postgres best and are run as they are installed here."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import URL

from deskterm.rules.problems import N_, Problem
from deskterm.store.faults import first_line
from deskterm.store.migrations import VERSION_TABLE
from deskterm.store.tables.indexes import complete_metadata

__all__ = ["read", "write"]

_PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")


def write(url: URL, target: Path, snapshot: str, version: int) -> None:
    """Dump the desk's tables as the exported `snapshot` sees them. Raises Problem."""
    tables = [f"--table={name}" for name in (*complete_metadata().tables, VERSION_TABLE)]
    options = [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={snapshot}",
        f"--file={target}",
    ]
    _run("pg_dump", [*options, *tables], url, version)


def read(url: URL, source: Path, *, replace: bool, version: int) -> None:
    """Make the tables of a dump in the database at `url`, in one transaction. Raises Problem."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    if replace:
        options += ["--clean", "--if-exists"]
    _run("pg_restore", [*options, str(source)], url, version)


def _run(name: str, options: Sequence[str], url: URL, version: int) -> None:
    bare = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = dict(os.environ) | ({"PGPASSWORD": str(url.password)} if url.password else {})
    command = [_program(name, version), f"--dbname={bare}", *options]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        sentence = N_("%(program)s failed (%(detail)s); nothing was changed.")
        raise Problem("backup.failed", sentence, kind="store", program=name, detail=first_line(done.stderr))


def _program(name: str, version: int) -> str:
    """The installed program that is new enough for a server of `version`."""
    for path in _candidates(name):
        answer = subprocess.run([path, "--version"], capture_output=True, text=True)
        found = re.search(r"(\d+)[.\d]*", answer.stdout)
        if found and int(found[1]) >= version:
            return path
    sentence = N_(
        "%(program)s of Postgres %(version)d or newer is not installed here; "
        "install the client programs of Postgres, or use `deskterm export`."
    )
    raise Problem("backup.program", sentence, kind="store", program=name, version=version)


def _candidates(name: str) -> Iterator[str]:
    if found := shutil.which(name):
        yield found
    for pattern in _PLACES:
        yield from sorted(
            (str(path / name) for path in Path("/").glob(pattern) if (path / name).exists()), reverse=True
        )
