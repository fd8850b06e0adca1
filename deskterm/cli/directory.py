"""The directory: lists of people and places, and what is common to the commands that change them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.cli.acting import report, told
from deskterm.cli.present import role
from deskterm.i18n import _

if TYPE_CHECKING:
    from deskterm.cli.output import Column
    from deskterm.cli.session import Session
    from deskterm.rules.actions import Action

__all__ = ["change", "write"]


def write(
    session: "Session", name: str, columns: "Sequence[Column]", found: Iterable[Mapping[str, Any]]
) -> None:
    """Records under `name` as JSON, else as a table of `columns`."""
    output = session.output
    if output.speaks_json:
        output.stream(name, found, {})
    else:
        people = output.format == "text"
        output.table(
            columns, ({key: _text(key, value, people) for key, value in each.items()} for each in found)
        )


def _text(key: str, value: Any, people: bool) -> str:
    if key == "role" and people:
        return role(str(value))
    if isinstance(value, bool):
        return (_("yes") if value else _("no")) if people else str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(str, value)) if people else ",".join(map(str, value))
    return "" if value is None else str(value)


def change(session: "Session", action: "Action") -> None:
    """Do an action on a person or place and say what it changed."""
    receipt = session.perform(action)
    report(
        session,
        receipt,
        told(session, receipt.changes) or _("nothing to change"),
    )
