"""Acting on tickets: which ones, one after the other, and what became of each."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from deskterm.cli import records
from deskterm.cli.letters import decode
from deskterm.cli.output import Column, error_record
from deskterm.cli.present import change
from deskterm.i18n import _, words
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.cli.session import Session
    from deskterm.desk.receipt import Receipt
    from deskterm.rules.actions import Action

__all__ = ["act", "numbers", "report", "told"]

_COLUMNS: Final = (
    Column("ticket", N_("ticket"), right=True),
    Column("version", N_("version"), right=True),
    Column("result", N_("result")),
    Column("told", N_("what happened")),
)


def numbers(session: "Session", given: Sequence[str]) -> list[int]:
    """The ticket numbers that were given, `-` replaced by those on stdin; each once, in order."""
    found: dict[int, None] = {}
    for text in given:
        each = _from_stdin(session) if text == "-" else [number(text)]
        found.update(dict.fromkeys(each))
    return list(found)


def number(text: str) -> int:
    """A ticket number, with or without `#`."""
    digits = text.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise Problem(
            "ticket.number",
            N_('"%(text)s" is not the number of a ticket.'),
            kind="usage",
            field="ticket",
            text=text,
        )
    return int(digits)


def _from_stdin(session: "Session") -> Iterator[int]:
    """Numbers, or JSON objects with an `id`, one a line."""
    for line in decode(session.read_stdin()).splitlines():
        text = line.strip()
        if text:
            yield _of_record(text) if text.startswith("{") else number(text.split("\t", 1)[0])


def _of_record(line: str) -> int:
    try:
        found = json.loads(line)
        value = found.get("id", found.get("ticket"))
    except (ValueError, AttributeError):
        value = None
    return number(str(value) if isinstance(value, int) and not isinstance(value, bool) else line)


def act(session: "Session", given: Sequence[str], action: "Callable[[int], Action]") -> None:
    """Do `action` to each ticket; a refusal is reported and the rest goes on."""
    tickets = numbers(session, given)
    if session.seen is not None and len(tickets) > 1:
        raise Problem("seen.many", N_("--seen is for one ticket."), kind="usage", field="seen")
    results = _results(session, tickets, action)
    if session.output.speaks_json:
        session.output.stream("results", results, {})
    elif session.output.format in ("csv", "plain"):
        session.output.table(_COLUMNS, (_row(session, each) for each in results))
    else:
        for each in results:
            _say(session, each)


def _results(
    session: "Session", tickets: Sequence[int], action: "Callable[[int], Action]"
) -> Iterator[dict[str, Any]]:
    """What became of each ticket; ends early when the store cannot be reached."""
    for ticket in tickets:
        key = f"{session.key}/{ticket}" if session.key else ""
        try:
            receipt = session.perform(action(ticket), key=key)
        except Problem as problem:
            session.fail(_about(problem, ticket) if len(tickets) > 1 else problem)
            yield {"ticket": ticket, "ok": False, "receipt": None, "error": error_record(problem)}
            if problem.kind == "store":
                return
        else:
            yield {"ticket": ticket, "ok": True, "receipt": records.receipt(receipt), "error": None}


def _about(problem: Problem, ticket: int) -> Problem:
    """The same problem with its ticket in front."""
    return Problem(
        problem.code,
        "#%(ticket)s: %(problem)s",
        kind=problem.kind,
        choices=problem.choices,
        column=problem.column,
        ticket=ticket,
        problem=words(problem),
    )


def _row(session: "Session", result: dict[str, Any]) -> dict[str, str]:
    receipt, error = result["receipt"], result["error"]
    return {
        "ticket": str(result["ticket"]),
        "version": str(receipt["version"]) if receipt else "",
        "result": "ok" if result["ok"] else error["code"],
        "told": _followed(receipt) or told(session, receipt["changes"]) if receipt else error["message"],
    }


def _say(session: "Session", result: dict[str, Any]) -> None:
    receipt = result["receipt"]
    if receipt is not None:
        text = _sentence(session, receipt)
        session.output.line(text if _followed(receipt) else f"#{result['ticket']} {text}")
        for warning in receipt["warnings"]:
            session.output.hint(warning)


def _sentence(session: "Session", receipt: dict[str, Any]) -> str:
    text = _followed(receipt) or told(session, receipt["changes"]) or _("nothing to change")
    if receipt["dry_run"]:
        return _("would: %s") % text
    return _("done before: %s") % text if receipt["replayed"] else text


def _followed(receipt: dict[str, Any]) -> str:
    """What became of words that the ticket could not take any more."""
    if receipt["changes"] or len(receipt["made"]) != 1:
        return ""
    told = _("Ticket %(ticket)s is closed; your reply became ticket %(made)s.")
    return told % {"ticket": receipt["ticket"], "made": receipt["made"][0]}


def told(session: "Session", changes: Iterable[Mapping[str, Any]]) -> str:
    """Changes in words, on one line."""
    ascii, zone = session.output.ascii, session.zone
    return _("; ").join(change(each["kind"], each, ascii=ascii, zone=zone) for each in changes)


def report(session: "Session", receipt: "Receipt", answer: str) -> None:
    """The receipt of something that is no action on a given ticket; for people only `answer`."""
    record = records.receipt(receipt)
    if session.output.speaks_json:
        session.output.document(record)
    elif session.output.format in ("csv", "plain"):
        cells = {
            name: "" if record[name] is None else str(record[name]) for name in ("ticket", "id", "version")
        }
        columns = [Column(name, name) for name in (*cells, "told")]
        session.output.table(columns, [{**cells, "told": told(session, record["changes"])}])
    elif session.dry_run:
        session.output.hint(_("would: %s") % told(session, record["changes"]))
    elif answer:
        session.output.line(answer)
    for warning in receipt.warnings:
        session.output.hint(warning)
