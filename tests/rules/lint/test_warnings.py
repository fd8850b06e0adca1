"""What lint sees, and what it is careful not to say."""

from dataclasses import replace

import pytest

from deskterm.rules.facts import Agent, Book
from deskterm.rules.lint import lint
from deskterm.rules.rulefile import load
from tests.builders import DAY, KIM, T0, a_book

ROUTE = "[[route]]\nid = '%s'\nwhen = '''%s'''\nqueue = 'q'\n"


def codes(text: str, desk: Book | None = None) -> list[str]:
    """The codes of all warnings about a file."""
    return [fault.code for fault in lint(load(text, "x.toml"), desk=desk, now=T0)]


def after(first: str, second: str) -> list[str]:
    """The warnings about two routes and a last one for everything."""
    return codes(ROUTE % ("a", first) + ROUTE % ("b", second) + ROUTE % ("c", ""))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("tag:vpn,hw", "tag:vpn"),
        ("category:network.*", "category:network.vpn"),
        ("category:network.*", "category:network.vpn.*"),
        ("domain:*.com", "domain:*.acme.com"),
        ("priority>=P2", "priority:P1"),
        ("-status:closed", "status:open"),
        ("due<4h", "is:overdue"),
        ('text~"vpn"', 'text~"vpn drops"'),
        ("is:unsolved", "is:open lang:zh"),
        ("tier:gold OR region:us", "region:us type:incident"),
        ("category:any", "category:network.*"),
        ("requester:Ann", "requester:Ann lang:zh"),
        ("created<2026-03-02", "created<2026-03-02 tag:x"),
        ("-tag:x", "tag:none"),
    ],
)
def test_a_route_for_part_of_what_one_above_takes_never_matches(first: str, second: str) -> None:
    assert after(first, second) == ["W501"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("tag:vpn", "tag:vpn,hw"),
        ("category:network.vpn", "category:network.*"),
        ("-priority:P1", "priority:P1,P2"),
        ('text~"vpn drops"', "text~vpn"),
        ("text~ram", "text~program"),
        ("due<4h", "due<5h"),
        ("created<2026-03-02", "age>3d"),
        ("tag:x", "-tag:y"),
        ("is:open", "is:pending"),
    ],
)
def test_a_route_with_something_left_for_it_is_fine(first: str, second: str) -> None:
    assert after(first, second) == []


def test_a_route_may_be_left_without_a_ticket_by_several_others_together() -> None:
    routes = ROUTE % ("zh", "lang:zh") + ROUTE % ("us", "region:us") + ROUTE % ("b", "lang:zh OR region:us")
    found = lint(load(routes + ROUTE % ("c", ""), "x.toml"))
    assert [fault.printed("x.toml") for fault in found] == [
        "x.toml:9: warning: route 'b' can never match: 'zh', 'us' above it take every ticket it could"
    ]


def test_a_route_that_goes_on_takes_nothing_away() -> None:
    assert codes(ROUTE % ("a", "") + "continue = true\n" + ROUTE % ("b", "tag:x") + ROUTE % ("c", "")) == []


POLICY = "[[sla]]\nid = '%s'\nwhen = '%s'\n%s\n" + "".join(
    f'target.P{level} = {{ resolution = "4h" }}\n' for level in (1, 2, 3, 4)
)


def test_a_policy_with_an_end_leaves_the_time_behind_it_to_the_next() -> None:
    spring = POLICY % ("spring", "", 'until = "2026-05-31"')
    assert codes(spring + POLICY % ("later", "", "")) == []
    within = POLICY % ("within", "", 'until = "2026-04-30"')
    assert codes(spring + within + POLICY % ("later", "", "")) == ["W501"]


CLASSIFY = "[[classify]]\nid = '%s'\nwhen = '%s'\nset = { region = '%s' }\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("lang:zh", "cn"), ("lang:en", "us")),
        (("lang:zh", "cn"), ("tag:x", "cn")),
        (("lang:zh region:none", "cn"), ("domain:*.us region:none", "us")),
    ],
    ids=["no ticket is both", "both say the same", "the second sees what the first has set"],
)
def test_two_classify_rules_that_cannot_differ_are_fine(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    assert codes(CLASSIFY % ("a", *first) + CLASSIFY % ("b", *second)) == []


def test_a_rule_that_overrides_means_to_differ() -> None:
    text = CLASSIFY % ("a", "lang:zh", "cn") + CLASSIFY % ("b", "tag:x", "us") + "override = true\n"
    assert codes(text) == []


def trigger(name: str, when: str, what: str) -> str:
    return f"[[trigger]]\nid = '{name}'\non = ['updated']\nwhen = '{when}'\ndo = [{{ set = {{ {what} }} }}]\n"


def test_a_trigger_that_waits_for_what_it_does_wakes_itself() -> None:
    assert codes(trigger("a", "changed:region", "region = 'cn'")) == ["W506"]


def test_a_value_that_the_other_does_not_wait_for_makes_no_ring() -> None:
    closing = trigger("a", "changed:region", "status = 'resolved'")
    opening = trigger("b", "changed:status status:open", "region = 'cn'")
    assert codes(closing + opening) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"presence": "offline"}, "who is offline"),
        ({"out_from": T0 - DAY, "substitute": "lee"}, "who is out of office (substitute: lee)"),
        ({"active": False}, "who is not active any more"),
        ({"role": "light"}, "who is a light agent and cannot be the assignee"),
    ],
)
def test_a_route_to_somebody_who_is_absent_says_so(change: dict[str, object], words: str) -> None:
    text = ROUTE % ("r", "") + "assign = { by = 'person', person = 'kim' }\n"
    found = lint(load(text, "x.toml"), desk=with_kim(**change), now=T0)
    assert [fault.sentence() for fault in found] == [f"route 'r' counts on kim, {words}"]


def test_somebody_who_is_back_or_not_yet_gone_is_there() -> None:
    text = ROUTE % ("r", "") + "assign = { by = 'person', person = 'kim' }\n"
    assert codes(text, with_kim(out_from=T0 + DAY)) == []
    assert codes(text, with_kim(out_from=T0 - 2 * DAY, out_until=T0)) == []


def with_kim(**change: object) -> Book:
    """The desk with Kim as he is now."""
    book = a_book()
    kim: Agent = replace(book.agents[KIM], **change)  # type: ignore[arg-type]
    return replace(book, agents={**book.agents, KIM: kim})


def test_a_need_that_one_member_meets_is_fine() -> None:
    text = "[group.network]\nskills = ['cisco']\n" + ROUTE % ("r", "")
    text += "group = 'network'\nassign = { by = 'round_robin', need = { cisco = 2 } }\n"
    assert codes(text, with_kim(skills={"cisco": 2})) == []
    assert codes(text, with_kim(skills={"cisco": 1})) == ["W513"]
