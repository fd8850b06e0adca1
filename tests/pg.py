"""Databases on a real Postgres: one server and one template for the whole run, a fresh copy for every test.

The server is the one that DESKTERM_TEST_PG_URL names (its role must be allowed to create databases), else one
of our own (tests/pg_server.py). The workers of a run share both through the run's folder.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.pg_server import NoServer

SERVER = Path(__file__).with_name("pg_server.py")


class Run:
    """One run of the tests, from the process that lasts longest; its folder is where the workers meet."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="deskterm-tests-"))
        self.folder.chmod(0o711)  # the server's account must reach its data
        self._alive = (self.folder / "alive").open("w")
        fcntl.flock(self._alive, fcntl.LOCK_EX)

    def end(self) -> None:
        """Leave nothing behind: no template on a server of others, no server of our own, no folder."""
        with (self.folder / "keeper").open("a") as keeper:
            if (template := self.folder / "template").exists() and "DESKTERM_TEST_PG_URL" in os.environ:
                server = Server(os.environ["DESKTERM_TEST_PG_URL"])
                server.leave(template.read_text())
                server.close()
            self._alive.close()
            fcntl.flock(keeper, fcntl.LOCK_EX)
        shutil.rmtree(self.folder, ignore_errors=True)


class Server:
    """A server that makes databases; `url` names one that exists and a role that may create others."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = psycopg.connect(url, autocommit=True)
        self._copy = "STRATEGY FILE_COPY" if self._connection.info.server_version >= 150000 else ""
        self._left: list[str] = []

    def close(self) -> None:
        """Remove what was left and hang up."""
        self._sweep()
        self._connection.close()

    def url_of(self, name: str) -> str:
        """The URL of the database `name`."""
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def create(self, name: str, template: str = "template1") -> str:
        """Make the database `name` as a copy of `template`; its URL. About 10 ms in memory, 50 on a disk."""
        self._sweep()
        self._say("CREATE DATABASE {} TEMPLATE {} " + self._copy, name, template)
        return self.url_of(name)

    def drop(self, name: str) -> None:
        """Remove the database `name` even while somebody is connected to it."""
        self._say("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def leave(self, name: str) -> None:
        """Have `name` removed later: Postgres waits 100 ms for a connection that is closing just now."""
        self._left.append(name)

    def seal(self, name: str) -> None:
        """Let nobody connect to `name` any more, since a template with a visitor cannot be copied."""
        self._say("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)

    def _sweep(self) -> None:
        while self._left:
            self.drop(self._left.pop())

    def _say(self, words: str, *names: str) -> None:
        self._connection.execute(sql.SQL(words).format(*map(sql.Identifier, names)))


def server_url(folder: Path) -> str:
    """The URL of the run's server, started by whoever asks first; raises NoServer with the reason."""
    if given := os.environ.get("DESKTERM_TEST_PG_URL"):
        return given
    answer = _once(folder / "server", lambda: _start(folder))
    if answer.startswith("no: "):
        raise NoServer(answer.removeprefix("no: "))
    return answer


def template(folder: Path, server: Server, fill: Callable[[str], None]) -> str:
    """The name of the run's template, made and filled (`fill` gets its URL) by whoever asks first."""

    def make() -> str:
        name = folder.name.replace("-", "_") + "_template"
        fill(server.create(name))
        server.seal(name)
        return name

    return _once(folder / "template", make)


def _start(folder: Path) -> str:
    log = folder / "server.log"
    with log.open("w") as errors:
        command: list[str | Path] = [sys.executable, SERVER, folder]
        started = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    return started.stdout.strip() or f"no: the keeper of the server failed: {log.read_text()[-500:]}"


def _once(answer: Path, ask: Callable[[], str]) -> str:
    with _locked(answer.with_suffix(".lock")):
        if not answer.exists():
            answer.write_text(ask())
        return answer.read_text()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
