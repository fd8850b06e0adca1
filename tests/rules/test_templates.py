"""Canned responses: placeholders, languages, and that nothing from outside is ever read as one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from deskterm.rules.changes import NEW, NUMBER
from deskterm.rules.facts import SYSTEM, Actor, Contact, Facts, Organization
from deskterm.rules.problems import Problem
from deskterm.rules.rulebook import RuleBook, Template
from deskterm.rules.templates import (
    BUILT_IN,
    PLACEHOLDERS,
    check_text,
    fill,
    placeholder_values,
    read_text,
    render,
    template_named,
    variant,
)
from tests.builders import ANN, BOOK, KIM, a_ticket

VALUES = {"requester.first_name": "Ann", "ticket.id": "7", "ticket.cf.site": "NY"}


def letter(text: str, **languages: str) -> Template:
    return Template("greeting", "Greeting", {"": text, **languages})


def rendered(text: str) -> str:
    return render(letter(text), VALUES)


def refused(text: str) -> Problem:
    with pytest.raises(Problem) as caught:
        rendered(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello {{requester.first_name}}, no. {{ticket.id}}", "Hello Ann, no. 7"),
        ("{{ ticket.id }}", "7"),
        ("{{ticket.cf.site}}", "NY"),
        ("{{agent.name|the desk}}", "the desk"),
        ("{{agent.name| the  desk }}", "the  desk"),
        ("{{agent.name|}}!", "!"),
        ("{{requester.first_name|there}}", "Ann"),
        ("{{agent.name|a|b}}", "a|b"),
        ("plain } and { and }}", "plain } and { and }}"),
        ("{a} json {'b': 1}", "{a} json {'b': 1}"),
        ("", ""),
    ],
)
def test_a_placeholder_becomes_its_value_or_its_other_text(text: str, expected: str) -> None:
    assert rendered(text) == expected


@pytest.mark.parametrize(
    ("text", "column", "said", "choices"),
    [
        ("Dear {{requester.frist_name}}", 6, "There is no placeholder", ("requester.first_name",)),
        ("{{tiket.id}}", 1, "There is no placeholder", ("ticket.id",)),
        ("{{ticket.cf.}}", 1, "There is no placeholder", None),
        ("{{}}", 1, "There is no placeholder", None),
        ("ab {{ticket.id", 4, "never ends", ()),
        ("{{agent.name|{{ticket.id}}}}", 1, "never ends", ()),
        ("no. {{agent.name}}", 5, "greeting needs agent.name, which this ticket does not have", ()),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_column(
    text: str, column: int, said: str, choices: tuple[str, ...] | None
) -> None:
    problem = refused(text)
    assert (problem.column, said in str(problem)) == (column, True)
    assert choices is None or problem.choices == choices


def test_a_text_is_checked_without_a_ticket() -> None:
    problem = check_text("{{ticket.idd}}")
    assert (check_text("{{agent.name}}"), problem and problem.choices) == (None, ("ticket.id",))


HOSTILE = ["{{ticket.id}}", "{note}", "{{", "}}", "%(name)s", "{0}", "$x", "\\g<0>", "{{ticket.cf.x|y}}"]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_never_read_again(value: str) -> None:
    text, _ = fill("<{{ticket.subject}}|{note}>", {"ticket.subject": value}, {"note": value})
    assert text == f"<{value}|{value}>"


@settings(derandomize=True, deadline=None)
@given(st.text(), st.text(), st.text(alphabet="ab .,!?%$\\'\n你"))
def test_whatever_a_value_is_the_text_around_it_stays(subject: str, note: str, around: str) -> None:
    text, empty = fill(
        f"{around}{{{{ticket.subject|}}}}{around}{{note}}{around}",
        {"ticket.subject": subject},
        {"note": note},
    )
    assert (text, len(empty)) == (f"{around}{subject}{around}{note}{around}", 0 if note else 1)


@settings(derandomize=True, deadline=None)
@given(st.text(alphabet="{}|ab. "))
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    problem = check_text(text, ("ab",))
    assert problem is None or 1 <= problem.column <= len(text)


@settings(derandomize=True, deadline=None)
@given(st.text(alphabet="}|ab. ").filter(lambda text: "{" not in text))
def test_a_text_without_an_opening_brace_is_sent_as_it_is(text: str) -> None:
    assert "".join(str(part) for part in read_text(text)) == text


def test_an_answer_goes_where_the_macro_asked_for_it() -> None:
    assert fill("{note} ({{ticket.id}})", VALUES, {"note": "see {x}"})[0] == "see {x} (7)"


def test_an_answer_that_nobody_asked_for_is_refused() -> None:
    problem = check_text("{nota}", ("note",))
    assert problem is not None
    assert (str(problem), problem.choices) == ("The macro does not ask for {nota}.", ("note",))


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (("zh",), "您好"),
        (("zh-CN",), "您好"),
        (("zh_TW",), "您好"),
        (("ZH",), "您好"),
        (("de", "zh"), "您好"),
        (("de",), "hello"),
        ((), "hello"),
        (("", ""), "hello"),
        (("pt_BR",), "olá"),
        (("pt",), "hello"),
    ],
)
def test_the_variant_follows_the_language(languages: tuple[str, ...], expected: str) -> None:
    assert variant(letter("hello", zh="您好", pt_BR="olá"), languages) == expected


def test_a_template_in_one_language_only_serves_all() -> None:
    assert variant(Template("t", "T", {"zh": "您好"}), ("en",)) == "您好"


def values_of(**more: object) -> dict[str, str]:
    facts = Facts(requester=ANN, organization=Organization(5, "Acme"))
    return placeholder_values(a_ticket(**more), BOOK, facts, SYSTEM)


def test_every_placeholder_has_a_value_of_its_own() -> None:
    full = values_of(
        assignee_id=KIM, type="incident", category="network", vendor="northline", cause="c", solution="s",
        wait_reason="r",
    )  # fmt: skip
    assert sorted(name for name in PLACEHOLDERS if not full.get(name)) == ["desk.name"]


def test_the_desk_is_named_by_its_rules() -> None:
    book = replace(BOOK, rules=RuleBook(desk="it"))
    assert placeholder_values(a_ticket(), book, Facts(), SYSTEM)["desk.name"] == "it"


def test_the_agent_is_who_acts_else_who_has_the_ticket() -> None:
    ticket, facts = a_ticket(assignee_id=KIM), Facts()
    names = [
        placeholder_values(ticket, BOOK, facts, each)["agent.login"] for each in (Actor("agent", 2), SYSTEM)
    ]
    assert names == ["lee", "kim"]


@pytest.mark.parametrize(
    ("name", "first"), [("Ann Li", "Ann"), ("李安", "李安"), ("ann@acme.example", ""), ("", "")]
)
def test_the_first_name_is_the_first_word_and_no_address(name: str, first: str) -> None:
    facts = Facts(requester=Contact(11, name))
    assert placeholder_values(a_ticket(), BOOK, facts, SYSTEM)["requester.first_name"] == first


def test_a_subject_writes_no_paragraph_into_our_letters() -> None:
    assert values_of(subject="hi\r\n\r\nYour password\tis\u2028gone")["ticket.subject"] == (
        "hi Your password is gone"
    )


def test_a_value_is_cut_at_three_hundred_characters() -> None:
    assert len(values_of(subject="x" * 2_000_000)["ticket.subject"]) == 300


def test_the_number_of_a_ticket_that_is_being_opened_is_left_to_the_store() -> None:
    assert (values_of(id=NEW)["ticket.id"], values_of()["ticket.id"]) == (NUMBER, "7")


def test_nobody_else_can_write_that_sign() -> None:
    assert values_of(subject=f"a{NUMBER}b")["ticket.subject"] == "ab"


@pytest.mark.parametrize("language", ["", "zh"])
@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_a_built_in_letter_can_be_sent_to_anybody(name: str, language: str) -> None:
    bare = placeholder_values(a_ticket(assignee_id=None), BOOK, Facts(), SYSTEM)
    text = render(BUILT_IN[name], bare, language)
    assert ("{" in text, "VPN drops every hour" in text) == (False, True)


def test_there_are_four_built_in_letters() -> None:
    assert sorted(BUILT_IN) == ["ack", "closed", "nudge", "resolved"]


def test_the_rules_own_letter_comes_before_the_built_in_one() -> None:
    own = letter("ours")
    assert template_named("ack", RuleBook(templates={"ack": own})) is own


def test_an_unknown_letter_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(Problem) as caught:
        template_named("nugde", None)
    assert caught.value.choices == ("nudge",)
