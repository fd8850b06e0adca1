"""Putting rules in force: what is wrong with them, what they would move, and then, if wanted, the deed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from deskterm.cli import records
from deskterm.cli.output import Column
from deskterm.cli.priorities import Abandoned, abandoned, advice
from deskterm.i18n import _, ngettext
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.cli.session import Session
    from deskterm.desk.previewing import Moved, Preview
    from deskterm.rules.rulebook import RuleBook
    from deskterm.store.revisions import Revision

__all__ = ["Proposed", "bring", "built_in", "from_file", "from_history", "revision_named"]

_SHOWN: Final = 20  # tickets that people are shown
_MOVED: Final = (
    Column("ticket", N_("ticket"), right=True),
    Column("policy", N_("SLA policy"), most=24),
    Column("old", N_("due")),
    Column("new", N_("then due")),
    Column("state", N_("state")),
)
_PLAIN: Final = tuple(
    Column(name, name) for name in ("ticket", "old_policy", "policy", "old_due", "due", "old_state", "state")
)


class Proposed(NamedTuple):
    """Rules that somebody wants in force; `holidays` is what regions mean, `tests` how their tests went.

    `binding`: a failed test keeps them out.
    """

    name: str
    body: str
    holidays: Mapping[str, Any]
    rules: "RuleBook"
    warnings: tuple[str, ...]
    tests: tuple[Mapping[str, Any], ...]
    binding: bool = True

    @property
    def failures(self) -> list[str]:
        """Each thing that a test did not expect."""
        return [
            _("%(place)s: test '%(name)s': %(failure)s")
            % {"place": f"{each['file']}:{each['line']}", "name": each["name"], "failure": failure}
            for each in self.tests
            for failure in each["failures"]
        ]


def from_file(session: "Session", path: str) -> Proposed:
    """The rule file of that name, checked against the desk. Raises Problem after it told every fault."""
    from deskterm.cli.rulefiles import printed, taken_or_refused
    from deskterm.cli.ruletests import tried
    from deskterm.rules.lint import lint

    book = session.desk.book()
    source = taken_or_refused(session, path, book)
    warnings = lint(source.rules, desk=book, now=session.clock.now())
    return Proposed(
        source.name,
        source.text,
        source.public._asdict() if source.public else {},
        source.rules,
        tuple(printed(path, each) for each in warnings),
        tuple(tried(source)),
    )


def from_history(session: "Session", number: int | None) -> tuple[Proposed, int]:
    """The rules of an earlier revision (None: the one before the last), and its number. Raises Problem."""
    from deskterm.cli.rulefiles import RuleFile
    from deskterm.cli.ruletests import tried
    from deskterm.rules.calendar.public import restored
    from deskterm.rules.rulefile import load

    known = session.desk.ruling.revisions()
    if number == 0 or (len(known) < 2 and number is None):
        template = N_(
            'There is no earlier revision to go back to; "deskterm rules show --rev 0" prints the rules that '
            "a desk begins with, as a file to activate."
        )
        raise Problem("rules.first", template, kind="missing")
    found = revision_named(known, known[1].rev if number is None else number)
    public = restored(found.holidays) if found.holidays else None
    rules = load(found.body, found.name, public=public, book=session.desk.book())
    tests = tried(RuleFile(found.name, found.body, public, rules))
    return Proposed(found.name, found.body, found.holidays, rules, (), tuple(tests), binding=False), found.rev


def revision_named(known: "Sequence[Revision]", number: int) -> "Revision":
    """The revision of that number. Raises Problem (missing)."""
    for each in known:
        if each.rev == number:
            return each
    template = N_("There is no revision %(rev)d of the rules.")
    choices = [str(each.rev) for each in known]
    raise Problem("rules.revision", template, kind="missing", choices=choices, field="rev", rev=number)


def built_in() -> str:
    """The rules of a desk that has none of its own, as a rule file."""
    from deskterm.rules.builtin import BUILT_IN
    from deskterm.rules.rulefile import dump

    return dump(BUILT_IN)


def bring(session: "Session", proposed: Proposed, *, apply: bool, note: str) -> None:
    """Say what the rules would move, and put them in force if that is wanted and it is no dry run."""
    text, dry = session.output.format == "text", session.dry_run
    for warning in proposed.warnings if text else ():
        session.output.hint(warning)
    if proposed.failures and proposed.binding:
        _refuse_failures(session, proposed)
    known = session.desk.ruling.revisions()
    same = bool(known) and (known[0].body, known[0].holidays) == (proposed.body, proposed.holidays)
    preview = session.desk.ruling.preview(proposed.rules)
    gone = abandoned(session, proposed.rules)
    if text:
        _tell(session, proposed, preview)
        for line in advice(gone, proposed.rules) if gone else ():
            session.output.line(line)
    revision = None
    if same and text:
        session.output.line(_("revision %d says exactly this already") % known[0].rev)
    elif not same and not dry and (apply or (text and _agreed(session))):
        revision = _activated(session, proposed, note)
    elif not same and text:
        session.output.hint(_("Nothing has changed: --apply puts it in force."))
    if not text:
        _write(session, proposed, preview, gone, revision)


def _refuse_failures(session: "Session", proposed: Proposed) -> None:
    for failure in proposed.failures:
        session.output.hint(failure, always=True)
    failed = sum(not each["ok"] for each in proposed.tests)
    count = len(proposed.tests)
    template = N_("%(file)s stays out: %(failed)d of its %(count)d tests do not come out as expected.")
    if failed == 1:
        template = N_("%(file)s stays out: one of its %(count)d tests does not come out as expected.")
    if count == 1:
        template = N_("%(file)s stays out: its test does not come out as expected.")
    raise Problem("rules.tests", template, field="file", file=proposed.name, failed=failed, count=count)


def _agreed(session: "Session") -> bool:
    """Ask a person at a terminal."""
    if not session.on_screen:
        return False
    session.output.hint(_("Put it in force? y or n"))
    return session.surroundings.stdin.readline().strip().lower() in (b"y", b"yes", "是".encode())


def _activated(session: "Session", proposed: Proposed, note: str) -> int:
    desk = session.desk
    receipt = desk.ruling.activate(proposed.name, proposed.body, proposed.holidays, session.actor, note)
    revision = next(int(each["rev"]) for each in receipt.changes if each["kind"] == "rules_activated")
    if session.output.format == "text":
        values = {"name": clean_line(proposed.name), "rev": revision}
        session.output.line(_("%(name)s is in force as revision %(rev)d") % values)
    return revision


def _tell(session: "Session", proposed: Proposed, preview: "Preview") -> None:
    """What a lead wants to know before: in one line, then ticket by ticket."""
    output = session.output
    if proposed.tests:
        passed = sum(bool(each["ok"]) for each in proposed.tests)
        values = {"passed": passed, "count": len(proposed.tests)}
        output.line(_("tests: %(passed)d of %(count)d as expected") % values)
    output.heading(summary(preview))
    ordered = _worst_first(preview)
    if ordered:
        output.table(_MOVED, (_row(session, each) for each in ordered[:_SHOWN]))
    if len(ordered) > _SHOWN:
        output.line(_("(%d tickets more are not shown: --json has them all)") % (len(ordered) - _SHOWN))


def summary(preview: "Preview") -> str:
    """37 dues move, 2 tickets become overdue, of 120 open tickets."""
    if not preview.moved:
        template = ngettext(
            "of %(count)d open ticket nothing moves",
            "of %(count)d open tickets nothing moves",
            preview.tickets,
        )
        return template % {"count": preview.tickets}
    dues = ngettext("%(count)d due moves", "%(count)d dues move", preview.dues) % {"count": preview.dues}
    late = ngettext("%(count)d ticket becomes overdue", "%(count)d tickets become overdue", preview.overdue)
    parts = [dues, late % {"count": preview.overdue}]
    if preview.lost:
        gone = ngettext(
            "%(count)d ticket loses all its clocks", "%(count)d tickets lose all their clocks", preview.lost
        )
        parts.append(gone % {"count": preview.lost})
    of = ngettext("of %(count)d open ticket", "of %(count)d open tickets", preview.tickets)
    return _(", ").join((*parts, of % {"count": preview.tickets}))


def _nothing_moves(count: int) -> str:
    text = ngettext(
        "of %(count)d open ticket nothing moves", "of %(count)d open tickets nothing moves", count
    )
    return text % {"count": count}


def _worst_first(preview: "Preview") -> "list[Moved]":
    def place(each: "Moved") -> tuple[bool, int]:
        return not (each.new_state == "overdue" != each.old_state), each.ticket

    return sorted(preview.moved, key=place)


def _row(session: "Session", each: "Moved") -> dict[str, str]:
    arrow = "->" if session.output.ascii else "→"
    nothing = "-" if session.output.ascii else "–"

    def went(old: str, new: str) -> str:
        return new or nothing if old == new else f"{old or nothing} {arrow} {new or nothing}"

    return {
        "ticket": f"#{each.ticket}",
        "policy": went(clean_line(each.old_policy), clean_line(each.new_policy)),
        "old": nothing if each.old_due is None else session.moment(each.old_due),
        "new": nothing if each.new_due is None else session.moment(each.new_due),
        "state": went(_(each.old_state), _(each.new_state)),
    }


_STATES: Final = (N_("ok"), N_("warn"), N_("overdue"), N_("paused"), N_("breached"), N_("met"), N_("none"))


def _write(
    session: "Session",
    proposed: Proposed,
    preview: "Preview",
    gone: list[Abandoned],
    revision: int | None,
) -> None:
    moved = [_record(each) for each in _worst_first(preview)]
    if not session.output.speaks_json:
        rows = [{key: "" if each[key] is None else str(each[key]) for key in each} for each in moved]
        session.output.table(_PLAIN, rows)
        return
    more = {
        "name": clean_line(proposed.name),
        "revision": revision,
        "tickets": preview.tickets,
        "dues_moved": preview.dues,
        "become_overdue": preview.overdue,
        "lose_clocks": preview.lost,
        "priorities_gone": [each._asdict() for each in gone],
        "warnings": list(proposed.warnings),
        "tests": len(proposed.tests),
        "failures": proposed.failures,
    }
    session.output.stream("moved", moved, more)


def _record(each: "Moved") -> dict[str, Any]:
    return {
        "ticket": each.ticket,
        "old_policy": clean_line(each.old_policy),
        "policy": clean_line(each.new_policy),
        **records.instant("old_due", each.old_due),
        **records.instant("due", each.new_due),
        "old_state": each.old_state,
        "state": each.new_state,
    }
