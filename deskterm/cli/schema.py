"""deskterm schema: what the JSON answer of a command looks like."""

import json
from typing import Annotated

import typer

from deskterm.cli import completing as known
from deskterm.cli.command import Command
from deskterm.cli.session import Session
from deskterm.config import nearest
from deskterm.rules.problems import N_, Problem

__all__ = ["app"]

app = typer.Typer()


class _Simple(Command):
    shared = ("lang",)


@app.command("schema", cls=_Simple)
def print_schema(
    ctx: typer.Context,
    command: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="COMMAND",
            help=N_("The command, such as list or contact add."),
            autocompletion=known.schemas,
        ),
    ] = None,
) -> None:
    """Print the JSON schema of a command's answer; without a command, those that have one."""
    from deskterm.cli.schemas import SCHEMAS, schema

    session: Session = ctx.obj
    if not command:
        for name in SCHEMAS:
            session.output.line(name)
        return
    name = " ".join(command)
    if name not in SCHEMAS:
        raise Problem(
            "schema.unknown",
            N_('There is no schema for "%(name)s".'),
            kind="usage",
            choices=nearest(name, tuple(SCHEMAS)),
            field="command",
            name=name,
        )
    session.output.script(json.dumps(schema(name), indent=2) + "\n")
