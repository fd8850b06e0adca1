"""The calendars of a rule file, and the lines of their dates."""

from typing import TYPE_CHECKING, Final

from deskterm.rules.rulefile.reading import TABLE, Section, short

if TYPE_CHECKING:
    from deskterm.rules.calendar import Calendar, PublicHolidays

__all__ = ["read_calendars"]

_DATED: Final = ("holidays", "workdays")


def read_calendars(
    top: Section, public: "PublicHolidays | None"
) -> "tuple[dict[str, Calendar], dict[str, int]]":
    """[calendar.NAME] by name, `always` among them; and the lines of what lint may speak of.

    Lines are kept under NAME, NAME/covers, NAME/holidays/KEY and NAME/workdays/KEY.
    """
    from deskterm.rules.calendar import ALWAYS, Calendar

    found: dict[str, Calendar] = {"always": ALWAYS}
    lines: dict[str, int] = {}
    inner = top.inner("calendar")
    for name in inner.table if inner else ():
        table = inner.value(name, TABLE, None) if inner else None
        if inner is None or table is None:
            continue
        section = Section(top.reading, table, (*inner.path, name), f"calendar '{short(name)}': ")
        faults = Calendar.faults(table, public=public)
        for problem in faults:
            section.reading.add(problem.code, _path(section, problem.field), section.where, problem)
        if not faults:
            found[name] = Calendar.parse(table, name=name, public=public)
            lines |= _lines(section, name)
    known = {*found, *(inner.table if inner else ())}
    top.reading.names["calendar"] = tuple(known)
    top.reading.days = {name: calendar.day_seconds for name, calendar in found.items()}
    return found, lines


def _path(section: Section, field: str) -> tuple[str | int, ...]:
    """The path of week.mon-fri; of holidays.CN that of the list."""
    key, dot, rest = field.partition(".")
    return (*section.path, key, rest) if dot else (*section.path, key)


def _lines(section: Section, name: str) -> dict[str, int]:
    places = section.reading.places
    found = {name: section.line}
    if "covers" in section.table:
        found[f"{name}/covers"] = places.line((*section.path, "covers"))
    for key in _DATED:
        for entry in section.table.get(key, ()):
            if isinstance(entry, str):
                found[f"{name}/{key}/{entry}"] = places.line((*section.path, key, entry))
    return found
