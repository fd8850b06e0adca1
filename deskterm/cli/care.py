"""deskterm init, doctor, backup, restore: making a desk and keeping it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from deskterm import __version__, bootstrap
from deskterm.cli import records
from deskterm.cli.body import read_file
from deskterm.cli.command import Reading
from deskterm.cli.output import Column
from deskterm.cli.present import size
from deskterm.cli.session import Session
from deskterm.i18n import _, language
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.store.backup import BackupReport
    from deskterm.store.findings import Finding

__all__ = ["app"]

app = typer.Typer()

_FOUND: Final = (
    Column("level", N_("level")),
    Column("name", N_("name")),
    Column("message", N_("what is so")),
    Column("cure", N_("what to do")),
)
_SIGNS: Final = {"ok": ("✓", "v"), "warning": ("!", "!"), "fault": ("✗", "x")}
_SILENT: Final = ("store.missing", "store.corrupt", "store.foreign")

Force = Annotated[bool, typer.Option("--force", help=N_("Replace what is there."))]


@app.command("init", cls=Reading)
def init(ctx: typer.Context) -> None:
    """Make an empty desk, with you as its admin; one that exists stays as it is."""
    session: Session = ctx.obj
    desk, founded = bootstrap.make_desk(session.settings, login=session.surroundings.login, folders=True)
    desk.close()
    place, login = session.settings.shown_database, session.surroundings.login
    if session.output.speaks_json:
        session.output.document({"database": place, "founded": founded, "admin": login if founded else ""})
    elif founded:
        text = _(
            'A desk is ready at %(place)s, and you, %(login)s, are its admin. Try: deskterm new "VPN drops"'
        )
        session.output.line(text % {"place": place, "login": login})
    else:
        session.output.line(_("There is a desk at %s already; it stays as it is.") % place)


@app.command("doctor", cls=Reading)
def doctor(ctx: typer.Context) -> None:
    """Look for faults and name their cures; exits 1 when there is a fault."""
    session: Session = ctx.obj
    found = [_finding(each) for each in bootstrap.examine(session.settings)]
    if session.output.speaks_json:
        session.output.document({**_about(session), "findings": found})
    elif session.output.format in ("csv", "plain"):
        session.output.table(_FOUND, found)
    else:
        _say(session, found)
    session.code = 1 if any(each["level"] == "fault" for each in found) else 0


def _finding(found: "Finding") -> dict[str, str]:
    return {"name": found.name, "level": found.level, "message": found.message(_), "cure": found.advice(_)}


def _about(session: Session) -> dict[str, Any]:
    settings, clock = session.settings, session.clock
    return {
        "version": __version__,
        "database": settings.shown_database,
        "config_file": str(settings.config_file or ""),
        "state_folder": str(settings.state_folder),
        "language": language(),
        "timezone": settings.timezone or bootstrap.machine_zone(),
        **records.instant("now", clock.now()),
        "clock_frozen": clock.frozen,
    }


def _say(session: Session, found: list[dict[str, str]]) -> None:
    output, about = session.output, _about(session)
    output.line(f"deskterm {about['version']}, {about['database']}")
    output.line(f"{session.moment(about['now_at'])} {about['timezone']}")
    for each in found:
        sign = _SIGNS[each["level"]][session.output.ascii]
        output.line(f"{sign} {each['message']}")
        if each["cure"]:
            output.line(f"  {each['cure']}")


@app.command("backup", cls=Reading)
def backup(
    ctx: typer.Context,
    target: Annotated[str, typer.Argument(metavar="FILE", help=N_("The file to write."))],
    force: Force = False,
) -> None:
    """Write a copy of the desk while others work on it."""
    session: Session = ctx.obj
    session.need("backup")
    done = bootstrap.back_up(session.desk, Path(target), force=force)
    _report(
        session, done, N_("%(tickets)d tickets, %(events)d events, %(files)d files in %(path)s (%(size)s).")
    )


@app.command("restore", cls=Reading)
def restore(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE", help=N_("The backup."))],
    force: Force = False,
) -> None:
    """Bring a backup back into an empty place."""
    session: Session = ctx.obj
    if force and _can_be_asked(session):
        session.need("restore")
        session.desk.close()
    with _exports_explained(Path(source)):
        done = bootstrap.bring_back(Path(source), session.settings, force=force)
    _report(
        session, done, N_("%(tickets)d tickets, %(events)d events, %(files)d files are back from %(path)s.")
    )


def _can_be_asked(session: Session) -> bool:
    """Whether a desk is there that can say who may replace it; a damaged one cannot."""
    session.makes = False
    try:
        session.desk.book()
    except Problem as problem:
        if problem.code in _SILENT:
            return False
        raise
    return True


@contextmanager
def _exports_explained(source: Path) -> Iterator[None]:
    """Who brings an export instead of a backup is told which command takes it."""
    try:
        yield
    except Problem as problem:
        if problem.code != "backup.broken" or not read_file(str(source), 1).startswith(b"{"):
            raise
        template = N_('%(path)s is an export, not a backup: "deskterm import %(path)s" brings it in.')
        raise Problem("backup.export", template, kind="usage", path=str(source)) from None


def _report(session: Session, done: "BackupReport", sentence: str) -> None:
    record = {
        "file": str(done.path),
        "size": done.size,
        **records.instant("made", done.at),
        "revision": done.revision,
        "tickets": done.tickets,
        "events": done.events,
        "files": done.files,
        "missing": list(done.missing),
        "damaged": list(done.damaged),
    }
    if session.output.speaks_json:
        session.output.document(record)
    elif session.output.format in ("csv", "plain"):
        names = ("file", "size", "made", "tickets", "events", "files")
        session.output.table(
            [Column(name, name) for name in names], [{name: str(record[name]) for name in names}]
        )
    else:
        session.output.line(_(sentence) % {**record, "path": record["file"], "size": size(done.size)})
    if done.missing or done.damaged:
        session.output.hint(
            _("%d contents of attachments are missing or damaged in it.") % len(done.missing + done.damaged)
        )
