"""A Postgres server of one test's own, which it may stop, start again and lock."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.pg_server import FAST, HOST, account, free_port, initialise, programs, ready

__all__ = ["OwnServer", "own_server"]


class OwnServer:
    """A server that keeps its port for all its lives; "desk" is its database, ann's password is tiger."""

    def __init__(self, folder: Path) -> None:
        self._place = programs(folder)
        self._data = folder / "cluster" / "data"
        self._data.parent.mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        initialise(self._place, self._data)
        self.port = free_port()
        hba = self._data / "pg_hba.conf"
        rules = f"host all ann {HOST}/32 scram-sha-256\nhost all eve {HOST}/32 reject\n{hba.read_text()}"
        hba.write_text(rules)
        self.start()
        self.does("CREATE ROLE ann LOGIN PASSWORD 'tiger'", "CREATE ROLE eve LOGIN", "CREATE DATABASE desk")

    def url(self, user: str = "postgres", database: str = "desk") -> str:
        """The URL of a database for a user, who may bring his password."""
        return f"postgresql://{user}@{HOST}:{self.port}/{database}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = [f"--{name}={value}" for name, value in (FAST | {"port": str(self.port)}).items()]
        with (self._data.parent / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._place / "postgres", "-D", self._data, *settings],
                **account(),
                cwd=self._data.parent,
                stdout=log,
                stderr=log,
            )
        assert ready(self._process, self._data), (self._data.parent / "log").read_text()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop as an administrator does: everybody is hung up on; with SIGQUIT as a crash does."""
        assert self._process
        self._process.send_signal(how)
        self._process.wait()

    def does(self, *statements: str) -> None:
        """Execute as the superuser."""
        with psycopg.connect(self.url(database="postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Such a server, gone at the end. Raises NoServer."""
    folder = Path(tempfile.mkdtemp(prefix="deskterm-server-"))
    folder.chmod(0o711)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        server = OwnServer(folder)
        stack.callback(server.stop)
        yield server
