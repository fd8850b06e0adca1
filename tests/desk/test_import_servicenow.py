"""A real audit log of 24,918 incidents comes in with the numbers that others counted in it."""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from deskterm.desk import Desk
from deskterm.desk.importing import import_file
from deskterm.rules.facts import SYSTEM
from tests.desks import a_desk, sqlite_url

ROOT = Path(__file__).parents[2]
LOG = ROOT.parent / "shared" / "data" / "tickets" / "incident_event_log.zip"
MAPPING = ROOT / "examples" / "servicenow-incidents.toml"
TRAPS = ("0000137", "0028089", "0030413")  # out of order, and twice in the state -100
LEVELS = {"1": "high", "2": "medium", "3": "low"}

pytestmark = pytest.mark.skipif(not LOG.exists(), reason="the real log is not here: ../shared/data/tickets")

Row = list[str]


def told(desk: Desk, query: str) -> int:
    return desk.count(query, viewer=SYSTEM, cap=0)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """The header and about 2,000 rows: the first tickets, and those that are traps."""
    with zipfile.ZipFile(LOG) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    header, *found = csv.reader(io.StringIO(text))
    return [header, *found[:2000], *(row for row in found[2000:] if row[0] in TRAPS)]


@pytest.fixture(scope="module")
def tickets(rows: list[Row]) -> dict[str, list[dict[str, str]]]:
    """The rows of each ticket, in the order of time that the log itself tells."""
    header = [name if name not in rows[0][:place] else f"{name}#2" for place, name in enumerate(rows[0])]
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows[1:]:
        found.setdefault(row[0], []).append(dict(zip(header, row, strict=True)))
    for states in found.values():
        states.sort(key=lambda state: (instant(state["sys_updated_at"]), int(state["sys_mod_count"])))
    return found


def instant(text: str) -> int:
    return int(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC).timestamp())


@pytest.fixture(scope="module")
def desk(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with these tickets."""
    folder = tmp_path_factory.mktemp("log")
    path = folder / "log.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    with closing(a_desk(sqlite_url(folder), people=False).desk) as made:
        assert import_file(made, path, MAPPING).rejected == 0
        yield made


Tickets = dict[str, list[dict[str, str]]]


def test_there_is_one_ticket_for_each_incident(desk: Desk, tickets: Tickets) -> None:
    found = {desk.ticket(row.id, viewer=SYSTEM).external_id for row in desk.each(viewer=SYSTEM)}
    assert found == tickets.keys()


def test_priorities_impacts_and_urgencies_are_those_of_the_last_rows(desk: Desk, tickets: Tickets) -> None:
    last = Counter(
        (states[-1]["priority"], states[-1]["impact"], states[-1]["urgency"]) for states in tickets.values()
    )
    for (priority, impact, urgency), count in last.items():
        query = f"priority:P{priority} impact:{LEVELS[impact]} urgency:{LEVELS[urgency]}"
        assert told(desk, query) == count


def test_reopened_tickets_are_those_whose_counter_says_so(desk: Desk, tickets: Tickets) -> None:
    assert told(desk, "is:reopened") == sum(states[-1]["reopen_count"] != "0" for states in tickets.values())


def test_the_own_words_of_the_log_are_kept(desk: Desk, tickets: Tickets) -> None:
    assert told(desk, "cf.made_sla:false") == sum(
        states[-1]["made_sla"] == "false" for states in tickets.values()
    )


def test_there_is_one_event_for_each_change(desk: Desk, tickets: Tickets) -> None:
    pairs = [pair for states in tickets.values() for pair in pairwise(states)]
    with desk.store.read() as connection:
        query = "SELECT kind, count(*) FROM events WHERE ticket_id IS NOT NULL GROUP BY kind"
        found: dict[str, int] = dict(connection.exec_driver_sql(query).all())
    assert found == {
        "created": len(tickets),
        "group": sum(a["assignment_group"] != b["assignment_group"] for a, b in pairs),
        "assigned": sum(a["assigned_to"] != b["assigned_to"] for a, b in pairs),
        "field": sum(a["priority"] != b["priority"] for a, b in pairs),
        "status": sum(moves(states) for states in tickets.values()),
    }


def moves(states: list[dict[str, str]]) -> int:
    """How often the state changes, beginning as New, when -100 is none."""
    known = ["New", *(state["ident_state"] for state in states if state["ident_state"] != "-100")]
    return sum(a != b for a, b in pairwise(known))


def test_times_are_those_of_the_log(desk: Desk, tickets: Tickets) -> None:
    for row in desk.each(viewer=SYSTEM):
        ticket = desk.ticket(row.id, viewer=SYSTEM)
        states = tickets[ticket.external_id]
        assert row.created_at == instant(states[-1]["opened_at"])
        assert row.updated_at == instant(states[-1]["sys_updated_at"])
        if states[-1]["ident_state"] == "Closed":
            assert ticket.closed_at == instant(states[-1]["closed_at"])
            if states[-1]["resolved_at"] != "?":
                assert ticket.resolved_at == instant(states[-1]["resolved_at"])


def test_timelines_only_go_on(desk: Desk) -> None:
    for row in desk.each(viewer=SYSTEM):
        times = [line.at for line in desk.ticket(row.id, viewer=SYSTEM).timeline]
        assert times == sorted(times)


def test_everybody_whom_the_log_names_is_there(desk: Desk, tickets: Tickets) -> None:
    everything = [state for states in tickets.values() for state in states]
    assert {row.name for row in desk.groups()} == {
        "service-desk",
        *(f"group-{state['assignment_group']}" for state in everything if state["assignment_group"] != "?"),
    }
    assert {row.login for row in desk.agents() if row.active} == {
        "ada",
        *(f"resolver-{state['assigned_to']}" for state in everything if state["assigned_to"] != "?"),
    }
    assert {row.name for row in desk.contacts(viewer=SYSTEM, limit=0)} == {
        f"Caller {states[-1]['caller_id']}" for states in tickets.values()
    }


@pytest.mark.soak
def test_the_whole_log_has_the_numbers_that_others_counted(tmp_path: Path) -> None:
    expected = json.loads(LOG.with_name("incident_event_log.expected.json").read_text())["uci_incident"]
    with closing(a_desk(sqlite_url(tmp_path), people=False).desk) as desk:
        report = import_file(desk, LOG, MAPPING, rejects=tmp_path / "rejects.jsonl")
        assert (report.tickets, report.rejected) == (expected["tickets"], 0)
        # whoever counted the callers counted those three tickets without one as one caller more
        assert (report.groups, report.contacts + 1) == (
            expected["distinct_groups"],
            expected["distinct_callers"],
        )
        working = [row for row in desk.agents() if row.active and row.login.startswith("resolver-")]
        assert len(working) == expected["distinct_assignees"]
        assert told(desk, "status:closed") == expected["final_state"]["Closed"]
        assert told(desk, "is:reopened") == expected["tickets_reopened"]
        for priority, count in expected["tickets_by_priority_last"].items():
            assert told(desk, f"priority:P{priority}") == count
        for pair, count in expected["tickets_by_impact_urgency_last"].items():
            impact, urgency = (LEVELS[level] for level in pair.split("/"))
            assert told(desk, f"impact:{impact} urgency:{urgency}") == count
        for word, count in expected["tickets_made_sla_last"].items():
            assert told(desk, f"cf.made_sla:{word}") == count
        for word, count in expected["contact_type"].items():
            assert told(desk, f'cf.contact_type:"{word}"') == count
        with desk.store.read() as connection:
            query = "SELECT count(*) FROM tickets WHERE reassign_count > 0"
            assert connection.exec_driver_sql(query).scalar() == expected["tickets_reassigned"]
            query = "SELECT max(reassign_count) FROM tickets"
            assert connection.exec_driver_sql(query).scalar() == expected["max_reassignment"]
