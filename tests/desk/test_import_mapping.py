"""The mapping file: everything in it is checked before a row is read, and all its faults are told at once."""

from pathlib import Path

import pytest

from deskterm.desk.importing.mapfile import load, parse
from deskterm.rules.problems import Problem

ROOT = Path(__file__).parents[2]
LEAST = """
source = "old"
[rows]
key = "id"
[ticket]
subject = "title"
status = "state"
created_at = "opened"
"""


def faults(text: str) -> list[str]:
    """The lines of the refusal, without the name of the file."""
    with pytest.raises(Problem) as caught:
        parse(text.encode(), "my.toml")
    assert caught.value.kind == "usage"
    first, *lines = str(caught.value).split("\n")
    assert first == "my.toml:"
    return [line.strip() for line in lines]


def test_the_least_mapping_names_five_things() -> None:
    mapping = parse(LEAST.encode(), "my.toml")
    assert mapping.columns() == ("id", "state", "title", "opened")


MAPPINGS = [path for path in sorted((ROOT / "examples").glob("*.toml")) if "[rows]" in path.read_text()]


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.name)
def test_every_example_is_a_mapping(path: Path) -> None:
    assert load(path).source


def test_all_faults_are_told_at_once() -> None:
    text = LEAST.replace("subject", "subjekt") + "[requestor]\nkey = 'who'\n[assignee]\nname = 'who'\n"
    assert faults(text) == [
        'mapping: "requestor" is unknown, perhaps "requester".',
        '[ticket]: "subjekt" is unknown, perhaps "subject".',
        "ticket.subject: say where it comes from, a ticket needs it.",
        "assignee.login: say who it is.",
    ]


@pytest.mark.parametrize(
    ("added", "fault"),
    [
        ('[ticket.priority]\ncolumn = "p"\nmap = { "1" = "P9" }', 'ticket.priority.map.1: "P9" is unknown'),
        ('[ticket.impact]\ncolumn = "p"\nmap = 3', "ticket.impact.map: write {"),
        ('[ticket.channel]\ncolumn = "p"\notherwise = "fax"', 'ticket.channel.otherwise: "fax" is unknown'),
        ('[ticket.urgency]\nmap = { "1" = "low" }', "ticket.urgency: name a column, a text or a value."),
        ('[ticket.urgency]\ncolumn = 3', "ticket.urgency.column: write a text in quotes."),
        ('[ticket.urgency]\ncolunm = "p"', '[ticket.urgency]: "colunm" is unknown, perhaps "column".'),
        ('[custom]\n"a b" = "x"', "custom.a b: a custom field is named by up to 40 letters"),
        ("[custom]\nsite = []\nroom = 3", "custom.room: write a column, a text with {columns}, or a table"),
        ('[file]\ndelimiter = ";;"', "file.delimiter: write one character."),
        ('[file]\nencoding = "hex"', 'file.encoding: no encoding is called "hex".'),
        ('[file]\nzone = "Mars/Base"', 'file.zone: There is no time zone "Mars/Base"'),
        ('[file]\ntimes = ["%H:%M"]', 'file.times: "%H:%M" is no form of a time; write iso, epoch'),
        ('[file]\nformat = "xlsx"', 'file.format: "xlsx" is unknown, known: csv, jsonl.'),
        ('[file]\nnull = 3', "file.null: write a text, or a list of texts."),
        ('[file]\nnul = ["?"]', '[file]: "nul" is unknown, perhaps "null".'),
        ('[group]\ntitle = "team"', "group.name: say which one it is."),
        ('[messages]\nat = "when"', "messages.body: say which column holds the words."),
        ('[submitter]\nis = "robot"\nlogin = "x"', 'submitter.is: "robot" is unknown, known: agent'),
        ('[actor]\nlogin = "x"\nrole = "boss"', 'actor.role: "boss" is unknown, known: light'),
        ('[actor]\nlogin = "x"\nactive = "no"', "actor.active: write true or false."),
        ('[requester]\nphone = "x"', "requester.key: say who it is."),
    ],
    ids=lambda value: value.split("\n")[0] if value.startswith("[") else "",
)  # fmt: skip
def test_a_fault_says_where_it_is_and_what_is_valid(added: str, fault: str) -> None:
    assert any(line.startswith(fault) for line in faults(f"{LEAST}\n{added}\n"))


@pytest.mark.parametrize("gone", ["source", "key", "subject", "status", "created_at"])
def test_what_is_needed_is_asked_for(gone: str) -> None:
    text = "\n".join(line for line in LEAST.splitlines() if not line.startswith(gone))
    (fault,) = faults(text)
    assert gone in fault


def test_an_audit_log_needs_the_time_of_its_rows_but_not_of_the_opening() -> None:
    text = LEAST.replace('key = "id"', 'key = "id"\nare = "states"').replace('created_at = "opened"', "")
    assert faults(text) == ["rows.at: say which column tells when a row was written."]


@pytest.mark.parametrize("text", ["source = ", "\ufeffsource = 1", "[rows", "\0"])
def test_what_is_no_toml_is_named_as_such(text: str) -> None:
    with pytest.raises(Problem, match=r"^my\.toml is not TOML: "):
        parse(text.encode(), "my.toml")


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read: No such file or directory"):
        load(tmp_path / "none.toml")


def test_a_section_that_is_a_word_is_named() -> None:
    assert "custom: this is a section, write [custom]." in faults("custom = 3" + LEAST)
