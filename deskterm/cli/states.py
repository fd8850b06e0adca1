"""deskterm pending, hold, resolve, confirm, reject, close, reopen, cancel, move: the life of a ticket."""

from typing import Annotated

import typer

from deskterm.cli import options
from deskterm.cli.acting import act
from deskterm.cli.body import read_body
from deskterm.cli.command import Acting
from deskterm.cli.session import Session
from deskterm.cli.times import read_until
from deskterm.rules.problems import N_, Problem

__all__ = ["app"]

app = typer.Typer()


def _until(session: Session, text: str | None) -> int | None:
    return read_until(text, session.desk.clock.now(), session.zone)


@app.command("pending", cls=Acting)
def pending(
    ctx: typer.Context, tickets: options.Tickets, reason: options.Reason = "", until: options.Until = None
) -> None:
    """Wait for the requester."""
    from deskterm.rules.actions import Pend

    wake = _until(ctx.obj, until)
    act(ctx.obj, tickets, lambda number: Pend(number, reason=reason, until=wake))


@app.command("hold", cls=Acting)
def hold(
    ctx: typer.Context,
    tickets: options.Tickets,
    reason: options.Reason = "",
    vendor: Annotated[
        str, typer.Option("--vendor", metavar="NAME", help=N_("The third party it waits for."))
    ] = "",
    until: options.Until = None,
) -> None:
    """Wait for a third party."""
    from deskterm.rules.actions import Hold

    wake = _until(ctx.obj, until)
    act(ctx.obj, tickets, lambda number: Hold(number, reason=reason, vendor=vendor, until=wake))


@app.command("resolve", cls=Acting)
def resolve(
    ctx: typer.Context,
    tickets: options.Tickets,
    cause: Annotated[str, typer.Option("--cause", metavar="TEXT", help=N_("What the cause was."))] = "",
    solution: Annotated[str, typer.Option("--solution", metavar="TEXT", help=N_("What solved it."))] = "",
    body: options.Body = None,
    file: options.BodyFile = None,
    edit: options.BodyEdit = False,
) -> None:
    """Say that tickets are solved, with cause and solution; the text goes to the requester as a reply."""
    from deskterm.rules.actions import Resolve

    session: Session = ctx.obj
    words = read_body(session, body, file, edit) or ""
    session.typed = words or solution
    act(session, tickets, lambda number: Resolve(number, cause=cause, solution=solution, reply=words))


@app.command("confirm", cls=Acting)
def confirm(
    ctx: typer.Context,
    tickets: options.Tickets,
    comment: Annotated[
        str, typer.Option("--comment", metavar="TEXT", help=N_("What the requester says."))
    ] = "",
) -> None:
    """Confirm for the requester that a ticket is solved."""
    from deskterm.rules.actions import Confirm

    act(ctx.obj, tickets, lambda number: Confirm(number, comment=comment))


@app.command("reject", cls=Acting)
def reject(ctx: typer.Context, tickets: options.Tickets, reason: options.Reason = "") -> None:
    """Say for the requester that a ticket is not solved."""
    from deskterm.rules.actions import Reject

    ctx.obj.typed = reason
    act(ctx.obj, tickets, lambda number: Reject(number, reason=reason))


@app.command("close", cls=Acting)
def close(ctx: typer.Context, tickets: options.Tickets, reason: options.Reason = "") -> None:
    """Close resolved tickets."""
    from deskterm.rules.actions import Close

    act(ctx.obj, tickets, lambda number: Close(number, reason=reason))


@app.command("reopen", cls=Acting)
def reopen(ctx: typer.Context, tickets: options.Tickets, reason: options.Reason = "") -> None:
    """Open resolved or closed tickets again."""
    from deskterm.rules.actions import Reopen

    act(ctx.obj, tickets, lambda number: Reopen(number, reason=reason))


@app.command("cancel", cls=Acting)
def cancel(ctx: typer.Context, tickets: options.Tickets, reason: options.Reason = "") -> None:
    """Withdraw tickets."""
    from deskterm.rules.actions import Cancel

    act(ctx.obj, tickets, lambda number: Cancel(number, reason=reason))


@app.command("move", cls=Acting)
def move(
    ctx: typer.Context,
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="TICKET STATUS|STAGE",
            help=N_("Ticket numbers (or -), and where they go: 5 waiting_parts."),
        ),
    ],
    reason: options.Reason = "",
    until: options.Until = None,
    set_fields: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help=N_("A field that goes with the move, such as solution or cf.site; may be repeated."),
        ),
    ] = None,
) -> None:
    """Bring tickets to a status, or to a stage of their blueprint."""
    from deskterm.rules.upkeep import Move

    fields, wake, to = options.pairs(set_fields), _until(ctx.obj, until), given[-1]
    if len(given) < 2:
        template = N_("Say which tickets and where they go: deskterm move 5 waiting_parts.")
        raise Problem("move.nothing", template, kind="usage", field="to")
    act(ctx.obj, given[:-1], lambda number: Move(number, to, reason, fields, wake))
