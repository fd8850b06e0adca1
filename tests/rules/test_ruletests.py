"""The [[test]] blocks of a rule file: what they can say, what time brings, what a failure tells."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from deskterm.rules.rulebook import RuleTest
from deskterm.rules.rulefile import load
from deskterm.rules.ruletests import TestResult, run_tests

IT = load((Path(__file__).parents[2] / "examples" / "it.toml").read_text("utf-8"), "it.toml")
RULES = load(
    """
timezone = "America/New_York"
[calendar.office]
tz = "America/New_York"
week = { mon-fri = ["09:00-17:00"] }
[calendar.late]
tz = "America/New_York"
week = { mon-fri = ["13:00-17:00"] }
[calendar.always]
tz = "UTC"
week = { mon-sun = ["00:00-24:00"] }
[group.net]
lead = "lee"
[[classify]]
id = "vpn"
when = 'text~"vpn"'
set = { category = "net.vpn", add_tags = ["vpn"] }
[[route]]
id = "net"
when = ''
queue = "net"
group = "net"
assign = { by = "round_robin" }
[[sla]]
id = "gold"
when = 'tier:gold'
calendar = "always"
target.P1 = { first_response = "1h", resolution = "2h" }
target.P2 = { first_response = "1h", resolution = "2h" }
target.P3 = { first_response = "1h", resolution = "2h" }
target.P4 = { first_response = "1h", resolution = "2h" }
[[sla]]
id = "std"
when = ''
calendar = "office"
pause = { resolution = ["pending"] }
target.P1 = { first_response = "1h", resolution = "4h" }
target.P2 = { first_response = "1h", resolution = "4h" }
target.P3 = { first_response = "1h", resolution = "8h" }
target.P4 = { first_response = "1h", resolution = "8h" }
[[sla.level]]
id = "warn"
metric = "resolution"
at = "75%"
do = [{ notify = ["assignee"] }]
[[sla.level]]
id = "L1"
metric = "resolution"
at = "breach"
do = [{ set = { priority = "+1" } }, { reassign = "lead" }, { webhook = "oncall" }]
[[trigger]]
id = "ack"
on = ["created"]
when = 'by:requester'
do = [{ reply = "ack", auto = true }]
[[trigger]]
id = "page"
on = ["created", "updated"]
when = 'changed:priority priority:P1'
do = [{ notify = ["group:net", "boss"] }, { create_child = { subject = "Call the customer" } }]
[[trigger]]
id = "stuck"
on = ["updated"]
when = 'tag:stuck'
do = [{ set = { status = "closed" } }]
[[automation]]
id = "nudge"
anchor = "status:pending"
after = "2bd"
calendar = "office"
do = [{ reply = "nudge", auto = true }]
[[macro]]
id = "quiet"
name = "Quiet"
when = ''
ask = ["why"]
do = [{ set = { priority = "P4" } }, { note = "{why}" }]
""",
    "net.toml",
)
KIM = 'agents = [{ id = "kim", groups = ["net"] }]\n'
OPENED = 'at = "2026-03-02T10:00"\nticket = { subject = "VPN drops" }\n' + KIM


def tried(text: str) -> TestResult:
    """The result of a test that stands on line 7 of a file."""
    table = tomllib.loads(text)
    return run_tests(RULES._replace(tests=(RuleTest("it works", table, 7),)))[0]


def failures(text: str) -> list[str]:
    """What fails, without the place."""
    return [each.sentence() for each in tried(text).failures]


def holds(then: str, expect: str, opened: str = OPENED) -> list[str]:
    """The failures of a ticket with which `then` happens."""
    return failures(f"{opened}then = [{then}]\nexpect = {{ {expect} }}")


# ----------------------------------------------------------------------------------------------- what is told


def test_a_failure_names_file_line_test_and_key_with_both_values() -> None:
    result = tried(OPENED + 'expect = { due = { resolution = "2026-03-03T11:00" } }')
    assert result.sentences("net.toml") == (
        "net.toml:7: test 'it works': due.resolution: expected 2026-03-03T11:00, got 2026-03-03T10:00",
    )


def test_every_key_that_is_not_as_expected_is_told() -> None:
    assert holds("", 'priority = "P1", queue = "net", tags = ["vpn", "x"], assignee = ""') == [
        "priority: expected P1, got P3",
        'assignee: expected "", got kim',
        'tags: expected ["vpn", "x"], got ["vpn"]',
    ]


def test_a_due_is_told_in_the_zone_that_the_test_names() -> None:
    assert holds("", 'due = { first_response = "2026-03-02T16:01 Europe/London" }') == [
        "due.first_response: expected 2026-03-02T16:01 Europe/London, got 2026-03-02T16:00 Europe/London"
    ]


def test_what_is_expected_of_the_example_and_wrong_is_told_with_its_line() -> None:
    first = IT.tests[0]
    expect = {**first.table["expect"], "due": {"resolution": "2026-03-03T11:00"}}
    wrong = first._replace(table={**first.table, "expect": expect})
    (result,) = run_tests(IT._replace(tests=(wrong,)))
    told = "due.resolution: expected 2026-03-03T11:00, got 2026-03-03T10:00"
    assert result.sentences("it.toml") == (f"it.toml:{first.line}: test '{first.name}': {told}",)


# --------------------------------------------------------------------------------------- what is wrong itself


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            OPENED.replace("subject", "subjekt") + "expect = {}",
            "ticket: unknown key 'subjekt' (did you mean subject?)",
        ),
        (OPENED + 'expect = { prio = "P1" }', "expect: unknown key 'prio' (did you mean priority?)"),
        (
            OPENED + 'expect = { due = { resolutoin = "2026-03-02T10:00" } }',
            "expect.due: unknown metric 'resolutoin' (did you mean resolution?)",
        ),
        (OPENED + "expect = { priority = 1 }", 'expect: priority must be written as "..."'),
        (OPENED.replace("2026-03-02T10:00", "monday") + "expect = {}", "at"),
        (OPENED.replace("T10:00", "") + "expect = {}", "at"),
        (OPENED.replace("2026-03-02T10:00", "2026-03-08T02:30") + "expect = {}", "at"),
        (OPENED.replace("10:00", "10:00 Mars/Base") + "expect = {}", "at"),
        (OPENED.replace('"kim"', '"kim", groop = []') + "expect = {}", "agents[1]: unknown key 'groop'"),
        (OPENED.replace('"kim"', '"kim", shift = "nite"') + "expect = {}", "agents[1]: unknown calendar"),
        (OPENED + 'then = [{ event = "reply" }]\nexpect = {}', "then[1]: at is missing"),
        (
            OPENED + 'then = [{ at = "2026-03-02T11:00", event = "repply" }]\nexpect = {}',
            "then[1]: unknown event 'repply' (did you mean reply?)",
        ),
        (
            OPENED + 'then = [{ at = "2026-03-02T09:00", event = "reply", body = "x" }]\nexpect = {}',
            "the times of a test have to go on",
        ),
        (
            OPENED.replace("subject =", 'queue = "", impact = "huge", subject =') + "expect = {}",
            "ticket: huge",
        ),
        (
            OPENED
            + 'then = [{ at = "2026-03-02T11:00", event = "reply", by = "jo", body = "x" }]\nexpect = {}',
            "jo",
        ),
    ],
)
def test_a_test_that_says_nonsense_fails_and_says_where(text: str, told: str) -> None:
    found = failures(text)
    assert len(found) == 1
    assert told in found[0]


def test_all_that_is_wrong_with_a_test_is_told_at_once() -> None:
    text = OPENED.replace("subject", "subjekt") + 'expect = { prio = "P1", queue = 3 }'
    assert len(failures(text)) == 3


@pytest.mark.parametrize(
    "text",
    [
        'at = "2026-03-02T10:00"\nexpect = {}',
        'at = "2026-03-02T10:00"\nticket = {}\nagents = []\nexpect = { assignee = "", queue = "net" }',
        'at = "2026-03-02T10:00"\nticket = { requester = "" }\nexpect = { fired = [] }',
        "at = 2026-03-02T10:00:00\nexpect = {}",
        "at = 2026-03-02T10:00:00Z\nexpect = { at = 2026-03-02T05:00:01 }",
    ],
)
def test_whatever_is_left_out_is_nothing_special(text: str) -> None:
    assert failures(text) == []


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"at": 1, "ticket": 2, "agents": 3, "then": 4, "expect": 5},
        {"at": "", "ticket": [], "agents": [1], "then": [[]], "expect": {"due": []}},
        {"at": "2026-03-02T10:00", "expect": {"tags": "vpn", "due": {"resolution": 3}, "cf": 1, "at": []}},
        {"at": "2026-03-02T10:00", "agents": [{"id": 1, "skills": {"x": "y"}}], "expect": {}},
        {"at": "2026-03-02T10:00", "then": [{"at": "x", "event": 1}], "expect": {}},
        {"at": "99999-03-02T10:00", "expect": {}},
    ],
)
def test_no_table_however_odd_gets_past_the_reading(table: dict[str, Any]) -> None:
    (result,) = run_tests(RULES._replace(tests=(RuleTest("odd", table, 1),)))
    assert result.failures
    assert all(failure.problem is not None for failure in result.failures)


KEYS = st.sampled_from(
    (
        *(
            "at",
            "ticket",
            "agents",
            "then",
            "expect",
            "event",
            "by",
            "refused",
            "subject",
            "requester",
            "tier",
        ),
        *("queue", "group", "assignee", "priority", "tags", "id", "groups", "skills", "load", "shift", "out"),
        *("body", "to", "reason", "until", "set", "name", "value", "agent", "presence", "macro", "metric"),
        *("due", "resolution", "state", "fired", "why", "cf", "cf.site", "odd", ""),
    )
)
WORDS = st.sampled_from(
    (
        *("2026-03-02T10:00", "2026-03-02T11:00", "2026-03-09T10:00", "0001-01-01T00:00", "9999-12-31T23:59"),
        *("", "kim", "net", "requester", "agent", "lead", "system", "P1", "late", "quiet", "resolution"),
        *("message", "reply", "note", "status", "resolve", "hold", "field", "tags", "assign", "macro"),
        *("due", "presence", "online", "closed", "-x", "\0"),
    )
)
TABLES = st.recursive(
    st.one_of(WORDS, st.integers(-3, 3), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=20,
)
PARTS = st.fixed_dictionaries(
    {"at": st.just("2026-03-02T10:00"), "expect": st.just({})},
    optional={
        "ticket": st.dictionaries(st.sampled_from(("subject", "requester", "by", "queue", "group")), WORDS),
        "agents": st.lists(
            st.dictionaries(st.sampled_from(("id", "shift", "presence", "substitute")), WORDS), max_size=2
        ),
        "then": st.lists(
            st.fixed_dictionaries(
                {"at": st.just("2026-03-02T11:00"), "event": WORDS},
                optional=dict.fromkeys(("by", "to", "agent", "presence", "macro", "metric"), WORDS),
            ),
            max_size=2,
        ),
    },
)


@given(st.one_of(st.dictionaries(KEYS, TABLES, max_size=6), PARTS))
@settings(max_examples=300)
def test_any_table_is_played_or_refused_in_words(table: dict[str, Any]) -> None:
    (result,) = run_tests(RULES._replace(tests=(RuleTest("odd", table, 1),)))
    assert all(sentence.startswith("odd.toml:1: test 'odd': ") for sentence in result.sentences("odd.toml"))


# ----------------------------------------------------------------------------------------------- who is there


def test_an_agent_at_his_capacity_gets_nothing_and_the_ticket_waits() -> None:
    opened = OPENED.replace('"kim"', '"kim", load = 2, cap = 2')
    assert holds("", 'assignee = ""', opened) == []


@pytest.mark.parametrize(
    "absent", ['presence = "offline"', 'presence = "away"', "out = true", 'shift = "late"']
)
def test_whoever_is_not_there_gets_nothing(absent: str) -> None:
    assert holds("", 'assignee = ""', OPENED.replace('"kim"', f'"kim", {absent}')) == []


def test_a_ticket_that_waits_is_taken_when_a_shift_begins() -> None:
    opened = OPENED.replace('"kim"', '"kim", shift = "late"')
    assert holds("", 'at = "2026-03-02T12:59", assignee = ""', opened) == []
    assert holds("", 'at = "2026-03-02T13:00", assignee = "kim"', opened) == []


def test_a_ticket_that_waits_is_taken_by_whoever_turns_up() -> None:
    opened = OPENED.replace('"kim"', '"kim", presence = "offline"')
    step = '{ at = "2026-03-02T11:00", event = "presence", agent = "kim", presence = "online" }'
    assert holds(step, 'assignee = "kim"', opened) == []


def test_a_substitute_stands_in_for_whoever_is_out() -> None:
    opened = OPENED.replace('"kim"', '"kim", out = true, substitute = "jo"').replace(
        "}]", '}, { id = "jo" }]'
    )
    assert holds("", 'assignee = "jo"', opened) == []


def test_whose_turn_it_is_is_counted_from_last_seq() -> None:
    two = '{ id = "kim", groups = ["net"], last_seq = 4 }, { id = "jo", groups = ["net"], last_seq = 3 }'
    assert holds("", 'assignee = "jo"', OPENED.replace(KIM, f"agents = [{two}]\n")) == []


def test_the_requester_of_a_ticket_is_not_given_it() -> None:
    opened = OPENED.replace("subject =", 'requester = "kim", subject =')
    assert holds("", 'assignee = ""', opened) == []


def test_tier_and_address_are_those_of_the_requester() -> None:
    opened = OPENED.replace("subject =", 'tier = "gold", subject =')
    assert holds("", 'sla = "gold", due = { resolution = "2026-03-02T12:00" }', opened) == []


def test_what_an_agent_chose_is_kept() -> None:
    opened = OPENED.replace("subject =", 'by = "kim", queue = "desk", priority = "P2", subject =')
    assert holds("", 'queue = "desk", priority = "P2", fired = []', opened) == []


def test_what_a_requester_gives_is_only_submitted() -> None:
    opened = OPENED.replace("subject =", 'queue = "desk", impact = "high", urgency = "high", subject =')
    assert holds("", 'queue = "net", priority = "P1", fired = ["ack", "page"]', opened) == []


def test_custom_fields_are_written_with_or_without_quotes() -> None:
    opened = OPENED.replace("subject =", 'cf.asset = "pc-7", "cf.site" = "Berlin", subject =')
    assert holds("", 'cf.site = "Berlin", "cf.asset" = "pc-8"', opened) == [
        "cf.asset: expected pc-8, got pc-7"
    ]


# ------------------------------------------------------------------------------------------- what time brings


def test_levels_fire_at_their_time_and_not_a_second_before() -> None:
    assert holds("", 'at = "2026-03-02T15:59:59", fired = ["ack"]') == []
    assert holds("", 'at = "2026-03-02T16:00", fired = ["ack", "warn"], notified = ["kim"]') == []


def test_a_breach_escalates_to_the_lead_though_the_test_does_not_name_him() -> None:
    expect = 'at = "2026-03-03T10:00:01", fired = ["ack", "warn", "L1"], assignee = "lee", priority = "P2", '
    expect += 'breached = ["first_response", "resolution"], webhooks = ["oncall"], state = "overdue"'
    assert holds("", expect) == []


def test_an_answer_in_time_meets_the_first_response() -> None:
    step = '{ at = "2026-03-02T10:30", event = "reply", body = "which client?" }'
    assert (
        holds(step, 'met = ["first_response"], breached = [], status = "open", due = { first_response = "" }')
        == []
    )


def test_a_pause_moves_the_due() -> None:
    steps = """{ at = "2026-03-02T11:00", event = "pend", reason = "asked" },
               { at = "2026-03-02T13:00", event = "message", body = "the blue one" }"""
    assert holds(steps, 'status = "open", due = { resolution = "2026-03-03T12:00" }') == []


def test_a_pending_ticket_has_no_resolution_due_and_is_nudged_by_the_template() -> None:
    step = '{ at = "2026-03-02T11:00", event = "status", to = "pending", reason = "asked" }'
    assert holds(step, 'due = { resolution = "" }, state = "warn"') == []
    expect = 'at = "2026-03-05T09:00", replies = ["ack", "nudge"], fired = ["ack", "nudge"]'
    assert holds(step, expect) == []


def test_a_ticket_on_hold_wakes_up_at_its_time() -> None:
    step = '{ at = "2026-03-02T11:00", event = "hold", vendor = "northline", until = "2026-03-02T14:00" }'
    assert holds(step, 'at = "2026-03-02T13:59", status = "on_hold", vendor = "northline"') == []
    assert holds(step, 'at = "2026-03-02T14:00", status = "open"') == []


def test_a_priority_that_somebody_raises_wakes_the_triggers() -> None:
    step = '{ at = "2026-03-02T11:00", event = "field", name = "priority", value = "P1" }'
    expect = 'fired = ["ack", "page"], notified = ["lee", "boss"], children = ["Call the customer"], '
    expect += 'due = { resolution = "2026-03-02T14:00" }'
    assert holds(step, expect) == [], "kim did it himself and need not be told"


def test_a_rule_that_asks_for_what_is_refused_has_failed() -> None:
    step = '{ at = "2026-03-02T11:00", event = "tags", add = ["stuck"] }'
    assert holds(step, 'failed = ["stuck"], fired = ["ack"], status = "new"') == []


def test_a_ticket_moves_to_a_status_of_the_files_own() -> None:
    moves = [
        {"at": f"2026-03-02T1{hour}:00", "event": "status", "to": to}
        for hour, to in ((1, "open"), (2, "waiting_parts"))
    ]
    table = {**IT.tests[0].table, "then": moves, "expect": {"status": "waiting_parts", "assignee": "lee"}}
    (result,) = run_tests(IT._replace(tests=(RuleTest("parts", table, 1),)))
    assert result.sentences("it.toml") == ()


def test_a_macro_is_pressed_with_its_answers() -> None:
    step = '{ at = "2026-03-02T11:00", event = "macro", macro = "quiet", answers = { why = "asked" } }'
    assert holds(step, 'priority = "P4"') == []


def test_the_life_of_a_ticket_to_its_end() -> None:
    steps = """{ at = "2026-03-02T10:10", event = "resolve", cause = "line", solution = "new line" },
               { at = "2026-03-02T10:20", event = "reject", reason = "no" },
               { at = "2026-03-02T10:30", event = "resolve", cause = "line", solution = "new line" },
               { at = "2026-03-02T10:40", event = "confirm" }"""
    assert holds(steps, 'status = "closed", met = ["first_response", "resolution"], state = "met"') == []


def test_what_the_rules_refuse_is_a_failure_with_their_words() -> None:
    step = '{ at = "2026-03-02T11:00", event = "resolve", cause = "line" }'
    (told,) = holds(step, "")
    assert told.startswith("then[1]: ")
    assert "solution" in told


def test_a_refusal_can_be_expected_by_its_code() -> None:
    step = '{ at = "2026-03-02T11:00", event = "resolve", refused = "lifecycle.needs_field" }'
    assert holds(step, 'status = "new"') == []


def test_a_refusal_that_does_not_come_is_a_failure() -> None:
    step = '{ at = "2026-03-02T11:00", event = "note", body = "x", refused = "lifecycle.move" }'
    assert holds(step, "") == ['then[1].refused: expected lifecycle.move, got ""']


def test_why_names_rules_that_matched_among_others() -> None:
    assert holds("", 'why = ["vpn", "std"]') == []
    assert holds("", 'why = ["gold"]') == ['why: expected ["gold"], got ["vpn", "net", "std"]']


def test_a_test_cannot_wait_for_ever() -> None:
    book = RULES._replace(automations=(RULES.automations[0]._replace(every=60, calendar="always"),))
    step = {"at": "2026-03-02T11:00", "event": "pend", "reason": "asked"}
    table = {"at": "2026-03-02T10:00", "then": [step], "expect": {"at": "2027-03-02T10:00"}}
    (result,) = run_tests(book._replace(tests=(RuleTest("long", table, 1),)))
    assert [failure.sentence() for failure in result.failures] == [
        "expect.at: The timer would look more than 1000 times: let less time pass"
    ]


def test_running_the_tests_leaves_the_book_as_it_is_and_says_the_same_again() -> None:
    assert run_tests(IT) == run_tests(IT)
