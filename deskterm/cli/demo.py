"""deskterm demo: the app on a desk full of examples."""

from typing import Annotated, Final

import typer

from deskterm.cli.app import open_screens
from deskterm.cli.command import Command, Screen
from deskterm.cli.dashboard import dashboard, numbers
from deskterm.cli.listing import page_of_text
from deskterm.cli.records import ticket
from deskterm.cli.session import Session
from deskterm.i18n import _
from deskterm.rules.problems import N_

__all__ = ["app"]

app = typer.Typer()

_QUEUE: Final = "is:open sort:due"


class _Shown(Command):
    shared = (*Screen.shared, "json")


@app.command("demo", cls=_Shown)
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
    if session.output.speaks_json:
        page = session.desk.page(_QUEUE, viewer=session.actor, limit=20)
        session.output.document({"tickets": [*map(ticket, page.rows)], "dashboard": numbers(session)})
        return
    if session.on_screen and not once:
        open_screens(session, session.desk)
        return
    page_of_text(session, _QUEUE, limit=20)
    session.output.line()
    dashboard(session)
