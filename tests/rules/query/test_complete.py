"""What the search bar offers; the cursor is the | in the text."""

import pytest

from deskterm.rules.query import Vocabulary, parse
from deskterm.rules.query.complete import Completion, complete

WORDS = Vocabulary(
    priorities=("low", "normal", "high", "urgent"),
    values={
        "tag": ("vpn", "new hire", "none"),
        "group": ("net", "apps"),
        "cf.site": ("Berlin",),
        "hours": ("office",),
    },
)


def offered(text: str, *, rules: bool = False) -> list[str]:
    return [each.text for each in completion(text, rules=rules).suggestions]


def completion(text: str, *, rules: bool = False) -> Completion:
    return complete(text.replace("|", ""), text.index("|"), rules=rules, vocabulary=WORDS)


def chosen(text: str, choice: str) -> str:
    """The text after taking one of the suggestions."""
    found = completion(text)
    assert choice in [each.text for each in found.suggestions]
    plain = text.replace("|", "")
    return plain[: found.start] + choice + plain[found.end :]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("statu|", ["status:"]),
        ("-stat|", ["status:"]),
        ("(vpn OR as|", ["assignee:"]),
        ("vpn so|", ["sort:"]),
        ("cf|", ["cf.site:"]),
        ("is:over|", ["overdue"]),
        ("status:|", ["new", "open", "pending", "on_hold", "resolved", "closed", "cancelled", "merged"]),
        ("priority>=|", ["low", "normal", "high", "urgent"]),
        ("priority:>=h|", ["high"]),
        ("priority:high,|", ["low", "normal", "urgent"]),
        ("group:|", ["net", "apps", "me", "none", "any"]),
        ("group:net,m|", ["me"]),
        ("tag:n|", ['"new hire"', '"none"', "none", "vpn", "any"]),
        ('tag:"new|', ['"new hire"']),
        ("cf.site:b|", ["Berlin"]),
        ("sort:-d|", ["-due"]),
        ("sort:due,-du|", []),
        ("created:|", ["today", "yesterday"]),
        ("created>|", ["today", "yesterday", "-7d"]),
        ("due<|", ["30m", "4h", "2d", "today"]),
        ("status：op|", ["open"]),
        ('"vpn st|', []),
        ('tag:"vpn"|', []),
        ("status>|", []),
        ("nothing:|", []),
    ],
)
def test_it_offers(text: str, expected: list[str]) -> None:
    assert offered(text) == expected


def test_in_the_open_it_offers_every_field() -> None:
    assert {"status:", "is:", "due<", "age>", "subject~", "sort:"} <= set(offered("vpn |"))


def test_fields_of_rules_are_offered_to_rules() -> None:
    assert "changed:" in offered("|", rules=True)
    assert "changed:" not in offered("|")
    assert offered("-hours:|", rules=True)[0] == "office"
    assert "me" not in offered("group:|", rules=True)


@pytest.mark.parametrize(
    ("text", "choice", "result"),
    [
        ("vpn stat|", "status:", "vpn status:"),
        ("vpn -|", "status:", "vpn -status:"),
        ("vpn st|atus:open", "status:", "vpn status:open"),
        ("status:o|pen vpn", "open", "status:open vpn"),
        ("tag:ne|", '"new hire"', 'tag:"new hire"'),
        ('tag:"ne|w" vpn', '"new hire"', 'tag:"new hire" vpn'),
        ("status:new,o|", "open", "status:new,open"),
        ("sort:|", "-due", "sort:-due"),
    ],
)
def test_a_choice_replaces_the_word_at_the_cursor(text: str, choice: str, result: str) -> None:
    assert chosen(text, choice) == result


def test_every_suggestion_for_a_field_is_explained() -> None:
    assert [each.text for each in completion("|").suggestions if not each.about] == []


@pytest.mark.parametrize(
    "start", ["status:", "is:", "group:", "tag:", "due<", "created:", "age>", "cf.site:", "sort:", "hours:"]
)
def test_every_value_offered_is_good(start: str) -> None:
    choices = offered(f"{start}|", rules=True)
    assert choices
    assert [parse(start + each, rules=True, vocabulary=WORDS).text for each in choices] == [
        start + each for each in choices
    ]
