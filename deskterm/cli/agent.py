"""deskterm agent: the people who work on tickets."""

from typing import Annotated, Any, Final

import typer

from deskterm.cli import completing as known, directory, options, records
from deskterm.cli.command import Making, Reading
from deskterm.cli.output import Column
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.i18n import _
from deskterm.rules.problems import N_, Problem

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
    Column("presence", N_("presence")),
)
_PRESENCES: Final = {"online": N_("online"), "away": N_("away"), "offline": N_("offline")}
Role = Annotated[
    str | None,
    typer.Option(
        "--role", metavar="ROLE", help=N_("light, agent, lead or admin."), autocompletion=known.roles
    ),
]
_Login = Annotated[
    str | None,
    typer.Argument(metavar="LOGIN", help=N_("The agent (default: you)."), autocompletion=known.agents),
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
    now, for_people = session.clock.now(), session.output.format == "text"
    found = map(records.agent, session.seen_by_staff().agents())
    rows = ({**each, "presence": _presence(each, now)} if for_people else each for each in found)
    directory.write(session, "agents", _COLUMNS, rows)


def _presence(agent: dict[str, Any], now: int) -> str:
    """Whether somebody can be given work now, in words."""
    begin, end = agent["out_from_at"], agent["out_until_at"]
    if begin is not None and begin <= now and (end is None or now < end):
        return _("out of office")
    return _(_PRESENCES.get(agent["presence"], agent["presence"]))


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
    capacity: Annotated[
        int | None,
        typer.Option("--capacity", metavar="N", help=N_("How much work at once; 0: what the rules say.")),
    ] = None,
    skill: Annotated[
        list[str] | None,
        typer.Option(
            "--skill", metavar="NAME=LEVEL", help=N_("A skill from 1 on, 0 for none; may be repeated.")
        ),
    ] = None,
    shift: Annotated[
        str | None,
        typer.Option(
            "--shift",
            metavar="CALENDAR",
            help=N_('When he works: a calendar of the rules; "" for always.'),
            autocompletion=known.calendars,
        ),
    ] = None,
) -> None:
    """Change an agent."""
    from deskterm.rules.actions import SetAgent

    change = SetAgent(
        login=login,
        name=name,
        role=role,
        email=email,
        active=active,
        tz=timezone,
        lang=language,
        capacity=capacity,
        skills=_levels(skill) if skill else None,
        shift=shift,
    )
    directory.change(ctx.obj, change)


@app.command("presence", cls=Making, help=N_("Say whether you, or an agent, can be given work."))
def presence(
    ctx: typer.Context,
    presence: Annotated[
        str,
        typer.Argument(
            metavar="PRESENCE", help=N_("online, away or offline."), autocompletion=known.presences
        ),
    ],
    login: _Login = None,
) -> None:
    """Say whether you, or an agent, can be given work."""
    from deskterm.rules.upkeep import SetPresence

    directory.change(ctx.obj, SetPresence(_named(ctx.obj, login), presence=presence))


@app.command("out", cls=Making, help=N_("Say that you, or an agent, are out of office."))
def out(
    ctx: typer.Context,
    login: _Login = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="WHEN", help=N_("From then on (default: now)."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="WHEN", help=N_("Until then: 2d, 2026-03-09."))
    ] = None,
    substitute: Annotated[
        str | None,
        typer.Option("--substitute", metavar="LOGIN", help=N_("Who stands in."), autocompletion=known.agents),
    ] = None,
) -> None:
    """Say that you, or an agent, are out of office."""
    from deskterm.cli.times import read_until
    from deskterm.rules.upkeep import SetPresence

    session: Session = ctx.obj
    now = session.desk.clock.now()
    action = SetPresence(
        _named(session, login),
        out_from=now if start is None else read_until(start, now, session.zone),
        out_until=read_until(until, now, session.zone),
        substitute=substitute,
    )
    directory.change(session, action)


@app.command("back", cls=Making, help=N_("Say that you, or an agent, are back in office."))
def back(ctx: typer.Context, login: _Login = None) -> None:
    """Say that you, or an agent, are back in office."""
    from deskterm.rules.upkeep import SetPresence

    directory.change(ctx.obj, SetPresence(_named(ctx.obj, login), back=True))


def _named(session: Session, login: str | None) -> str:
    """The login that was given, else one's own."""
    found = session.login_of(login or "me")
    if found is None or found == "me":
        raise Problem("agent.which", N_("Name an agent: you are none."), kind="usage", field="login")
    return found


def _levels(given: list[str]) -> dict[str, int]:
    """NAME=LEVEL texts as numbers by name. Raises Problem (usage)."""
    found = {}
    no_pair = N_('"%(text)s" is not a skill with its level: write NAME=LEVEL, as in network=3.')
    for name, text in options.pairs(given, no_pair).items():
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            template = N_('"%(text)s" is no level of a skill: write a whole number, as in network=3.')
            raise Problem("skill.form", template, kind="usage", field="skill", text=text)
        found[name] = int(text)
    return found
