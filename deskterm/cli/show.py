"""deskterm show: a ticket with its timeline."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Final

import typer

from deskterm.cli import records
from deskterm.cli.acting import number
from deskterm.cli.command import Reading
from deskterm.cli.output import Column
from deskterm.cli.present import because, change, size, sla, word
from deskterm.cli.session import Session
from deskterm.i18n import _
from deskterm.rules.clean import clean, clean_line
from deskterm.rules.problems import N_

if TYPE_CHECKING:
    from deskterm.store.rows import AttachmentRow, TicketDetail, TimelineRow

__all__ = ["app"]

app = typer.Typer()

_TIMELINE: Final = (
    Column("time", N_("time")),
    Column("kind", N_("kind")),
    Column("actor", N_("who")),
    Column("told", N_("what happened")),
    Column("text", N_("text")),
)
_NO_EVENT: Final = {"time": "", "kind": "field", "actor": ""}


@app.command("show", cls=Reading)
def show(
    ctx: typer.Context,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help=N_("The number of the ticket."))],
    public: Annotated[bool, typer.Option("--public", help=N_("Only what its requester may see."))] = False,
    history: Annotated[
        bool, typer.Option("--history", help=N_("Every change too, and because of what it was made."))
    ] = False,
) -> None:
    """Show a ticket with its timeline."""
    session: Session = ctx.obj
    found = session.desk.ticket(number(ticket), viewer=session.actor, public=public)
    if session.output.speaks_json:
        session.output.document(records.detail(found))
    elif session.output.format == "plain":
        for fact in _named(found):
            session.output.fields(fact)
        session.output.table(_TIMELINE, map(_cells, found.timeline))
    elif session.output.format == "csv":
        facts = (dict(_NO_EVENT, told=name, text=value) for name, value in _named(found))
        session.output.table(_TIMELINE, chain(facts, map(_cells, found.timeline)))
    else:
        _text(session, found, history)


def _named(found: "TicketDetail") -> Iterator[tuple[str, str]]:
    """The facts of a ticket for programs: each name of the JSON, and its value as a text."""
    record = records.detail(found)
    for name, value in record.items():
        if name == "custom":
            yield from ((f"cf.{key}", text) for key, text in sorted(value.items()))
        elif name == "attachments":
            yield name, ",".join(file["name"] for file in value)
        elif name != "timeline" and name.removesuffix("_at") not in record.keys() - {name}:
            yield (
                name,
                ",".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value),
            )


def _cells(row: "TimelineRow") -> dict[str, str]:
    return {
        "time": records.iso(row.at),
        "kind": row.kind,
        "actor": row.actor or row.actor_kind,
        "told": change(row.kind, row.data),
        "text": row.message.body if row.message else "",
    }


def _text(session: Session, found: "TicketDetail", history: bool) -> None:
    output = session.output
    output.heading(f"#{found.row.id} {clean_line(found.row.subject)}")
    for name, value in _facts(session, found):
        if value:
            output.line(_("%(name)s: %(value)s") % {"name": name, "value": clean_line(value)})
    for row in found.timeline:
        if row.message is not None or history:
            for line in _entry(session, row, history):
                output.line(line)


def _facts(session: Session, found: "TicketDetail") -> Iterator[tuple[str, str]]:
    """What stands in front of the timeline."""
    row, now = found.row, session.clock.now()
    yield _("status"), _joined(word(row.status), row.priority, row.type, row.category)
    yield _("stage"), found.stage
    yield _("follows"), _numbers(() if found.follows is None else (found.follows,))
    yield _("followed by"), _numbers(found.followed_by)
    yield _("requester"), _person(row.requester_name, row.requester)
    yield _("organization"), _joined(row.organization, row.tier)
    yield _("language"), found.lang
    yield _("region"), found.region
    yield _("queue"), _joined(row.queue, row.group)
    yield _("assignee"), _person(row.assignee_name, row.assignee) or _("nobody")
    yield _("tags"), _(", ").join(row.tags)
    yield _("SLA"), sla(row.sla_state, row.next_due_at, now, ascii=session.output.ascii)
    yield _("created"), _when(session, row.created_at)
    yield _("updated"), _when(session, row.updated_at)
    yield _("waits for"), _joined(found.vendor, found.wait_reason)
    yield _("wakes up"), _when(session, found.wake_at)
    yield _("cause"), found.cause
    yield _("solution"), found.solution
    for name, value in sorted(found.custom.items()):
        yield clean_line(name), value
    yield _("files"), _(", ").join(map(_file, found.attachments))


def _numbers(tickets: Iterable[int]) -> str:
    return _(", ").join(f"#{each}" for each in tickets)


def _joined(*parts: str) -> str:
    return _(", ").join(part for part in parts if part)


def _person(name: str, handle: str) -> str:
    return f"{name} <{handle}>" if name and handle and name != handle else name or handle


def _when(session: Session, at: int | None) -> str:
    return "" if at is None else session.moment(at)


def _file(row: "AttachmentRow") -> str:
    text = f"{clean_line(row.name)} ({size(row.size)})"
    return _("%s, internal") % text if row.internal else text


def _entry(session: Session, row: "TimelineRow", history: bool) -> Iterator[str]:
    """The lines of one event: who, when, what; the words of a message behind a bar."""
    told = change(row.kind, row.data, ascii=session.output.ascii, zone=session.zone)
    reason = f" [{because(row.because)}]" if history and row.because else ""
    who = _who(row)
    yield ""
    yield session.moment(row.at) + "  " + _("%(name)s: %(value)s") % {"name": who, "value": told} + reason
    if row.message is None:
        return
    bar = _bar(session, row.message.public)
    for line in clean(row.message.body).removesuffix("\n").split("\n"):
        yield f"{bar} {line}".rstrip()
    for file in row.message.attachments:
        yield f"{bar} + {_file(file)}"


def _who(row: "TimelineRow") -> str:
    if row.actor_kind == "system":
        return _("system")
    return clean_line(_person(row.actor_name, row.actor)) or _("somebody")


def _bar(session: Session, public: bool) -> str:
    """Public words stand behind one kind of line, internal ones behind another."""
    if session.output.ascii:
        return "|" if public else ":"
    return "│" if public else "┆"
