"""What each kind of term asks, one sentence each."""

import pytest

from deskterm.rules.query import QueryContext, bind, parse, render
from deskterm.rules.query.ast import EVERYTHING, NOTHING, In, Node
from tests.rules.query.builders import CONTEXT, DAY, HOUR, NOW, WORDS, Seen, a_ticket


def finds(text: str, ticket: Seen, context: QueryContext = CONTEXT) -> bool:
    return parse(text, vocabulary=context.vocabulary).matches(ticket, context)


def same(one: str, other: str) -> bool:
    return tree(one) == tree(other)


def tree(text: str) -> Node:
    return parse(text, vocabulary=WORDS).where


def test_a_list_means_any_of_them() -> None:
    assert finds("tier:gold,silver", a_ticket(tier="silver"))
    assert not finds("tier:gold,silver", a_ticket(tier="bronze"))


def test_a_list_may_name_a_value_and_its_absence() -> None:
    assert finds("assignee:none,me", a_ticket())
    assert finds("assignee:none,me", a_ticket(assignee="kim"))
    assert not finds("assignee:none,me", a_ticket(assignee="li"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tier=gold", "tier:gold"),
        ("tier!=gold", "-tier:gold"),
        ("NOT tier:gold", "-tier:gold"),
        ("tier:gold AND vpn", "tier:gold vpn"),
        ("(tier:gold)", "tier:gold"),
        ("tier:gold\n\t　vpn", "tier:gold vpn"),
        ("Status:OPEN Tier:gold", "status:open tier:gold"),
        ("status：open", "status:open"),
        ("tier:*", "tier:any"),
        ("tier!=none", "-tier:none"),
        ("assignee:mine", "assignee:me"),
        ("created:>=2026-03-02", "created>=2026-03-02"),
        ("priority:>low", "priority>low"),
        ("subject:vpn", "subject~vpn"),
        ("text~vpn", "vpn"),
        ('text~"vpn","remote access"', 'vpn OR "remote access"'),
        ("id:#1042", "id:1042"),
        ("due<60m", "due<1h"),
        ("ＶＰＮ", "vpn"),
        ("wi-fi", '"wi fi"'),
        ("a OR b c", "a OR (b c)"),
    ],
)
def test_two_ways_to_say_the_same(one: str, other: str) -> None:
    assert same(one, other)


def test_quotes_make_a_value_mean_itself() -> None:
    assert tree('tag:"none"') == In("tag", ("none",))
    assert tree('assignee:"me"') == In("assignee", ("me",))
    assert tree('category:"a*"') == In("category", ("a*",))
    assert tree(r'org:"a \"b\" \\ c:\d"') == In("org", ('a "b" \\ c:\\d',))


@pytest.mark.parametrize(
    "word", ["or", "and", "not", "Or", "10:30", "a+b=c", "<3", "密码：x", "c++", "a,b", "#1042", "_x"]
)
def test_what_is_no_term_is_a_word_to_look_for(word: str) -> None:
    assert finds(word, a_ticket(f"see {word} there"))


def test_words_match_whole_and_in_a_row() -> None:
    ticket = a_ticket("The program will not connect")
    assert not finds("ram", ticket)
    assert not finds('"not will"', ticket)
    assert finds('"will not"', ticket)


def test_a_star_leaves_the_last_word_open() -> None:
    ticket = a_ticket("remote access is out")
    assert finds("acc*", ticket)
    assert finds('"remote acc*"', ticket)
    assert finds('subject~"remote acc*"', ticket)
    assert not finds('"rem* access"', ticket)
    assert not finds('"acc *"', ticket)
    assert not finds('"acc\u3000*"', ticket)


def test_a_phrase_does_not_reach_from_subject_into_nothing() -> None:
    assert not finds("subject~809", a_ticket("VPN", "error 809"))
    assert finds("809", a_ticket("VPN", "error 809"))


def test_a_star_at_one_end_of_a_value_stands_for_the_rest() -> None:
    ticket = a_ticket(category="network.vpn", tags=frozenset({"site-berlin"}), custom={"sku": "T14-g5"})
    assert finds("category:network.*", ticket)
    assert finds("category:*.vpn", ticket)
    assert finds("tag:site-*", ticket)
    assert finds("cf.sku:T14*", ticket)
    assert not finds("category:vpn*", ticket)
    assert not finds("category:*", a_ticket())


def test_a_custom_field_is_asked_by_its_name() -> None:
    ticket = a_ticket(custom={"合同-no": "A 7"})
    assert finds('cf.合同-no:"A 7"', ticket)
    assert finds("cf.other:none", ticket)
    assert not finds("cf.合同-no:none", ticket)


def test_an_empty_text_is_no_value() -> None:
    assert finds("vendor:none region:none cf.x:none", a_ticket(vendor="", region=None, custom={"x": ""}))


def test_higher_priorities_follow_the_order_of_the_desk() -> None:
    assert bind(tree("priority>normal"), CONTEXT) == In("priority", ("high", "urgent"))
    assert bind(tree("priority<=normal"), CONTEXT) == In("priority", ("low", "normal"))
    assert bind(tree("priority>urgent"), CONTEXT) == NOTHING


def test_what_can_never_be_true_is_nothing_and_leaves_nothing_behind() -> None:
    assert bind(tree("priority>urgent vpn"), CONTEXT) == NOTHING
    assert bind(tree("priority>urgent OR vpn"), CONTEXT) == tree("vpn")
    assert bind(tree("-priority>urgent"), CONTEXT) == EVERYTHING
    assert bind(tree("-priority>urgent vpn"), CONTEXT) == tree("vpn")


def test_a_value_that_looks_like_a_comparison_is_written_in_quotes() -> None:
    node = In("priority", ("<p",))
    assert parse(render(node)).where == node


def test_a_priority_that_the_desk_no_longer_has_is_neither_above_nor_below() -> None:
    ticket = a_ticket(priority="P0")
    assert not finds("priority>=low", ticket)
    assert not finds("priority<urgent", ticket)
    assert finds("-priority>=low", ticket)


def test_me_is_whoever_looks() -> None:
    ticket = a_ticket(assignee="kim", group="net", requester="kim@desk.example")
    reader = QueryContext(NOW, "kim", groups=("net",), addresses=("kim@desk.example",))
    for text in ("assignee:me", "group:mine", "requester:me", "is:mine"):
        assert finds(text, ticket, reader)
        assert not finds(text, ticket, QueryContext(NOW, "li"))


def test_for_nobody_nothing_is_mine() -> None:
    nobody = QueryContext(NOW)
    assert bind(tree("assignee:me"), nobody) == NOTHING
    assert not finds("assignee:me", a_ticket(), nobody)
    assert finds("-assignee:me", a_ticket(), nobody)


def test_a_requester_is_found_by_address_in_any_case_and_by_name() -> None:
    ticket = a_ticket(requester="wang@beichen.example", requester_name="王芳")
    assert finds("requester:Wang@Beichen.example", ticket)
    assert finds("requester:王芳", ticket)
    assert finds("requester:*@BEICHEN.example", ticket)
    assert not finds("requester:wang", ticket)
    assert bind(tree("requester:a@b.example"), CONTEXT) == In("requester", ("a@b.example",))


def test_due_soon_includes_overdue_and_leaves_out_what_has_no_due() -> None:
    assert finds("due<4h", a_ticket(next_due_at=NOW - DAY))
    assert finds("due<-23h", a_ticket(next_due_at=NOW - DAY))
    assert not finds("due<4h", a_ticket(next_due_at=NOW + 4 * HOUR))
    assert not finds("due<4h", a_ticket(next_due_at=None))
    assert finds("due:none", a_ticket(next_due_at=None))


def test_older_means_opened_earlier() -> None:
    ticket = a_ticket(created_at=NOW - 3 * DAY)
    assert finds("age>=3d", ticket)
    assert not finds("age>3d", ticket)
    assert not finds("age<3d", ticket)
    assert finds("age<4d created>-4d", ticket)


def test_nobody_waits_where_nobody_waits() -> None:
    assert finds("waiting:none", a_ticket())
    assert not finds("waiting<1w", a_ticket())
    assert finds("waiting:any waiting>2h", a_ticket(waiting_since=NOW - 3 * HOUR))


def test_up_to_a_day_includes_it_and_after_a_day_begins_with_the_next() -> None:
    noon = a_ticket(created_at=NOW)
    assert finds("created<=2026-03-02 created>=2026-03-02 created:2026-03-02", noon)
    assert not finds("created<2026-03-02", noon)
    assert not finds("created>2026-03-02", noon)
    assert finds("created>2026-02 created!=2026-03-01", noon)


def test_what_is_today_depends_on_where_one_looks_from() -> None:
    late = a_ticket(created_at=NOW + 9 * HOUR)  # 00:00 on Tuesday in London, Monday evening in New York
    assert finds("created:today", late, QueryContext(NOW, zone="America/New_York"))
    assert not finds("created:today", late, QueryContext(NOW, zone="Europe/London"))


def test_a_part_is_asked_by_the_number_of_its_whole() -> None:
    assert finds("parent:7 parent:any", a_ticket(parent=7))
    assert finds("parent:none", a_ticket())
