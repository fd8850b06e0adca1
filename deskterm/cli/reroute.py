"""deskterm reroute: tickets go through the rules again."""

import typer

from deskterm.cli import options
from deskterm.cli.acting import act
from deskterm.cli.command import Acting

__all__ = ["app"]

app = typer.Typer()


@app.command("reroute", cls=Acting)
def reroute(ctx: typer.Context, tickets: options.Tickets) -> None:
    """Send tickets through the rules again; what a person chose stays."""
    from deskterm.rules.upkeep import Reroute

    act(ctx.obj, tickets, Reroute)
