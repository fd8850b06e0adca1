"""The guide to rule files: its files load, their tests pass, its commands answer what it shows."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from deskterm.bootstrap import regional_holidays
from deskterm.rules.calendar.reading import _KEYS as CALENDAR_KEYS
from deskterm.rules.lint import lint
from deskterm.rules.rulebook import RuleBook
from deskterm.rules.rulefile import load
from deskterm.rules.rulefile.codes import CODES
from deskterm.rules.rulefile.reading import Section
from deskterm.rules.ruletests import run_tests
from deskterm.rules.ruletests.case import FIELDS, LISTS, Seat
from deskterm.rules.ruletests.reading import _TICKET as TICKET_KEYS, EVENTS
from tests.cli.conftest import NOW_AT, Cli
from tests.cli.test_docs import Shell

GUIDE: Final = Path(__file__).parents[2] / "docs" / "guide" / "rules.md"
TEXT: Final = GUIDE.read_text(encoding="utf-8")
PART: Final = re.compile(
    r"^<!-- now: (?P<now>\S+) -->$"
    r"|^```toml (?P<file>\S+)\n(?P<toml>.*?)^```"
    r"|^```console\n(?P<console>.*?)^```",
    re.MULTILINE | re.DOTALL,
)


class Written(NamedTuple):
    """A block of TOML that belongs at the end of a file."""

    file: str
    text: str


class Typed(NamedTuple):
    """A command and the answer that is shown below it."""

    command: str
    answer: str


class Passed(NamedTuple):
    """From here on it is this late."""

    now: str


def parts() -> Iterator[Written | Typed | Passed]:
    """What the guide writes and types, in its order."""
    for found in PART.finditer(TEXT):
        if found["now"]:
            yield Passed(found["now"])
        elif found["file"]:
            yield Written(found["file"], found["toml"])
        else:
            for each in re.split(r"^\$ ", found["console"], flags=re.MULTILINE)[1:]:
                command, _newline, answer = each.partition("\n")
                yield Typed(command, answer)


def content(name: str) -> str:
    """The blocks of a file, one behind the other."""
    return "\n".join(each.text for each in parts() if isinstance(each, Written) and each.file == name)


def rules_of(name: str) -> RuleBook:
    text = content(name)
    return load(text, name, public=regional_holidays(text, NOW_AT))


def test_every_command_of_the_guide_answers_what_is_shown(empty: Cli) -> None:
    empty.environment |= {"DESKTERM_DB": "sqlite:///desk.db", "DESKTERM_TZ": "Asia/Shanghai"}
    shell = Shell(empty)
    for part in parts():
        match part:
            case Passed(now):
                empty.environment["DESKTERM_NOW"] = now
            case Written(name, text):
                path = empty.home / name
                path.write_text(
                    f"{path.read_text('utf-8')}\n{text}" if path.exists() else text, encoding="utf-8"
                )
            case Typed(command, answer):
                assert (command, shell.answer(command)) == (command, answer)


@pytest.mark.parametrize("name", ["care.toml", "every.toml"])
def test_the_files_of_the_guide_are_without_a_warning(name: str) -> None:
    assert [str(each) for each in lint(rules_of(name), now=NOW_AT)] == []


@pytest.mark.parametrize("name", ["care.toml", "every.toml"])
def test_the_tests_of_the_files_come_out_as_expected(name: str) -> None:
    results = run_tests(rules_of(name))
    assert [(each.name, [failure.sentence(str) for failure in each.failures]) for each in results] == [
        (each.name, []) for each in results
    ]


def test_the_guide_explains_every_code() -> None:
    rows = dict(re.findall(r"^\| `([EW]\d{3})` \| (.*?) \|", TEXT, re.MULTILINE))
    assert rows == dict(CODES)


def test_the_reference_shows_every_key_that_a_rule_file_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[tuple[str, str]] = set()
    written: set[tuple[str, str]] = set()
    has = Section.has

    def noted(self: Section, key: str) -> bool:
        kind = kind_of(self)
        if kind.startswith("test"):  # of these the next test but one asks
            return has(self, key)
        asked.add((kind, key))
        written.update((kind, each) for each in self.table)
        return has(self, key)

    monkeypatch.setattr(Section, "has", noted)
    rules_of("every.toml")
    assert sorted(asked - written) == []


def kind_of(section: Section) -> str:
    """What kind of table it is: acts are acts in every rule, a group is a group by every name."""
    keys = [each for each in section.path if isinstance(each, str)]
    if keys[:1] == ["group"]:
        return "group"
    last = keys[-1] if keys else ""
    return last.partition("[")[0] if last in ("do", "level") or "[" in last else ".".join(keys)


def test_the_reference_shows_every_key_of_a_calendar() -> None:
    tables = tomllib.loads(content("every.toml"))["calendar"].values()
    assert set(CALENDAR_KEYS) - {key for table in tables for key in table} == set()


def test_the_reference_names_every_key_of_a_test() -> None:
    section = TEXT.partition("\n### [[test]]\n")[2].partition("\n### ")[0]
    named = {word for quoted in re.findall(r"`([^`]+)`", section) for word in re.findall(r"\w+", quoted)}
    keys = {*FIELDS, *LISTS, *TICKET_KEYS, *EVENTS, *(key for each in EVENTS.values() for key in each)}
    assert (keys | set(Seat._fields)) - named == set()


def test_the_rules_of_the_readme_are_rules() -> None:
    text = (GUIDE.parents[2] / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert [len(load(each, "README.md").routes) for each in shown] == [1]
