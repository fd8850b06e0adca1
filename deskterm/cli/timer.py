"""deskterm timer: does what is due, once or until it is stopped."""

import gc
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deskterm.cli import records
from deskterm.cli.command import Reading
from deskterm.cli.output import Column, error_record
from deskterm.cli.session import Session
from deskterm.i18n import _, ngettext, words
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.desk.timing import Ticked

__all__ = ["app"]

app = typer.Typer()

_COLUMNS = tuple(Column(name, name) for name in ("time", "looked", "acted", "opened", "placed", "failed"))


@app.command("timer", cls=Reading)
def timer(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help=N_("Look once, say what was done and end."))] = False,
    interval: Annotated[
        int,
        typer.Option("--interval", metavar="SECONDS", help=N_("Look at least that often (default: 30).")),
    ] = 30,
) -> None:
    """Do what is due, again and again: escalate, remind, close, hand out. Any number may run at once."""
    session: Session = ctx.obj
    if interval < 1:
        template = N_("--interval needs a number of seconds from 1.")
        raise Problem("interval.form", template, kind="usage", field="interval")
    session.makes = False
    if once:
        _once(session)
    else:
        _always(session, interval)


def _once(session: Session) -> None:
    ticked = session.desk.tick()
    if session.output.format == "text":
        session.output.line(told(ticked))
        for ticket, problem in ticked.failed:
            session.fail(about(ticket, problem))
    else:
        _write(session, ticked)
    session.code = max(session.code, 1 if ticked.failed else 0)


def _always(session: Session, interval: int) -> None:
    """Look until somebody asks to end."""
    from deskterm.daemon import Daemon, Stop

    desk, output = session.desk, session.output
    text = output.format == "text"

    def tell(ticked: "Ticked") -> None:
        if text:
            output.line(f"{session.moment(ticked.at)}  {told(ticked)}")
        else:
            _write(session, ticked)
        output.flush()

    def complain(problem: Problem) -> None:
        output.problem(problem)
        output.flush()

    with Stop() as stop:
        output.hint(_("The timer runs; Ctrl-C ends it."))
        output.flush()
        gc.freeze()  # what is imported by now stays: no look for garbage walks through it again
        Daemon(
            _Watched(desk),
            interval,
            stop.wait,
            tell=tell,
            complain=complain,
            recovered=lambda: output.hint(_("The desk answers again."), always=True),
        ).run()
        output.hint(_("The timer has ended."))


class _Watched:
    """A desk as the daemon sees it; what fails on a ticket names the ticket."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def look(self, stop: Callable[[], bool]) -> "tuple[Ticked, int | None]":
        """Do what is due by now; also when the next thing is."""
        ticked = self._desk.timer.tick(stop)
        failed = tuple((ticket, about(ticket, problem)) for ticket, problem in ticked.failed)
        return ticked._replace(failed=failed), self._desk.timer.upcoming()


def about(ticket: int, problem: Problem) -> Problem:
    """The same problem with its ticket in front; a recurring one (0) names its rule itself."""
    if not ticket:
        return problem
    return Problem(problem.code, "#%(ticket)s: %(problem)s", ticket=ticket, problem=words(problem))


def told(ticked: "Ticked") -> str:
    """What a look did, in one line."""
    parts = []
    if ticked.looked:
        text = ngettext("looked at %(count)d ticket", "looked at %(count)d tickets", ticked.looked)
        parts += [text % {"count": ticked.looked}, _("did something on %d") % ticked.acted]
    if ticked.opened:
        parts.append(_("opened %s") % ", ".join(f"#{each}" for each in ticked.opened))
    if ticked.placed:
        parts.append(_("found somebody for %d") % ticked.placed)
    if ticked.failed:
        parts.append(_("failed on %d") % len(ticked.failed))
    return _(", ").join(parts) or _("nothing is due")


def _write(session: Session, ticked: "Ticked") -> None:
    record = _record(ticked)
    if session.output.speaks_json:
        session.output.document(record)
    else:
        row: dict[str, Any] = {
            **record,
            "opened": ",".join(map(str, ticked.opened)),
            "failed": ",".join(str(ticket) for ticket, _problem in ticked.failed),
        }
        session.output.table(_COLUMNS, [{key: str(row[key]) for key in row}])


def _record(ticked: "Ticked") -> dict[str, Any]:
    return {
        **records.instant("time", ticked.at),
        "looked": ticked.looked,
        "acted": ticked.acted,
        "opened": list(ticked.opened),
        "placed": ticked.placed,
        "failed": [{"ticket": ticket, "error": error_record(problem)} for ticket, problem in ticked.failed],
    }
