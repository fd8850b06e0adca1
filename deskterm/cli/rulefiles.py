"""Rule files on the command line: read, with the holidays that they name, and what is wrong with them."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from deskterm.cli.body import read_file
from deskterm.i18n import Sentence, _, ngettext
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.cli.session import Session
    from deskterm.rules.calendar import PublicHolidays
    from deskterm.rules.facts import Book
    from deskterm.rules.rulebook import RuleBook
    from deskterm.rules.rulefile import Fault

__all__ = [
    "RuleFile",
    "counted",
    "fault_record",
    "people",
    "placed",
    "printed",
    "read_text",
    "refuse",
    "taken",
    "taken_or_refused",
]

_LONGEST: Final = 4_000_000  # bytes of a rule file


class RuleFile(NamedTuple):
    """A file without a fault: its name as it was typed, its text, what its regions mean, what it says."""

    path: str
    text: str
    public: "PublicHolidays | None"
    rules: "RuleBook"

    @property
    def name(self) -> str:
        """The name without folders, which the desk remembers."""
        return clean_line(Path(self.path).name)[:200] if self.path != "-" else "stdin"


def read_text(session: "Session", path: str) -> str:
    """The text of a rule file, - for stdin. Raises Problem (usage)."""
    content = session.read_stdin() if path == "-" else read_file(path, _LONGEST + 1)
    if len(content) > _LONGEST:
        raise _unreadable(path, f"> {_LONGEST} B")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(path, _("it is no text in UTF-8")) from None


def taken(session: "Session", path: str, book: "Book | None" = None) -> RuleFile:
    """The rule file of that name; with the people of `book` its names have to exist. Raises RuleFaults."""
    from deskterm.bootstrap import regional_holidays
    from deskterm.rules.rulefile import load

    text = read_text(session, path)
    public = regional_holidays(text, session.clock.now())
    name = "stdin" if path == "-" else Path(path).name
    return RuleFile(path, text, public, load(text, name, public=public, book=book))


def taken_or_refused(session: "Session", path: str, book: "Book | None") -> RuleFile:
    """The same; of a file with faults every one is told before the Problem is raised."""
    from deskterm.rules.rulefile import RuleFaults

    try:
        return taken(session, path, book)
    except RuleFaults as faults:
        refuse(session, path, faults.faults)
        template = N_("%(file)s stays out, and the rules in force stay as they are.")
        raise Problem("rules.faults", template, kind="usage", field="file", file=path) from None


def people(session: "Session", *, offline: bool = False) -> "Book | None":
    """The people and places whom rules may name; None where there is no desk, or nobody wants to ask it."""
    if offline:
        return None
    session.makes = False
    try:
        return session.desk.book()
    except Problem as problem:
        if problem.code != "store.missing":
            raise
        return None


def refuse(session: "Session", path: str, faults: "Iterable[Fault]") -> None:
    """Say every fault on stderr, each as a problem of its own."""
    for fault in faults:
        session.fail(placed(path, fault))


def placed(path: str, fault: "Fault") -> Problem:
    """A fault as a problem whose sentence begins with its place."""
    return Problem(
        fault.code,
        "%(fault)s",
        kind="usage",
        choices=fault.problem.choices,
        column=fault.column or 1,
        fault=Sentence(printed(path, fault)),
    )


def printed(path: str, fault: "Fault") -> str:
    """A fault as one line: FILE:LINE:COLUMN: what is wrong."""
    return clean_line(fault.printed(path, _))


def fault_record(path: str, fault: "Fault") -> dict[str, Any]:
    """A fault as a JSON value; column 0 where only the line is known."""
    return {
        "file": clean_line(path),
        "line": fault.line,
        "column": fault.column,
        "code": fault.code,
        "severity": fault.severity,
        "message": clean_line(fault.sentence(_)),
    }


def _unreadable(path: str, reason: str) -> Problem:
    template = N_("The rule file %(file)s cannot be read: %(reason)s.")
    return Problem("rules.form", template, kind="usage", field="file", file=path, reason=reason)


def counted(rules: "RuleBook") -> str:
    """How many rules and tests a file has, in words."""
    kinds = (rules.classify, rules.routes, rules.policies, rules.olas, rules.ucs, rules.triggers)
    more = (rules.automations, rules.macros, rules.recurring, rules.blueprints)
    count, tests = sum(map(len, (*kinds, *more))), len(rules.tests)
    said = (
        ngettext("%(count)d rule", "%(count)d rules", count) % {"count": count},
        ngettext("%(count)d test", "%(count)d tests", tests) % {"count": tests},
    )
    return _(", ").join(said)
