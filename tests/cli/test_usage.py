"""Wrong usage: one sentence, the nearest command or option, exit code 2; help that fits its reader."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from deskterm import i18n
from deskterm.cli.root import COMMANDS, app
from deskterm.rules.clean import cell_width
from tests.cli.conftest import Cli


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its words, those of nouns too."""
    root = app()
    context = typer.Context(root, info_name="deskterm")
    for name in COMMANDS:
        command = root.get_command(context, name)
        yield name, command
        for verb, each in getattr(command, "commands", {}).items():
            yield f"{name} {verb}", each


EVERY = [name for name, _command in commands()]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nwe"], 'There is no command "nwe". Did you mean new?'),
        (["zzz"], 'There is no command "zzz": "deskterm --help" lists them.'),
        (["contact", "shwo"], 'There is no command "contact shwo". Did you mean show?'),
        (["new", "--prioriti", "P1"], "There is no option --prioriti. Valid: --priority."),
        (["--qqq", "list"], "There is no option --qqq."),
        (["new", "-z"], "There is no option -z."),
        (["new", "X", "-q"], "The option -q needs a value."),
        (["list", "--ascii=1"], "The option --ascii takes no value."),
        (["show"], 'deskterm show needs TICKET: see "deskterm show --help".'),
        (["assign", "--to", "kim"], 'deskterm assign needs TICKET: see "deskterm assign --help".'),
        (["show", "1", "2"], '"2" is one argument too many for deskterm show.'),
        (["list", "--limit", "many"], '--limit needs a number, not "many".'),
        (["list", "--limit", "-1"], "--limit needs a number from 0."),
        (["list", "--x\x01-y"], "There is no option --x\ufffd-y."),
        (["list", "--plain", "--csv"], "Choose one form of output. Valid: --plain, --csv."),
        (["completion", "tcsh"], 'There is no completion for the shell "tcsh". Valid: bash, zsh, fish.'),
        (["schema", "lst"], 'There is no schema for "lst". Valid: list.'),
        (["--lang", "klingon", "list"], 'deskterm does not speak "klingon". Valid: en, zh_CN.'),
        (["--config", "/usr/bin/env", "list"], "The config file /usr/bin/env is no text in UTF-8."),
        (
            ["--config", "/nowhere", "list"],
            "The config file /nowhere cannot be read: No such file or directory.",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_sentence_and_exits_2(cli: Cli, arguments: list[str], said: str) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.text, ran.said) == (2, "", f"deskterm: {said}\n")


@pytest.mark.parametrize(
    "arguments", [["show", "--json"], ["show", "1", "--bogus", "--json"], ["--json", "show", "9"]]
)
def test_with_json_an_error_is_an_object_on_stderr(cli: Cli, arguments: list[str]) -> None:
    ran = cli(*arguments)
    assert (ran.text, sorted(ran.error)) == ("", ["choices", "code", "column", "field", "message"])


def test_an_error_in_json_names_the_valid_values(cli: Cli) -> None:
    error = cli("new", "X", "-q", "nte", "--json").error
    assert (error["choices"], error["field"]) == (["net", "triage"], "queue")


def test_the_help_page_lists_every_command(empty: Cli) -> None:
    text = empty.ok("--help").text
    assert [name for name in COMMANDS if f"\n  {name} " not in text] == []


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["contact"], ["contact", "--help"], ["new", "--help"]])
def test_help_needs_no_desk(empty: Cli, words: list[str]) -> None:
    assert empty.ok(*words).said == ""
    assert not (empty.home / "desk.db").exists()


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_help_page_fits_the_terminal_and_explains_every_option(
    empty: Cli, name: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = empty.ok(*name.split(), "--help", "--lang", language).lines
    assert max(map(cell_width, lines)) <= 80
    assert lines[0].startswith("Usage: deskterm" if language == "en" else "用法：deskterm")


@pytest.mark.parametrize(("name", "command"), commands(), ids=EVERY)
def test_every_option_and_argument_is_explained(name: str, command: Any) -> None:
    assert [each.name for each in command.params if not each.help] == []
    assert command.help


@pytest.mark.parametrize(("name", "command"), commands(), ids=EVERY)
def test_no_two_options_of_a_command_share_a_name_or_a_letter(name: str, command: Any) -> None:
    written = [each for param in command.params for each in (*param.opts, *param.secondary_opts)]
    names = [param.name for param in command.params]
    assert (len(set(written)), len(set(names))) == (len(written), len(names))


def test_usage_is_explained_in_chinese(cli: Cli) -> None:
    ran = cli("nwe", LANG="zh_CN.UTF-8")
    assert ran.said == "deskterm: 没有命令“nwe”。您是不是要用 new？\n"


def test_the_version_is_printed(empty: Cli) -> None:
    from deskterm import __version__

    assert empty.ok("--version").text == f"deskterm {__version__}\n"


def test_options_before_a_noun_and_its_verb_reach_the_verb(cli: Cli) -> None:
    wanted = cli.ok("contact", "list", "--json").json
    assert cli.ok("--json", "contact", "list").json == wanted
    assert cli.ok("contact", "--json", "list").json == wanted


def test_words_behind_two_dashes_are_no_options(cli: Cli) -> None:
    cli.ok("new", "--", "--help")
    assert cli.show("1")["subject"] == "--help"


def test_an_error_is_valid_json_even_for_hostile_words(cli: Cli) -> None:
    ran = cli("new", "X", "-q", 'a"\x1b[31m\u202e\n', "--json")
    assert "\x1b" not in json.loads(ran.err)["error"]["message"]


def test_where_words_are_missing_all_that_are_needed_are_named(cli: Cli) -> None:
    assert cli("macro", "run", "5").said.startswith("deskterm: deskterm macro run needs TICKET MACRO: ")
    assert cli("explain").said.startswith("deskterm: deskterm explain needs TICKET: ")
