"""The command line: every command, and how a run begins and ends."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from deskterm.cli.session import Session
    from deskterm.cli.surroundings import Surroundings

__all__ = ["main", "run"]

INTERRUPTED: Final = 130
CUT_OFF: Final = 141  # our reader went away
LOST: Final = 74  # our output could not be written
CRASHED: Final = 70


def main() -> int:
    """Run the command that this process was started with; returns its exit code."""
    from deskterm.cli.surroundings import Surroundings

    arguments = [os.fsencode(each).decode("utf-8", "surrogateescape") for each in sys.argv[1:]]
    code = run(arguments, Surroundings.standard())
    if code in (CUT_OFF, LOST) and sys.stdout:  # the interpreter's own last flush must not complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def run(arguments: Sequence[str], surroundings: "Surroundings") -> int:
    """Run one command in `surroundings`; returns its exit code and lets no exception through."""
    from deskterm.cli.output import OutputLost, ReaderGone
    from deskterm.cli.session import Session

    session = Session(surroundings)
    try:
        return _run(list(arguments), session)
    except ReaderGone:
        return CUT_OFF
    except OutputLost as error:
        return _lost(error, session)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, a person gets a sentence
        return _crashed(error, session)


def _run(arguments: list[str], session: "Session") -> int:
    from typer.exceptions import TyperException

    from deskterm.cli.command import usage_problem
    from deskterm.cli.root import app

    session.speak(_language(arguments))
    if "_DESKTERM_COMPLETE" in session.surroundings.environment:
        from deskterm.cli.completing import complete

        return complete(app(), arguments, session)
    try:
        ended = app().main(arguments, prog_name="deskterm", standalone_mode=False, obj=session)
        session.code = max(session.code, ended or 0)  # typer turns an interrupt into its code
    except Problem as problem:
        session.fail(problem)
    except TyperException as error:
        if any(each.startswith("--json") for each in arguments):
            session.output.format = "json"
        session.fail(usage_problem(error))
    finally:
        session.close()
    session.output.flush()
    return session.code


def _lost(error: Exception, session: "Session") -> int:
    from deskterm.i18n import say

    sentence = N_("The answer cannot be written: %(reason)s.")
    session.output.complain(say(Problem("output.lost", sentence, reason=str(error))))
    return LOST


def _language(arguments: Sequence[str]) -> str | None:
    """What --lang says, before anything is parsed."""
    for index, each in enumerate(arguments):
        if each.startswith("--lang="):
            return each.removeprefix("--lang=")
        if each == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
    return None


def _crashed(error: Exception, session: "Session") -> int:
    """A fault of ours: one sentence, and the traceback (without values of variables) in a file."""
    import traceback

    from deskterm.cli.drafts import keep
    from deskterm.config import state_folder
    from deskterm.i18n import say
    from deskterm.rules.clean import clean

    report = clean("".join(traceback.format_exception(error))).encode("utf-8", "backslashreplace")
    try:
        place = str(keep(report, state_folder() / "crashes", "crash-", ".txt"))
    except OSError as failure:
        place = failure.strerror or "?"
    sentence = N_("deskterm failed where it should not (%(error)s): please report it with the file %(path)s.")
    session.output.complain(say(Problem("crash", sentence, error=type(error).__name__, path=place)))
    return CRASHED
