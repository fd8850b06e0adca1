"""deskterm demo: the app on a desk full of examples."""

from typing import Annotated

import typer

from deskterm.cli.app import open_screens
from deskterm.cli.command import Screen
from deskterm.cli.dashboard import dashboard
from deskterm.cli.listing import page_of_text
from deskterm.cli.session import Session
from deskterm.i18n import _
from deskterm.rules.problems import N_

__all__ = ["app"]

app = typer.Typer()


@app.command("demo", cls=Screen)
def demo(
    ctx: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help=N_("Print the queue and the dashboard as text and end."))
    ] = False,
) -> None:
    """Try the app on a desk full of examples; it lies apart from yours."""
    from deskterm.bootstrap import open_demo

    session: Session = ctx.obj

    def making() -> None:
        session.output.hint(_("Making the demo desk ..."))

    session.enter(*open_demo(session.settings, session.flag("db"), making))
    if session.on_screen and not once:
        open_screens(session, session.desk)
        return
    page_of_text(session, "is:open sort:due", limit=20)
    session.output.line()
    dashboard(session)
