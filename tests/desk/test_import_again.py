"""Import again: after a kill at any statement, a second time, or of a newer export, the desk is the same."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from deskterm.desk import Desk
from deskterm.desk.exporting import export_desk
from deskterm.desk.importing import ImportReport, import_file
from deskterm.rules import actions as a
from deskterm.store import marks
from tests.desk.importing import STATES, TICKETS, Case
from tests.desks import a_desk, sqlite_url

HEAD = "id,title,state,opened,solved,closed\n"
PEOPLE = """
[requester]
key = "title"
name = "Caller {title}"
[assignee]
login = "a{solved}"
[group]
name = "state"
"""
MAPPING = TICKETS.replace('resolved_at = "solved"', "").replace('closed_at = "closed"', "") + PEOPLE

# imports until the SQL statement that it is told, and is killed there
CHILD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from deskterm.desk.importing import import_file
from tests.desks import a_desk

url, export, mapping, last = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
desk = a_desk(url, people=False).desk
seen = 0

@event.listens_for(Engine, "before_cursor_execute")
def count(*_):
    global seen
    seen += 1
    if seen == last:
        os.kill(os.getpid(), signal.SIGKILL)

import_file(desk, export, mapping)
print(seen)
"""


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A founded desk in a file."""
    with closing(a_desk(sqlite_url(tmp_path), people=False).desk) as desk:
        yield Case(desk, tmp_path)


def rows(start: int, end: int) -> str:
    """Some tickets of 90 callers, 8 agents and 4 groups, every seventeenth of them no ticket."""
    states = ("N", "O", "W", "X")
    return "".join(
        f"{n},p{n % 90},{states[n % 4] if n % 17 else 'Z'},2026-03-02 10:00,{n % 8},?\n"
        for n in range(start, end)
    )


def exported(desk: Desk) -> bytes:
    out = BytesIO()
    export_desk(desk, out)
    return out.getvalue()


def child(url: str, files: tuple[Path, Path], last: int) -> "subprocess.CompletedProcess[str]":
    arguments = [sys.executable, "-c", CHILD, url, *map(str, files), str(last)]
    return subprocess.run(
        arguments, capture_output=True, text=True, cwd=Path(__file__).parents[2], env=os.environ.copy()
    )


@dataclass(frozen=True)
class Whole:
    """An import that nobody killed: its files, what came of it, and how many statements it took."""

    files: tuple[Path, Path]
    export: bytes
    statements: int


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    url = sqlite_url(folder)
    with closing(a_desk(url, people=False).desk) as desk:
        files = Case(desk, folder).write(HEAD + rows(0, 1900), MAPPING)
        statements = int(child(url, files, 0).stdout)
        return Whole(files, exported(desk), statements)


@pytest.mark.parametrize("part", [0.3, 0.5, 0.7, 0.95])
def test_an_import_that_is_killed_at_any_statement_goes_on_to_the_same_desk(
    whole: Whole, part: float, tmp_path: Path
) -> None:
    assert resumed(sqlite_url(tmp_path), whole, part) == whole.export


def test_so_it_does_on_postgres(whole: Whole, pg_database: str) -> None:
    assert resumed(pg_database, whole, 0.6) == whole.export


def resumed(url: str, whole: Whole, part: float) -> bytes:
    """What comes of an import that was killed and begun again."""
    assert child(url, whole.files, int(part * whole.statements)).returncode == -signal.SIGKILL
    with closing(a_desk(url, people=False).desk) as desk:
        import_file(desk, *whole.files)
        return exported(desk)


def test_the_report_after_a_kill_tells_what_was_there(whole: Whole, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    assert child(url, whole.files, whole.statements - 5).returncode == -signal.SIGKILL
    with closing(a_desk(url, people=False).desk) as desk:
        rest = import_file(desk, *whole.files)
    assert (rest.resumed, rest.skipped, rest.rejected) == (True, 1500, 1900 // 17 + 1)
    assert rest.tickets + rest.skipped + rest.rejected == 1900


def test_the_same_import_twice_changes_nothing(case: Case) -> None:
    first = case.brings(HEAD + rows(0, 40), MAPPING)
    before = exported(case.desk)
    second = case.brings(HEAD + rows(0, 40), MAPPING)
    assert exported(case.desk) == before
    assert second == ImportReport(skipped=first.tickets, rejected=first.rejected)


def test_a_file_by_another_name_is_the_same_import(case: Case) -> None:
    case.brings(HEAD + rows(0, 40), MAPPING)
    before = exported(case.desk)
    case.brings(HEAD + rows(0, 40), MAPPING, "copy.csv")
    assert exported(case.desk) == before


def test_a_longer_export_adds_what_is_new_and_leaves_the_rest(case: Case) -> None:
    case.brings(HEAD + rows(0, 40), MAPPING)
    case.desk.perform(a.Note(1, "worked on"), case.desk.agent("ada"))
    report = case.brings(HEAD + rows(0, 60), MAPPING)
    tickets = sum(1 for number in range(60) if number % 17)
    assert (report.tickets + report.skipped, report.resumed) == (tickets, False)
    assert len(case.rows()) == tickets
    assert [line.kind for line in case.ticket().timeline] == ["created", "message"]


def test_a_changed_mapping_brings_no_ticket_twice(case: Case) -> None:
    case.brings(HEAD + rows(1, 9), MAPPING)
    report = case.brings(HEAD + rows(1, 9), MAPPING + '[custom]\nwho = "title"\n')
    assert (report.tickets, report.skipped) == (0, 8)


def test_the_same_numbers_of_another_desk_are_other_tickets(case: Case) -> None:
    case.brings(HEAD + rows(1, 9), MAPPING)
    report = case.brings(HEAD + rows(1, 9), MAPPING.replace('"old"', '"older"'))
    assert (report.tickets, report.contacts, report.groups) == (8, 8, 0)


def test_people_who_are_there_already_are_found_again(case: Case) -> None:
    case.brings(HEAD + rows(1, 9), MAPPING)
    report = case.brings(HEAD + rows(9, 17), MAPPING)
    assert (report.contacts, report.agents, report.groups) == (8, 0, 0)


def test_a_mark_stands_only_with_its_tickets(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("the power is out")

    monkeypatch.setattr(marks, "keep", broken)
    with pytest.raises(OSError, match="the power is out"):
        case.brings(HEAD + rows(1, 9), MAPPING)
    assert case.rows() == []


def test_an_import_onto_postgres_is_the_one_onto_sqlite(pg_database: str, tmp_path: Path) -> None:
    states = ("N", "O", "W", "R")
    text = "id,n,at,opened,title,state,why,prio,team,who\n" + "".join(
        f"{n % 30},{n},2026-03-02T10:{n % 60:02},2026-03-02T10:00,t\u202e{n},"
        f"{states[n % 4]},,3,net {n % 3},w{n % 5}\n"
        for n in range(400)
    )
    results = []
    for url in (sqlite_url(tmp_path), pg_database):
        with closing(a_desk(url, people=False).desk) as desk:
            Case(desk, tmp_path).brings(text, STATES)
            results.append(exported(desk))
    assert results[0] == results[1]


def test_work_goes_on_behind_an_import(pg_database: str, tmp_path: Path) -> None:
    for url in (sqlite_url(tmp_path), pg_database):
        with closing(a_desk(url, people=False).desk) as desk:
            Case(desk, tmp_path).brings(HEAD + rows(1, 9), MAPPING)
            assert desk.perform(a.OpenTicket("next"), desk.agent("ada")).ticket == 9
