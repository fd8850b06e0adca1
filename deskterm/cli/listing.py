"""deskterm list: the tickets that a query finds."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from deskterm.cli import completing as known, options, records
from deskterm.cli.columns import COLUMNS
from deskterm.cli.command import Reading
from deskterm.cli.output import Column
from deskterm.cli.present import sla, word
from deskterm.cli.session import Session
from deskterm.config import nearest
from deskterm.i18n import _, duration
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.store.rows import TicketRow

__all__ = ["app", "page_of_text"]

app = typer.Typer()

_FOR_PEOPLE: Final = ("id", "priority", "sla", "subject", "requester", "assignee", "status", "age")
_FOR_PROGRAMS: Final = (
    *("id", "status", "priority", "queue", "group", "assignee"),
    *("requester", "subject", "created", "updated", "next_due"),
)


@app.command("list", cls=Reading)
def list_tickets(
    ctx: typer.Context,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUERY",
            help=N_("What to look for; all that is open without one."),
            autocompletion=known.queries,
        ),
    ] = None,
    view: Annotated[
        str | None,
        typer.Option(
            "--view", "-v", metavar="NAME", help=N_("A saved selection."), autocompletion=known.views
        ),
    ] = None,
    limit: options.Limit = 50,
    after: Annotated[
        str | None, typer.Option("--after", metavar="CURSOR", help=N_("Go on behind the last page."))
    ] = None,
    count: Annotated[bool, typer.Option("--count", "-c", help=N_("Only say how many there are."))] = False,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="NAMES",
            help=N_("The columns, with commas between."),
            autocompletion=known.columns,
        ),
    ] = None,
) -> None:
    """List the tickets that a query finds."""
    session: Session = ctx.obj
    text = _query(session, query or (), view)
    chosen = _columns(session, columns)
    if count:
        _count(session, text)
        return
    if limit < 0:
        raise Problem("limit.form", N_("--limit needs a number from 0."), kind="usage", field="limit")
    if limit == 0:
        _write(session, chosen, session.desk.each(text, viewer=session.actor), None)
        return
    page = session.desk.page(text, viewer=session.actor, limit=limit, after=after)
    _write(session, chosen, page.rows, page.after)


def _query(session: Session, words: Sequence[str], view: str | None) -> str:
    """The whole query: the view's and the given words; without either all open tickets."""
    parts = list(words)
    if view is not None:
        views = {each.name: each for each in session.desk.views()}
        if view not in views:
            raise Problem(
                "view.unknown",
                N_('There is no view "%(name)s".'),
                kind="usage",
                choices=list(views),
                field="view",
                name=view,
            )
        own = views[view].query
        parts.insert(0, f"({own})" if parts and " sort:" not in f" {own}" else own)
    return " ".join(parts) if parts else "is:open"


def _columns(session: Session, names: str | None) -> list[Column]:
    for_people = session.output.format == "text"
    chosen = names.split(",") if names else _FOR_PEOPLE if for_people else _FOR_PROGRAMS
    return [_column(name.strip()) for name in chosen]


def _column(name: str) -> Column:
    if name not in COLUMNS:
        raise Problem(
            "column.unknown",
            N_('There is no column "%(name)s".'),
            kind="usage",
            choices=nearest(name, tuple(COLUMNS)),
            field="columns",
            name=name,
        )
    return COLUMNS[name]


def _count(session: Session, query: str) -> None:
    found = session.desk.count(query, viewer=session.actor, cap=0)
    if session.output.speaks_json:
        session.output.document({"count": found})
    else:
        session.output.line(str(found))


def _write(
    session: Session,
    columns: Sequence[Column],
    rows: "Sequence[TicketRow] | Iterator[TicketRow]",
    after: str | None,
) -> None:
    output = session.output
    if output.speaks_json:
        output.stream("tickets", map(records.ticket, rows), {"after": after})
    else:
        output.table(columns, (_cells(session, row) for row in rows))
    if after and output.format != "json":  # whoever reads the stream must know that it is not all
        output.hint(_("More follow: --after %s, or --limit 0 for all.") % after, always=True)


def _cells(session: Session, row: "TicketRow") -> dict[str, str]:
    """A row as texts: for people in their words, for programs as in JSON."""
    cells = {key: _plain(value) for key, value in records.ticket(row).items()}
    now = session.clock.now()
    cells["age"] = duration(now - row.created_at)
    cells["sla"] = sla(row.sla_state, row.next_due_at, now, ascii=session.output.ascii)
    if session.output.format == "text":
        cells["status"] = word(row.status)
        cells["requester"] = row.requester or row.requester_name
        for name, at in (
            ("created", row.created_at),
            ("updated", row.updated_at),
            ("next_due", row.next_due_at),
        ):
            cells[name] = session.moment(at) if at is not None else ""
    return cells


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def page_of_text(session: Session, query: str, limit: int) -> None:
    """The first tickets of a query as text, where the screens cannot be shown."""
    page = session.desk.page(query, viewer=session.actor, limit=limit)
    session.output.table([COLUMNS[name] for name in _FOR_PEOPLE], (_cells(session, row) for row in page.rows))
