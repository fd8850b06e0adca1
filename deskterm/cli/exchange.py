"""deskterm import, export: tickets in from elsewhere, the whole desk out and in again."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deskterm.cli.body import opened
from deskterm.cli.command import Moving
from deskterm.cli.output import Column
from deskterm.cli.session import Session
from deskterm.i18n import _
from deskterm.rules.problems import N_

if TYPE_CHECKING:
    from deskterm.desk.exporting import ExportReport
    from deskterm.desk.importing import ImportReport

__all__ = ["app"]

app = typer.Typer()

_STAGES = {"reading": N_("reading"), "loading": N_("loading")}


@app.command("import", cls=Moving)
def bring_in(
    ctx: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="FILE", help=N_("What to import: CSV, JSON lines or a zip; - for stdin."))
    ],
    mapping: Annotated[
        str | None,
        typer.Option(
            "--mapping",
            "-m",
            metavar="FILE",
            help=N_("What its columns mean; without one it is an export of deskterm."),
        ),
    ] = None,
    rejects: Annotated[
        str | None, typer.Option("--rejects", metavar="FILE", help=N_("Where rows go that cannot be taken."))
    ] = None,
) -> None:
    """Bring in tickets from another desk; run twice it ends the same."""
    session: Session = ctx.obj
    session.makes = True
    session.need("import")
    if mapping is None:
        _report(session, _import_desk(session, source))
        return
    from deskterm.desk.importing import import_file

    with session.output.progress() as told:
        done = import_file(
            session.desk,
            Path(source),
            Path(mapping),
            rejects=Path(rejects) if rejects else None,
            progress=lambda stage, now, total: told(_(_STAGES.get(stage, stage)), now, total),
            dry_run=session.dry_run,
        )
    _say(session, done)


def _import_desk(session: Session, source: str) -> "ExportReport":
    from deskterm.desk.exporting import import_desk

    if source == "-":
        return import_desk(session.desk, session.surroundings.stdin)
    with opened(source, "rb") as content, session.output.progress() as told:
        size = os.fstat(content.fileno()).st_size
        return import_desk(session.desk, content, lambda now: told(_("loading"), now, size))


@app.command("export", cls=Moving)
def bring_out(
    ctx: typer.Context,
    target: Annotated[str, typer.Argument(metavar="FILE", help=N_("Where to write; - for stdout."))] = "-",
    force: Annotated[bool, typer.Option("--force", help=N_("Replace what is there."))] = False,
) -> None:
    """Write the whole desk as JSON lines; the same desk gives the same bytes."""
    session: Session = ctx.obj
    session.need("export")
    from deskterm.desk.exporting import export_desk

    if target == "-":
        with session.output.bytes() as content:
            export_desk(session.desk, content)
        return
    with opened(target, "wb" if force else "xb") as content, session.output.progress() as told:
        done = export_desk(session.desk, content, lambda now: told(_("writing"), now, 0))
    _report(session, done)


def _report(session: Session, done: "ExportReport") -> None:
    record = {"lines": done.lines, "tickets": done.tickets, "missing": list(done.missing)}
    _answer(session, record, _("%(tickets)d tickets, %(lines)d lines.") % record)


def _say(session: Session, done: "ImportReport") -> None:
    record = {
        **{name: getattr(done, name) for name in ("tickets", "events", "contacts", "agents", "groups")},
        **{name: getattr(done, name) for name in ("rejected", "skipped", "resumed")},
        "rejects": str(done.rejects_path or ""),
    }
    sentence = _(
        "%(tickets)d tickets with %(events)d events, %(contacts)d contacts, %(agents)d agents, "
        "%(groups)d groups; %(skipped)d were there already."
    )
    _answer(session, record, sentence % record)
    if done.rejected:
        text = _("%(rejected)d rows could not be taken; each is in %(rejects)s with its line and reason.")
        session.output.hint(text % record, always=True)


def _answer(session: Session, record: dict[str, Any], sentence: str) -> None:
    if session.output.speaks_json:
        session.output.document(record)
    elif session.output.format in ("csv", "plain"):
        cells = {name: str(value) for name, value in record.items() if not isinstance(value, list)}
        session.output.table([Column(name, name) for name in cells], [cells])
    else:
        session.output.line(sentence)
