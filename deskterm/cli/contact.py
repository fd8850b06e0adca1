"""deskterm contact: the people tickets are for."""

from typing import Annotated, Final

import typer

from deskterm.cli import directory, options, records
from deskterm.cli.command import Making, Reading
from deskterm.cli.output import Column
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.rules.problems import N_, Problem

__all__ = ["app"]

app = typer.Typer(name="contact", cls=Group)

_COLUMNS: Final = (
    Column("id", "#", right=True),
    Column("name", N_("name"), most=30),
    Column("addresses", N_("addresses"), most=40),
    Column("organizations", N_("organizations"), most=30),
    Column("vip", N_("VIP")),
    Column("phone", N_("phone"), most=20),
    Column("open_tickets", N_("open tickets"), right=True),
)
Who = Annotated[str, typer.Argument(metavar="CONTACT", help=N_("An address or number of the contact."))]
Vip = Annotated[bool | None, typer.Option("--vip/--no-vip", help=N_("Somebody whose tickets matter more."))]
Phone = Annotated[str | None, typer.Option("--phone", metavar="TEXT", help=N_("The phone number."))]


@app.command("add", cls=Making, help=N_("Add a contact."))
def add(
    ctx: typer.Context,
    who: Annotated[
        str, typer.Argument(metavar="NAME|ADDRESS", help=N_("The name or the mail address of the person."))
    ],
    name: options.Name = None,
    address: Annotated[
        list[str] | None,
        typer.Option(
            "--address", "-a", metavar="ADDRESS", help=N_("A mail address; the first is answered to.")
        ),
    ] = None,
    org: Annotated[str, typer.Option("--org", metavar="NAME", help=N_("The organization."))] = "",
    vip: Vip = None,
    phone: Phone = None,
    language: options.Language = None,
    timezone: options.Timezone = None,
) -> None:
    """Add a contact."""
    from deskterm.rules.actions import AddContact

    given = tuple(address or ())
    if "@" in who and (name is not None or not given):
        given = (who, *given)
    elif name is not None:
        template = N_("Give the name once: as NAME, or with --name behind an address.")
        raise Problem("name.twice", template, kind="usage", field="name")
    directory.change(
        ctx.obj,
        AddContact(
            name=who if name is None else name,
            addresses=given,
            organization=org,
            vip=bool(vip),
            lang=language or "",
            tz=timezone or "",
            phone=phone or "",
        ),
    )


@app.command("list", cls=Reading, help=N_("List contacts."))
def list_contacts(ctx: typer.Context, text: options.Text = "", limit: options.Limit = 50) -> None:
    """List contacts."""
    session: Session = ctx.obj
    rows = session.desk.contacts(text, viewer=session.actor, limit=limit)
    directory.write(session, "contacts", _COLUMNS, map(records.contact, rows))


@app.command("show", cls=Reading, help=N_("Show a contact."))
def show(ctx: typer.Context, who: Who) -> None:
    """Show a contact."""
    session: Session = ctx.obj
    found = records.contact(session.desk.contact(who, viewer=session.actor))
    if session.output.speaks_json:
        session.output.document(found)
    else:
        directory.write(session, "contacts", _COLUMNS, [found])


@app.command("set", cls=Making, help=N_("Change a contact."))
def set_contact(
    ctx: typer.Context,
    who: Who,
    name: options.Name = None,
    add_address: Annotated[
        list[str] | None, typer.Option("--add-address", metavar="ADDRESS", help=N_("One more address."))
    ] = None,
    remove_address: Annotated[
        list[str] | None,
        typer.Option("--remove-address", metavar="ADDRESS", help=N_("Take an address away.")),
    ] = None,
    add_org: Annotated[
        list[str] | None, typer.Option("--add-org", metavar="NAME", help=N_("One more organization."))
    ] = None,
    remove_org: Annotated[
        list[str] | None, typer.Option("--remove-org", metavar="NAME", help=N_("Take an organization away."))
    ] = None,
    vip: Vip = None,
    phone: Phone = None,
    language: options.Language = None,
    timezone: options.Timezone = None,
) -> None:
    """Change a contact."""
    from deskterm.rules.actions import SetContact

    directory.change(
        ctx.obj,
        SetContact(
            contact=who,
            name=name,
            add_addresses=tuple(add_address or ()),
            remove_addresses=tuple(remove_address or ()),
            add_organizations=tuple(add_org or ()),
            remove_organizations=tuple(remove_org or ()),
            vip=vip,
            lang=language,
            tz=timezone,
            phone=phone,
        ),
    )
