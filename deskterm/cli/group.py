"""deskterm group: agents who share work."""

from typing import Annotated, Final

import typer

from deskterm.cli import completing as known, directory, options, records
from deskterm.cli.command import Making, Reading
from deskterm.cli.output import Column
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.rules.problems import N_

__all__ = ["app"]

app = typer.Typer(name="group", cls=Group)

_COLUMNS: Final = (
    Column("name", N_("name"), most=30),
    Column("title", N_("title"), most=30),
    Column("active", N_("active")),
    Column("members", N_("members"), most=40),
    Column("leads", N_("leads"), most=30),
    Column("open_tickets", N_("open tickets"), right=True),
)


@app.command("add", cls=Making, help=N_("Add a group."))
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("Its name: letters, digits, - _ and dots."))],
    title: options.Title = None,
    member: Annotated[
        list[str] | None,
        typer.Option(
            "--member", metavar="LOGIN", help=N_("A member; may be repeated."), autocompletion=known.agents
        ),
    ] = None,
    lead: Annotated[
        list[str] | None,
        typer.Option(
            "--lead", metavar="LOGIN", help=N_("A lead; may be repeated."), autocompletion=known.agents
        ),
    ] = None,
) -> None:
    """Add a group."""
    from deskterm.rules.actions import AddGroup

    directory.change(
        ctx.obj, AddGroup(name=name, title=title or "", members=tuple(member or ()), leads=tuple(lead or ()))
    )


@app.command("list", cls=Reading, help=N_("List the groups."))
def list_groups(ctx: typer.Context) -> None:
    """List the groups."""
    session: Session = ctx.obj
    directory.write(session, "groups", _COLUMNS, map(records.group, session.seen_by_staff().groups()))


@app.command("set", cls=Making, help=N_("Change a group."))
def set_group(
    ctx: typer.Context,
    group: Annotated[
        str, typer.Argument(metavar="GROUP", help=N_("The group."), autocompletion=known.groups)
    ],
    title: options.Title = None,
    add_member: Annotated[
        list[str] | None,
        typer.Option(
            "--add-member", metavar="LOGIN", help=N_("One more member."), autocompletion=known.agents
        ),
    ] = None,
    remove_member: Annotated[
        list[str] | None, typer.Option("--remove-member", metavar="LOGIN", help=N_("A member who leaves."))
    ] = None,
    add_lead: Annotated[
        list[str] | None,
        typer.Option("--add-lead", metavar="LOGIN", help=N_("One more lead."), autocompletion=known.agents),
    ] = None,
    remove_lead: Annotated[
        list[str] | None, typer.Option("--remove-lead", metavar="LOGIN", help=N_("A lead no longer."))
    ] = None,
    active: options.Active = None,
) -> None:
    """Change a group."""
    from deskterm.rules.actions import SetGroup

    directory.change(
        ctx.obj,
        SetGroup(
            group=group,
            title=title,
            add_members=tuple(add_member or ()),
            remove_members=tuple(remove_member or ()),
            add_leads=tuple(add_lead or ()),
            remove_leads=tuple(remove_lead or ()),
            active=active,
        ),
    )
