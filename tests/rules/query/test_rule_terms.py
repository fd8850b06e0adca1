"""What only a rule can ask: the event, the values before it, the new message, the hours."""

import pytest

from deskterm.rules.problems import Problem
from deskterm.rules.query import parse
from tests.rules.query.builders import CONTEXT, WORDS, Seen, after_an_event


def applies(when: str, facts: Seen) -> bool:
    return parse(when, rules=True, vocabulary=WORDS).matches(facts, CONTEXT)


def test_changed_names_a_field_of_the_ticket() -> None:
    facts = after_an_event(changed=frozenset({"priority", "cf.site"}))
    assert applies("changed:priority priority:normal", facts)
    assert applies("changed:cf.site", facts)
    assert not applies("changed:group", facts)


def test_a_field_that_cannot_change_is_refused() -> None:
    with pytest.raises(Problem, match="unknown field 'priorty' at column 9"):
        parse("changed:priorty", rules=True)


def test_was_looks_at_the_value_before() -> None:
    facts = after_an_event(was={"priority": "low", "group": None})
    assert applies("was.priority:low was.priority<high was.group:none", facts)
    assert not applies("was.priority:normal", facts)


def test_was_knows_the_priorities_too() -> None:
    with pytest.raises(Problem, match=r"unknown was\.priority 'P9' at column 14"):
        parse("was.priority:P9", rules=True, vocabulary=WORDS)


def test_the_event_and_who_caused_it() -> None:
    facts = after_an_event(event="message", by="requester")
    assert applies("event:message,created by:requester", facts)
    assert not applies("by:agent", facts)


def test_bare_thanks_are_few_words_with_thanks_among_them() -> None:
    thanks = 'message.words<=4 message~"thanks","谢谢"'
    assert applies(thanks, after_an_event("Thanks a lot!"))
    assert applies(thanks, after_an_event("谢谢"))
    assert not applies(thanks, after_an_event("Thanks, but it still does not work"))
    assert not applies(thanks, Seen())


def test_outside_the_hours_of_a_calendar() -> None:
    assert applies("-hours:office", after_an_event(hours=frozenset({"always"})))
    assert not applies("-hours:office", after_an_event(hours=frozenset({"office", "always"})))


def test_a_vip() -> None:
    assert applies("requester.vip:yes", after_an_event(vip=True))
    assert applies("requester.vip:no", after_an_event())


@pytest.mark.parametrize("when", ["assignee:me", "group:mine", "is:mine", "-was.assignee:me"])
def test_nobody_looks_at_a_rule(when: str) -> None:
    with pytest.raises(Problem, match="is whoever looks; a rule must name somebody"):
        parse(when, rules=True)


@pytest.mark.parametrize(
    "when",
    [
        'text~"vpn","remote access" type:incident',
        'text~"site down","outage*","everyone"',
        "category:network.*",
        "-hours:office type:incident",
        "by:requester -tag:no-ack",
        "domain:*.us region:none",
        "category:refund (tier:gold OR type:complaint)",
        "status:on_hold vendor:northline",
        "",
    ],
)
def test_the_conditions_of_the_example_desks_are_read(when: str) -> None:
    assert parse(when, rules=True).text == when
