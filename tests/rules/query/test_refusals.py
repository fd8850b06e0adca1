"""What a wrong query is told: the sentence, and the column it points at."""

import pytest

from deskterm.rules.problems import Problem
from deskterm.rules.query import QueryContext, bind, parse
from deskterm.rules.query.fields import STATES
from deskterm.rules.query.parser import CONDITION_LIMIT, DEPTH_LIMIT, LENGTH_LIMIT
from tests.rules.query.builders import WORDS

SENTENCES = {
    "prioriti:high": "unknown field 'prioriti' at column 1 (did you mean priority?)",
    "vpn http://x": "unknown field 'http' at column 5 (put it in quotes to search for the words)",
    "priority>=hgh": "unknown priority 'hgh' at column 11 (one of low, normal, high, urgent)",
    "due<4x": "not a duration: '4x' at column 5 (use 30m, 4h, 2d, 1w)",
    "due<1": "not a duration: '1' at column 5 (use 30m, 4h, 2d, 1w)",
    "age>3": "not a duration: '3' at column 5 (use 30m, 4h, 2d, 1w)",
    "age>-3d": "not a duration: '-3d' at column 5 (use 30m, 4h, 2d, 1w)",
    "due<2026-13": "not a date: '2026-13' at column 5 (use today, 2026-03, 2026-03-02 or -7d)",
    "created:2026-02-30": "not a date: '2026-02-30' at column 9 (use today, 2026-03, 2026-03-02 or -7d)",
    "created>4h": "not a date: '4h' at column 9 (use today, 2026-03, 2026-03-02 or -7d)",
    "due:4h": "due: takes a day at column 5 (with a duration use < or >)",
    "id:x": "not a number: 'x' at column 4 (use digits, as in 1042)",
    "id:1234567890123456789": "not a number: '1234567890123456789' at column 4 (use digits, as in 1042)",
    "sla:warn": "unknown field 'sla' at column 1 (put it in quotes to search for the words)",
    "id:٣": "not a number: '٣' at column 4 (use digits, as in 1042)",
    "(tag:vpn": "missing ) at column 9",
    "tag:vpn)": "unexpected ) at column 8",
    'a "b': 'the " at column 3 is never closed',
    "status>open": "status cannot be compared with > at column 1 (use : or !=)",
    "requester~ann": "requester cannot be compared with ~ at column 1 (use : or !=)",
    "subject=x": "subject cannot be compared with = at column 1 (use ~ or :)",
    "waiting:2h": "waiting cannot be compared with : at column 9 (use <, <=, > or >=)",
    "sort>due": "sort cannot be compared with > at column 1 (use :)",
    "tag:": "value missing after tag: at column 5",
    "tag: vpn": "value missing after tag: at column 5",
    "tag:vpn, hw": "value missing after , at column 9",
    'tag:""': "empty value at column 5 (write none for no value)",
    "status:opne,new": "unknown status 'opne' at column 8 (one of new, open, pending, on_hold, resolved,"
    " closed, cancelled, merged)",
    "is:new,opne": f"unknown state 'opne' at column 8 (one of {', '.join(STATES)})",
    "sort:-prio": "cannot sort by 'prio' at column 7 (did you mean priority?)",
    "sort:due,-": "value missing after - at column 11",
    "-sort:due": "sort: cannot be negated, at column 2 (to reverse the order: sort:-due)",
    "priority>low,high": "only one value can follow >, at column 14",
    "category:a*b": "a * can stand at one end of a value or end a word, not 'a*b' at column 10",
    "category:*a*": "a * can stand at one end of a value or end a word, not '*a*' at column 10",
    "*fix": "a * can stand at one end of a value or end a word, not '*fix' at column 1",
    "vpn - 809": "nothing to search for in '-' at column 5: it has no letter or digit",
    '""': "nothing to search for in '' at column 1: it has no letter or digit",
    "vpn OR": "OR at column 5 needs a condition on both sides (in quotes it is a word)",
    "(OR vpn)": "OR at column 2 needs a condition on both sides (in quotes it is a word)",
    "vpn OR sort:id": "OR at column 5 needs a condition on both sides (in quotes it is a word)",
    "vpn AND OR 809": "AND at column 5 needs a condition on both sides (in quotes it is a word)",
    "vpn NOT": "nothing follows the negation at column 5",
    "vpn\x1b[2J": "the character U+001B at column 4 cannot be part of a query",
    "vpn \ud800": "the character U+D800 at column 5 cannot be part of a query",
    "changed:priority": "changed is for rules only, a view or a search cannot use it, at column 1",
    "vpn was.group:net": "was.group is for rules only, a view or a search cannot use it, at column 5",
    "event:created": "event is for rules only, a view or a search cannot use it, at column 1",
    "by:requester": "by is for rules only, a view or a search cannot use it, at column 1",
    "message~thanks": "message is for rules only, a view or a search cannot use it, at column 1",
    "hours:office": "hours is for rules only, a view or a search cannot use it, at column 1",
    "requester.vip:yes": "requester.vip is for rules only, a view or a search cannot use it, at column 1",
}


def refusal(text: str, *, rules: bool = False) -> Problem:
    """The Problem that parsing the text raises."""
    with pytest.raises(Problem) as caught:
        parse(text, rules=rules, vocabulary=WORDS)
    return caught.value


@pytest.mark.parametrize(("text", "sentence"), SENTENCES.items(), ids=map(ascii, SENTENCES))
def test_a_wrong_query_says_what_is_wrong_and_where(text: str, sentence: str) -> None:
    problem = refusal(text)
    assert str(problem) == sentence
    assert f"column {problem.column}" in sentence


def test_a_near_miss_names_the_field_that_was_meant() -> None:
    assert refusal("asignee:kim").choices == ("assignee",)


def test_a_closed_set_names_its_values() -> None:
    assert refusal("priority:hgh").choices == WORDS.priorities


def test_a_priority_that_the_desk_does_not_have_is_refused_when_it_is_known_only_later() -> None:
    query = parse("priority>=P1")
    with pytest.raises(Problem, match=r"^unknown priority 'P1'\.$") as caught:
        bind(query.where, QueryContext(now=0, vocabulary=WORDS))
    assert caught.value.choices == WORDS.priorities


def test_a_zone_that_nobody_knows_is_a_problem_too() -> None:
    with pytest.raises(Problem, match='there is no time zone "Mars/Base"'):
        bind(parse("created:today").where, QueryContext(now=0, zone="Mars/Base"))


def test_a_sentence_quotes_no_more_than_a_line_of_what_was_typed() -> None:
    assert len(str(refusal("category:" + "x" * 3000 + "*y"))) < 160


@pytest.mark.parametrize("opening", ["(", "-", "NOT ", "-("])
def test_parentheses_and_negations_go_no_deeper_than_a_limit(opening: str) -> None:
    levels = DEPTH_LIMIT // (2 if opening == "-(" else 1)
    closing = ")" * levels if "(" in opening else ""
    assert parse(opening * levels + "vpn" + closing).where is not None
    assert refusal(opening * (levels + 1) + "vpn" + closing + ")").code == "query.too_deep"


@pytest.mark.parametrize(
    "condition", ["vpn ", "tag:a ", "due:today,none ", "text~a,b ", "is:new,open ", "-(a b) "]
)
def test_a_query_asks_no_more_than_a_database_can_take(condition: str) -> None:
    most = CONDITION_LIMIT // (1 if condition in ("vpn ", "tag:a ") else 2)
    assert parse(condition * most).where is not None
    assert refusal(condition * (most + 1)).code == "query.too_many"


def test_a_list_of_names_or_numbers_is_one_condition() -> None:
    assert parse("id:" + ",".join(map(str, range(900)))).where is not None


def test_a_query_is_no_longer_than_a_limit() -> None:
    assert parse("a" * LENGTH_LIMIT).where is not None
    assert refusal("a" * (LENGTH_LIMIT + 1)).code == "query.too_long"


@pytest.mark.parametrize(
    "unit", ['"', "(", "-", "a:", "a.", "a-", "tag:a,", 'tag:"a",', '\\"', "OR ", "a*", "1h", "due<1m"]
)
def test_long_nonsense_is_answered_at_once(unit: str) -> None:
    for text in (unit * (LENGTH_LIMIT // len(unit)), "tag:" + unit * ((LENGTH_LIMIT - 4) // len(unit))):
        try:
            assert parse(text).text == text
        except Problem as problem:
            assert problem.kind == "usage"
