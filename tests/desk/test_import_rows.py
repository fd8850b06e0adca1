"""Import of one row a ticket: what cells become, what is rejected and why, and the forms of files."""

import csv
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from deskterm.desk.importing import import_file
from deskterm.rules.problems import Problem
from tests.desk.importing import TICKETS, Case
from tests.desks import a_desk, sqlite_url

HEAD = "id,title,state,opened,solved,closed\n"
HOSTILE = "a\0b\u202e\x1b]0;x\x07[/x] {id} %s =1+1 \U0010ffff\t中文"
T0 = 1_772_445_600  # 2026-03-02 10:00 UTC


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A founded desk in a file."""
    with closing(a_desk(sqlite_url(tmp_path), people=False).desk) as desk:
        yield Case(desk, tmp_path)


def test_a_row_becomes_a_ticket_with_its_own_number_kept(case: Case) -> None:
    report = case.brings(HEAD + "INC7,VPN drops,O,2026-03-02 10:00,?,?\n")
    (row,) = case.rows()
    assert (report.tickets, report.events, report.rejected) == (1, 1, 0)
    assert (row.id, row.subject, row.status, row.created_at, row.queue) == (1, "VPN drops", "open", T0, "old")
    assert case.ticket().external_id == "INC7"


@pytest.mark.parametrize(
    ("cells", "status", "story"),
    [
        ("N,?,?", "new", []),
        ("W,?,?", "on_hold", []),
        ("R,2026-03-02 10:01,?", "resolved", [f"{T0 + 60} v2 system status new resolved"]),
        (
            "C,2026-03-02 10:01,2026-03-02 10:02",
            "closed",
            [f"{T0 + 60} v2 system status new resolved", f"{T0 + 120} v3 system status resolved closed"],
        ),
        ("C,?,2026-03-02 10:02", "closed", [f"{T0 + 120} v2 system status new closed"]),
        ("C,?,?", "closed", [f"{T0} v2 system status new closed"]),
        ("X,?,2026-03-02 10:02", "cancelled", [f"{T0 + 120} v2 system status new cancelled"]),
        ("C,2026-03-02 09:00,2026-03-02 09:30", "closed", [
            f"{T0} v2 system status new resolved", f"{T0} v3 system status resolved closed",
        ]),
    ],
)  # fmt: skip
def test_the_end_of_a_ticket_is_told_as_far_as_the_row_knows_it(
    case: Case, cells: str, status: str, story: list[str]
) -> None:
    state, solved, closed = cells.split(",")
    case.brings(HEAD + f"1,x,{state},2026-03-02 10:00,{solved},{closed}\n")
    assert case.rows()[0].status == status
    assert case.story()[1:] == story


def test_hostile_cells_are_kept_raw(case: Case) -> None:
    cell = HOSTILE.replace('"', '""')
    mapping = TICKETS + '[custom]\nraw = "title"\n'
    case.brings(HEAD + f'"{cell}","{cell}",O,2026-03-02 10:00,?,?\n', mapping)
    ticket = case.ticket()
    assert (ticket.row.subject, ticket.external_id, ticket.custom) == (HOSTILE, HOSTILE, {"raw": HOSTILE})


def test_a_subject_of_a_mebibyte_is_a_subject(case: Case) -> None:
    case.brings(HEAD + f"1,{'x' * 2**20},O,2026-03-02 10:00,?,?\n")
    assert len(case.rows()[0].subject) == 2**20


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,x,Z,2026-03-02 10:00,?,?", 'status: "Z" is unknown, known: N, O, W, R, C, X.'),
        ("1,x,O,02.03.2026,?,?", '"02.03.2026" is no time in the form %Y-%m-%d %H:%M, iso.'),
        ("1,x,O,?,?,?", "this row does not tell when the ticket was opened."),
        ("?,x,O,2026-03-02 10:00,?,?", "this row names no ticket."),
        ("1,x,O,2026-03-02 10:00,?", "this row has 5 cells, the header has 6."),
        ("1,x,O,2026-03-02 10:00,?,?,", "this row has 7 cells, the header has 6."),
        ("1,\udce9,O,2026-03-02 10:00,?,?", "the byte 0xe9 is wrong in this encoding: name the right one"),
        ("ok,x,O,2026-03-02 10:00,?,?", 'ticket "ok" stands on line 3 already.'),
    ],
)
def test_a_bad_row_is_rejected_with_its_line_and_reason_and_the_rest_goes_on(
    case: Case, row: str, reason: str
) -> None:
    good = "ok,fine,O,2026-03-02 10:00,?,?\n"
    report = case.brings(HEAD + "\n" + good + row + "\n" + good.replace("ok", "too"))
    assert (report.tickets, report.rejected) == (2, 1)
    assert report.rejects_path == case.folder / "export.csv.rejects.jsonl"
    told = json.loads(case.rejects())
    assert (told["line"], told["reason"].startswith(reason)) == (4, True)


def test_a_rejected_row_is_kept_as_it_was(case: Case) -> None:
    case.brings("id,title,state,opened,solved,closed,title\n1,x\0,Z,y,?,?,second\n")
    row = {"id": "1", "title": "x\0", "state": "Z", "opened": "y", "solved": "?", "closed": "?"}
    assert json.loads(case.rejects())["row"] == {**row, "title#2": "second"}


def test_a_value_too_long_for_an_index_is_rejected_and_the_others_come(case: Case) -> None:
    mapping = TICKETS + '[custom]\nsite = "kind"\n'
    rows = f"1,x,O,2026-03-02 10:00,?,?,{'y' * 301}\n2,x,O,2026-03-02 10:00,?,?,{'y' * 300}\n"
    report = case.brings(HEAD.strip() + ",kind\n" + rows, mapping)
    assert (report.tickets, report.rejected, "300" in case.rejects()) == (1, 1, True)


def test_the_rejects_can_go_elsewhere(case: Case) -> None:
    report = case.brings(HEAD + "1,x,Z,y,?,?\n", rejects=case.folder / "bad.jsonl")
    assert report.rejects_path == case.folder / "bad.jsonl"
    assert len(case.rejects("bad.jsonl").splitlines()) == 1


def test_without_a_bad_row_there_is_no_file_of_rejects(case: Case) -> None:
    report = case.brings(HEAD + "1,x,O,2026-03-02 10:00,?,?\n")
    assert report.rejects_path is None
    assert not (case.folder / "export.csv.rejects.jsonl").exists()


def test_rejects_that_cannot_be_written_stop_the_import_before_the_desk_changes(case: Case) -> None:
    with pytest.raises(Problem, match="name another file"):
        case.brings(HEAD + "0,x,O,2026-03-02 10:00,?,?\n1,x,Z,y,?,?\n", rejects=case.folder / "no" / "x")
    assert case.rows() == []


def test_a_quote_that_never_closes_is_one_bad_row(case: Case) -> None:
    report = case.brings(HEAD + '1,x,O,2026-03-02 10:00,?,?\n2,"x,O,2026-03-02 10:00,?,?\n3,x,O,y,?,?\n')
    assert (report.tickets, report.rejected) == (1, 1)


def test_all_columns_that_are_not_there_are_named_with_the_nearest(case: Case) -> None:
    with pytest.raises(Problem) as caught:
        case.brings("id,titel,status,opened,solved,ended\n1,x,O,2026-03-02 10:00,?,?\n")
    assert str(caught.value).split("\n  ") == [
        "export.csv:",
        'column: "state" is unknown, perhaps "status".',
        'column: "title" is unknown, perhaps "titel".',
        'column: "closed" is unknown, known: id, titel, status, opened, solved, ended.',
    ]


def test_a_second_column_of_one_name_has_a_number(case: Case) -> None:
    mapping = TICKETS.replace('"title"', '"{title} and {title#2}"')
    case.brings("id,title,state,opened,solved,closed,title\n1,a,O,2026-03-02 10:00,?,?,b\n", mapping)
    assert case.rows()[0].subject == "a and b"


def test_the_first_text_whose_columns_all_say_something_is_taken(case: Case) -> None:
    mapping = TICKETS.replace('"title"', '["{title} ({solved})", "{title}", "ticket {id}"]')
    rows = (
        "1,a,O,2026-03-02 10:00,2026-03-02 10:00,?\n2,a,O,2026-03-02 10:00,?,?\n3,?,O,2026-03-02 10:00,?,?\n"
    )
    case.brings(HEAD + rows, mapping)
    assert [row.subject for row in case.rows()] == ["a (2026-03-02 10:00)", "a", "ticket 3"]


def test_a_ticket_without_a_subject_is_called_like_its_number(case: Case) -> None:
    case.brings(HEAD + "INC9,?,O,2026-03-02 10:00,?,?\n")
    assert case.rows()[0].subject == "INC9"


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ('times = ["%d/%m/%Y %H:%M"]', "2/3/2026 10:00"),
        ('times = ["%m/%d/%y %I:%M %p"]', "03/02/26 10:00 AM"),
        ('times = ["iso"]', "2026-03-02T10:00:00Z"),
        ('times = ["iso"]', "2026-03-02T11:00:00+01:00"),
        ('times = ["iso"]\nzone = "Europe/Berlin"', "2026-03-02 11:00"),
        ('times = "epoch"', str(T0)),
        ('times = "epoch-ms"', f"{T0}999"),
        ('times = ["epoch", "%d.%m.%Y %H:%M"]\nzone = "Asia/Shanghai"', "02.03.2026 18:00"),
    ],
)
def test_times_are_read_in_the_form_and_zone_of_the_file(case: Case, form: str, cell: str) -> None:
    mapping = TICKETS.replace('times = ["%Y-%m-%d %H:%M", "iso"]', form)
    case.brings(HEAD + f"1,x,O,{cell},?,?\n", mapping)
    assert case.rows()[0].created_at == T0


@pytest.mark.parametrize("cell", ["1e400", "9999999999999999", "nan", "-1e30"])
def test_a_number_that_no_calendar_shows_is_no_time(case: Case, cell: str) -> None:
    mapping = TICKETS.replace('times = ["%Y-%m-%d %H:%M", "iso"]', 'times = "epoch"')
    assert case.brings(HEAD + f"1,x,O,{cell},?,?\n", mapping).rejected == 1


def test_delimiter_quote_and_encoding_are_those_of_the_file(case: Case) -> None:
    mapping = TICKETS.replace("[file]", "[file]\ndelimiter = ';'\nquote = \"'\"\nencoding = 'cp1252'")
    text = HEAD.replace(",", ";") + "1;'Größe; falsch';O;2026-03-02 10:00;?;?\n"
    case.brings(text.encode("cp1252"), mapping)
    assert case.rows()[0].subject == "Größe; falsch"


def test_a_mark_of_byte_order_is_no_part_of_a_column(case: Case) -> None:
    case.brings(b"\xef\xbb\xbf" + HEAD.encode() + b"1,x,O,2026-03-02 10:00,?,?\r\n")
    assert len(case.rows()) == 1


def test_a_file_may_lie_in_a_zip(case: Case) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/log.csv", HEAD + "1,x,O,2026-03-02 10:00,?,?\n")
    assert case.brings(packed.getvalue(), name="export.zip").tickets == 1


def test_of_several_files_in_a_zip_one_must_be_named(case: Case) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", HEAD + "1,x,O,2026-03-02 10:00,?,?\n")
        archive.writestr("b.txt", "read me")
    with pytest.raises(Problem, match="holds 2 files") as caught:
        case.brings(packed.getvalue(), name="export.zip")
    assert caught.value.choices == ("a.csv", "b.txt")
    named = TICKETS.replace("[file]", '[file]\nmember = "*.csv"')
    assert case.brings(packed.getvalue(), named, "export.zip").tickets == 1


def test_a_broken_zip_is_named_and_changes_nothing(case: Case) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", HEAD + "1,x,O,2026-03-02 10:00,?,?\n" * 3)
    content = packed.getvalue().replace(b"1,x,O", b"9,x,O")
    with pytest.raises(Problem, match=r"cannot be read: Bad CRC-32"):
        case.brings(content, name="export.zip")
    assert case.rows() == []


@pytest.mark.parametrize("content", [b"", b"\n"], ids=["empty", "blank"])
def test_a_file_without_columns_is_named(case: Case, content: bytes) -> None:
    with pytest.raises(Problem, match=r"export\.csv has no first line"):
        case.brings(content)


def test_a_file_that_is_not_there_is_named(case: Case) -> None:
    _, mapping = case.write("", TICKETS)
    with pytest.raises(Problem, match="cannot be read: No such file or directory"):
        import_file(case.desk, case.folder / "none.csv", mapping)


def test_a_pipe_is_refused_instead_of_waited_for(case: Case) -> None:
    _, mapping = case.write("", TICKETS)
    os.mkfifo(case.folder / "pipe")
    with pytest.raises(Problem, match="it is no file, save it as one first"):
        import_file(case.desk, case.folder / "pipe", mapping)


JSON_LINES = TICKETS.replace('"title"', '"fields.title"').replace('"opened"', '"opened.0"') + (
    '[custom]\nsite = "site"\nraw = "fields"\n'
)


def test_json_lines_are_read_by_paths(case: Case) -> None:
    row = {
        "id": 7,
        "fields": {"title": HOSTILE + "\ud800"},
        "state": "O",
        "opened": ["2026-03-02 10:00"],
        "site": None,
    }
    case.brings(json.dumps(row) + "\n\n", JSON_LINES, "export.jsonl")
    ticket = case.ticket()
    assert (ticket.external_id, ticket.row.subject) == ("7", HOSTILE + "\ud800")
    assert {name: json.loads(value) for name, value in ticket.custom.items()} == {"raw": row["fields"]}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "this is no JSON: "),
        ("[1]", "this line is no JSON object."),
        ("[" * 100_000, "this is no JSON: "),
        ('{"id": "\udce9"}', "the byte 0xe9 is wrong in this encoding"),
    ],
    ids=["cut off", "list", "deep", "latin-1"],
)
def test_a_bad_line_of_json_is_rejected(case: Case, line: str, reason: str) -> None:
    good = '{"id": 1, "fields": {"title": "x"}, "state": "O", "opened": ["2026-03-02 10:00"]}\n'
    report = case.brings(good + line + "\n", JSON_LINES, "export.jsonl")
    told = json.loads(case.rejects("export.jsonl.rejects.jsonl"))
    assert (report.tickets, told["line"], told["reason"].startswith(reason)) == (1, 2, True)


def test_tags_are_parted_by_commas_and_made_fit_for_queries(case: Case) -> None:
    mapping = TICKETS.replace("[ticket]", '[ticket]\ntags = "tags"')
    case.brings(
        HEAD.strip() + ',tags\n1,x,O,2026-03-02 10:00,?,?,"vpn, remote work,-odd,""q"",,中文"\n', mapping
    )
    assert case.rows()[0].tags == ("odd", "q", "remote-work", "vpn", "中文")


def test_a_dry_run_counts_and_writes_nothing(case: Case) -> None:
    mapping = TICKETS + '[requester]\nkey = "title"\n[group]\nname = "state"\n'
    rows = "".join(f"{number},p{number % 7},O,2026-03-02 10:00,?,?\n" for number in range(1200))
    report = case.brings(HEAD + rows + "x,y,Z,y,?,?\n", mapping, dry_run=True)
    assert (report.tickets, report.contacts, report.groups, report.rejected) == (1200, 7, 1, 1)
    assert case.rows() == []
    assert case.brings(HEAD + rows + "x,y,Z,y,?,?\n", mapping).tickets == 1200


def test_progress_is_told_from_the_first_byte_to_the_last_ticket(case: Case) -> None:
    told: list[tuple[str, int, int]] = []
    text = HEAD + "".join(f"{number},x,O,2026-03-02 10:00,?,?\n" for number in range(1200))
    case.brings(text, progress=lambda *step: told.append(step))
    size = len(text.encode())
    assert (told[0][0], told[-1]) == ("reading", ("loading", 1200, 1200))
    assert ("reading", size, size) in told
    assert told == sorted(told, key=lambda step: (step[0] == "loading", step[1]))


def test_nothing_fires(case: Case) -> None:
    case.brings(
        HEAD + "1,x,R,2026-03-02 10:00,2026-03-02 10:00,?\n", TICKETS + '[requester]\naddress = "title"\n'
    )
    with case.desk.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar() == 0


NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "unicode" / "blns.txt"


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the naughty strings are not here: ../shared/data/unicode")
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_every_naughty_string_is_kept_as_it_is(case: Case, form: str) -> None:
    lines = NAUGHTY.read_text(encoding="utf-8").split("\n")
    strings = [line for line in lines if line.strip() and not line.startswith("#")]
    rows = [{"id": number, "title": text, "state": "O", "opened": T0} for number, text in enumerate(strings)]
    out = StringIO(newline="")
    if form == "csv":
        csv.writer(out).writerows([list(rows[0]), *(row.values() for row in rows)])
    else:
        out.write("\n".join(map(json.dumps, rows)))
    mapping = TICKETS.replace('times = ["%Y-%m-%d %H:%M", "iso"]', 'times = "epoch"')
    mapping = mapping.replace('resolved_at = "solved"\nclosed_at = "closed"\n', "")
    case.brings(
        out.getvalue(), mapping + '[assignee]\nlogin = "title"\n[group]\nname = "title"\n', f"export.{form}"
    )
    assert [row.subject for row in case.rows()] == strings
