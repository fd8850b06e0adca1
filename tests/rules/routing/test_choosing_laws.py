"""What holds for every choice, whoever is there."""

from collections import Counter
from fractions import Fraction
from typing import Any

from hypothesis import given, settings, strategies as st

from deskterm.rules.choose import RELAXABLE, Choice, Work, choose
from deskterm.rules.facts import Agent, Group, Standing
from deskterm.rules.rulebook import Assign
from tests.builders import T0
from tests.rules.routing.builders import an_agent, calendars, standing

CALENDARS = calendars(day=True, night=False)
WAYS = ("round_robin", "least_loaded", "best_skill")
_levels = st.dictionaries(st.sampled_from(["x", "zh"]), st.integers(1, 3))


def _agents() -> st.SearchStrategy[list[Agent]]:
    one: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {
            "presence": st.sampled_from(["online", "online", "away", "offline"]),
            "capacity": st.sampled_from([0, 2, 5, 10]),
            "skills": _levels,
            "shift": st.sampled_from(["", "", "day", "night"]),
            "out_from": st.sampled_from([None, None, T0 - 60]),
            "substitute": st.sampled_from(["", "agent1", "agent7"]),
            "role": st.sampled_from(["agent", "agent", "lead", "light"]),
        }
    )
    return st.lists(one, min_size=1, max_size=8).map(
        lambda found: [an_agent(number, **traits) for number, traits in enumerate(found, 1)]
    )


_assigns = st.builds(
    Assign,
    by=st.sampled_from(WAYS),
    need=_levels,
    prefer=_levels,
    relax=st.permutations(RELAXABLE).flatmap(
        lambda order: st.integers(0, 4).map(lambda count: tuple(order[:count]))
    ),
)
_standings = st.dictionaries(
    st.integers(1, 8), st.builds(standing, load=st.integers(0, 12), turn=st.integers(0, 9))
)


@st.composite
def _works(draw: st.DrawFn) -> Work:
    return Work(
        Group(1, "net", members=draw(st.frozensets(st.integers(1, 8)))),
        T0,
        weight=draw(st.integers(1, 3)),
        requester=draw(st.sampled_from([None, 1, 2])),
        excluded=draw(st.frozensets(st.integers(1, 8), max_size=2)),
        sticky=draw(st.sampled_from([None, 1, 3])),
        standing=draw(_standings),
        calendars=CALENDARS,
    )


def failures(agent: Agent, assign: Assign, work: Work) -> set[str]:
    """The filters that an agent fails, told apart from how the chooser does it."""
    load, cap = work.standing.get(agent.id, Standing()).load, agent.capacity
    checks = {
        "requester": agent.id == work.requester,
        "excluded": agent.id in work.excluded,
        "out": agent.out_from is not None and agent.out_from <= work.now,
        "role": agent.role == "light",
        "offline": agent.presence == "offline",
        "away": agent.presence == "away",
        "shift": agent.shift == "night",
        "skills": any(agent.skills.get(name, 0) < level for name, level in assign.need.items()),
        "capacity": bool(cap) and load + work.weight > cap,
    }
    return {name for name, failed in checks.items() if failed}


@given(_assigns, _agents(), _works())
def test_whoever_is_chosen_passes_every_filter_that_was_not_lifted(
    assign: Assign, agents: list[Agent], work: Work
) -> None:
    choice = choose(assign, agents, work)
    if choice.agent is not None:
        winner = next(each for each in agents if each.id == choice.agent)
        assert failures(winner, assign, work) <= set(choice.relaxed)


@given(_assigns, _agents(), _works())
def test_nobody_is_chosen_only_when_nobody_of_the_group_fits(
    assign: Assign, agents: list[Agent], work: Work
) -> None:
    members = [each for each in agents if work.group and each.id in work.group.members]
    if choose(assign, agents, work).agent is None:
        assert all(failures(each, assign, work) - set(assign.relax) for each in members)


@given(_assigns, _agents(), _works())
def test_no_filter_is_lifted_while_somebody_fits(assign: Assign, agents: list[Agent], work: Work) -> None:
    strict = choose(assign._replace(relax=()), agents, work)
    if strict.agent is not None:
        assert choose(assign, agents, work) == strict


@given(_assigns, _agents(), _works(), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_means_nothing(
    assign: Assign, agents: list[Agent], work: Work, chance: Any
) -> None:
    shuffled = list(agents)
    chance.shuffle(shuffled)
    assert choose(assign, shuffled, work) == choose(assign, agents, work)


@given(_agents(), _works())
def test_the_least_loaded_has_the_least_share_of_those_who_fit(agents: list[Agent], work: Work) -> None:
    choice = choose(Assign("least_loaded"), agents, work._replace(sticky=None))
    shares = {each.login: Fraction(dict(each.keys)["share"]) for each in choice.table if each.keys}
    assert choice.agent is None or shares[f"agent{choice.agent}"] == min(shares.values())


@given(_assigns, _agents(), _works())
def test_nobody_is_filled_beyond_his_capacity_unless_that_is_lifted(
    assign: Assign, agents: list[Agent], work: Work
) -> None:
    choice = choose(assign, agents, work)
    if choice.agent is not None and "capacity" not in choice.relaxed:
        winner = next(each for each in agents if each.id == choice.agent)
        assert not winner.capacity or work.load(winner) + work.weight <= winner.capacity


class Team:
    """A group that is given tickets one by one; each assignment counts the group's turn on."""

    def __init__(self) -> None:
        self.turns: dict[int, int] = {}
        self.got: Counter[int] = Counter()

    def give(self, members: frozenset[int]) -> Choice:
        """The next ticket, while `members` are there."""
        stands = {each: standing(turn=turn) for each, turn in self.turns.items()}
        agents = [an_agent(each, capacity=0) for each in members]
        choice = choose(
            Assign("round_robin"), agents, Work(Group(1, "net", members=members), T0, standing=stands)
        )
        assert choice.agent is not None
        self.turns[choice.agent] = max(self.turns.values(), default=0) + 1
        self.got[choice.agent] += 1
        return choice


def test_a_thousand_tickets_go_around_evenly() -> None:
    team = Team()
    for _ in range(1_000):
        team.give(frozenset(range(1, 8)))
    assert max(team.got.values()) - min(team.got.values()) <= 1


@settings(max_examples=25)
@given(st.lists(st.frozensets(st.integers(4, 8)), min_size=5, max_size=20))
def test_comings_and_goings_do_not_disturb_the_turns_of_those_who_stay(guests: list[frozenset[int]]) -> None:
    team, stay = Team(), frozenset({1, 2, 3})
    for number in range(1_000 // 5):
        team.give(stay | guests[number % len(guests)])
    counts = [team.got[each] for each in stay]
    assert max(counts) - min(counts) <= 1


def test_over_a_thousand_tickets_too_with_members_joining_and_leaving() -> None:
    team, stay = Team(), frozenset({1, 2, 3})
    for number in range(1_000):
        team.give(stay | {each for each in range(4, 10) if (number // (7 * each)) % 2})
    counts = [team.got[each] for each in stay]
    assert max(counts) - min(counts) <= 1


def test_a_newcomer_is_served_once_and_then_waits_his_turn() -> None:
    team = Team()
    for _ in range(9):
        team.give(frozenset({1, 2, 3}))
    assert [team.give(frozenset({1, 2, 3, 4})).agent for _ in range(5)] == [4, 1, 2, 3, 4]


def test_loads_stay_within_capacity_however_many_tickets_come() -> None:
    agents = [an_agent(each, capacity=3) for each in (1, 2)]
    loads: Counter[int] = Counter()
    group = Group(1, "net", members=frozenset({1, 2}))
    for _ in range(10):
        stands = {each: standing(load) for each, load in loads.items()}
        choice = choose(Assign("least_loaded"), agents, Work(group, T0, standing=stands))
        if choice.agent is not None:
            loads[choice.agent] += 1
    assert loads == {1: 3, 2: 3}
