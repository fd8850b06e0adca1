"""deskterm undo: what somebody did to tickets is taken back, as far as it can be."""

from typing import Annotated

import typer

from deskterm.cli import options
from deskterm.cli.acting import act
from deskterm.cli.command import Acting
from deskterm.rules.problems import N_

__all__ = ["app"]

app = typer.Typer()


@app.command("undo", cls=Acting)
def undo(
    ctx: typer.Context,
    tickets: options.Tickets,
    version: Annotated[
        int,
        typer.Option(
            "--version",
            metavar="N",
            min=0,
            help=N_("The action that made this version of the ticket; 0 is your last one."),
        ),
    ] = 0,
) -> None:
    """Take back what you did last to tickets, unless it was changed since; what was said or sent stays."""
    from deskterm.rules.upkeep import Undo

    act(ctx.obj, tickets, lambda number: Undo(number, version))
