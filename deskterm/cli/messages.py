"""deskterm reply, note, attach: words and files on a ticket."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from deskterm.cli import canned, options
from deskterm.cli.acting import act, numbers
from deskterm.cli.body import read_body
from deskterm.cli.command import Acting
from deskterm.cli.files import attachments
from deskterm.cli.session import Session
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.rules.actions import Attachment, TicketAction

__all__ = ["app"]

app = typer.Typer()


@app.command("reply", cls=Acting)
def reply(
    ctx: typer.Context,
    tickets: options.Tickets,
    body: options.Body = None,
    file: options.BodyFile = None,
    edit: options.BodyEdit = False,
    attach: options.Files = None,
    channel: options.Channel = "cli",
    template: canned.Template = None,
    values: canned.Values = None,
) -> None:
    """Answer the requester."""
    from deskterm.rules.actions import Reply

    session: Session = ctx.obj
    if template is None:
        if values:
            sentence = N_("--set fills the placeholders of a canned response: name it with --template.")
            raise Problem("template.none", sentence, kind="usage", field="set")
        _say(session, tickets, _words(session, body, file, edit), attach, channel, Reply)
        return
    found = numbers(session, tickets)
    words = canned.worded(session, found, template, values, (body, file, edit))
    stored = attachments(session, attach)
    act(session, list(map(str, found)), lambda number: Reply(number, words(number), stored, channel))


@app.command("note", cls=Acting)
def note(
    ctx: typer.Context,
    tickets: options.Tickets,
    body: options.Body = None,
    file: options.BodyFile = None,
    edit: options.BodyEdit = False,
    attach: options.Files = None,
    channel: options.Channel = "cli",
) -> None:
    """Write an internal note."""
    from deskterm.rules.actions import Note

    _say(ctx.obj, tickets, _words(ctx.obj, body, file, edit), attach, channel, Note)


@app.command("attach", cls=Acting)
def add_files(
    ctx: typer.Context,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help=N_("The number of the ticket."))],
    files: Annotated[list[str], typer.Argument(metavar="FILE", help=N_("The files."))],
    public: Annotated[bool, typer.Option("--public", help=N_("The requester may see them."))] = False,
    channel: options.Channel = "cli",
) -> None:
    """Add files to a ticket."""
    from deskterm.rules.actions import Attach

    session: Session = ctx.obj
    stored = attachments(session, files)
    act(session, [ticket], lambda number: Attach(number, stored, internal=not public, channel=channel))


def _words(session: Session, body: str | None, file: str | None, edit: bool) -> str:
    """The text; without any of the flags it is written in the editor, or read from a pipe."""
    piped = not session.surroundings.stdin_is_terminal
    if body is None and file is None and not edit:
        if piped:
            body = "-"
        edit = not piped
    words = read_body(session, body, file, edit) or ""
    if not words.strip():
        template = N_("There is no text: give it with -b, --file or --edit.")
        raise Problem("body.empty", template, kind="usage", field="body")
    session.typed = words
    return words


def _say(
    session: Session,
    tickets: list[str],
    words: str,
    files: list[str] | None,
    channel: str,
    kind: "Callable[[int, str, tuple[Attachment, ...], str], TicketAction]",
) -> None:
    found = numbers(session, tickets)
    stored = attachments(session, files)
    act(session, [str(each) for each in found], lambda number: kind(number, words, stored, channel))
