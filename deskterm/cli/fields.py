"""deskterm assign, set, tag: who has a ticket and what it is called."""

# ruff: noqa: ARG001 - typer reads the signature, the body reads what it parsed

from typing import Annotated, Final

import typer

from deskterm.cli import completing as known, options
from deskterm.cli.acting import act
from deskterm.cli.command import Acting
from deskterm.rules.problems import N_, Problem

__all__ = ["app"]

app = typer.Typer()


@app.command("assign", cls=Acting)
def assign(
    ctx: typer.Context,
    tickets: options.Tickets,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", "-a", metavar="LOGIN", help=N_("The agent; me is who acts."), autocompletion=known.agents
        ),
    ] = None,
    group: options.Group = None,
    nobody: Annotated[bool, typer.Option("--nobody", help=N_("Take it from its assignee."))] = False,
) -> None:
    """Hand tickets to an agent or a group."""
    from deskterm.rules.actions import Assign

    if nobody and to is not None:
        raise Problem("assign.both", N_("Choose one: --to or --nobody."), kind="usage", field="to")
    if to in ("nobody", "none") and to not in ctx.obj.desk.book().logins:
        template = N_("There is no agent named %(name)s: --nobody takes a ticket from its assignee.")
        raise Problem("name.unknown", template, kind="usage", field="agent", name=to)
    agent = "" if nobody else ctx.obj.login_of(to)
    act(ctx.obj, tickets, lambda number: Assign(number, agent=agent, group=group))


_FIELDS: Final = (
    *("subject", "queue", "group", "priority", "type"),
    *("category", "impact", "urgency", "vendor"),
)


@app.command("set", cls=Acting)
def set_fields(
    ctx: typer.Context,
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="TICKET|FIELD=VALUE",
            help=N_("Ticket numbers (or -) and fields: 5 priority=P1 cf.site=Berlin."),
        ),
    ],
    subject: options.Subject = None,
    queue: options.Queue = None,
    group: options.Group = None,
    priority: options.Priority = None,
    type: options.Type = None,
    category: options.Category = None,
    impact: options.Impact = None,
    urgency: options.Urgency = None,
    vendor: options.Vendor = None,
    field: options.Fields = None,
) -> None:
    """Set fields of tickets; an empty value clears one."""
    from deskterm.rules.actions import SetFields

    fields = options.pairs([each for each in given if "=" in each])
    fields |= {name: ctx.params[name] for name in _FIELDS if ctx.params[name] is not None}
    fields |= {f"cf.{name.removeprefix('cf.')}": value for name, value in options.pairs(field).items()}
    tickets = [each for each in given if "=" not in each]
    if not tickets or not fields:
        template = N_("Say which tickets and which fields: deskterm set 5 priority=P1.")
        raise Problem("set.nothing", template, kind="usage", field="field")
    act(ctx.obj, tickets, lambda number: SetFields(number, fields))


@app.command("tag", cls=Acting)
def tag(
    ctx: typer.Context,
    given: Annotated[
        list[str], typer.Argument(metavar="TICKET|TAG", help=N_("Ticket numbers (or -) and tags to add."))
    ],
    add: Annotated[
        list[str] | None, typer.Option("--add", "-a", metavar="TAG", help=N_("Add it; may be repeated."))
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", "-r", metavar="TAG", help=N_("Take it off; may be repeated.")),
    ] = None,
) -> None:
    """Add and remove tags."""
    from deskterm.rules.actions import Tag

    tickets = [each for each in given if _is_ticket(each)]
    added = [*(each.removeprefix("+") for each in given if not _is_ticket(each)), *(add or ())]
    if not tickets or not (added or remove):
        template = N_("Say which tickets and which tags: deskterm tag 5 vpn --remove new.")
        raise Problem("tag.nothing", template, kind="usage", field="tag")
    act(ctx.obj, tickets, lambda number: Tag(number, add=tuple(added), remove=tuple(remove or ())))


def _is_ticket(text: str) -> bool:
    return text == "-" or text.removeprefix("#").isdecimal()
