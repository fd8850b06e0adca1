"""Who gets a ticket: the worked cases R01 to R18 (group net, cap 10 unless stated) and more."""

from typing import Any

import pytest

from deskterm.rules.choose import Choice, Work, choose
from deskterm.rules.facts import Agent, Group, Standing
from deskterm.rules.rulebook import Assign, Capacity
from tests.builders import T0
from tests.rules.routing.builders import an_agent, calendars, standing

ANN, BOB, CAI, DEE = 1, 2, 3, 4
NAMES = {ANN: "ann", BOB: "bob", CAI: "cai", DEE: "dee"}
TURN = Assign("round_robin")
LOAD = Assign("least_loaded")


def chosen(assign: Assign, people: dict[int, dict[str, Any]], **work: Any) -> Choice:
    """The choice among `people`: agent id -> load, turn and whatever else he is."""
    agents: list[Agent] = []
    stands: dict[int, Standing] = {}
    for number, traits in people.items():
        more = dict(traits)
        stands[number] = standing(more.pop("load", 0), more.pop("turn", 0))
        agents.append(an_agent(number, NAMES[number], **more))
    members = work.pop("members", people)
    return choose(
        assign, agents, Work(Group(1, "net", members=frozenset(members)), T0, standing=stands, **work)
    )


def reasons(choice: Choice) -> dict[str, str]:
    """What each was told, by login."""
    return {each.login: f"{each.reason} {each.detail}".strip() for each in choice.table}


OUT = {"out_from": T0 - 60, "out_until": T0 + 60}
CASES: list[tuple[str, Assign, dict[int, dict[str, Any]], dict[str, Any], int | None]] = [
    ("R01", TURN, {ANN: {"turn": 7}, BOB: {"turn": 3}, CAI: {"turn": 5}}, {}, BOB),
    ("R02", TURN, {ANN: {"turn": 7}, BOB: {"turn": 3}, CAI: {"turn": 5}, DEE: {}}, {}, DEE),
    ("R03", TURN, {BOB: {}, ANN: {}}, {}, ANN),
    ("R04", LOAD, {ANN: {"load": 1, "capacity": 2}, BOB: {"load": 8}}, {}, ANN),
    (
        "R05",
        LOAD,
        {ANN: {"load": 2}, BOB: {"load": 3, "capacity": 15}, CAI: {"load": 1, "capacity": 5, "turn": 9}},
        {},
        ANN,
    ),
    ("R06", TURN, {ANN: {"presence": "away"}, BOB: {}}, {}, BOB),
    ("R07", TURN, {ANN: {"presence": "away"}}, {}, None),
    (
        "R08",
        Assign("round_robin", relax=("away",)),
        {ANN: {"presence": "away"}, BOB: {"presence": "offline"}},
        {},
        ANN,
    ),
    ("R09", TURN, {ANN: OUT, BOB: {"shift": "day"}}, {"calendars": calendars(day=False)}, None),
    (
        "R10",
        Assign("round_robin", need={"cisco": 3}),
        {ANN: {"skills": {"cisco": 2}}, BOB: {"skills": {"cisco": 3}}},
        {},
        BOB,
    ),
    ("R11", Assign("round_robin", need={"cisco": 3}), {ANN: {"skills": {"cisco": 2}}}, {}, None),
    (
        "R12",
        Assign("round_robin", need={"cisco": 3}, relax=("skills",)),
        {ANN: {"skills": {"cisco": 2}}},
        {},
        ANN,
    ),
    ("R13", TURN, {ANN: {"load": 10}, BOB: {"load": 9}}, {"weight": 2}, None),
    ("R14", TURN, {ANN: {}, BOB: {"turn": 9}}, {"requester": ANN}, BOB),
    (
        "R15",
        Assign("round_robin", prefer={"zh": 1}),
        {ANN: {"skills": {"zh": 1}, "turn": 9}, BOB: {"turn": 1}},
        {},
        ANN,
    ),
    (
        "R16",
        Assign("best_skill", need={"x": 2}),
        {ANN: {"skills": {"x": 2}}, BOB: {"skills": {"x": 4}, "load": 9}},
        {},
        BOB,
    ),
    (
        "R17",
        Assign("round_robin", relax=("away",)),
        {ANN: {"load": 10}, BOB: {"presence": "away"}},
        {},
        BOB,
    ),
    ("R18", TURN, {ANN: {}, BOB: {"turn": 9}}, {"excluded": {ANN}}, BOB),
]


@pytest.mark.parametrize(
    ("assign", "people", "work", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_the_worked_case_is_chosen_as_specified(
    assign: Assign, people: dict[int, dict[str, Any]], work: dict[str, Any], expected: int | None
) -> None:
    assert chosen(assign, people, **work).agent == expected


def test_R17_tells_the_reasons_of_the_first_pass() -> None:
    choice = chosen(Assign("round_robin", relax=("away",)), {ANN: {"load": 10}, BOB: {"presence": "away"}})
    assert reasons(choice) == {"ann": "capacity 10/10", "bob": "away"}
    assert choice.relaxed == ("away",)


@pytest.mark.parametrize(
    ("traits", "work", "reason"),
    [
        ({}, {"members": [BOB]}, "group net"),
        ({"role": "light"}, {}, "role light"),
        ({"active": False}, {}, "role"),
        ({}, {"requester": ANN}, "requester"),
        ({}, {"excluded": [ANN]}, "excluded"),
        ({**OUT, "substitute": "bob"}, {}, "out bob"),
        ({"presence": "offline"}, {}, "offline"),
        ({"presence": "away"}, {}, "away"),
        ({"shift": "night"}, {"calendars": calendars(night=False)}, "shift night"),
        ({"shift": "gone"}, {}, "shift gone"),
        ({"skills": {"x": 1}}, {}, "skills x 1/2"),
        ({"skills": {"x": 2}, "load": 10}, {}, "capacity 10/10"),
    ],
)
def test_every_filter_gives_its_reason(traits: dict[str, Any], work: dict[str, Any], reason: str) -> None:
    assign = Assign("person", person="ann", need={"x": 2})
    choice = chosen(assign, {ANN: {"skills": {"x": 9}, **traits}, BOB: {"skills": {"x": 9}}}, **work)
    assert reasons(choice)["ann"] == reason


def test_the_reason_is_the_first_filter_that_fails() -> None:
    everything = {**OUT, "presence": "offline", "load": 99}
    assert reasons(chosen(TURN, {ANN: everything}))["ann"] == "out"


@pytest.mark.parametrize("traits", [{"presence": "offline"}, OUT, {"role": "light"}])
def test_some_filters_are_never_lifted(traits: dict[str, Any]) -> None:
    relax = ("offline", "out", "role", "requester", "away", "skills", "shift", "capacity")
    choice = chosen(Assign("round_robin", relax=relax), {ANN: traits})
    assert (choice.agent, choice.relaxed) == (None, ())


def test_filters_are_lifted_in_the_listed_order_and_stay_lifted() -> None:
    people: dict[int, dict[str, Any]] = {
        ANN: {"presence": "away", "load": 10},
        BOB: {"load": 10, "skills": {"x": 1}},
    }
    need = {"x": 1}
    assert chosen(Assign("round_robin", need=need, relax=("away", "capacity", "skills")), people).agent == BOB
    one = chosen(Assign("round_robin", need=need, relax=("away", "skills", "capacity")), people)
    assert (one.agent, one.relaxed) == (ANN, ("away", "skills", "capacity"))


def test_nobody_is_chosen_where_tickets_are_pulled() -> None:
    assert chosen(Assign("none"), {ANN: {}}) == Choice()


def test_a_named_person_gets_it_and_nobody_else() -> None:
    person = Assign("person", person="bob")
    assert chosen(person, {ANN: {}, BOB: {"turn": 9}}).agent == BOB
    assert chosen(person, {ANN: {}, BOB: {"presence": "offline"}}).agent is None


def test_the_table_shows_how_those_who_fit_compare() -> None:
    choice = chosen(LOAD, {ANN: {"load": 2, "turn": 4}, BOB: {"presence": "away"}})
    assert [each.keys for each in choice.table] == [(("share", "2/10"), ("turn", 4)), ()]


# ---------------------------------------------------------------------------------------------- who sticks


def test_who_solved_it_last_time_comes_first() -> None:
    assert chosen(TURN, {ANN: {}, BOB: {"turn": 9}}, sticky=BOB).agent == BOB


def test_who_solved_it_last_time_has_to_pass_like_everybody() -> None:
    assert chosen(TURN, {ANN: {}, BOB: {"load": 10}}, sticky=BOB).agent == ANN


def test_who_solved_it_in_another_group_does_not_get_it() -> None:
    choice = chosen(TURN, {ANN: {}, BOB: {}}, sticky=BOB, members=[ANN])
    assert (choice.agent, reasons(choice)["bob"]) == (ANN, "group net")


# ------------------------------------------------------------------------------------------- presence, leave


def test_a_substitute_from_outside_stands_in_for_a_member_out_of_office() -> None:
    choice = chosen(TURN, {ANN: {**OUT, "substitute": "dee"}, DEE: {}}, members=[ANN])
    assert (choice.agent, reasons(choice)) == (DEE, {"ann": "out dee", "dee": ""})


def test_a_substitute_has_to_pass_every_other_filter() -> None:
    people: dict[int, dict[str, Any]] = {
        ANN: {**OUT, "substitute": "dee"},
        DEE: {"presence": "offline"},
    }
    choice = chosen(TURN, people, members=[ANN])
    assert (choice.agent, reasons(choice)["dee"]) == (None, "offline")


def test_a_substitute_who_is_out_too_is_represented_by_his_own() -> None:
    people = {ANN: {**OUT, "substitute": "bob"}, BOB: {**OUT, "substitute": "dee"}, DEE: {}}
    assert chosen(TURN, people, members=[ANN]).agent == DEE


def test_substitutes_in_a_ring_are_all_out() -> None:
    people = {ANN: {**OUT, "substitute": "bob"}, BOB: {**OUT, "substitute": "ann"}}
    assert chosen(TURN, people, members=[ANN]).agent is None


def test_nobody_stands_in_for_whoever_is_there() -> None:
    choice = chosen(TURN, {ANN: {"presence": "offline", "substitute": "dee"}, DEE: {}}, members=[ANN])
    assert reasons(choice) == {"ann": "offline"}


@pytest.mark.parametrize(
    ("leave", "there"),
    [
        ((None, None), True),
        ((T0 + 1, None), True),
        ((T0, None), False),
        ((T0 - 60, T0 + 1), False),
        ((T0 - 60, T0), True),
    ],
)
def test_leave_begins_at_its_first_second_and_ends_before_its_last(
    leave: tuple[int | None, int | None], there: bool
) -> None:
    choice = chosen(TURN, {ANN: {"out_from": leave[0], "out_until": leave[1]}})
    assert (choice.agent == ANN) is there


def test_a_shift_is_a_calendar_of_the_rules() -> None:
    on = {"calendars": calendars(day=True)}
    assert chosen(TURN, {ANN: {"shift": "day"}}, **on).agent == ANN


def test_a_shift_can_be_lifted() -> None:
    off = {"calendars": calendars(day=False)}
    assert chosen(Assign("round_robin", relax=("shift",)), {ANN: {"shift": "day"}}, **off).agent == ANN


# ------------------------------------------------------------------------------------------ capacity, weight


def test_the_cap_of_the_rules_holds_for_whoever_has_none_of_his_own() -> None:
    capacity = Capacity(cap=3)
    people: dict[int, dict[str, Any]] = {ANN: {"capacity": 0, "load": 3}, BOB: {"capacity": 5, "load": 4}}
    choice = chosen(TURN, people, capacity=capacity)
    assert (choice.agent, reasons(choice)["ann"]) == (BOB, "capacity 3/3")


def test_without_any_cap_the_loads_are_compared() -> None:
    assert chosen(LOAD, {ANN: {"capacity": 0, "load": 4}, BOB: {"capacity": 0, "load": 3}}).agent == BOB


def test_whoever_has_no_cap_counts_like_the_greatest_beside_him() -> None:
    people = {
        ANN: {"capacity": 0, "load": 5},
        BOB: {"capacity": 4, "load": 3},
        CAI: {"capacity": 8, "load": 6},
    }
    choice = chosen(LOAD, people)
    assert [dict(each.keys)["share"] for each in choice.table] == ["5/8", "3/4", "6/8"]


def test_the_weight_of_a_ticket_is_the_greater_of_priority_and_channel() -> None:
    capacity = Capacity(10, priority={"P1": 3}, channel={"chat": 2})
    weights = [capacity.weight(*each) for each in (("P1", "chat"), ("P3", "chat"), ("P3", "mail"))]
    assert weights == [3, 2, 1]
