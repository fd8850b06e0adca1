"""deskterm explain: why tickets are where they are and due when they are."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import typer

from deskterm.cli import options
from deskterm.cli.acting import numbers
from deskterm.cli.command import Reading
from deskterm.cli.output import Column
from deskterm.cli.session import Session

if TYPE_CHECKING:
    from deskterm.cli.explaining import Said
    from deskterm.desk.explaining import Explanation

__all__ = ["app", "explained"]

app = typer.Typer()

_COLUMNS: Final = tuple(Column(name, name) for name in ("ticket", "part", "indent", "mark", "text"))


@app.command("explain", cls=Reading)
def explain(ctx: typer.Context, tickets: options.Tickets, file: options.RuleFile = None) -> None:
    """Say why tickets are where they are and due when they are."""
    explained(ctx.obj, tickets, file)


def explained(session: Session, given: Sequence[str], file: str | None) -> None:
    """Explain each of the tickets, by the rules in force or by those of a file."""
    from deskterm.cli.explaining import record, said

    desk = session.seen_by_staff()
    candidate = _candidate(session, file)
    found = (
        desk.explain(each, viewer=session.actor, candidate=candidate) for each in numbers(session, given)
    )
    output = session.output
    if output.speaks_json:
        # a ticket that there is not is refused before the document begins
        output.stream("explanations", map(record, [*found]), {})
    elif output.format == "text":
        for place, each in enumerate(found):
            if place:
                output.line()
            _show(session, said(session, each))
    else:
        output.table(_COLUMNS, (row for each in found for row in _rows(session, each)))


def _candidate(session: Session, file: str | None) -> Any:
    """The rules of the file, checked against the desk. Raises RuleFaults as a Problem after it told them."""
    if file is None:
        return None
    from deskterm.cli.rulefiles import taken_or_refused

    return taken_or_refused(session, file, session.desk.book()).rules


def _show(session: Session, lines: "Iterator[Said]") -> None:
    """Marked lines, wrapped behind their marks."""
    from deskterm.cli.explaining import SIGNS
    from deskterm.cli.help import wrapped
    from deskterm.rules.clean import cell_width

    output = session.output
    width = output.width
    for each in lines:
        if each.mark == "#":
            output.heading(each.text)
            continue
        sign = SIGNS[each.mark][output.ascii]
        head = "  " * each.indent + (f"{sign} " if sign else "")
        room = width - cell_width(head)
        pieces = [each.text] if each.fixed or cell_width(each.text) <= room else [*wrapped(each.text, room)]
        for place, piece in enumerate(pieces or [""]):
            output.line((head if place == 0 else " " * cell_width(head)) + piece if piece else "")


def _rows(session: Session, found: "Explanation") -> Iterator[dict[str, str]]:
    from deskterm.cli.explaining import said

    for each in said(session, found):
        if each.text:
            yield {
                "ticket": str(found.row.id),
                "part": each.part,
                "indent": str(each.indent),
                "mark": each.mark,
                "text": each.text.strip(),
            }
