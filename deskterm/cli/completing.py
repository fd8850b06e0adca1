"""Completion: what may follow on a command line. The store is opened only for names of people and places."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from typer import Context

from deskterm.rules.clean import clean_line
from deskterm.rules.facts import SYSTEM
from deskterm.rules.problems import Problem
from deskterm.rules.terms import CHANNELS, DEFAULT_TYPES, LEVELS, ROLES

if TYPE_CHECKING:
    from deskterm.cli.session import Session
    from deskterm.desk import Desk

__all__ = ["agents", "complete", "groups", "levels", "priorities", "queries", "queues", "roles", "types"]

_HARMLESS: Final = re.compile(r"[\w@%+=:,./-]+\Z")  # what no shell reads as anything but itself


def complete(root: Any, words: Sequence[str], session: "Session") -> int:
    """Print what may stand in the place of the last of `words`, one a line, explained behind a tab."""
    from typer._click.shell_completion import _resolve_context, _resolve_incomplete

    from deskterm.i18n import _

    before, last = list(words[:-1]), words[-1] if words else ""
    context = _resolve_context(root, {"obj": session}, "deskterm", before)
    place, begun = _resolve_incomplete(context, before, last)
    unknown = bool(context._protected_args)  # a command that there is not
    for item in () if unknown else place.shell_complete(context, begun):
        if item.type == "file":
            continue
        value = str(item.value)
        if _HARMLESS.match(value):
            session.output.line(f"{value}\t{clean_line(_(item.help))}" if item.help else value)
    session.close()
    return 0


def _from_desk(read: "Callable[[Desk], Iterable[tuple[str, str]]]") -> Callable[[Context, str], list[Any]]:
    """Names that the desk knows; none when it cannot be asked: a completion has no place for a refusal."""

    def names(ctx: Context, incomplete: str) -> list[Any]:
        session: Session = ctx.obj
        try:
            session.take(ctx.params)
            return [each for each in read(session.desk) if each[0].startswith(incomplete)]
        except Problem:
            return []

    return names


def _from(words: Sequence[str]) -> Callable[[str], list[str]]:
    def names(incomplete: str) -> list[str]:
        return [each for each in words if each.startswith(incomplete)]

    return names


agents = _from_desk(lambda desk: ((row.login, row.name) for row in desk.agents() if row.active))
groups = _from_desk(lambda desk: ((row.name, row.title) for row in desk.groups() if row.active))
queues = _from_desk(lambda desk: ((row.name, row.title) for row in desk.queues() if row.active))
templates = _from_desk(lambda desk: ((each.id, each.name) for each in desk.templates(viewer=SYSTEM)))
views = _from_desk(lambda desk: ((view.name, view.title) for view in desk.views()))
macros = _from_desk(lambda desk: ((each.id, each.name) for each in desk.ruling.active().macros))
calendars = _from_desk(lambda desk: ((each, "") for each in desk.ruling.active().calendars))
revisions = _from_desk(lambda desk: ((str(each.rev), each.name) for each in desk.ruling.revisions()))
levels = _from(LEVELS)
metrics = _from(("first_response", "next_response", "update", "resolution"))
presences = _from(("online", "away", "offline"))
priorities = _from_desk(lambda desk: ((each, "") for each in reversed(desk.book().terms.priorities)))
shells = _from(("bash", "zsh", "fish"))
roles = _from(ROLES[1:])
types = _from(DEFAULT_TYPES)
channels = _from(CHANNELS)
statuses = _from_desk(lambda desk: ((each, "") for each in desk.book().terms.statuses))


def queries(ctx: Context, incomplete: str) -> list[Any]:
    """Beginnings of queries: a field, and the values of those that have few."""
    field, colon, value = incomplete.rpartition(":")
    if not colon:
        fields = ("assignee", "group", "is", "priority", "queue", "status", "tag", "type")
        return [f"{each}:" for each in fields if each.startswith(incomplete)]
    values: dict[str, Callable[..., list[Any]]] = {
        "assignee": agents,
        "group": groups,
        "queue": queues,
        "priority": priorities,
        "status": statuses,
    }
    if field in values:
        return [(f"{field}:{name}", text) for name, text in values[field](ctx, value)]
    fixed = {"type": DEFAULT_TYPES, "is": ("open", "new")}
    return [f"{field}:{each}" for each in fixed.get(field, ()) if each.startswith(value)]


def columns(incomplete: str) -> list[str]:
    """The columns of `list`, behind those that are there already."""
    from deskterm.cli.columns import COLUMNS

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{each}" for each in COLUMNS if each.startswith(last)]


def schemas(incomplete: str) -> list[str]:
    """The commands that have a schema."""
    from deskterm.cli.schemas import SCHEMAS

    return [each for each in SCHEMAS if each.startswith(incomplete)]
