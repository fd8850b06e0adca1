"""Big desks: any number of tickets, made in seconds by the database itself from a few real ones."""

import os
import sqlite3
import tempfile
from pathlib import Path
from zlib import crc32

from benchmarks.prose import texts
from deskterm.clock import SystemClock
from deskterm.desk import Desk
from deskterm.desk.founding import found
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.store.engine import open_store
from deskterm.store.migrations import SHIPPED
from deskterm.store.schema import ensure
from deskterm.store.tables.indexes import complete_metadata
from deskterm.store.tables.tickets import NEVER_DUE

__all__ = ["FOLDER", "OPEN_SHARE", "big_desk", "open_url", "url_of"]

FOLDER = Path(
    os.environ.get("DESKTERM_BENCH_FOLDER") or Path(tempfile.gettempdir()) / f"deskterm-bench-{os.getuid()}"
)
OPEN_SHARE = 20  # every twentieth ticket is open
LOGIN = "bench"


def url_of(size: int) -> str:
    """Where the desk with `size` tickets lies, of the schema and the texts of today."""
    return f"sqlite:///{FOLDER / f'desk-{size}-{_fingerprint():08x}.db'}"


def _fingerprint() -> int:
    sources = (*sorted((SHIPPED.folder / "versions").glob("*.py")), *Path(__file__).parent.glob("prose.py"))
    return crc32(b"".join(source.read_bytes() for source in sources))


def open_url(url: str) -> tuple[Desk, Actor]:
    """The desk at `url` and somebody who works at it."""
    store = open_store(url, folders=True)
    ensure(store)
    desk = Desk(store, SystemClock())
    found(desk, LOGIN)
    return desk, desk.agent(LOGIN)


def big_desk(size: int) -> str:
    """The URL of a desk with `size` tickets, five events each; made once and kept in FOLDER."""
    path = Path(url_of(size).removeprefix("sqlite:///"))
    if not path.exists():
        for stale in FOLDER.glob(f"desk-{size}-*"):
            stale.unlink()
        draft = FOLDER / f"draft-{size}.db"
        for each in FOLDER.glob(f"draft-{size}.db*"):
            each.unlink()
        desk, agent = open_url(f"sqlite:///{draft}")
        _people(desk, agent)
        desk.close()
        _multiply(draft, size)
        draft.rename(path)
    return url_of(size)


def _people(desk: Desk, agent: Actor) -> None:
    for number in range(1, 9):
        desk.perform(a.AddGroup(f"group{number}"), agent)
        desk.perform(a.AddQueue(f"queue{number}", group=f"group{number}"), agent)
        desk.perform(a.AddAgent(f"agent{number}", groups=(f"group{number}",)), agent)
    for number in range(1, 31):
        desk.perform(
            a.OpenTicket(f"VPN 打印机 {number}", "body " * 40, requester=f"u{number}@x.example"), agent
        )


_OPEN = f"n.value % {OPEN_SHARE} = 0"
_GROUP = f"2 + n.value / {OPEN_SHARE} % 8"
_DUE = "t.created_at + (n.value * 7919) % 2592000"
_SUBJECT = "(SELECT words.subject_n FROM ticket_texts words WHERE words.ticket_id = n.value + 30)"
_OTHER = {  # columns in which a copy differs from its original
    "id": "n.value + 30",
    "subject": f"trim({_SUBJECT})",
    "subject_n": _SUBJECT,
    "status": f"CASE WHEN {_OPEN} THEN 'open' ELSE 'closed' END",
    "is_open": _OPEN,
    "priority": f"'P' || (1 + n.value / {OPEN_SHARE} % 4)",
    "priority_rank": f"3 - n.value / {OPEN_SHARE} % 4",
    "queue_id": _GROUP,
    "group_id": _GROUP,
    "assignee_id": f"CASE WHEN n.value / {OPEN_SHARE} % 3 THEN {_GROUP} END",
    "created_at": "t.created_at - n.value * 30 % 63072000",
    "updated_at": "t.created_at - n.value * 17 % 63072000",
    "next_due_at": f"CASE WHEN {_OPEN} THEN {_DUE} END",
    "due_sort": f"CASE WHEN {_OPEN} THEN {_DUE} ELSE {NEVER_DUE} END",
}
_EVENTS = """
INSERT INTO events (ticket_id, about, version, at, kind, actor_kind, actor_id, data, because)
SELECT t.id, '', e.version, t.created_at + k.value, e.kind, e.actor_kind, e.actor_id, e.data, e.because
FROM tickets t JOIN events e ON e.ticket_id = 1 AND e.kind = 'created'
JOIN (SELECT 0 AS value UNION SELECT 60 UNION SELECT 120 UNION SELECT 180 UNION SELECT 240) k
WHERE t.id > 30 ORDER BY t.id
"""


def _multiply(path: Path, size: int) -> None:
    """Copies of the first thirty tickets; indexes are made afterwards, as any loader does."""
    database = sqlite3.connect(path)
    database.executescript("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-400000;")
    known = "SELECT name FROM sqlite_master WHERE type='index' AND sql IS NOT NULL"
    for (name,) in database.execute(known).fetchall():
        database.execute(f'DROP INDEX "{name}"')
    rows = ((number, *words) for number, words in enumerate(texts(size - 30), 31))
    database.executemany("INSERT INTO ticket_texts VALUES (?, ?, ?, ?)", rows)
    database.execute(_tickets(database, size))
    database.execute(_EVENTS)
    database.commit()
    database.close()
    _index(path)


def _tickets(database: sqlite3.Connection, size: int) -> str:
    columns = [row[1] for row in database.execute("PRAGMA table_info(tickets)")]
    chosen = ", ".join(_OTHER.get(name, f't."{name}"') for name in columns)
    quoted = ", ".join(f'"{name}"' for name in columns)
    counter = f"n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < {size - 30})"
    copies = f"SELECT {chosen} FROM n JOIN tickets t ON t.id = 1 + n.value % 30"
    return f"INSERT INTO tickets ({quoted}) WITH RECURSIVE {counter} {copies}"


def _index(path: Path) -> None:
    store = open_store(f"sqlite:///{path}")
    with store.transaction() as connection:
        for table in complete_metadata().sorted_tables:
            for index in table.indexes:
                index.create(connection, checkfirst=True)
        connection.exec_driver_sql("ANALYZE")
    store.close()
