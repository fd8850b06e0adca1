"""deskterm queue: where tickets wait."""

from typing import Annotated, Final

import typer

from deskterm.cli import completing as known, directory, options, records
from deskterm.cli.command import Making, Reading
from deskterm.cli.output import Column
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.rules.problems import N_

__all__ = ["app"]

app = typer.Typer(name="queue", cls=Group)

_COLUMNS: Final = (
    Column("name", N_("name"), most=30),
    Column("title", N_("title"), most=30),
    Column("group", N_("group"), most=30),
    Column("active", N_("active")),
    Column("open_tickets", N_("open tickets"), right=True),
)


@app.command("add", cls=Making, help=N_("Add a queue."))
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("Its name: letters, digits, - _ and dots."))],
    title: options.Title = None,
    group: options.Group = None,
) -> None:
    """Add a queue."""
    from deskterm.rules.actions import AddQueue

    directory.change(ctx.obj, AddQueue(name=name, title=title or "", group=group or ""))


@app.command("list", cls=Reading, help=N_("List the queues."))
def list_queues(ctx: typer.Context) -> None:
    """List the queues."""
    session: Session = ctx.obj
    directory.write(session, "queues", _COLUMNS, map(records.queue, session.seen_by_staff().queues()))


@app.command("set", cls=Making, help=N_("Change a queue."))
def set_queue(
    ctx: typer.Context,
    queue: Annotated[
        str, typer.Argument(metavar="QUEUE", help=N_("The queue."), autocompletion=known.queues)
    ],
    title: options.Title = None,
    group: options.Group = None,
    active: options.Active = None,
) -> None:
    """Change a queue."""
    from deskterm.rules.actions import SetQueue

    directory.change(ctx.obj, SetQueue(queue=queue, title=title, group=group, active=active))
