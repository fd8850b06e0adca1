"""What a lead is told, word for word."""

from pathlib import Path

import pytest

from deskterm.rules.lint import lint
from deskterm.rules.rulefile import RuleFaults, load

EXAMPLES = Path(__file__).parents[3] / "examples"
IT = (EXAMPLES / "it.toml").read_text("utf-8")
CS = (EXAMPLES / "cs.toml").read_text("utf-8")


def told(text: str, name: str = "it.toml") -> list[str]:
    """Every line that loading, or else lint, prints."""
    try:
        rules = load(text, name)
    except RuleFaults as refusal:
        return str(refusal).splitlines()
    return [fault.printed(name) for fault in lint(rules)]


def at_line(line: int, text: str) -> str:
    """`text` with its first line on that line of a file."""
    return "\n" * (line - 1) + text


def test_a_field_that_does_not_exist() -> None:
    text = IT.replace("'category:network.*'\nqueue", "'categori:network.*'\nqueue")
    assert told(text) == [
        "it.toml:73: route 'network': unknown field 'categori' at column 1 (did you mean category?)"
    ]


def test_a_target_that_is_no_duration_and_a_priority_without_a_target() -> None:
    text = IT.replace('update = "4h", resolution = "8h" }', 'update = "4h", resolution = "8hh" }')
    text = text.replace("when     = 'priority:P1'\ncalendar", "when     = 'priority:P1 tier:gold'\ncalendar")
    assert told(text) == [
        "it.toml:110: sla 'it-standard': no target for P1 and an earlier policy does not always take P1",
        (
            "it.toml:116: sla 'it-standard': target.P2: "
            'resolution "8hh" is not a duration (30m, 4h, 1h30m, 3wd)'
        ),
    ]


def test_open_hours_that_overlap() -> None:
    text = '[calendar.office]\ntz = "UTC"\nweek = { mon-fri = ["09:00-12:00", "11:00-13:00"] }'
    assert told(at_line(18, text)) == [
        "it.toml:20: calendar 'office': mon-fri: 11:00-13:00 overlaps 09:00-12:00"
    ]


def test_a_route_behind_the_one_that_takes_everything() -> None:
    routes = '[[route]]\nid = "default"\nwhen = ""\nqueue = "q"\n'
    routes += '[[route]]\nid = "night"\nwhen = "-hours:always"\nqueue = "q"\n'
    assert told(at_line(84, routes)) == [
        "it.toml:88: warning: route 'night' can never match: 'default' above it takes every ticket"
    ]


def test_a_make_up_day_on_a_working_day() -> None:
    text = '[calendar.cn]\ntz = "UTC"\nweek = { mon-sat = ["09:00-18:00"] }\n'
    text += '[calendar.cn.workdays]\n"2026-02-14" = "mon"\n'
    assert told(at_line(27, text), "cs.toml") == [
        "cs.toml:31: warning: 2026-02-14 is a make-up day and already open"
    ]


def test_a_value_with_a_line_of_its_own_is_told_with_its_column() -> None:
    assert told('format = 1\ndesk   = ["it"]') == ['it.toml:2:10: desk must be written as "..."']


def test_all_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = IT.replace('group  = "network"', 'group  = "netwrok"').replace('at = "75%"', 'at = "75"')
    text = text.replace("[priority]", "[prioritty]").replace('on   = ["created"]', 'on   = ["opened"]')
    assert told(text) == [
        "it.toml:6: unknown table 'prioritty' (did you mean priority?)",
        "it.toml:68:10: route 'major': unknown group 'netwrok' (did you mean network?)",
        "it.toml:75:10: route 'network': unknown group 'netwrok' (did you mean network?)",
        (
            "it.toml:122:6: sla 'it-standard': level 'warn': at \"75\" is not the place of a level "
            "(75%, -30m, breach, +4h, +2h wall)"
        ),
        "it.toml:149:8: trigger 'ack': unknown on 'opened' (one of created, updated, message, children_done)",
    ]


def test_without_a_desk_a_group_needs_no_table_but_must_not_look_like_a_mistake() -> None:
    text = '[group.network]\n[[route]]\nid = "far"\nwhen = ""\ngroup = "%s"\n'
    assert load(text % "harbour", "x.toml").routes[0].group == "harbour"
    assert told(text % "netwrok", "x.toml") == [
        "x.toml:5:9: route 'far': unknown group 'netwrok' (did you mean network?)"
    ]


def test_a_test_is_looked_into_as_it_would_be_when_it_runs() -> None:
    text = """\
[[macro]]
id = "to-vendor"
do = [{ note = "x" }]

[[test]]
name   = "t"
at     = "2026-03-02 10:00"
tikcet = { subject = "a" }
ticket = { subjet = "a", priority = "P9" }
agents = [{ id = "a", skils = { net = 1 } }]
then   = [
  { at = "2026-03-02T10:10", event = "macro", macro = "to-vndor" },
]
[test.expect]
asignee = "hao"
due     = { resolutoin = "" }
"""
    assert told(text, "x.toml") == [
        (
            "x.toml:7:10: test 't': at \"2026-03-02 10:00\" is not a time "
            "(2026-03-02T10:00, perhaps with a zone behind it)"
        ),
        "x.toml:8:10: test 't': unknown key 'tikcet' (did you mean ticket?)",
        "x.toml:9: test 't': ticket: unknown key 'subjet' (did you mean subject?)",
        "x.toml:9: test 't': ticket: unknown priority 'P9' (one of P4, P3, P2, P1)",
        "x.toml:10: test 't': agents[1]: unknown key 'skils' (did you mean skills?)",
        "x.toml:11: test 't': then[1]: unknown macro 'to-vndor' (did you mean to-vendor?)",
        "x.toml:15:11: test 't': expect: unknown key 'asignee' (did you mean assignee?)",
        "x.toml:16: test 't': expect.due: unknown metric 'resolutoin' (did you mean resolution?)",
    ]


def test_mistakes_of_syntax_are_told_all_at_once_too() -> None:
    assert told('desk = it\nformat = 1\ntimezone = UTC\n[[route]]\nid = "a"\nid = "b"\n') == [
        "it.toml:1:8: this is not a value: put text in quotes",
        "it.toml:3:12: this is not a value: put text in quotes",
        "it.toml:6:1: this key stands here twice",
    ]


def test_a_refused_file_is_a_problem_that_holds_its_faults() -> None:
    with pytest.raises(RuleFaults) as refusal:
        load("dsk = 1\n[rout]", "it.toml")
    assert [(fault.code, fault.line) for fault in refusal.value.faults] == [("E103", 1), ("E104", 2)]


@pytest.mark.parametrize(("text", "name"), [(IT, "it.toml"), (CS, "cs.toml")], ids=["it", "cs"])
def test_the_examples_load(text: str, name: str) -> None:
    assert load(text, name).name == name


def test_of_the_examples_lint_says_only_where_two_classify_rules_differ() -> None:
    assert told(CS, "cs.toml") == []
    assert told(IT) == [
        (
            "it.toml:48: warning: classify 'password' sets category to 'access.password', "
            "but 'vpn' above it sets 'network.vpn' and both can match: the first keeps it"
        ),
        (
            "it.toml:53: warning: classify 'site-down' sets impact to 'high', "
            "but 'password' above it sets 'low' and both can match: the first keeps it"
        ),
        (
            "it.toml:58: warning: classify 'vip' sets urgency to 'high', "
            "but 'password' above it sets 'medium' and both can match: the first keeps it"
        ),
    ]
