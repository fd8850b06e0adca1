"""deskterm template: canned responses, as written and as they read on a ticket."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from deskterm.cli import canned, directory, options
from deskterm.cli.acting import number
from deskterm.cli.command import Reading
from deskterm.cli.output import Column
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.i18n import _
from deskterm.rules.problems import N_

if TYPE_CHECKING:
    from deskterm.rules.rulebook import Template

__all__ = ["app"]

app = typer.Typer(name="template", cls=Group)

_COLUMNS: Final = (
    Column("id", N_("id"), most=30),
    Column("name", N_("name"), most=40),
    Column("languages", N_("languages"), most=30),
    Column("queue", N_("queue"), most=30),
)
_TEXTS: Final = (Column("language", N_("language")), Column("text", N_("text")))


@app.command("list", cls=Reading, help=N_("List the canned responses."))
def list_templates(ctx: typer.Context) -> None:
    """List the canned responses."""
    session: Session = ctx.obj
    found = session.desk.templates(viewer=session.actor)
    directory.write(session, "templates", _COLUMNS, (_record(session, each) for each in found))


@app.command("show", cls=Reading, help=N_("Show a canned response as it is written."))
def show(
    ctx: typer.Context,
    template: canned.Name,
    language: Annotated[
        str | None, typer.Option("--language", metavar="LANG", help=N_("Only the text for this language."))
    ] = None,
) -> None:
    """Show a canned response as it is written."""
    from deskterm.rules.templates import variant

    session: Session = ctx.obj
    found = session.desk.wording.template(template, session.actor)
    texts = dict(found.texts) if language is None else {language: variant(found, (language,))}
    if session.output.speaks_json:
        session.output.document({**_record(session, found), "texts": texts})
    elif session.output.format in ("csv", "plain"):
        session.output.table(_TEXTS, ({"language": lang, "text": text} for lang, text in texts.items()))
    elif language is not None:
        session.output.line(texts[language])
    else:
        session.output.heading(f"{found.id}  {_named(found)}")
        other = _("every other language")
        for lang, text in texts.items():
            session.output.line(f"\n[{lang or other}]\n{text}")


@app.command("render", cls=Reading, help=N_("Show a canned response as it would read on a ticket."))
def render(
    ctx: typer.Context,
    template: canned.Name,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help=N_("The number of the ticket."))],
    language: canned.Language = None,
    values: canned.Values = None,
) -> None:
    """Show a canned response as it would read on a ticket."""
    session: Session = ctx.obj
    about, given = number(ticket), options.pairs(values)
    text = canned.filled(session, template, about, given, language)
    if session.output.speaks_json:
        session.output.document({"template": template, "ticket": about, "text": text})
    elif session.output.format in ("csv", "plain"):
        session.output.table(_TEXTS[1:], [{"text": text}])
    else:
        session.output.line(text)


def _record(session: Session, each: "Template") -> dict[str, Any]:
    """A canned response in a list; the language of a text for every other one is *."""
    return {
        "id": each.id,
        "name": _named(each) if session.output.format == "text" else each.name,
        "languages": [lang or "*" for lang in each.texts],
        "queue": each.queue,
    }


def _named(each: "Template") -> str:
    """The name; that of a built-in one in the reader's language."""
    from deskterm.rules.templates import BUILT_IN

    return _(each.name) if BUILT_IN.get(each.id) is each else each.name
