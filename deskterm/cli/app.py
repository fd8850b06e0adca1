"""deskterm, alone: the screens; without a terminal the queue as text."""

from typing import TYPE_CHECKING

import typer

from deskterm.cli.command import Screen
from deskterm.cli.listing import page_of_text
from deskterm.cli.session import Session

if TYPE_CHECKING:
    from deskterm.desk import Desk

__all__ = ["app", "open_screens"]

app = typer.Typer()


@app.command("app", cls=Screen)
def open_app(ctx: typer.Context) -> None:
    """Open the screens; so does deskterm alone."""
    session: Session = ctx.obj
    session.makes = True
    if session.on_screen:
        open_screens(session, session.desk)
    else:
        page_of_text(session, "is:open sort:due", limit=50)


def open_screens(session: Session, desk: "Desk") -> None:
    """Hand the terminal to the app until the person leaves it."""
    from deskterm.screens.app import run

    session.code = run(desk, session.actor, session.settings)
