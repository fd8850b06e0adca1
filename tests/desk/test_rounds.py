"""Due tickets that are looked at together: each as if it were alone, whatever happens in between."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import pytest
from sqlalchemy import select, update

from deskterm.desk.perform import Performer
from deskterm.desk.rounds import Round, look_together
from deskterm.rules import actions as a
from deskterm.rules.changes import Decision
from deskterm.rules.decide import decide, moment
from deskterm.rules.facts import SYSTEM
from deskterm.rules.problems import Problem
from deskterm.rules.upkeep import ActivateRules, Tick
from deskterm.store import due, snapshot
from deskterm.store.library import Library
from deskterm.store.races import Race
from deskterm.store.tables import events, firings, tickets
from tests.builders import DAY, HOUR
from tests.desk.test_timing import CLOSING, LEVELS, another, ledger, looks, outcomes, row, under
from tests.desks import Bench
from tests.reliability.firing import asked
from tests.reliability.month import RULES as MONTH, acts

ROUTING: Final = """
[[automation]]
id = "again"
anchor = "status:open"
after = "1h"
calendar = "always"
do = [{ reassign = "route" }]
"""
STALE: Final = """
[[automation]]
id = "stale"
anchor = "status:new"
after = "1h"
calendar = "always"
when = 'is:breached age>3d'
do = [{ note = "stale" }]
"""
CHILDREN: Final = """
[[automation]]
id = "child"
anchor = "status:open"
after = "1h"
calendar = "always"
do = [{ create_child = { subject = "a part" } }]
"""


def together(bench: Bench, numbers: Sequence[int] = ()) -> Round:
    """What a round decides of these tickets, or of all that are due."""
    return look_together(bench.desk.store, Library(), bench.clock, numbers or waiting(bench))


def waiting(bench: Bench) -> tuple[int, ...]:
    """The tickets that are due, oldest first."""
    with bench.desk.store.read() as connection:
        return tuple(ticket for _, ticket in due.changing(connection, bench.clock.now(), (-1, 0)))


def alone(bench: Bench, number: int) -> Decision:
    """What is decided of one ticket when all is read that an action may ask."""
    library = Library()
    with bench.desk.store.read() as connection:
        book = library.ruled(connection)
        facts = snapshot.load(connection, Tick(number), SYSTEM, book)
        book = library.edited(connection, book, facts.history)
        return decide(Tick(number), SYSTEM, facts, book, moment(facts, bench.clock.now()))


def settled(bench: Bench, looked: Round) -> frozenset[int]:
    """The tickets of a round that are written."""
    performer = Performer(bench.desk.store, bench.clock, Library())
    decided = [(each.at, each.decision) for each in looked.looks if each.decision is not None]
    return performer.settle(decided, looked.revision)


def fired(bench: Bench) -> set[int | None]:
    """The tickets that the timer did something for."""
    with bench.desk.store.read() as connection:
        return set(connection.execute(select(firings.c.ticket_id)).scalars())


# -- what is decided


def test_a_round_decides_of_each_ticket_what_is_decided_of_it_alone(bench: Bench) -> None:
    bench.does(a.AddGroup("apps"))
    bench.does(a.AddAgent("omar", groups=("apps",)))
    bench.does(ActivateRules("month.toml", MONTH))
    opened: dict[int, int] = {}
    compared = quiet = 0
    for act in acts(tickets=10, days=6, seed=3):
        bench.clock.at = act.at
        looked = together(bench)
        decided = [each.decision for each in looked.looks]
        assert decided == [alone(bench, each.ticket) for each in looked.looks]
        compared += len(decided)
        quiet += sum(each is not None and not each.claims for each in decided)
        bench.desk.tick()
        if act.verb.startswith("open"):
            opened[act.ticket] = bench.opens(f"ticket {act.ticket}")
            continue
        with suppress(Problem):
            bench.does(asked(act.verb, opened[act.ticket], act.at), "kim")
    assert (compared > 40, 5 < quiet < compared - 20) == (True, True)


@pytest.mark.parametrize("rule", [ROUTING, CHILDREN])
def test_what_asks_about_others_is_decided_alone(bench: Bench, rule: str) -> None:
    number = under(bench, rule).opens()
    bench.does(a.Reply(number, "hello"), "kim")
    bench.clock.advance(HOUR)
    before = [each.decision for each in together(bench).looks]
    bench.desk.tick()
    assert (before, [outcome for _, outcome in outcomes(bench)]) == ([None], ["done"])


def test_a_ticket_that_is_gone_is_no_decision(bench: Bench) -> None:
    under(bench, LEVELS)
    assert [each.decision for each in together(bench, [77]).looks] == [None]


# -- what happens in between


def test_what_nobody_touched_is_written(bench: Bench) -> None:
    numbers = {under(bench, LEVELS).opens() for _ in range(3)}
    bench.clock.advance(5 * HOUR)
    assert (set(settled(bench, together(bench))), waiting(bench)) == (numbers, ())


def test_a_ticket_that_somebody_changed_meanwhile_is_decided_anew(bench: Bench) -> None:
    changed, other = [under(bench, LEVELS).opens() for _ in range(2)]
    bench.clock.advance(5 * HOUR)
    looked = together(bench)
    bench.does(a.Resolve(changed, "cause", "solution"), "kim")
    assert (list(settled(bench, looked)), fired(bench)) == ([other], {other})


def test_what_another_timer_did_meanwhile_is_not_done_again(bench: Bench) -> None:
    under(bench, LEVELS).opens()
    bench.clock.advance(5 * HOUR)
    looked = together(bench)
    other = another(bench)
    other.tick()
    before = ledger(bench)
    assert (settled(bench, looked), ledger(bench)) == (frozenset(), before)
    other.close()


def test_a_key_that_another_took_meanwhile_undoes_the_round(bench: Bench) -> None:
    numbers = [under(bench, LEVELS).opens() for _ in range(2)]
    bench.clock.advance(5 * HOUR)
    looked = together(bench)
    claim = next(each.decision.claims[0] for each in looked.looks if each.decision)
    with bench.desk.store.transaction() as connection:
        values = {**claim._asdict(), "ticket_id": numbers[0], "fired_at": 0, "worker": "", "rev": 1}
        connection.execute(firings.insert(), values)
    with pytest.raises(Race):
        settled(bench, looked)
    assert (len(ledger(bench)), waiting(bench)) == (1, tuple(numbers))


def test_rules_that_came_into_force_meanwhile_are_asked_anew(bench: Bench) -> None:
    under(bench, LEVELS).opens()
    bench.clock.advance(5 * HOUR)
    looked = together(bench)
    under(bench, LEVELS.replace("+2h", "+3h"))
    assert (settled(bench, looked), ledger(bench)) == (frozenset(), [])


def test_a_state_alone_leaves_the_version(bench: Bench) -> None:
    number = under(bench).opens()
    before = row(bench, number)
    bench.clock.advance(5 * HOUR)
    bench.desk.tick()
    after = row(bench, number)
    assert (before.sla_state, after.sla_state, after.version) == ("ok", "overdue", before.version)


def test_a_look_that_finds_nothing_to_do_leaves_behind_when_to_look_again(bench: Bench) -> None:
    under(bench, STALE).opens()
    for seconds in (0, HOUR, HOUR // 4, HOUR // 4):
        looks(bench, seconds)
        assert bench.desk.ruling.rebuild(repair=False).wrong == ()


# -- what goes wrong


def test_what_is_broken_keeps_nobody_in_front_of_it_waiting(bench: Bench) -> None:
    under(bench, LEVELS)
    sound, broken = bench.opens(), bench.opens()
    looks(bench)  # brings what is open under the rules
    bench.clock.advance(5 * HOUR)
    with bench.desk.store.transaction() as connection:
        wrong = update(events).where((events.c.ticket_id == broken) & (events.c.kind == "created"))
        connection.execute(wrong.values(data="{"))
        connection.execute(
            update(tickets).where(tickets.c.id == broken).values(next_change_at=bench.clock.at)
        )
    with pytest.raises(ValueError, match="Expecting property name"):
        bench.desk.tick()
    assert (waiting(bench), "breached" in row(bench, sound).tags) == ((broken,), True)


def test_rounds_go_in_the_order_of_time_around_what_is_done_alone(bench: Bench) -> None:
    under(bench, CLOSING, ROUTING.replace("1h", "24h"))
    numbers = [bench.opens() for _ in range(3)]
    for number in numbers:
        bench.clock.advance(1)
        if number == numbers[1]:
            bench.does(a.Reply(number, "hello"), "kim")
        else:
            bench.does(a.Resolve(number, "cause", "solution"))
    looks(bench, 5 * HOUR)
    looks(bench, DAY)
    assert written(bench) == numbers


def written(bench: Bench) -> list[int | None]:
    """The tickets that something happened to in this second, in the order in which it did."""
    query = select(events.c.ticket_id).where(events.c.at == bench.clock.now()).order_by(events.c.id)
    with bench.desk.store.read() as connection:
        return list(dict.fromkeys(connection.execute(query).scalars()))
