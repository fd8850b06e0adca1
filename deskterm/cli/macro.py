"""deskterm macro: several steps at once, as the rule file names them."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from deskterm.cli import completing as known, directory, options
from deskterm.cli.acting import act, number
from deskterm.cli.command import Acting, Reading
from deskterm.cli.output import Column
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import N_

if TYPE_CHECKING:
    from deskterm.rules.rulebook import Macro

__all__ = ["app"]

app = typer.Typer(name="macro", cls=Group)

_COLUMNS: Final = (
    Column("id", N_("id"), most=30),
    Column("name", N_("name"), most=40),
    Column("ask", N_("asks for"), most=30),
    Column("when", N_("for"), most=40),
)


@app.command("list", cls=Reading, help=N_("List the macros, or those that fit a ticket."))
def list_macros(
    ctx: typer.Context,
    ticket: Annotated[
        str | None, typer.Argument(metavar="TICKET", help=N_("Only those that this ticket can have now."))
    ] = None,
) -> None:
    """List the macros, or those that fit a ticket."""
    session: Session = ctx.obj
    desk = session.seen_by_staff()
    found = desk.ruling.active().macros
    if ticket is not None:
        wanted = number(ticket)
        desk.ticket(wanted, viewer=session.actor)  # one that is not there has no macros and is refused
        found = tuple(each.macro for each in desk.wording.offers((wanted,), session.actor) if each.tickets)
    directory.write(session, "macros", _COLUMNS, map(_record, found))


@app.command("run", cls=Acting, help=N_("Run a macro on tickets: on each all of it, or nothing."))
def run(
    ctx: typer.Context,
    tickets: options.Tickets,
    macro: Annotated[
        str, typer.Argument(metavar="MACRO", help=N_("The id of the macro."), autocompletion=known.macros)
    ],
    answer: Annotated[
        list[str] | None,
        typer.Option("--answer", metavar="NAME=TEXT", help=N_("What it asks for; may be repeated.")),
    ] = None,
) -> None:
    """Run a macro on tickets: on each all of it, or nothing."""
    from deskterm.rules.upkeep import RunMacro

    answers = options.pairs(answer)
    act(ctx.obj, tickets, lambda each: RunMacro(each, macro, answers))


def _record(each: "Macro") -> dict[str, Any]:
    from deskterm.rules.query.render import render

    return {
        "id": clean_line(each.id),
        "name": clean_line(each.name),
        "ask": [clean_line(name) for name in each.ask],
        "when": clean_line(render(each.when)),
        "line": each.line,
    }
