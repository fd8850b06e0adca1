"""Canned responses in commands: the options that name and fill one, and its words for each ticket."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer

from deskterm.cli import completing as known, options
from deskterm.cli.body import read_body
from deskterm.cli.session import Session
from deskterm.i18n import words
from deskterm.rules.problems import N_, Problem

__all__ = ["Language", "Name", "Template", "Values", "filled", "worded"]

Name = Annotated[
    str,
    typer.Argument(
        metavar="TEMPLATE", help=N_("The id of the canned response."), autocompletion=known.templates
    ),
]
Template = Annotated[
    str | None,
    typer.Option(
        "--template",
        metavar="TEMPLATE",
        help=N_("Begin with this canned response, filled for each ticket."),
        autocompletion=known.templates,
    ),
]
Values = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help=N_("The value of a placeholder of --template; may be repeated.")
    ),
]
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="LANG", help=N_("In this language instead of the requester's.")),
]


def filled(
    session: Session, name: str, ticket: int, values: Mapping[str, str], language: str | None = None
) -> str:
    """The response for a ticket. A Problem for a placeholder without a value says how to give one."""
    try:
        return session.desk.wording.render(name, ticket, session.actor, language, values)
    except Problem as problem:
        if problem.code != "template.empty":
            raise
        raise Problem(
            problem.code,
            N_("%(problem)s Or give it now: --set %(blank)s=TEXT."),
            kind=problem.kind,
            field=problem.field,
            column=problem.column,
            problem=words(problem),
            blank=problem.values["blank"],
        ) from None


def worded(
    session: Session,
    tickets: Sequence[int],
    name: str,
    values: list[str] | None,
    given: tuple[str | None, str | None, bool],
) -> Callable[[int], str]:
    """The words for each ticket: the response, then the text of -b or --file; --edit begins with it.

    `given` are body, file and edit. Raises Problem (usage).
    """
    named, (body, file, edit) = options.pairs(values), given
    if edit:
        if len(tickets) != 1:
            template = N_("With --template, --edit is for one ticket.")
            raise Problem("template.edit", template, kind="usage", field="edit")
        start = filled(session, name, tickets[0], named)
        session.typed = edited = read_body(session, body, file, edit, start) or ""
        return lambda _ticket: edited
    session.typed = more = read_body(session, body, file, edit) or ""

    def whole(ticket: int) -> str:
        response = filled(session, name, ticket, named)
        return f"{response}\n\n{more}" if more.strip() else response

    return whole
