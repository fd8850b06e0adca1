"""deskterm new: open a ticket."""

# ruff: noqa: ARG001 - typer reads the signature, the body reads what it parsed

import re
from typing import TYPE_CHECKING, Final

import typer

from deskterm.cli import options
from deskterm.cli.acting import report
from deskterm.cli.body import read_body
from deskterm.cli.command import Making
from deskterm.cli.files import attachments
from deskterm.cli.session import Session
from deskterm.i18n import _
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.store.rows import TicketRow

__all__ = ["app"]

app = typer.Typer()

_AS_GIVEN: Final = (
    *("requester", "requester_name", "queue", "group", "priority", "type"),
    *("category", "impact", "urgency", "region", "channel", "dedupe_key"),
)


@app.command("new", cls=Making)
def new(
    ctx: typer.Context,
    subject_word: options.SubjectWord = None,
    subject: options.Subject = None,
    requester: options.Requester = "",
    requester_name: options.RequesterName = "",
    queue: options.Queue = None,
    group: options.Group = None,
    assignee: options.Agent = None,
    body: options.Body = None,
    file: options.BodyFile = None,
    edit: options.BodyEdit = False,
    priority: options.Priority = None,
    type: options.Type = None,
    category: options.Category = None,
    impact: options.Impact = None,
    urgency: options.Urgency = None,
    language: options.TicketLanguage = "",
    region: options.Region = "",
    tag: options.Tags = None,
    field: options.Fields = None,
    attach: options.Files = None,
    channel: options.Channel = "cli",
    dedupe_key: options.DedupeKey = "",
    suggest: options.Suggest = None,
) -> None:
    """Open a ticket and print its number."""
    from deskterm.rules.actions import OpenTicket

    session: Session = ctx.obj
    session.makes = True
    title = _subject(subject_word, subject)
    words = session.typed = read_body(session, body, file, edit) or ""
    if suggest or (suggest is None and session.output.on_terminal):
        _suggest(session, requester, title)
    action = OpenTicket(
        title,
        words,
        **{name: ctx.params[name] for name in _AS_GIVEN},
        lang=language,
        assignee=session.login_of(assignee),
        tags=tuple(tag or ()),
        custom=options.pairs(field),
        attachments=attachments(session, attach),
    )
    receipt = session.perform(action)
    report(session, receipt, str(receipt.ticket))


def _subject(argument: str | None, option: str | None) -> str:
    if argument is not None and option is not None:
        raise Problem("subject.twice", N_("Give the subject once."), kind="usage", field="subject")
    subject = option if argument is None else argument
    if subject is None:
        template = N_('A ticket needs a subject: deskterm new "VPN drops every hour".')
        raise Problem("subject.missing", template, kind="usage", field="subject")
    return subject


def _suggest(session: Session, requester: str, subject: str) -> None:
    """Show what is open for the requester already, and what is open under the same words."""
    from deskterm.rules.query.render import written

    if requester:
        heading = _("Open for %s already:") % clean_line(requester)
        _hint(session, heading, f"requester:{written(requester)} is:open")
    words = " ".join(re.findall(r"\w+", subject[:200]))
    if words:
        _hint(session, _("Open under the same words:"), f'subject~"{words}" is:open')


def _hint(session: Session, heading: str, query: str) -> None:
    found = session.desk.page(query, viewer=session.actor, limit=5).rows
    for line in (heading, *map(_open, found)) if found else ():
        session.output.hint(line)


def _open(row: "TicketRow") -> str:
    return f"  #{row.id}  {clean_line(row.subject, 60)}"
