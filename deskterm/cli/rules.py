"""deskterm rules: the rule file: checked, tested, compared, put in force and taken back."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from deskterm.cli import completing as known, directory, options, records
from deskterm.cli.command import Moving, Reading
from deskterm.cli.output import Column
from deskterm.cli.root import Group
from deskterm.cli.session import Session
from deskterm.i18n import _, ngettext
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.cli.rulefiles import RuleFile
    from deskterm.rules.rulefile import Fault

__all__ = ["app"]

app = typer.Typer(name="rules", cls=Group)

_FAULTS: Final = tuple(
    Column(name, name) for name in ("file", "line", "column", "severity", "code", "message")
)
_TESTS: Final = tuple(Column(name, name) for name in ("file", "line", "name", "ok", "failures"))
_HISTORY: Final = (
    Column("rev", N_("revision"), right=True),
    Column("activated", N_("in force since")),
    Column("agent", N_("agent"), most=20),
    Column("name", N_("file"), most=30),
    Column("note", N_("note"), most=40),
)

_Files = Annotated[list[str], typer.Argument(metavar="FILE", help=N_("Rule files; - for stdin."))]
_File = Annotated[str, typer.Argument(metavar="FILE", help=N_("The rule file; - for stdin."))]
_Offline = Annotated[
    bool,
    typer.Option("--offline", help=N_("Ask no desk whether the people and queues exist.")),
]
_Apply = Annotated[bool, typer.Option("--apply", help=N_("Put it in force; without it only say what moves."))]
_Note = Annotated[str, typer.Option("--note", metavar="TEXT", help=N_("What the history says about it."))]
_Since = Annotated[
    str, typer.Option("--since", metavar="WHEN", help=N_("Opened from then on: 30d (ago), 2026-03-02."))
]


@app.command("check", cls=Reading, help=N_("Name every fault of rule files; exits 2 when there is one."))
def check(ctx: typer.Context, files: _Files, offline: _Offline = False) -> None:
    """Name every fault of rule files; exits 2 when there is one."""
    _look(ctx.obj, files, offline, warnings=False)


@app.command("lint", cls=Reading, help=N_("Check rule files and warn of what cannot be meant."))
def lint(ctx: typer.Context, files: _Files, offline: _Offline = False) -> None:
    """Check rule files and warn of what cannot be meant."""
    _look(ctx.obj, files, offline, warnings=True)


@app.command("test", cls=Reading, help=N_("Run the [[test]] blocks of rule files; exits 1 when one fails."))
def test(ctx: typer.Context, files: _Files) -> None:
    """Run the [[test]] blocks of rule files; exits 1 when one fails."""
    from deskterm.cli.rulefiles import refuse, taken
    from deskterm.cli.ruletests import tried
    from deskterm.rules.rulefile import RuleFaults

    session: Session = ctx.obj
    found: list[dict[str, Any]] = []
    for path in files:
        try:
            found += tried(taken(session, path))
        except RuleFaults as faults:
            refuse(session, path, faults.faults)
    failed = [each for each in found if not each["ok"]]
    _write(session, "tests", _TESTS, found, [line for each in failed for line in _failures(each)])
    if session.output.format == "text" and (found or not session.code):
        session.output.line(_tested(len(found), len(failed)))
    session.code = max(session.code, 1 if failed else 0)


@app.command("diff", cls=Reading, help=N_("Compare a rule file with the rules in force, rule by rule."))
def diff(
    ctx: typer.Context,
    file: _File,
    text: Annotated[bool, typer.Option("--text", help=N_("Show the lines that differ instead."))] = False,
) -> None:
    """Compare a rule file with the rules in force, rule by rule."""
    from deskterm.cli.rulediff import by_line, by_rule
    from deskterm.cli.rulefiles import people, taken_or_refused

    session: Session = ctx.obj
    desk = session.seen_by_staff()
    source = taken_or_refused(session, file, people(session))
    (by_line if text else by_rule)(session, desk, source)


@app.command("show", cls=Reading, help=N_("Print the rule file in force."))
def show(
    ctx: typer.Context,
    rev: Annotated[
        int | None,
        typer.Option(
            "--rev",
            metavar="N",
            help=N_("The one of this revision instead."),
            autocompletion=known.revisions,
        ),
    ] = None,
) -> None:
    """Print the rule file in force."""
    from deskterm.cli.activating import built_in, revision_named

    session: Session = ctx.obj
    session.seen_by_staff()
    kept = session.desk.ruling.revisions()
    number = rev if rev is not None else kept[0].rev if kept else 0
    if number:
        found = revision_named(kept, number)
        facts = {"rev": found.rev, "name": found.name, **records.instant("activated", found.at)}
        body = found.body
    else:
        facts, body = {"rev": 0, "name": "", **records.instant("activated", None)}, built_in()
    if session.output.speaks_json:
        session.output.document({**facts, "body": body})
        return
    if not kept:
        session.output.hint(_("This desk has no rules of its own; these are built in."))
    session.output.line(body.removesuffix("\n"))


@app.command("history", cls=Reading, help=N_("List the revisions that were in force, the last one first."))
def history(ctx: typer.Context) -> None:
    """List the revisions that were in force, the last one first."""
    session: Session = ctx.obj
    desk = session.seen_by_staff()
    people = desk.book().agents
    for_people = session.output.format == "text"

    def rows() -> Iterator[dict[str, Any]]:
        for each in desk.ruling.revisions():
            agent = people.get(each.agent_id or 0)
            when = records.instant("activated", each.at)
            row = {"rev": each.rev, **when, "agent": agent.login if agent else "", "name": each.name}
            if for_people:
                row["activated"] = session.moment(each.at)
            yield {**row, "note": each.note}

    directory.write(session, "revisions", _HISTORY, rows())


@app.command("activate", cls=Moving, help=N_("Say what a rule file would move; --apply puts it in force."))
def activate(ctx: typer.Context, file: _File, apply: _Apply = False, note: _Note = "") -> None:
    """Say what a rule file would move; --apply puts it in force."""
    from deskterm.cli.activating import bring, from_file

    session: Session = ctx.obj
    session.need("rules")
    bring(session, from_file(session, file), apply=apply, note=note)


@app.command("rollback", cls=Moving, help=N_("Say what an earlier revision would move; --apply goes back."))
def rollback(
    ctx: typer.Context,
    rev: Annotated[
        int | None,
        typer.Argument(
            metavar="REV",
            help=N_("Its number (default: the one before the last)."),
            autocompletion=known.revisions,
        ),
    ] = None,
    apply: _Apply = False,
    note: _Note = "",
) -> None:
    """Say what an earlier revision would move; --apply goes back."""
    from deskterm.cli.activating import bring, from_history

    session: Session = ctx.obj
    session.need("rules")
    proposed, earlier = from_history(session, rev)
    bring(session, proposed, apply=apply, note=note or _("back to revision %d") % earlier)


@app.command(
    "rebuild", cls=Reading, help=N_("Bring dues and states of all tickets up to timeline and rules.")
)
def rebuild(
    ctx: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help=N_("Only name each difference; exits 1 when there is one."))
    ] = False,
) -> None:
    """Bring dues and states of all tickets up to timeline and rules."""
    from deskterm.cli.rebuilding import compare_all

    session: Session = ctx.obj
    session.need("rules")
    compare_all(session, repair=not check)


@app.command("replay", cls=Reading, help=N_("Say what rules would have done to the tickets of the past."))
def replay(
    ctx: typer.Context,
    since: _Since,
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help=N_("The rule file (default: the rules in force).")),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="WHEN", help=N_("Opened before then."))
    ] = None,
) -> None:
    """Say what rules would have done to the tickets of the past."""
    from deskterm.cli.replaying import replayed

    session: Session = ctx.obj
    session.need("rules")
    replayed(session, file, since, until)


@app.command("explain", cls=Reading, help=N_("Say why tickets are where they are and due when they are."))
def explain(ctx: typer.Context, tickets: options.Tickets, file: options.RuleFile = None) -> None:
    """Say why tickets are where they are and due when they are."""
    from deskterm.cli.explain import explained

    explained(ctx.obj, tickets, file)


def _look(session: Session, files: list[str], offline: bool, *, warnings: bool) -> None:
    """Say all that is wrong with each file."""
    from deskterm.cli.rulefiles import fault_record, people, printed, taken
    from deskterm.rules.rulefile import RuleFaults

    book = people(session, offline=offline)
    found: list[tuple[str, Fault]] = []
    sound: list[tuple[RuleFile, int]] = []
    for path in files:
        try:
            source = taken(session, path, book)
        except RuleFaults as refusal:
            found += [(path, fault) for fault in refusal.faults]
            session.code = 2
        except Problem as problem:
            session.fail(problem)
        else:
            warned = _warnings(session, source, book) if warnings else ()
            found += [(path, fault) for fault in warned]
            sound.append((source, len(warned)))
    rows = [fault_record(path, fault) for path, fault in found]
    _write(session, "faults", _FAULTS, rows, [printed(path, fault) for path, fault in found])
    if session.output.format == "text":
        for source, count in sound:
            session.output.line(_sound(source, count))


def _warnings(session: Session, source: "RuleFile", book: Any) -> "tuple[Fault, ...]":
    from deskterm.rules.lint import lint

    return lint(source.rules, desk=book, now=session.clock.now())


def _write(
    session: Session,
    name: str,
    columns: tuple[Column, ...],
    rows: list[dict[str, Any]],
    lines: list[str],
) -> None:
    """`rows` for programs, `lines` for people."""
    if session.output.format == "text":
        for line in lines:
            session.output.line(line)
    else:
        directory.write(session, name, columns, rows)


def _sound(source: "RuleFile", warnings: int) -> str:
    """What a file holds that can be put in force."""
    from deskterm.cli.rulefiles import counted

    values = {"file": source.path, "rules": counted(source.rules)}
    if not warnings:
        return _("%(file)s: %(rules)s; no fault") % values
    words = ngettext("%(count)d warning", "%(count)d warnings", warnings) % {"count": warnings}
    return _("%(file)s: %(rules)s; no fault, %(warnings)s") % {**values, "warnings": words}


def _failures(found: dict[str, Any]) -> list[str]:
    place = f"{found['file']}:{found['line']}"
    template = _("%(place)s: test '%(name)s': %(failure)s")
    return [template % {"place": place, "name": found["name"], "failure": each} for each in found["failures"]]


def _tested(count: int, failed: int) -> str:
    ran = ngettext("%(count)d test", "%(count)d tests", count) % {"count": count}
    if not count:
        return _("no test")
    if not failed:
        return _("%(tests)s: all as expected") % {"tests": ran}
    return _("%(tests)s: %(failed)d not as expected") % {"tests": ran, "failed": failed}
