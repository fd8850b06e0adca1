"""What a file says is what the book holds."""

from pathlib import Path

import pytest

from deskterm.rules.query import QueryContext, bind, parse
from deskterm.rules.retrace import RETRACED, untraceable
from deskterm.rules.rulebook import Act, Assign, Recurring, Stage, Status, Template, Wait
from deskterm.rules.rulefile import Fault, RuleFaults, conditions, load, loading, regions
from deskterm.rules.templates import BUILT_IN
from tests.builders import a_book

EXAMPLES = Path(__file__).parents[3] / "examples"
IT = load((EXAMPLES / "it.toml").read_text("utf-8"), "it.toml")
HOUR = 3_600


def test_targets_are_seconds_of_open_time_and_a_working_day_is_as_long_as_its_calendar_says() -> None:
    standard = IT.policy("it-standard")
    assert standard is not None
    assert standard.targets["P3"] == {
        "first_response": 4 * HOUR,
        "next_response": 4 * HOUR,
        "resolution": 24 * HOUR,
    }


def test_levels_lie_on_the_axis_of_their_metric() -> None:
    standard = IT.policy("it-standard")
    assert standard is not None
    found = [(each.id, each.basis, each.amount, each.line) for each in standard.levels]
    assert found == [("warn", "percent", 75, 119), ("L1", "offset", 0, 124), ("L2", "offset", 4 * HOUR, 129)]


def test_a_route_says_who_and_how() -> None:
    route = IT.routes[1]
    expected = Assign("round_robin", "", {"network": 1}, {"cisco": 2}, ("away",), 14 * 24 * HOUR)
    assert (route.id, route.queue, route.group, route.line, route.assign) == (
        "network",
        "network",
        "network",
        71,
        expected,
    )


def test_acts_keep_their_verb_value_and_manner() -> None:
    assert IT.triggers[0].do == (Act("reply", "ack", auto=True, line=151),)
    assert [act._replace(line=0) for act in IT.macros[0].do] == [
        Act("set", {"category": "network.other", "group": "network"}),
        Act("note", "{note}"),
    ]


def test_an_extra_status_is_a_word_of_the_desk() -> None:
    assert IT.terms.category("waiting_parts") == "waiting"
    assert [each._replace(line=0) for each in IT.lifecycle.statuses] == [
        Status("waiting_parts", "waiting", ("open",), ("open", "resolved"), ("agent", "lead"))
    ]


def test_a_desk_with_its_own_priorities_has_no_matrix_unless_it_says_one() -> None:
    cs = load((EXAMPLES / "cs.toml").read_text("utf-8"), "cs.toml")
    assert (cs.terms.priorities[0], cs.terms.default_priority, dict(cs.terms.matrix)) == ("low", "normal", {})


def wait(text: str) -> Wait:
    rule = f'[[automation]]\nid = "a"\nanchor = "status:pending"\nafter = "{text}"\n'
    return (
        load(rule + 'calendar = "office"\ndo = [{ add_tags = ["x"] }]\n' + OFFICE, "x").automations[0].after
    )


OFFICE = '[calendar.office]\ntz = "UTC"\nweek = { mon-fri = ["09:00-17:00"] }\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2bd", Wait(business_days=2)),
        ("4h", Wait(4 * HOUR)),
        ("1wd", Wait(8 * HOUR)),
        ("4h wall", Wait(4 * HOUR, wall=True)),
        ("7d", Wait(7 * 24 * HOUR, wall=True)),
        ("1w", Wait(7 * 24 * HOUR, wall=True)),
    ],
)
def test_an_automation_waits_open_time_business_days_or_time_on_the_clock(text: str, expected: Wait) -> None:
    assert wait(text) == expected


def test_a_policy_applies_from_the_first_date_to_the_end_of_the_last() -> None:
    rule = (
        'timezone = "Asia/Shanghai"\n[[sla]]\nid = "s"\nwhen = ""\nfrom = 2026-03-01\nuntil = "2026-03-31"\n'
    )
    rule += "".join(f'target.P{n} = {{ resolution = "1h" }}\n' for n in (1, 2, 3, 4))
    policy = load(rule, "x").policies[0]
    assert (policy.valid_from, policy.valid_until) == (1_772_294_400, 1_774_972_800)


def test_a_canned_response_has_a_text_for_every_language_or_one_for_all() -> None:
    text = '[[template]]\nid = "a"\ntext = "Hello"\n[[template]]\nid = "b"\nname = "B"\n'
    text += 'text.en = "Hello {{requester.name|you}}"\ntext.zh = "您好"\n'
    found = load(text, "x").templates
    assert found["a"] == Template("a", "a", {"": "Hello"}, line=1)
    assert found["b"].texts == {"en": "Hello {{requester.name|you}}", "zh": "您好"}


def test_a_recurring_ticket_is_in_the_zone_of_the_file_unless_it_says_another() -> None:
    text = 'timezone = "Asia/Shanghai"\n[[recurring]]\nid = "r"\non = "2nd mon 09:00"\nskip_if_open = true\n'
    found = load(text + 'ticket = { subject = "Check", tags = ["x"], cf = { room = "1" } }\n', "x").recurring
    ticket = {"subject": "Check", "tags": ("x",), "cf.room": "1"}
    assert found == (Recurring("r", "2nd mon 09:00", "Asia/Shanghai", ticket, True, 2),)


def test_a_blueprint_has_its_stages_in_their_order() -> None:
    text = '[[blueprint]]\nid = "b"\ntype = "change"\n[[blueprint.stage]]\nid = "plan"\nstatus = "open"\n'
    text += 'to = ["done"]\nwho = ["lead"]\nneeds = ["vendor"]\nlimit = "4h"\ndo = [{ notify = ["lead"] }]\n'
    text += '[[blueprint.stage]]\nid = "done"\nstatus = "resolved"\n'
    first, last = load(text, "x").blueprints[0].stages
    do = (Act("notify", ("lead",), line=11),)
    assert first == Stage("plan", "open", ("done",), ("lead",), ("vendor",), 4 * HOUR, "always", do, 4)
    assert (last.id, last.limit) == ("done", 0)


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(RuleFaults) as refusal:
        load(text, "x.toml", book=a_book())
    return refusal.value.faults


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ('notify = ["group:nobody"]', "E201"),
        ('notify = ["nobody"]', "E203"),
        ('notify = "team:x"', "E107"),
        ('reassign = "person:nobody"', "E203"),
        ('reassign = "somebody"', "E107"),
        ('set = { priority = "P9" }', "E207"),
        ('set = { status = "gone" }', "E206"),
        ('set = { impact = "huge" }', "E107"),
        ("set = {}", "E107"),
        ('add_tags = ["two words"]', "E107"),
        ('note = ""', "E107"),
        ('note = "{{nothing}}"', "E210"),
        ('reply = "unknown"', "E208"),
        ('create_child = { queue = "apps" }', "E106"),
        ('shout = "x"', "E103"),
        ('note = "x", auto = 1', "E105"),
        ('note = "x", reply = "ack"', "E107"),
    ],
)
def test_an_act_with_a_wrong_value_is_refused(act: str, code: str) -> None:
    found = faults(f'[[trigger]]\nid = "t"\non = ["created"]\ndo = [{{ {act} }}]\n')
    assert [(fault.code, fault.line) for fault in found] == [(code, 4)]


def test_a_misspelt_part_is_told_with_the_nearest_of_parts_and_people() -> None:
    text = '[[trigger]]\nid = "t"\non = ["created"]\ndo = [{ notify = ["asignee"] }]\n'
    assert [fault.problem.choices for fault in faults(text)] == [("assignee",)]


def test_acts_that_are_no_list_are_one_fault() -> None:
    found = faults('[[trigger]]\nid = "t"\non = ["created"]\ndo = { notify = ["lead"] }\n')
    assert [fault.code for fault in found] == ["E105"]


def test_a_sentence_that_does_not_offer_every_name_says_so() -> None:
    text = '[[recurring]]\nid = "r"\non = "daily 07:00"\nticket = { subject = "x", zzz = "y" }\n'
    assert [fault.sentence().endswith("queue, group, …)") for fault in faults(text)] == [True]


def test_names_in_conditions_have_to_exist() -> None:
    text = '[[route]]\nid = "r"\nwhen = "group:nobody assignee:kim queue:apps hours:always"\nqueue = "apps"\n'
    assert [fault.code for fault in faults(text)] == ["E201"]


def test_regions_are_named_before_the_file_is_loaded() -> None:
    assert regions('[calendar.cn]\nholidays = ["CN", "US-NY", "2026-12-24"]\n') == ("CN", "US-NY")
    assert regions("= nothing") == ()


def test_every_field_an_anchor_may_ask_for_is_one_the_timeline_answers() -> None:
    assert set(conditions.RETRACED) <= RETRACED
    context = QueryContext(now=0)
    for state in conditions.PAST_STATES:
        assert untraceable(bind(parse(f"is:{state}").where, context)) == frozenset()


def test_the_built_in_templates_are_known_by_name() -> None:
    assert set(loading.BUILT_IN) == set(BUILT_IN)


@pytest.mark.parametrize("kind", ["sla", "ola", "uc", "automation"])
def test_a_name_that_is_needed_cannot_be_empty(kind: str) -> None:
    tables = {
        "sla": "when = ''\ntarget = { P1 = {}, P2 = {}, P3 = {}, P4 = {} }",
        "ola": "group = 'apps'\ntarget = { own = '1h' }",
        "uc": "when = ''\ntarget = { restore = '1h' }",
        "automation": "anchor = 'status:pending'\nafter = '1h'\ndo = [{ note = 'x' }]",
    }
    found = faults(f"[[{kind}]]\nid = 'one'\ncalendar = ''\n{tables[kind]}")
    assert [fault.code for fault in found] == ["E204"]
