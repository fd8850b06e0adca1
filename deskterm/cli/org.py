"""deskterm org: the organizations that contacts belong to."""

from typing import Annotated, Final

import typer

from deskterm.cli import directory, options, records
from deskterm.cli.command import Making, Reading
from deskterm.cli.output import Column
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.rules.problems import N_

__all__ = ["app"]

app = typer.Typer(name="org", cls=Group)

_COLUMNS: Final = (
    Column("id", "#", right=True),
    Column("name", N_("name"), most=40),
    Column("tier", N_("tier"), most=12),
    Column("domains", N_("domains"), most=40),
    Column("contacts", N_("contacts"), right=True),
)
Tier = Annotated[
    str | None, typer.Option("--tier", metavar="TIER", help=N_("The service tier, such as gold."))
]


@app.command("add", cls=Making, help=N_("Add an organization."))
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("The name of the organization."))],
    tier: Tier = None,
    domain: Annotated[
        list[str] | None,
        typer.Option("--domain", metavar="DOMAIN", help=N_("A mail domain of its people; may be repeated.")),
    ] = None,
) -> None:
    """Add an organization."""
    from deskterm.rules.actions import AddOrganization

    directory.change(ctx.obj, AddOrganization(name=name, tier=tier or "", domains=tuple(domain or ())))


@app.command("list", cls=Reading, help=N_("List organizations."))
def list_organizations(ctx: typer.Context, text: options.Text = "", limit: options.Limit = 50) -> None:
    """List organizations."""
    session: Session = ctx.obj
    rows = session.seen_by_staff().organizations(text, limit=limit)
    directory.write(session, "organizations", _COLUMNS, map(records.organization, rows))


@app.command("set", cls=Making, help=N_("Change an organization."))
def set_organization(
    ctx: typer.Context,
    organization: Annotated[str, typer.Argument(metavar="ORG", help=N_("The name of the organization."))],
    name: options.Name = None,
    tier: Tier = None,
    add_domain: Annotated[
        list[str] | None, typer.Option("--add-domain", metavar="DOMAIN", help=N_("One more mail domain."))
    ] = None,
    remove_domain: Annotated[
        list[str] | None,
        typer.Option("--remove-domain", metavar="DOMAIN", help=N_("Take a mail domain away.")),
    ] = None,
) -> None:
    """Change an organization."""
    from deskterm.rules.actions import SetOrganization

    directory.change(
        ctx.obj,
        SetOrganization(
            organization=organization,
            name=name,
            tier=tier,
            add_domains=tuple(add_domain or ()),
            remove_domains=tuple(remove_domain or ()),
        ),
    )
