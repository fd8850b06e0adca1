"""deskterm agent: the people who work on tickets."""

from typing import Annotated, Final

import typer

from deskterm.cli import completing as known, directory, options, records
from deskterm.cli.command import Making, Reading
from deskterm.cli.output import Column
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.rules.problems import N_

__all__ = ["app"]

app = typer.Typer(name="agent", cls=Group)

_COLUMNS: Final = (
    Column("login", N_("login"), most=20),
    Column("name", N_("name"), most=30),
    Column("role", N_("role")),
    Column("email", N_("mail address"), most=30),
    Column("active", N_("active")),
    Column("groups", N_("groups"), most=40),
    Column("open_tickets", N_("open tickets"), right=True),
)
Role = Annotated[
    str | None,
    typer.Option(
        "--role", metavar="ROLE", help=N_("light, agent, lead or admin."), autocompletion=known.roles
    ),
]
Email = Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help=N_("The mail address."))]


@app.command("add", cls=Making, help=N_("Add an agent."))
def add(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(metavar="LOGIN", help=N_("The login in the operating system."))],
    name: options.Name = None,
    role: Role = None,
    email: Email = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            "-g",
            metavar="GROUP",
            help=N_("A group to join; may be repeated."),
            autocompletion=known.groups,
        ),
    ] = None,
) -> None:
    """Add an agent."""
    from deskterm.rules.actions import AddAgent

    directory.change(
        ctx.obj,
        AddAgent(
            login=login, name=name or "", role=role or "agent", email=email or "", groups=tuple(group or ())
        ),
    )


@app.command("list", cls=Reading, help=N_("List the agents."))
def list_agents(ctx: typer.Context) -> None:
    """List the agents."""
    session: Session = ctx.obj
    directory.write(session, "agents", _COLUMNS, map(records.agent, session.seen_by_staff().agents()))


@app.command("set", cls=Making, help=N_("Change an agent."))
def set_agent(
    ctx: typer.Context,
    login: Annotated[
        str, typer.Argument(metavar="LOGIN", help=N_("The agent."), autocompletion=known.agents)
    ],
    name: options.Name = None,
    role: Role = None,
    email: Email = None,
    active: options.Active = None,
    language: options.Language = None,
    timezone: options.Timezone = None,
) -> None:
    """Change an agent."""
    from deskterm.rules.actions import SetAgent

    directory.change(
        ctx.obj,
        SetAgent(login=login, name=name, role=role, email=email, active=active, tz=timezone, lang=language),
    )
