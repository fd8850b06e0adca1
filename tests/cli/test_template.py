"""template and reply --template: canned responses, and that no hole in one is ever sent."""

import pytest

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules.upkeep import ActivateRules
from deskterm.store.engine import open_store
from tests.cli.conftest import NOW_AT, Cli
from tests.cli.test_bodies import editor
from tests.cli.test_completion import completed
from tests.rulefiles import LEAST

RULES = (
    LEAST
    + """
[[template]]
id = "hello"
name = "Say hello"
[template.text]
"" = "Hello {{requester.first_name|there}}, about {{ticket.subject}}."
zh = "{{requester.first_name|客户}}，您好。"

[[template]]
id = "site"
name = "Say where"
queue = "net"
text = "We come to {{ticket.cf.site}}."
"""
)


@pytest.fixture
def ruled(cli: Cli) -> Cli:
    """A desk with two canned responses of its own and a ticket of Ann's."""
    desk = Desk(open_store(f"sqlite:///{cli.home / 'desk.db'}"), ManualClock(NOW_AT))
    desk.perform(ActivateRules("words.toml", RULES), desk.agent("ada"))
    desk.close()
    cli.new()
    return cli


def test_the_list_names_languages_and_queue(ruled: Cli) -> None:
    assert ruled.ok("template", "list", "--plain").lines[:2] == [
        "hello\tSay hello\t*,zh\t",
        "site\tSay where\t*\tnet",
    ]


def test_a_response_is_shown_as_it_is_written(ruled: Cli) -> None:
    assert ruled.ok("template", "show", "site").lines == [
        "site  Say where",
        "",
        "[every other language]",
        "We come to {{ticket.cf.site}}.",
    ]


def test_one_language_alone_is_printed_alone(ruled: Cli) -> None:
    shown = ruled.ok("template", "show", "hello", "--language", "zh")
    assert shown.text == "{{requester.first_name|客户}}，您好。\n"


def test_a_preview_reads_as_the_requester_would(ruled: Cli) -> None:
    assert ruled.ok("template", "render", "hello", "1").text == "Hello Ann, about VPN drops.\n"


def test_a_preview_follows_the_requesters_language(ruled: Cli) -> None:
    ruled.ok("contact", "set", "ann@acme.example", "--language", "zh")
    assert ruled.ok("template", "render", "hello", "1").text == "Ann，您好。\n"


def test_a_preview_in_another_language_is_asked_for(ruled: Cli) -> None:
    assert ruled.ok("template", "render", "hello", "1", "--language", "zh").text == "Ann，您好。\n"


def test_a_preview_writes_nothing(ruled: Cli) -> None:
    before = ruled.show("1")
    ruled.ok("template", "render", "hello", "1")
    assert ruled.show("1") == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["render", "site", "1"], 2, "ticket.cf.site"),
        (["render", "helo", "1"], 3, "hello"),
        (["render", "hello", "9"], 3, "There is no ticket 9."),
        (["render", "hello", "1", "--set", "ticket.sbject=x"], 2, "ticket.subject"),
        (["show", "helo"], 3, "hello"),
    ],
)
def test_what_cannot_be_shown_is_a_sentence(ruled: Cli, arguments: list[str], code: int, said: str) -> None:
    ran = ruled("template", *arguments)
    assert (ran.code, said in ran.said, ran.out) == (code, True, b"")


def test_a_hole_says_how_to_fill_it(ruled: Cli) -> None:
    assert "--set ticket.cf.site=TEXT" in ruled("template", "render", "site", "1").said


def test_a_reply_is_the_rendered_text(ruled: Cli) -> None:
    ruled.ok("reply", "1", "--template", "hello")
    assert ruled.bodies("1") == ["Hello Ann, about VPN drops."]


def test_a_text_of_ones_own_stands_behind_the_response(ruled: Cli) -> None:
    ruled.ok("reply", "1", "--template", "hello", "-b", "Which client?\n")
    assert ruled.bodies("1") == ["Hello Ann, about VPN drops.\n\nWhich client?\n"]


def test_a_text_of_ones_own_is_not_read_for_placeholders(ruled: Cli) -> None:
    ruled.ok("reply", "1", "--template", "hello", "-b", "{{ticket.cf.site}}")
    assert ruled.bodies("1")[0].endswith("{{ticket.cf.site}}")


def test_a_pipe_is_not_read_unless_it_is_asked_for(ruled: Cli) -> None:
    ruled.ok("reply", "1", "--template", "hello", stdin=b"noise")
    assert ruled.bodies("1") == ["Hello Ann, about VPN drops."]


def test_each_ticket_gets_its_own_words(ruled: Cli) -> None:
    ruled.ok("new", "Printer jams", "-r", "bo@globex.example")
    ruled.ok("reply", "1", "2", "--template", "hello")
    assert (ruled.bodies("1"), ruled.bodies("2")) == (
        ["Hello Ann, about VPN drops."],
        ["Hello there, about Printer jams."],
    )


def test_a_hole_is_never_sent(ruled: Cli) -> None:
    ran = ruled("reply", "1", "--template", "site", "-b", "and more")
    assert (ran.code, ruled.bodies("1")) == (2, [])


def test_a_hole_on_one_ticket_keeps_no_other_from_its_reply(ruled: Cli) -> None:
    ruled.ok("new", "Cable", "-r", "bo@globex.example", "--field", "site=Berlin")
    assert ruled("reply", "1", "2", "--template", "site").code == 2
    assert (ruled.bodies("1"), ruled.bodies("2")) == ([], ["We come to Berlin."])


def test_a_value_that_is_given_fills_the_hole(ruled: Cli) -> None:
    ruled.ok("reply", "1", "--template", "site", "--set", "ticket.cf.site=Bonn")
    assert ruled.bodies("1") == ["We come to Bonn."]


def test_a_value_without_a_response_is_refused(ruled: Cli) -> None:
    assert ruled("reply", "1", "-b", "x", "--set", "ticket.cf.site=Bonn").code == 2


def test_the_editor_begins_with_the_response(ruled: Cli) -> None:
    script = editor(ruled.home, "printf ' Bye.' >> \"$1\"")
    ruled.ok("reply", "1", "--template", "hello", "--edit", EDITOR=script)
    assert ruled.bodies("1") == ["Hello Ann, about VPN drops. Bye."]


def test_the_editor_with_a_response_is_for_one_ticket(ruled: Cli) -> None:
    ruled.new()
    assert ruled("reply", "1", "2", "--template", "hello", "--edit").code == 2


def test_a_dry_run_of_a_reply_sends_nothing(ruled: Cli) -> None:
    ruled.ok("reply", "1", "--template", "hello", "--dry-run")
    assert ruled.bodies("1") == []


def test_a_requester_has_no_canned_responses(ruled: Cli) -> None:
    assert ruled("template", "list", "--as", "ann@acme.example").code == 1


def test_the_built_in_responses_are_there_without_rules(cli: Cli) -> None:
    ids = [line.split("\t")[0] for line in cli.ok("template", "list", "--plain").lines]
    assert ids == ["ack", "nudge", "resolved", "closed"]


def test_a_subject_that_would_act_on_the_terminal_is_made_visible(ruled: Cli) -> None:
    number = ruled.new("\x1b[2Jgone")
    assert "\x1b" not in ruled.ok("template", "render", "hello", number).text


def test_the_name_of_a_built_in_response_is_in_the_readers_language(cli: Cli) -> None:
    assert "您的请求已解决" in cli.ok("template", "list", "--lang", "zh_CN").text


@pytest.mark.parametrize("words", [("template", "show", "h"), ("reply", "1", "--template", "h")])
def test_the_shell_completes_the_ids(ruled: Cli, words: tuple[str, ...]) -> None:
    assert completed(ruled, *words) == ["hello"]
