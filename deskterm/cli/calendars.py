"""Where calendars come from: a rule file that is being written, else the desk; `always` is always there."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from deskterm.cli.body import read_file
from deskterm.rules.calendar import ALWAYS, Calendar
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.cli.session import Session

__all__ = ["calendars", "chosen"]

_LONGEST = 4_000_000  # bytes of a rule file


def calendars(session: "Session", file: str | None) -> dict[str, Calendar]:
    """The calendars by name: of the file, else of the rules in force, if there is a desk.

    Raises Problem (usage), after it told every fault but the last.
    """
    found = {"always": ALWAYS}
    if file is not None:
        return found | _of_file(session, file)
    session.makes = False
    try:
        return found | dict(session.desk.ruling.active().calendars)
    except Problem as problem:
        if problem.code != "store.missing":
            raise
        return found


def chosen(found: Mapping[str, Calendar], name: str | None) -> Calendar:
    """The calendar of that name; without a name the only one beside `always`. Raises Problem."""
    if name is None:
        named = [each for each in found.values() if each is not ALWAYS] or list(found.values())
        if len(named) == 1:
            return named[0]
        template = N_("There are several calendars: name one.")
        raise Problem("calendar.which", template, kind="usage", choices=list(found), field="calendar")
    if name not in found:
        template = N_('There is no calendar "%(name)s".')
        raise Problem("calendar.missing", template, kind="missing", choices=list(found), name=name)
    return found[name]


def _of_file(session: "Session", file: str) -> dict[str, Calendar]:
    tables = _tables(file)
    public = None
    if codes := [code for table in tables.values() for code in Calendar.regions(table)]:
        from deskterm.public_holidays import public_holidays
        from deskterm.rules.calendar.walls import date_at

        public = public_holidays(codes, date_at(ALWAYS.zone, session.clock.now()).year)
    faults = [
        _placed(file, name, fault)
        for name, table in tables.items()
        for fault in Calendar.faults(table, public=public)
    ]
    for fault in faults[:-1]:
        session.fail(fault)
    if faults:
        raise faults[-1]
    return {name: Calendar.parse(table, name=name, public=public) for name, table in tables.items()}


def _tables(file: str) -> dict[str, Mapping[str, Any]]:
    """The [calendar.NAME] tables of a rule file."""
    content = read_file(file, _LONGEST + 1)
    if len(content) > _LONGEST:
        raise _unreadable(file, f"> {_LONGEST} B")
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unreadable(file, str(error)) from None
    return dict(_named(file, document.get("calendar", {})))


def _named(file: str, tables: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    entries = tables.items() if isinstance(tables, Mapping) else [("", tables)]
    for name, table in entries:
        if not isinstance(table, Mapping):
            template = N_("%(file)s: a calendar is a table, [calendar.NAME].")
            raise Problem("rules.calendar", template, kind="usage", field="file", file=file)
        yield str(name), table


def _unreadable(file: str, reason: str) -> Problem:
    template = N_("The rule file %(file)s cannot be read: %(reason)s.")
    return Problem("rules.form", template, kind="usage", field="file", file=file, reason=reason)


def _placed(file: str, name: str, fault: Problem) -> Problem:
    """A fault with the file and the calendar it is in."""
    template = N_("%(file)s: calendar '%(calendar)s': %(fault)s")
    return Problem(
        fault.code,
        template,
        "usage",
        fault.choices,
        f"calendar.{name}.{fault.field}",
        0,
        file=file,
        calendar=name,
        fault=fault,
    )
