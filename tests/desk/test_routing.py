"""Routing on a real desk: fair turns, no more than anybody can carry, and what waits is served first."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from deskterm.rules import actions as a
from deskterm.rules.upkeep import ActivateRules, Reroute, SetPresence
from tests.desks import Bench

RULES = """
format = 1
desk = "it"
timezone = "UTC"

[capacity]
cap = {cap}

[calendar.always]
tz = "UTC"
week = {{ mon-sun = ["00:00-24:00"] }}

[[classify]]
id = "urgent"
when = 'subject~urgent'
set = {{ priority = "P1" }}

[[route]]
id = "all"
when = ''
queue = "network"
group = "network"
assign = {{ by = "{by}" }}

[[sla]]
id = "one"
when = ''
calendar = "always"
pause = {{ resolution = ["pending"] }}
target.P1 = {{ resolution = "4h" }}
target.P2 = {{ resolution = "8h" }}
target.P3 = {{ resolution = "24h" }}
target.P4 = {{ resolution = "40h" }}
"""


def ruled(bench: Bench, *, by: str = "round_robin", cap: int = 0, agents: tuple[str, ...] = ()) -> Bench:
    """The bench under rules that give everything to the group network."""
    for login in agents:
        bench.does(a.AddAgent(login, groups=("network",)))
    bench.does(ActivateRules("all.toml", RULES.format(by=by, cap=cap)))
    return bench


def assignees(bench: Bench) -> Counter[str]:
    """How many tickets everybody has."""
    return Counter(row.assignee for row in bench.desk.each(viewer=bench.actor("ada")))


def holder(bench: Bench, number: int) -> str:
    return bench.desk.ticket(number, viewer=bench.actor("ada")).row.assignee


def test_a_new_ticket_goes_where_the_route_says(bench: Bench) -> None:
    number = ruled(bench).opens()
    row = bench.desk.ticket(number, viewer=bench.actor("ada")).row
    assert (row.queue, row.group, row.assignee != "") == ("network", "network", True)


def test_round_robin_differs_by_at_most_one_after_a_restart_too(bench: Bench) -> None:
    ruled(bench, agents=("mia",))
    for turn in range(20):
        bench.opens(f"ticket {turn}")
    bench.desk.store.close()
    for turn in range(20):
        bench.opens(f"ticket {turn}")
    shares = assignees(bench).values()
    assert max(shares) - min(shares) <= 1


def test_whoever_joins_gets_no_more_than_his_turn(bench: Bench) -> None:
    ruled(bench)
    for turn in range(10):
        bench.opens(f"ticket {turn}")
    bench.does(a.AddAgent("mia", groups=("network",)))
    before = assignees(bench)
    for turn in range(9):
        bench.opens(f"later {turn}")
    gained = assignees(bench) - before
    assert set(gained.values()) == {3}


def test_nobody_is_given_more_than_the_cap(bench: Bench) -> None:
    ruled(bench, by="least_loaded", cap=3)
    for turn in range(10):
        bench.opens(f"ticket {turn}")
    assert assignees(bench) == {"lee": 3, "kim": 3, "": 4}


def test_what_waits_is_assigned_oldest_first_when_somebody_gets_free(bench: Bench) -> None:
    ruled(bench, by="least_loaded", cap=1)
    numbers = [bench.opens(f"ticket {turn}") for turn in range(4)]
    bench.does(a.Resolve(numbers[0], "cause", "solution"))
    assert [bool(holder(bench, number)) for number in numbers[2:]] == [True, False]


def test_an_urgent_ticket_that_waits_goes_before_older_ones(bench: Bench) -> None:
    ruled(bench, by="least_loaded", cap=1)
    first, _second, _third = (bench.opens(f"ticket {turn}") for turn in range(3))
    urgent = bench.opens("urgent: all down")
    bench.does(a.Resolve(first, "cause", "solution"))
    assert holder(bench, urgent) != ""


def test_a_newcomer_does_not_overtake_what_waits(bench: Bench) -> None:
    ruled(bench, by="least_loaded", cap=1)
    for login in ("lee", "kim"):
        bench.does(SetPresence(login, "offline"))
    waiting = bench.opens("older")
    bench.does(SetPresence("lee", "online"))
    bench.opens("newer")
    assert holder(bench, waiting) == "lee"


def test_whoever_comes_back_is_given_what_waits(bench: Bench) -> None:
    ruled(bench)
    for login in ("lee", "kim"):
        bench.does(SetPresence(login, "away"))
    number = bench.opens()
    bench.does(SetPresence("kim", "online"), "kim")
    assert holder(bench, number) == "kim"


def test_an_absence_that_ends_by_itself_is_noticed_by_the_timer(bench: Bench) -> None:
    ruled(bench)
    now = bench.clock.now()
    for login in ("lee", "kim"):
        bench.does(SetPresence(login, out_from=now, out_until=now + 3600))
    number = bench.opens()
    bench.clock.advance(3600)
    bench.desk.tick()
    assert holder(bench, number) != ""


def test_a_ticket_that_somebody_gave_back_is_not_given_to_him_again(bench: Bench) -> None:
    ruled(bench)
    number = bench.opens()
    who = holder(bench, number)
    bench.does(a.Assign(number, agent=""), who)
    bench.does(Reroute(number))
    assert holder(bench, number) not in ("", who)


def test_an_assignee_whom_a_person_chose_stays(bench: Bench) -> None:
    ruled(bench)
    number = bench.opens(assignee="ada")
    assert holder(bench, number) == "ada"


def test_a_person_s_assignee_stays_when_the_ticket_is_routed_again(bench: Bench) -> None:
    ruled(bench)
    number = bench.opens()
    bench.does(a.Assign(number, agent="kim"))
    bench.does(a.Assign(number, agent="lee"))
    bench.does(Reroute(number))
    assert holder(bench, number) == "lee"


def test_routing_again_is_told_once(bench: Bench) -> None:
    ruled(bench)
    number = bench.opens()
    told = bench.does(Reroute(number)).changes
    assert [change["kind"] for change in told].count("routed") == 1


def test_loads_are_what_the_open_tickets_weigh(bench: Bench) -> None:
    ruled(bench, by="least_loaded")
    numbers = [bench.opens(f"ticket {turn}") for turn in range(6)]
    bench.does(a.Resolve(numbers[0], "cause", "solution"))
    bench.does(a.Pend(numbers[1]))
    bench.does(a.Assign(numbers[2], agent=""))
    assert bench.desk.ruling.rebuild(repair=False).loads == {}


@pytest.mark.parametrize("cap", [3])
def test_eight_who_open_at_once_never_overload_anybody(bench: Bench, cap: int) -> None:
    ruled(bench, by="least_loaded", cap=cap)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda turn: bench.opens(f"ticket {turn}"), range(24)))
    found = assignees(bench)
    assert (found["lee"], found["kim"], found[""]) == (cap, cap, 24 - 2 * cap)


def test_eight_who_open_at_once_share_the_turns(bench: Bench) -> None:
    ruled(bench, agents=("mia",))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda turn: bench.opens(f"ticket {turn}"), range(30)))
    assert set(assignees(bench).values()) == {10}


HARD = """
[[route]]
id = "hard"
when = 'tag:hard'
queue = "network"
group = "network"
assign = { by = "round_robin", need = { cisco = 5 } }
[[route]]
id = "all"
"""


def test_behind_many_whom_nobody_can_help_somebody_still_gets_what_he_can_take(bench: Bench) -> None:
    rules = RULES.format(by="round_robin", cap=1)
    bench.does(ActivateRules("hard.toml", rules.replace('[[route]]\nid = "all"\n', HARD)))
    busy = [bench.opens() for _ in range(2)]
    for _ in range(201):
        bench.opens(priority="P1", tags=("hard",))
    easy = bench.opens(priority="P4")
    bench.does(a.Resolve(busy[0], "age", "restarted"), holder(bench, busy[0]))
    assert holder(bench, easy) == holder(bench, busy[0])


def test_what_waits_by_a_route_that_is_gone_is_sent_anew(bench: Bench) -> None:
    ruled(bench, cap=1)
    busy = [bench.opens() for _ in range(2)]
    waiting = bench.opens()
    renamed = RULES.format(by="round_robin", cap=1).replace('id = "all"', 'id = "everything"')
    bench.does(ActivateRules("renamed.toml", renamed))
    bench.does(a.Resolve(busy[0], "age", "restarted"), holder(bench, busy[0]))
    assert holder(bench, waiting) == holder(bench, busy[0])
