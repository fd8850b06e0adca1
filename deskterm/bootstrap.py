"""Bootstrap: the only place that picks the concrete parts of a desk, each imported when it is needed."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from deskterm.config import Settings, default_database, with_database, zone

if TYPE_CHECKING:
    from deskterm.clock import Clock
    from deskterm.desk import Desk
    from deskterm.rules.calendar import PublicHolidays
    from deskterm.rules.facts import Actor
    from deskterm.store.backup import BackupReport
    from deskterm.store.findings import Finding

__all__ = [
    "back_up",
    "bring_back",
    "clock_of",
    "examine",
    "machine_zone",
    "make_desk",
    "open_desk",
    "os_user",
    "regional_holidays",
]


def os_user() -> str:
    """The login of the user this process runs as: what the system says, never what the environment claims."""
    import pwd

    number = os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container's user without a name
        return f"uid{number}"


def machine_zone() -> str:
    """The IANA name of this machine's time zone, UTC when it tells none."""
    named = os.environ.get("TZ", "").removeprefix(":")
    _folder, found, name = os.path.realpath("/etc/localtime").partition("/zoneinfo/")
    return named or (name if found else "UTC")


def clock_of(settings: Settings) -> "Clock":
    """The clock that `settings` ask for, else this computer's: for what needs no desk. Raises Problem."""
    from deskterm.clock import clock_for

    return clock_for(settings.now, zone(settings.timezone))


def open_desk(settings: Settings, *, login: str = "") -> "Desk":
    """The desk of `settings`; an empty place becomes a desk whose admin is `login`. Raises Problem."""
    return make_desk(settings, login=login)[0]


def make_desk(
    settings: Settings, *, login: str = "", folders: bool = False, make: bool = True
) -> "tuple[Desk, bool]":
    """The desk of `settings`, and whether it was founded just now by `login` (default: the OS user).

    Without `make` an empty place is refused, so that a mistyped name makes no desk.

    A folder is made only where nobody can have mistyped it: for the default place, or when `folders` says so.
    """
    from deskterm.desk import Desk
    from deskterm.desk.founding import found
    from deskterm.i18n import say
    from deskterm.store.engine import file_of, open_store
    from deskterm.store.schema import ensure, missing

    path = None if make else file_of(settings.database)
    if path is not None and not _is_there(path):
        raise missing(str(path))
    clock = clock_of(settings)
    store = open_store(settings.database, folders=folders or settings.database == default_database())
    ensure(store, make=make)
    desk = Desk(
        store,
        clock if clock.frozen else store.clock,
        zone=settings.timezone,
        home=machine_zone(),
        say=say,
        worker=f"{os.uname().nodename}:{os.getpid()}",
    )
    return desk, found(desk, login or os_user())


def _is_there(path: Path) -> bool:
    """Whether there is something at `path`; what cannot be told is left to whoever opens it."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def open_demo(settings: Settings, database: str, making: Callable[[], None]) -> "tuple[Desk, Actor]":
    """The demo desk and who works at it: today's, apart from all other desks, or one in `database`.

    `making` is called before it is made, for that takes some seconds.
    """
    from deskterm.rules.facts import Actor

    if database:
        desk, fresh = make_desk(with_database(settings, database))
        if fresh:
            making()
            _fill(desk)
    else:
        folder = _demo_folder(settings, making)
        desk = open_desk(with_database(settings, str(folder / "desk.db")))
    book = desk.book()
    wanted = book.agents.get(book.logins.get(settings.actor, 0))
    leads = (each for each in book.agents.values() if each.role == "lead")
    return desk, Actor("agent", (wanted or next(leads)).id)


def _fill(desk: "Desk") -> None:
    from deskterm.demo import demo
    from deskterm.demo.arrivals import arrivals
    from deskterm.desk.enacting import enact
    from deskterm.desk.loading import load_past

    now = desk.clock.now()
    load_past(desk, demo(now))
    enact(desk.store, arrivals(now), now)


def _demo_folder(settings: Settings, making: Callable[[], None]) -> Path:
    """The folder of today's demo desk, there as a whole or not at all; those of other days are gone."""
    import shutil
    import tempfile

    from platformdirs import user_cache_path

    parent = user_cache_path("deskterm", appauthor=False)
    folder = parent / f"demo-{clock_of(settings).now() // 86400}"
    if folder.is_dir():
        return folder
    making()
    parent.mkdir(parents=True, exist_ok=True)
    for old in parent.glob("demo-*"):
        shutil.rmtree(old, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix="demo-", dir=parent))
    desk = open_desk(with_database(settings, str(made / "desk.db")))
    _fill(desk)
    desk.close()
    try:
        made.rename(folder)
    except OSError:  # somebody else was faster
        shutil.rmtree(made)
    return folder


def examine(settings: Settings) -> "tuple[Finding, ...]":
    """What is right and wrong with the desk of `settings`; nothing is changed."""
    from deskterm.store.health import examine as look

    clock = clock_of(settings)
    return look(settings.database, now=clock.now(), frozen=clock.frozen)


def back_up(desk: "Desk", target: Path, *, force: bool = False) -> "BackupReport":
    """Write the whole desk as it is now to the file `target`. Raises Problem."""
    from deskterm.store.backup import backup

    return backup(desk.store, target, at=desk.clock.now(), force=force)


def bring_back(source: Path, settings: Settings, *, force: bool = False) -> "BackupReport":
    """Bring the backup `source` back to the place that `settings` name. Raises Problem."""
    from deskterm.store.restore import restore

    return restore(source, settings.database, force=force)


def regional_holidays(text: str, now: int) -> "PublicHolidays | None":
    """What is known at `now` of the regions that the rule file `text` names; None where it names none."""
    from datetime import UTC, datetime

    from deskterm.rules.rulefile import regions

    codes = regions(text)
    if not codes:
        return None
    from deskterm.public_holidays import public_holidays

    return public_holidays(codes, datetime.fromtimestamp(now, UTC).year)
