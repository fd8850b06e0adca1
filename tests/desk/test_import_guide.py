"""What docs/guide/import.md and examples/ show really works."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from deskterm.desk.importing import fileform, import_file, mapfile
from deskterm.rules.facts import SYSTEM
from tests.desk.importing import Case
from tests.desks import a_desk, sqlite_url

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide" / "import.md").read_text(encoding="utf-8")
KEYS = {**mapfile.KEYS, "file": fileform.KEYS}
BLOCKS = dict(re.findall(r'^```\w+ title="(\S+)"\n(.*?)^```$', GUIDE, re.MULTILINE | re.DOTALL))
PAIRS = [
    (name, name.rpartition(".")[0] + ".toml")
    for name in BLOCKS
    if name.rpartition(".")[2] in fileform.FORMATS
]


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A founded desk in a file."""
    with closing(a_desk(sqlite_url(tmp_path), people=False).desk) as desk:
        yield Case(desk, tmp_path)


def test_the_guide_shows_three_kinds_of_exports() -> None:
    assert PAIRS == [
        ("tickets.csv", "tickets.toml"),
        ("zendesk.jsonl", "zendesk.toml"),
        ("audit.csv", "audit.toml"),
    ]


@pytest.mark.parametrize(("export", "mapping"), PAIRS)
def test_what_the_guide_shows_can_be_imported(case: Case, export: str, mapping: str) -> None:
    report = case.brings(BLOCKS[export], BLOCKS[mapping], export)
    assert (report.tickets > 0, report.rejected) == (True, 0)


def test_the_conversation_of_the_guide_reads_as_one(case: Case) -> None:
    case.brings(BLOCKS["zendesk.jsonl"], BLOCKS["zendesk.toml"], "zendesk.jsonl")
    ticket = case.ticket()
    lines = [line.message for line in ticket.timeline if line.message]
    assert [(line.author, line.public, line.body) for line in lines] == [
        ("ann@acme.example", True, "Every hour."),
        ("agent-12", True, "Which client?"),
        ("agent-12", False, "Third case today."),
    ]
    assert (ticket.row.channel, ticket.row.tags, ticket.row.assignee) == (
        "mail",
        ("vpn",),
        "kim-desk.example",
    )


def test_the_audit_log_of_the_guide_becomes_a_timeline(case: Case) -> None:
    case.brings(BLOCKS["audit.csv"], BLOCKS["audit.toml"], "audit.csv")
    assert [line.split(" ", 2)[2] for line in case.story()] == [
        "system created ",
        "joe group network",
        "joe status new open",
        "kim status open resolved",
    ]


@pytest.mark.parametrize("section", KEYS)
def test_every_key_of_a_mapping_stands_in_the_guide(section: str) -> None:
    table = GUIDE.partition("## The mapping file")[2].partition("People, groups and queues")[0]
    assert f"[{section}]" in table
    for key in KEYS[section]:
        assert f"`{key}`" in table, key


def test_the_example_of_simple_tickets_comes_in_whole(case: Case) -> None:
    folder = ROOT / "examples"
    path, mapping = folder / "simple-tickets.csv", folder / "simple-tickets.toml"
    report = import_file(case.desk, path, mapping, rejects=case.folder / "rejects.jsonl")
    assert (report.tickets, report.contacts, report.agents, report.groups, report.rejected) == (7, 4, 2, 2, 0)
    assert [(row.subject, row.status, row.priority, row.organization) for row in case.rows()][:3] == [
        ("VPN drops every hour", "closed", "P2", "ACME"),
        ("打印机卡纸", "open", "P3", "示例公司"),
        ('Mouse "jumps" on screen', "new", "P4", "ACME"),
    ]
    assert case.desk.count("is:unsolved", viewer=SYSTEM, cap=0) == 3
    first = case.ticket()
    assert (first.solution, first.row.created_at) == ("New certificate installed", 1_772_439_120)


LOG = """\
number,ident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,\
sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,category,u_symptom,\
cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,\
rfc,vendor,caused_by,closed_code,resolved_by,resolved_at,closed_at
"""


def log_row(state: str, count: int, minute: int, **more: str) -> str:
    """A row of an incident as ServiceNow would write it."""
    cells = {
        "number": "INC1",
        "ident_state": state,
        "reassignment_count": "0",
        "reopen_count": "1",
        "sys_mod_count": str(count),
        "caller_id": "7",
        "opened_by": "3",
        "opened_at": "2/3/2026 10:00",
        "sys_updated_by": "4",
        "sys_updated_at": f"2/3/2026 10:{minute:02}",
        "contact_type": "Self service",
        "category": "40",
        "impact": "1",
        "urgency": "2",
        "priority": "2",
        "closed_code": "6",
        "resolved_by": "9",
        "resolved_at": "2/3/2026 10:02",
        "closed_at": "2/3/2026 10:09",
        **more,
    }
    return ",".join(cells.get(name, "?") for name in LOG.strip().split(",")) + "\n"


def test_the_example_for_servicenow_reads_such_a_log(case: Case) -> None:
    text = LOG + "".join(
        (
            log_row("Awaiting Vendor", 2, 1),
            log_row("-100", 3, 1, assigned_to="9", assignment_group="70"),
            log_row("New", 0, 0),
            log_row("Resolved", 4, 3, priority="1", assignment_group="70"),
            log_row("Closed", 5, 9),
        )
    )
    case.brings(text, (ROOT / "examples" / "servicenow-incidents.toml").read_text(encoding="utf-8"))
    assert [line.split(" ", 1)[1] for line in case.story()] == [
        "v1 opener-3 created ",
        "v2 updater-4 status new on_hold vendor",
        "v3 updater-4 group group-70",
        "v3 updater-4 assigned resolver-9",
        "v4 updater-4 assigned resolver-9",
        "v4 updater-4 field priority P2 P1",
        "v4 updater-4 status on_hold resolved",
        "v5 updater-4 group group-70",
        "v5 updater-4 field priority P1 P2",
        "v5 updater-4 status resolved closed",
    ]
    ticket = case.ticket()
    assert (ticket.row.subject, ticket.row.channel) == ("Incident in category 40/40", "web")
    assert (ticket.cause, ticket.solution, ticket.row.reopen_count) == ("closed code 6", "resolved by 9", 1)
    assert ticket.closed_at is not None
    assert ticket.resolved_at == ticket.closed_at - 7 * 60
