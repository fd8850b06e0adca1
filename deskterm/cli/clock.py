"""deskterm clock: what a lead may do to the clocks of a ticket; nothing is ever taken from its timeline."""

from typing import Annotated

import typer

from deskterm.cli import completing as known, options
from deskterm.cli.acting import act
from deskterm.cli.command import Acting
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.rules.problems import N_

__all__ = ["app"]

app = typer.Typer(name="clock", cls=Group)

_Ticket = Annotated[str, typer.Argument(metavar="TICKET", help=N_("The number of the ticket."))]
_Event = Annotated[
    int, typer.Argument(metavar="EVENT", help=N_("The number of the event: seq in show --json."))
]
_Metric = Annotated[
    str,
    typer.Argument(
        metavar="METRIC",
        help=N_("first_response, next_response, update or resolution."),
        autocompletion=known.metrics,
    ),
]
_When = Annotated[
    str,
    typer.Argument(metavar="WHEN", help=N_("3h, 16:30, 2026-03-02T10:00; none lets the policy count.")),
]


@app.command("void", cls=Acting, help=N_("Let an event that was a mistake not count for the clocks."))
def void(ctx: typer.Context, ticket: _Ticket, event: _Event, reason: options.Reason = "") -> None:
    """Let an event that was a mistake not count for the clocks."""
    from deskterm.rules.upkeep import VoidEvent

    act(ctx.obj, [ticket], lambda number: VoidEvent(number, event, reason))


@app.command("exempt", cls=Acting, help=N_("Let no clock run on tickets any more."))
def exempt(ctx: typer.Context, tickets: options.Tickets, reason: options.Reason = "") -> None:
    """Let no clock run on tickets any more."""
    from deskterm.rules.upkeep import Exempt

    act(ctx.obj, tickets, lambda number: Exempt(number, reason))


@app.command("due", cls=Acting, help=N_("Promise another due for a clock that is open."))
def due(ctx: typer.Context, ticket: _Ticket, metric: _Metric, when: _When) -> None:
    """Promise another due for a clock that is open."""
    from deskterm.cli.times import read_until
    from deskterm.rules.upkeep import SetDue

    session: Session = ctx.obj
    at = None if when == "none" else read_until(when, session.desk.clock.now(), session.zone)
    act(session, [ticket], lambda number: SetDue(number, metric, at))
