"""deskterm calendar: business hours and holidays, and when something would be due."""

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from deskterm.cli import directory
from deskterm.cli.calendars import calendars, chosen
from deskterm.cli.command import Reading
from deskterm.cli.output import Column
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.i18n import _
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.cli.ledger import Stretch
    from deskterm.cli.week import Day
    from deskterm.rules.calendar import Calendar

__all__ = ["app"]

app = typer.Typer(name="calendar", cls=Group)

_CALENDARS: Final = (
    Column("name", N_("name"), most=30),
    Column("timezone", N_("time zone")),
    Column("week", N_("open a week"), right=True),
    Column("day", N_("working day"), right=True),
    Column("holidays", N_("holidays"), right=True),
    Column("covers", N_("known until")),
)
_DAYS: Final = (
    Column("date", N_("date")),
    Column("weekday", N_("weekday")),
    Column("spans", N_("open hours")),
    Column("open_seconds", N_("seconds open")),
    Column("day_seconds", N_("seconds of the day")),
    Column("reason", N_("reason")),
    Column("name", N_("name")),
)
_ANSWER: Final = tuple(
    Column(name, name)
    for name in ("calendar", "timezone", "from", "from_at", "to", "to_at", "open_seconds", "uncertain")
)
_HOLIDAYS: Final = (Column("days", N_("days")), Column("name", N_("name")))
_SHOWN: Final = 14  # stretches that people are shown

_Name = Annotated[str | None, typer.Argument(metavar="NAME", help=N_("The calendar."))]
_Calendar = Annotated[str | None, typer.Option("--calendar", "-c", metavar="NAME", help=N_("The calendar."))]
_File = Annotated[
    str | None, typer.Option("--file", "-f", metavar="FILE", help=N_("Take the calendars of this rule file."))
]


@app.command("list", cls=Reading, help=N_("List the calendars."))
def list_calendars(ctx: typer.Context, file: _File = None) -> None:
    """List the calendars."""
    session: Session = ctx.obj
    now = session.clock.now()
    found = [_summary(each, now) for each in calendars(session, file).values()]
    if session.output.format == "text":
        found = [
            each | {"covers": each["known_until"], **{key: _length(each[key]) for key in ("week", "day")}}
            for each in found
        ]
    directory.write(session, "calendars", _CALENDARS, found)


@app.command("show", cls=Reading, help=N_("Draw a week of a calendar."))
def show(
    ctx: typer.Context,
    name: _Name = None,
    week: Annotated[
        str | None,
        typer.Option("--week", metavar="DATE", help=N_("The week with this date (default: today).")),
    ] = None,
    file: _File = None,
) -> None:
    """Draw a week of a calendar."""
    from deskterm.cli.week import record, weekdays

    session: Session = ctx.obj
    calendar = chosen(calendars(session, file), name)
    days = weekdays(calendar, _date_in_week(session, calendar, week))
    if session.output.speaks_json:
        more = {
            "calendar": calendar.id,
            "timezone": calendar.tz,
            "open_seconds": sum(each.open for each in days),
        }
        session.output.stream("days", map(record, days), more)
    elif session.output.format == "text":
        _draw(session, calendar, days)
    else:
        session.output.table(
            _DAYS, ({key: _plain(value) for key, value in record(each).items()} for each in days)
        )


@app.command("due", cls=Reading, help=N_("Say when a business time would be over."))
def due(
    ctx: typer.Context,
    duration: Annotated[
        str, typer.Argument(metavar="DURATION", help=N_("How long: 30m, 4h, 1h30m, 3wd or 3bd."))
    ],
    start: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="WHEN", help=N_("When it begins, in the calendar's zone (default: now).")
        ),
    ] = None,
    name: _Calendar = None,
    file: _File = None,
) -> None:
    """Say when a business time would be over."""
    session: Session = ctx.obj
    calendar = chosen(calendars(session, file), name)
    begin = _when(session, calendar, start or "0m")
    end = _due(calendar, begin, duration)
    _answer(session, calendar, begin, end, _moment(calendar, end))
    if session.output.format == "text":
        _elsewhere(session, calendar, end)


@app.command("elapsed", cls=Reading, help=N_("Say how much business time lies between two times."))
def elapsed(
    ctx: typer.Context,
    start: Annotated[str, typer.Argument(metavar="FROM", help=N_("When it begins, in the calendar's zone."))],
    end: Annotated[str, typer.Argument(metavar="TO", help=N_("When it ends."))],
    name: _Calendar = None,
    file: _File = None,
) -> None:
    """Say how much business time lies between two times."""
    from deskterm.rules.duration import format_duration

    session: Session = ctx.obj
    calendar = chosen(calendars(session, file), name)
    a, b = _when(session, calendar, start), _when(session, calendar, end)
    _answer(session, calendar, a, b, format_duration(calendar.elapsed(a, b)))


@app.command(
    "import", cls=Reading, help=N_("Turn the holidays of an iCalendar file into lines of a rule file.")
)
def import_holidays(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE", help=N_("The iCalendar file; - for stdin."))],
    name: Annotated[
        str, typer.Option("--calendar", "-c", metavar="NAME", help=N_("The calendar."))
    ] = "office",
) -> None:
    """Turn the holidays of an iCalendar file into lines of a rule file."""
    from deskterm.cli.body import read_file
    from deskterm.cli.letters import decode
    from deskterm.i18n import words
    from deskterm.rules.clean import clean_line
    from deskterm.rules.ical import read_ical

    session: Session = ctx.obj
    text = decode(session.read_stdin() if source == "-" else read_file(source, 4_000_001))
    found = read_ical(text, _today(session).year)
    left_out = [words(each) for each in found.left_out]
    entries = [{"days": days, "name": clean_line(each)} for days, each in sorted(found.holidays.items())]
    if session.output.speaks_json:
        session.output.stream("holidays", entries, {"left_out": left_out})
    elif session.output.format == "text":
        session.output.line(f"[calendar.{_key(clean_line(name))}.holidays]")
        for each in entries:
            session.output.line(
                f"{_key(each['days'], quoted=True)} = {json.dumps(each['name'], ensure_ascii=False)}"
            )
    else:
        session.output.table(_HOLIDAYS, entries)
    for sentence in left_out:
        session.output.hint(sentence)


def _summary(calendar: "Calendar", now: int) -> dict[str, Any]:
    table, known = calendar.table(), calendar.known_until(now)
    open_week = sum(end - begin for spans in calendar.week for begin, end in spans) * 60
    return {
        "name": calendar.id,
        "timezone": calendar.tz,
        "week": open_week,
        "day": calendar.day_seconds,
        "holidays": len(table.get("holidays", {})),
        "covers": calendar.covers.isoformat() if calendar.covers else None,
        "known_until": known.isoformat() if known else None,
    }


def _length(seconds: int | None) -> str:
    from deskterm.rules.duration import format_duration

    return "" if seconds is None else format_duration(seconds)


def _plain(value: Any) -> str:
    """A JSON value as a program reads it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)


def _key(text: str, *, quoted: bool = False) -> str:
    """A TOML key."""
    bare = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    return text if bare and not quoted else json.dumps(text, ensure_ascii=False)


def _today(session: Session) -> date:
    return datetime.fromtimestamp(session.clock.now(), session.zone).date()


def _date_in_week(session: Session, calendar: "Calendar", text: str | None) -> date:
    from deskterm.rules.calendar.dates import read_date

    if text is None:
        return datetime.fromtimestamp(session.clock.now(), calendar.zone).date()
    day = read_date(text)
    if day is None or not 1900 <= date.fromordinal(day).year <= 2200:
        template = N_('"%(text)s" is not a date between 1900 and 2200: write 2026-12-24.')
        raise Problem("date.form", template, kind="usage", field="week", text=text)
    return date.fromordinal(day)


def _when(session: Session, calendar: "Calendar", text: str) -> int:
    from deskterm.cli.times import read_until

    return read_until(text, session.clock.now(), calendar.zone) or 0


def _due(calendar: "Calendar", begin: int, text: str) -> int:
    from deskterm.rules.duration import read_duration, read_wait

    if text.endswith("bd"):
        return calendar.end_of_business_day(begin, read_wait(text).business_days)
    return calendar.add(begin, read_duration(text, day=calendar.day_seconds))


def _draw(session: Session, calendar: "Calendar", days: "list[Day]") -> None:
    from deskterm.cli.week import drawn

    output = session.output
    dash = "-" if output.ascii else "–"
    output.heading(f"{calendar.id}  {calendar.tz}  {days[0].day} {dash} {days[-1].day}")
    output.line()
    for line in drawn(days, ascii=output.ascii):
        output.line(line)
    if any(each.uncertain for each in days):
        output.line(_("~ not all holidays of this week are known yet"))


def _answer(session: Session, calendar: "Calendar", a: int, b: int, headline: str) -> None:
    """The answer in one line, and the stretches that lead to it."""
    from deskterm.cli.ledger import COLUMNS, ledger, record, row
    from deskterm.cli.records import instant

    output, stretches = session.output, list(ledger(calendar, a, b))
    uncertain = calendar.uncertain(b)
    facts = {
        "calendar": calendar.id,
        "timezone": calendar.tz,
        **instant("from", a),
        **instant("to", b),
        "open_seconds": calendar.elapsed(a, b),
        "uncertain": uncertain,
    }
    if output.speaks_json:
        output.stream("stretches", map(record, stretches), facts)
    elif output.format == "text":
        output.heading(f"{'~ ' if uncertain else ''}{headline}  {calendar.tz}")
        if stretches:
            output.table(COLUMNS, (row(calendar, each) for each in _few(stretches)))
        _remark(session, calendar, b, len(stretches))
    else:
        output.table(_ANSWER, [{key: _plain(value) for key, value in facts.items()}])


def _few(stretches: "list[Stretch]") -> "list[Stretch]":
    return stretches if len(stretches) <= _SHOWN else [*stretches[: _SHOWN - 1], stretches[-1]]


def _remark(session: Session, calendar: "Calendar", end: int, count: int) -> None:
    """What a person should know about the answer."""
    output = session.output
    if count > _SHOWN:
        output.line(_("(%d stretches before the last are not shown)") % (count - _SHOWN))
    if calendar.uncertain(end):
        output.line(_("~ not all holidays until then are known yet"))


def _elsewhere(session: Session, calendar: "Calendar", at: int) -> None:
    """The same instant on the clocks of the person who asks, when they show another time."""
    here = datetime.fromtimestamp(at, UTC).astimezone(session.zone)
    if here.utcoffset() != datetime.fromtimestamp(at, calendar.zone).utcoffset():
        session.output.line(_("that is %s where you are") % session.moment(at))


def _moment(calendar: "Calendar", at: int) -> str:
    from deskterm.cli.ledger import clock
    from deskterm.cli.week import weekday

    local = datetime.fromtimestamp(at, calendar.zone)
    return f"{weekday(local)} {local:%Y-%m-%d} {clock(local)}"
