"""Why a ticket went where it went: what is kept with it, and how it reads."""

from json import dumps

import pytest
from hypothesis import given, settings, strategies as st

from deskterm.rules.choose import Candidate
from deskterm.rules.clauses import Clause
from deskterm.rules.explanation import Line, compared, lines
from deskterm.rules.facts import EMPTY, Agent
from deskterm.rules.rulebook import Assign, Classify, Policy, Route, RuleBook
from deskterm.rules.trace import LIMIT, Chosen, Deed, Settled, Trace, Tried, from_json, to_json
from tests.rules.routing.builders import an_agent, when
from tests.rules.routing.test_routing import routed

TURN = Assign("round_robin", relax=("away",))
RULES = RuleBook(
    name="it.toml",
    rev=3,
    classify=(
        Classify("vpn", when("text~vpn type:incident"), {"category": "net.vpn"}, add_tags=("vpn",), line=10),
        Classify("hw", when("category:hw.*"), {"type": "request"}, line=14),
        Classify("gone", when(""), {"queue": "gone"}, line=18),
        Classify("again", when("tag:vpn"), {"category": "apps"}, {"region": "cn"}, line=22),
    ),
    routes=(
        Route("vip", when("requester.vip:yes"), set={"urgency": "high"}, goes_on=True, line=30),
        Route("net", when("category:net.* -priority:P1"), queue="net", assign=TURN, line=34),
        Route("care", when(""), queue="care", line=38),
    ),
    policies=(
        Policy("old", when(""), valid_until=0, line=50),
        Policy("p1", when("(priority:P1 OR tag:major)"), line=54),
        Policy("std", when(""), line=58),
    ),
)


def a_trace(*agents: Agent, rules: RuleBook = RULES) -> Trace:
    """The trace of a VPN incident."""
    people = agents or (an_agent(1, "ann", capacity=2), an_agent(2, "bob", presence="away"))
    return routed(rules, *people, type="incident", impact="medium", urgency="high").trace


def told(trace: Trace) -> list[str]:
    """The lines as they read in English."""
    return [
        f"{'  ' * each.indent}{each.mark} {each.template % _values(each)}".rstrip() for each in lines(trace)
    ]


def _values(line: Line) -> dict[str, str | int]:
    return {**line.values, "keys": compared(line.keys, str)}


def test_a_trace_reads_as_what_happened() -> None:
    assert told(a_trace()) == [
        "+ classification vpn (it.toml:10)",
        "  + all of",
        "    + text~vpn: the words are there",
        "    + type:incident: it is incident",
        "  > category becomes net.vpn",
        "  > the tag vpn is added",
        "- classification hw (it.toml:14)",
        "  - category:hw.*: it is net.vpn",
        "+ classification gone (it.toml:18)",
        "  > queue stays: the desk has no gone",
        "+ classification again (it.toml:22)",
        "  + tag:vpn: it is vpn",
        "  > category stays: it was set by classify vpn@3",
        "  > region becomes cn",
        "+ priority P2: impact medium, urgency high",
        "- route vip (it.toml:30)",
        "  - requester.vip:yes: it is no",
        "+ route net (it.toml:34)",
        "  + all of",
        "    + category:net.*: it is net.vpn",
        "    + not",
        "      - priority:P1: it is P2",
        "  > queue becomes net",
        "+ assigned to ann",
        "  + ann fits: no turn in the group yet",
        "  - bob is away",
        "- SLA policy old (it.toml:50)",
        "  > it is not valid at this time",
        "- SLA policy p1 (it.toml:54)",
        "  - priority:P1: it is P2",
        "+ SLA policy std (it.toml:58)",
    ]


def test_a_relaxed_choice_says_so() -> None:
    rows = told(a_trace(an_agent(2, "bob", presence="away")))
    place = rows.index("+ assigned to bob")
    assert rows[place + 1 : place + 4] == [
        "  > left out of account, for nobody fitted: away",
        "  - bob is away",
        "  + bob fits: no turn in the group yet",
    ]


def test_where_nobody_fits_every_candidate_has_his_reason() -> None:
    rows = told(a_trace(an_agent(1, "ann", presence="offline"), an_agent(2, "bob", skills={}, out_from=0)))
    assert "- nobody fits: it waits until somebody does" in rows
    assert {"  - ann is offline", "  - bob is out of office"} <= set(rows)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (
            (("sticky", 0), ("turn", 3)),
            "solved something for this requester last, last turn in the group: no. 3",
        ),
        ((("sticky", 1), ("turn", 0)), "no turn in the group yet"),
        ((("prefer", 0), ("turn", 0)), "has the preferred skills, no turn in the group yet"),
        ((("prefer", 2), ("turn", 0)), "lacks 2 of the preferred skills, no turn in the group yet"),
        (
            (("skill", 5), ("share", "5/10"), ("turn", 0)),
            "skills add up to 5, carries 5 of 10, no turn in the group yet",
        ),
        ((("share", 4), ("turn", 0)), "carries 4, no turn in the group yet"),
    ],
)
def test_what_people_were_compared_by_is_said_in_words(
    keys: tuple[tuple[str, int | str], ...], words: str
) -> None:
    assert compared(keys, str).startswith(words)


def test_of_a_subject_it_is_said_whether_the_words_are_there_as_of_a_text() -> None:
    rules = RuleBook(routes=(Route("vpn", when("subject~printer")), Route("all", when(""))))
    assert "  - subject~printer: the words are not there" in told(a_trace(rules=rules))


def test_an_instant_is_left_to_the_reader_to_place() -> None:
    rules = RuleBook(routes=(Route("old", when("age>3d")),))
    line = next(each for each in lines(a_trace(rules=rules)) if "%(wanted)s" in each.template)
    assert (line.instant, type(line.values["actual"])) == (True, int)


def test_a_trace_comes_back_from_json_whole() -> None:
    trace = a_trace()
    assert from_json(to_json(trace)) == trace


def test_a_trace_keeps_names_and_no_ids() -> None:
    assert to_json(a_trace())["chosen"] == [
        "ann",
        [],
        0,
        [["ann", "", "", [["turn", 0]]], ["bob", "away", "", []]],
        0,
    ]


def test_a_usual_trace_is_kept_whole() -> None:
    assert a_trace().left == EMPTY
    assert "left" not in to_json(a_trace())


def test_of_a_trace_of_many_rules_those_that_hold_are_kept_and_the_others_counted() -> None:
    many = tuple(Classify(f"rule-{number}", when("category:hw.*"), {"type": "x"}) for number in range(200))
    trace = from_json(to_json(a_trace(rules=RULES._replace(classify=(*RULES.classify, *many)))))
    assert trace.left["classify"] == 201
    assert [each.id for each in trace.tried if each.kind == "classify"] == ["vpn", "gone", "again"]
    assert "- 201 other classifications" in told(trace)


def test_of_a_great_group_the_chosen_one_and_a_few_others_are_kept() -> None:
    crowd = [an_agent(number, presence="offline") for number in range(2, 40)]
    trace = from_json(to_json(a_trace(*crowd, an_agent(99, "zoe"))))
    assert trace.chosen is not None
    assert (trace.chosen.login, len(trace.chosen.table), trace.chosen.more) == ("zoe", 12, 27)
    assert "zoe" in [each.login for each in trace.chosen.table]


def test_names_of_absurd_length_are_cut_before_a_trace_grows() -> None:
    long = "\0" * 300
    rows = tuple(Candidate(f"{number}{long}", "skills", long) for number in range(50))
    tried = tuple(Tried("route", long, 1, True, Clause("leaf", True, long, "tag", long)) for _ in range(50))
    trace = Trace(long, 1, tried, Settled(long, long, long, long), Chosen(long, ("away",), False, rows))
    written = to_json(trace)
    assert len(dumps(written)) <= LIMIT
    assert from_json(written).chosen is not None


# ------------------------------------------------------------------------------------------------------ laws

_words = st.one_of(st.sampled_from(["net", "网络", "\ud800", ""]), st.text(max_size=120))
_leaves = st.builds(
    Clause,
    st.just("leaf"),
    st.booleans(),
    _words,
    st.sampled_from(["text", "due", "tag"]),
    _words | st.integers(),
)
_clauses = st.recursive(
    _leaves,
    lambda inner: st.builds(
        Clause,
        st.sampled_from(["all", "any"]),
        st.booleans(),
        parts=st.lists(inner, max_size=3).map(tuple),
    ),
    max_leaves=10,
)
_deeds = st.builds(
    Deed, st.sampled_from(["set", "tag", "kept", "unknown", "placed", "assigned", "next"]), _words, _words
)
_tried = st.builds(
    Tried,
    st.sampled_from(["classify", "route", "policy"]),
    _words,
    st.integers(0, 10**6),
    st.booleans(),
    st.none() | _clauses,
    st.lists(_deeds, max_size=12).map(tuple),
)
_candidates = st.builds(
    Candidate,
    st.uuids().map(str),
    st.sampled_from(["", "out", "skills"]),
    _words,
    st.just((("share", "1/3"), ("turn", 4))),
)
_chosen = st.builds(
    Chosen, st.just("kim"), st.just(("away",)), st.booleans(), st.lists(_candidates, max_size=60).map(tuple)
)
_traces = st.builds(
    Trace,
    _words,
    st.integers(0, 999),
    st.lists(_tried, max_size=60).map(tuple),
    st.builds(Settled, _words, _words, _words, _words),
    st.none() | _chosen,
    st.just(EMPTY),
)


@settings(max_examples=25)
@given(_traces)
def test_whatever_was_tried_a_trace_stays_small_and_can_be_read(trace: Trace) -> None:
    written = to_json(trace)
    assert len(dumps(written, ensure_ascii=False).encode("utf-8", "surrogatepass")) <= LIMIT
    kept = from_json(written)
    assert to_json(kept) == written
    assert all(each.template % _values(each) for each in lines(kept))


@settings(max_examples=25)
@given(_traces)
def test_no_rule_disappears_without_being_counted(trace: Trace) -> None:
    kept = from_json(to_json(trace))
    assert len(kept.tried) + sum(kept.left.values()) == len(trace.tried)
