"""Serving: a Postgres that keeps its promises, on a disk, for as long as a benchmark lasts."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests import pg_server

__all__ = ["fresh", "served"]

_SETTINGS = {  # as it comes, but for what a server of its own needs: commits wait for the disk
    "listen_addresses": pg_server.HOST,
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "jit": "off",
}


@contextmanager
def served() -> Iterator[str]:
    """The URL of a server: the one that DESKTERM_BENCH_PG_URL names, else one of our own. Raises NoServer."""
    if given := os.environ.get("DESKTERM_BENCH_PG_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="deskterm-bench-pg-"))
    folder.chmod(0o711)
    data = folder / "data" / "cluster"
    data.parent.mkdir()
    try:
        place = pg_server.programs(folder)
        pg_server.initialise(place, data)
        server, port = _start(place, data)
        try:
            pg_server.create_role(place, port)
            yield f"postgresql://{pg_server.ROLE}@{pg_server.HOST}:{port}/postgres"
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh(url: str, name: str) -> str:
    """The URL of the database `name` on that server, empty."""
    with psycopg.connect(url, autocommit=True) as connection:
        for words in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"):
            connection.execute(sql.SQL(words).format(sql.Identifier(name)))
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _start(place: Path, data: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = pg_server.free_port()
    settings = [f"--{name}={value}" for name, value in (_SETTINGS | {"port": str(port)}).items()]
    with (data.parent / "log").open("wb") as log:
        server = subprocess.Popen(
            [place / "postgres", "-D", data, *settings],
            **pg_server.account(),
            cwd=data.parent,
            stderr=log,
            stdout=log,
        )
    if not pg_server.ready(server, data):
        server.kill()
        raise pg_server.NoServer(f"the server in {place} did not start")
    return server, port
